package claim

import "github.com/replyguard/replyguard/pkg/internal/text"

// A predication is one act, or one bare answer, with the negators and modal
// words that govern it.
type predication struct {
	start, end int
	act        Sense // 0: a bare answer or negation
	answer     Sense // the answer sense of a bare predication; 0 otherwise
	outer      Polarity
	inner      Polarity
	modal      bool // a modal word governs the act
	open       bool // what is negated is not in the lexicon
	echo       bool // a denial behind an agreement: 嗯不是
	thing      bool // the act is only named, as the subject of another
	relief     bool // it need not be done
	twice      bool // said twice: 没有没有
	purpose    bool // the act is what a payment before it is for
	own        Sense
	subject    int // item index of a topic before it, -1
	object     int // item index of a topic behind it, -1
	party      Party
	item       int // item index of the act or the answer
}

func (p *predication) polarity() Polarity { return p.outer * p.inner }

// pending collects negators and modal words until their act comes.
type pending struct {
	start   int
	end     int
	signs   [6]Polarity
	n       int
	modal   bool
	answer  Sense
	item    int
	last    int32 // the term added last
	present bool
	twice   bool // 没有没有
}

func (p *pending) add(it *item, sign Polarity, answer Sense, idx int) {
	if !p.present {
		*p = pending{start: it.start, present: true, answer: answer, item: idx}
	}
	again := p.n > 0 && it.term >= 0 && it.term == p.last && it.start == p.end
	p.end, p.last = it.end, it.term
	if again {
		p.twice = true
		return // 没有没有: said twice, meant once
	}
	if p.n < len(p.signs) {
		p.signs[p.n] = sign
		p.n++
	}
	if answer != 0 {
		p.answer, p.item = answer, idx
	}
}

// split returns the sign of the outermost word and the product of the rest.
func (p *pending) split() (outer, inner Polarity) {
	outer, inner = Positive, Positive
	for i := range p.n {
		if i == 0 {
			outer = p.signs[0]
		} else {
			inner *= p.signs[i]
		}
	}
	return outer, inner
}

// denied reports whether it denies a thing by itself and so does what is pending.
func (p *predicator) denied(it *item) bool {
	if !p.pend.present || !p.r.isTopic(it) {
		return false
	}
	first := &p.r.items[p.pend.item]
	return first.is(p.r.is.negBefore) && p.r.isTopic(first)
}

// A predicator reads the predications of one clause, left to right.
type predicator struct {
	r    *reading
	c    *clause
	pend pending
	over Polarity // sign of 不会因为…就, which governs the rest of the clause
	out  []predication
}

func (r *reading) predications(dst []predication, c *clause) []predication {
	if c.lo == c.hi {
		return dst
	}
	p := predicator{r: r, c: c, over: Positive, out: dst}
	for k := c.lo; k < c.hi; k++ {
		k = p.step(k)
	}
	p.flush(c.end)
	r.concede(c, p.out[len(dst):])
	r.refuseSuch(c, p.out[len(dst):])
	r.neverSeen(c, p.out[len(dst):])
	r.neverSaid(p.out[len(dst):])
	r.nameDoer(c, p.out[len(dst):])
	return p.out
}

// tail is what ends a phrase that stands for somebody, who what may end one
// that is said not to be us.
const (
	tail = "的"
	who  = "的家个位店人群号"
)

// step reads item k and returns the last item it has used.
func (p *predicator) step(k int) int {
	is, it := p.r.is, &p.r.items[k]
	if !it.senses.Meets(&is.speaks) {
		return k
	}
	acts := it.senses.And(is.acts)
	acts.Remove(is.block)
	if p.eitherInside(it) {
		if p.leavesOpen(it) {
			p.c.mood = Question // 快递赔不赔是我们的事
		}
		return k
	}
	switch {
	case it.is(is.boundary) && it.is(is.negBefore):
		p.over = Negative // 不会因为…就
	case it.is(is.boundary) && p.pend.present:
		o, i := p.pend.split()
		p.over, p.pend = o*i, pending{}
	case !acts.Empty() && p.preposition(k):
		// 给您开: whom it is for
	case !acts.Empty() && p.attributive(k):
		p.pend = pending{} // 您付的款, 没洗过的衣服: it only qualifies
	case !acts.Empty():
		return p.act(k, acts)
	case it.is(is.block) && it.weak:
		// 规定: somebody rules, whatever it is
	case it.is(is.block) && p.governs(k):
		p.pend.add(it, Negative, is.no, k)
	case it.is(is.block):
		p.answer(k, is.no, Negative)
	case it.is(is.negBefore) && p.deniesMistake(it) > 0:
		return p.deniesMistake(it)
	case it.is(is.negBefore) && p.either(it):
		if p.leavesOpen(it) {
			p.c.mood = Question // 顶级不顶级我不说, 拿不拿得到要看天
		}
	case it.is(is.negBefore) && p.checksWhether(k):
		// 我查下仓库签收没有: to be found out
	case it.is(is.negBefore) && p.asksAtEnd(k):
		p.c.asked = true
		p.c.bag.Add(is.question)
		if p.c.mood == Assert {
			p.c.mood = Question // 能开票不
		}
	case it.is(is.negBefore) && p.denied(it):
		p.pend.end = it.end // 不用微信不用QQ: two things are denied, not one twice
	case it.is(is.negBefore):
		p.pend.add(it, Negative, 0, k)
	case it.is(is.negNeed) && p.without(k):
		p.pend.add(it, Negative, 0, k) // 不用手机打
	case it.is(is.negNeed):
		p.pend.add(it, Negative, is.noNeed, k)
	case it.is(is.deny) && p.r.expectsYes(p.c, k):
		// 不是包邮吗: asks for the affirmative
	case it.is(is.deny) && p.deniesThing(k):
		// 不是摆设: it is something else that is not so
	case it.is(is.deny) && p.deniesDoer(k):
		// 不是我们赚: of somebody else's doing
	case it.is(is.deny) && p.rubsIn(it):
		// 小瞧人了不是: a tag
	case it.is(is.deny) && it.is(is.rhetoric) && p.c.rhetoric:
		// 怎么会 before an act: the clause's polarity is turned
	case it.is(is.deny) && p.governs(k):
		p.pend.add(it, Negative, is.deny, k)
	case it.is(is.no) && p.neverRunsOut(k):
		p.answer(k, is.yes, Positive)
		return k + 1
	case it.is(is.no) && p.excludes(it) && p.governs(k):
		p.pend.add(it, Negative, is.no, k)
	case it.is(is.no):
		p.answer(k, is.no, Negative)
	case it.is(is.deny):
		p.answer(k, is.deny, Negative)
	case it.is(is.noNeed):
		p.answer(k, is.noNeed, Negative)
	case p.potential(it):
		// 背得了: a complement of a verb that the lexicon does not have
	case it.is(is.need) && p.cannot(it):
		return p.act(k, p.r.is.provideSet)
	case it.is(is.need):
		p.pend.add(it, Positive, is.need, k)
	case it.is(is.yes), it.is(is.question) && p.r.askedWhether(k):
		if p.pend.present && p.pend.signs[0] < 0 && it.start > p.pend.end && p.concedes(it) {
			p.pend = pending{} // 没视频也行
		}
		p.pend.add(it, Positive, is.yes, k)
		p.pend.modal = true
	case it.is(is.agree):
		if p.copula(it) && !p.alone(k) {
			break // 那张券是童装的: the copula
		}
		if p.governs(k) {
			break // 是能开的: emphasis
		}
		p.answer(k, is.agree, Positive)
	case it.is(is.negAfter):
		p.complement(k)
	case p.r.isTopic(it):
		if gap := it.start - p.pend.end; p.pend.present && gap <= 4 && (gap >= 0 || !p.actBehind(k)) && !(it.is(is.light) && p.actNext(k)) && !p.manner(k) && !p.takes(it) && !p.deniesWhole(k) {
			p.flush(it.start)
		}
	}
	return k
}

// answer closes a bare answer. Behind 是 it turns what the clause has said
// before: 不给您开是不可能的.
func (p *predicator) answer(k int, kind Sense, sign Polarity) {
	it := &p.r.items[k]
	if n := len(p.out); n > 0 && sign < 0 && it.start > 0 && p.r.text.Runes()[it.start-1] == '是' && p.out[n-1].end <= it.start {
		for i, item := n-1, p.out[n-1].item; i >= 0 && p.out[i].item == item; i-- {
			p.out[i].outer = -p.out[i].outer
		}
		p.pend = pending{}
		return
	}
	q := predication{start: it.start, end: it.end, answer: kind, outer: sign * p.over, inner: Positive, subject: -1, object: -1, item: k}
	q.echo = k > p.c.lo && p.r.items[k-1].is(p.r.is.agree)
	if p.pend.present && it.start-p.pend.end <= 2 {
		o, i := p.pend.split()
		q.outer *= o * i
		q.start = p.pend.start
	} else if p.pend.present {
		p.flush(it.start)
	}
	p.pend = pending{}
	if topics := it.senses.And(p.r.lex.vocab.topics); !topics.Empty() {
		q.own = topics.First()
	}
	p.out = append(p.out, q)
}

// complement reads 不了 and its like behind a verb that the lexicon does not
// have: whatever the verb, it cannot be done.
func (p *predicator) complement(k int) {
	it := &p.r.items[k]
	q := predication{start: it.start, end: it.end, answer: p.r.is.no, outer: Negative, inner: Positive, subject: -1, object: -1, item: k}
	if q.start > p.c.start {
		q.start--
	}
	if p.pend.present {
		o, i := p.pend.split()
		q.outer *= o * i
		q.start = p.pend.start
	}
	p.pend = pending{}
	p.out = append(p.out, q)
}

// flush turns pending words that found no act into a bare predication. If
// unknown words stand between them and limit, what they govern is unknown.
func (p *predicator) flush(limit int) {
	if !p.pend.present {
		return
	}
	q := predication{start: p.pend.start, end: p.pend.end, answer: p.pend.answer, subject: -1, object: -1, item: p.pend.item, modal: p.pend.modal, twice: p.pend.twice}
	q.outer, q.inner = p.pend.split()
	q.outer *= p.over
	if q.answer == 0 {
		q.answer = p.r.is.no
	}
	q.open = p.r.unknown(p.c, p.pend.end, limit) > 0 || p.pend.end == p.c.end && p.r.text.GapBefore(p.c.end)&text.QuoteOpen != 0 || q.outer*q.inner < 0 && p.deniesItem()
	if q.item >= 0 && !q.open {
		if topics := p.r.items[q.item].senses.And(p.r.lex.vocab.topics); !topics.Empty() {
			q.own = topics.First() // 支持开票 behind 不
		}
	}
	p.pend = pending{}
	p.out = append(p.out, q)
}
