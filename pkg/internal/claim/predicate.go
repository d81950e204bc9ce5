package claim

import "strings"

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
}

func (p *pending) add(it *item, sign Polarity, answer Sense, idx int) {
	if !p.present {
		*p = pending{start: it.start, present: true, answer: answer, item: idx}
	}
	again := p.n > 0 && it.term >= 0 && it.term == p.last && it.start == p.end
	p.end, p.last = it.end, it.term
	if again {
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

// A predicator reads the predications of one clause, left to right.
type predicator struct {
	r    *reading
	c    *clause
	pend pending
	over Polarity // sign of 不会因为…就, which governs the rest of the clause
	out  []predication
}

func (r *reading) predications(dst []predication, c *clause) []predication {
	p := predicator{r: r, c: c, over: Positive, out: dst}
	for k := c.lo; k < c.hi; k++ {
		k = p.step(k)
	}
	p.flush(c.end)
	r.concede(p.out[len(dst):])
	r.refuseSuch(c, p.out[len(dst):])
	r.neverSeen(c, p.out[len(dst):])
	r.nameDoer(c, p.out[len(dst):])
	return p.out
}

// tail is what ends a phrase that stands for somebody, who what may end one
// that is said not to be us.
const (
	tail = "的"
	who  = "的家个位店人群号"
)

// nameDoer silences what only says of whom a denial is: 加您微信的根本不是我们,
// 不给票的那家不是我们.
func (r *reading) nameDoer(c *clause, preds []predication) {
	runes := r.text.Runes()
	for k := c.lo; k < c.hi; k++ {
		it := &r.items[k]
		if !it.is(r.is.deny) || it.end-it.start != 2 || runes[it.start+1] != '是' {
			continue
		}
		ends := tail
		if k+1 < c.hi && r.items[k+1].is(r.is.shop) && r.items[k+1].start == it.end {
			ends = who
		}
		at := it.start
		for i := 0; i < 3 && at > c.start && !strings.ContainsRune(ends, runes[at-1]); i++ {
			at-- // 根本, 都
		}
		if at <= c.start+1 || !strings.ContainsRune(ends, runes[at-1]) {
			continue
		}
		for i := range preds {
			if p := &preds[i]; p.end <= at {
				p.thing = true
			}
		}
	}
}

// refuseSuch reads 这种事我们不做: the denial turns what its clause has said
// before, 加税点, or, where that is nothing, what was asked.
func (r *reading) refuseSuch(c *clause, preds []predication) {
	at := -1
	for k := c.lo; k < c.hi; k++ {
		if r.items[k].is(r.is.refSuch) {
			at = k
		}
	}
	if at < 0 || r.buyer {
		return
	}
	it := &r.items[at]
	denied := -1
	for i := range preds {
		if p := &preds[i]; p.polarity() < 0 && (p.start >= it.end || p.end <= it.start && it.start-p.end <= 2) {
			denied = preds[i].item
		}
	}
	unwilling := false
	for k := at + 1; k < c.hi; k++ {
		unwilling = unwilling || r.items[k].is(r.is.unwilling)
	}
	if denied < 0 && !unwilling {
		return
	}
	turned := false
	for i := range preds {
		if p := &preds[i]; p.item != denied && p.end <= it.start {
			p.outer = -p.outer
			turned = true
		}
	}
	for i := range preds {
		if p := &preds[i]; p.item == denied {
			p.thing = turned || p.act != 0 && i+1 < len(preds) && preds[i+1].item == denied
			p.act, p.answer, p.own, p.subject, p.object = 0, r.is.deny, 0, -1, -1
		}
	}
}

// neverSeen turns what a clause says never happens: 开不了票的情况没碰到过.
func (r *reading) neverSeen(c *clause, preds []predication) {
	runes := r.text.Runes()
	for i := c.start + 1; i+3 < c.end; i++ {
		if runes[i] != '的' || !(runes[i+1] == '情' && runes[i+2] == '况' || runes[i+1] == '先' && runes[i+2] == '例' || runes[i+1] == '说' && runes[i+2] == '法') {
			continue
		}
		if lead := r.items[c.lo].start; c.hi > c.lo && (runes[lead] == '没' || runes[lead] == '哪' || runes[lead] == '冇') && r.items[c.lo].end <= i {
			for j := range preds {
				q := &preds[j]
				switch {
				case q.end > i:
				case q.start == lead:
					q.thing = q.polarity() < 0 && len(preds) > 1
				default:
					q.outer = -q.outer // 没有开了票就不保的说法
				}
			}
			continue
		}
		never := false
		for _, x := range runes[i+3 : c.end] {
			never = never || x == '没' || x == '冇'
		}
		if !never {
			continue
		}
		for j := range preds {
			if q := &preds[j]; q.end <= i {
				q.outer = -q.outer
			}
		}
	}
}

// refusedNext reports whether clause i ends in 这种事 or the like and the next one
// of its sentence, which names nothing itself, says that it is not done: 扫码付钱这
// 种事，我们不会叫您做.
func (r *reading) refusedNext(i int) bool {
	if i+1 >= len(r.clauses) || r.clauses[i].sentence != r.clauses[i+1].sentence {
		return false
	}
	c, next := &r.clauses[i], &r.clauses[i+1]
	if c.lo == c.hi || !r.items[c.hi-1].is(r.is.refSuch) || r.items[c.hi-1].end != c.end {
		return false
	}
	denied := false
	for k := next.lo; k < next.hi; k++ {
		it := &r.items[k]
		if r.isTopic(it) {
			return false
		}
		denied = denied || it.is(r.is.negBefore) || it.is(r.is.negNeed) || it.is(r.is.no) || it.is(r.is.deny) || it.is(r.is.unwilling)
	}
	return denied
}

// concede silences what a clause only concedes: in 没带也能修 nobody says that
// it was not brought.
func (r *reading) concede(preds []predication) {
	runes := r.text.Runes()
	for i := range preds {
		p := &preds[i]
		if p.polarity() > 0 || r.buyer {
			continue
		}
		for j := i + 1; j < len(preds); j++ {
			q := &preds[j]
			if q.item == p.item || q.polarity() < 0 || q.start <= p.end {
				continue
			}
			for at := p.end; at < q.start; at++ {
				if runes[at] == '也' || runes[at] == '照' {
					p.thing = true
				}
			}
		}
	}
}

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
	case it.is(is.negBefore):
		p.pend.add(it, Negative, 0, k)
	case it.is(is.negNeed):
		p.pend.add(it, Negative, is.noNeed, k)
	case it.is(is.deny) && p.r.expectsYes(p.c, k):
		// 不是包邮吗: asks for the affirmative
	case it.is(is.deny) && p.deniesThing(k):
		// 不是摆设: it is something else that is not so
	case it.is(is.deny) && p.rubsIn(it):
		// 小瞧人了不是: a tag
	case it.is(is.deny) && it.is(is.rhetoric) && p.c.rhetoric:
		// 怎么会 before an act: the clause's polarity is turned
	case it.is(is.deny) && p.governs(k):
		p.pend.add(it, Negative, is.deny, k)
	case it.is(is.no) && p.excludes(it) && p.governs(k):
		p.pend.add(it, Negative, is.no, k)
	case it.is(is.no):
		p.answer(k, is.no, Negative)
	case it.is(is.deny):
		p.answer(k, is.deny, Negative)
	case it.is(is.noNeed):
		p.answer(k, is.noNeed, Negative)
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

// concedes reports whether it is a 可以 or the like behind 也.
func (p *predicator) concedes(it *item) bool {
	r := p.r.text.Runes()
	return r[it.start] == '也' || r[it.start-1] == '也'
}

// cannot reports whether it, a word such as 用的 that says that something is
// needed, stands right behind a word that says it cannot be: 没法用的.
func (p *predicator) cannot(it *item) bool {
	if !p.pend.present || p.pend.end != it.start || p.pend.signs[0] > 0 || p.pend.end-p.pend.start < 2 {
		return false
	}
	r := p.r.text.Runes()[it.start:it.end]
	return len(r) == 2 && r[0] == '用'
}

// actBehind reports whether an act begins inside item k, a topic that begins
// inside the word before it: 支持 in 不支持退 behind 怎么会不.
func (p *predicator) actBehind(k int) bool {
	if k+1 >= p.c.hi {
		return false
	}
	next := &p.r.items[k+1]
	acts := next.senses.And(p.r.is.acts)
	return !acts.Empty() && next.start < p.r.items[k].end
}

// actNext reports whether an act follows item k at once: 发 in 不想赔本发.
func (p *predicator) actNext(k int) bool {
	if k+1 >= p.c.hi {
		return false
	}
	next := &p.r.items[k+1]
	acts := next.senses.And(p.r.is.acts)
	return !acts.Empty() && next.start == p.r.items[k].end && p.pend.signs[0] < 0
}

// takes reports whether the topic it is what the pending words say is not to be
// used as or taken for: 不能当收款码用.
func (p *predicator) takes(it *item) bool {
	if p.pend.signs[0] > 0 || it.start != p.pend.end+1 || it.end >= p.c.end {
		return false
	}
	switch p.r.text.Runes()[p.pend.end] {
	case '当', '拿', '作':
		return true
	}
	return false
}

// deniesWhole reports whether the pending 不是 governs more than the topic at
// item k: in 不是信用卡不能用 it turns the negation behind it.
func (p *predicator) deniesWhole(k int) bool {
	it := &p.r.items[k]
	if p.pend.answer != p.r.is.deny || p.pend.end != it.start || k+1 >= p.c.hi {
		return false
	}
	next := &p.r.items[k+1]
	return next.start == it.end && (next.is(p.r.is.negBefore) || next.is(p.r.is.no))
}

// manner reports whether item k, a topic, only says how or where the act close
// behind it is done: 不会私下找您收钱, 不要去官网拍.
func (p *predicator) manner(k int) bool {
	if p.pend.signs[0] > 0 || !p.r.items[k].is(p.r.is.offline) && !p.goesTo(k) {
		return false
	}
	for j := k + 1; j < p.c.hi && p.r.items[j].start-p.r.items[k].end <= 3; j++ {
		if acts := p.r.items[j].senses.And(p.r.is.acts); !acts.Empty() {
			return true
		}
	}
	return false
}

// goesTo reports whether item k is a place that one goes to: 去官网.
func (p *predicator) goesTo(k int) bool {
	r, at := p.r.text.Runes(), p.r.items[k].start
	return r[at] == '去' || at > p.c.start && r[at-1] == '去'
}

// copula reports whether an agreement may as well be the verb to be: 是, 对,
// 那是.
func (p *predicator) copula(it *item) bool {
	return it.end-it.start == 1 || p.r.text.Runes()[it.end-1] == '是'
}

// alone reports whether item k begins its clause and nothing but particles
// and forms of address stand behind it.
func (p *predicator) alone(k int) bool {
	it := &p.r.items[k]
	if it.start != p.c.start || p.r.unknown(p.c, it.end, p.c.end) > 0 {
		return false
	}
	for j := k + 1; j < p.c.hi; j++ {
		if o := &p.r.items[j]; !o.is(p.r.is.particle) && !o.is(p.r.is.address) && !o.is(p.r.is.agree) {
			return false
		}
	}
	return true
}

// governs reports whether an answer word is followed at once by something
// that it negates or stresses: an act, a negator, a modal word or a topic.
func (p *predicator) governs(k int) bool {
	if k+1 >= p.c.hi {
		return false
	}
	is, it, next := p.r.is, &p.r.items[k], &p.r.items[k+1]
	if it.end-it.start > 2 && p.r.text.Runes()[it.end-1] == '的' {
		return false // 不是的有货
	}
	if gap := p.r.unknown(p.c, it.end, next.start); next.start-it.end > 2 || gap > 0 && !p.wont(it) && !(p.howCould(it) && next.senses.Meets(&is.parties)) {
		return false // an adverb may stand behind 不会: 不会偷偷给我关了; 咋能喊您出
	}
	acts := next.senses.And(is.acts)
	acts.Remove(is.block)
	if p.excludes(it) && it.term != next.term && (next.is(is.no) || next.is(is.negAfter)) {
		return true // 不会没开通, 哪有用不了的道理
	}
	if !acts.Empty() || next.is(is.negBefore) || next.is(is.yes) || p.r.isTopic(next) {
		return true
	}
	between := next.is(is.filler) || next.is(is.hedge) || next.senses.Meets(&is.parties) || next.start < it.end
	return between && k+2 < p.c.hi && p.governs(k+1)
}

// excludes reports whether it is a denial that turns whatever stands behind
// it: 不会, 不可能, 哪有.
func (p *predicator) excludes(it *item) bool {
	r := p.r.text.Runes()[it.start:it.end]
	switch {
	case it.is(p.r.is.deny):
		return len(r) <= 3
	case it.is(p.r.is.no):
		return len(r) == 3 && r[0] == '不' && r[1] == '可' && r[2] == '能'
	}
	return false
}

// wont reports whether it is 不会.
func (p *predicator) wont(it *item) bool {
	r := p.r.text.Runes()
	return it.end-it.start == 2 && (r[it.start] == '不' || r[it.start] == '勿') && r[it.start+1] == '会'
}

// howCould reports whether it is 咋能, 哪能 or the like.
func (p *predicator) howCould(it *item) bool {
	r := p.r.text.Runes()
	if it.end-it.start != 2 || r[it.start+1] != '能' {
		return false
	}
	switch r[it.start] {
	case '咋', '哪', '怎', '岂':
		return true
	}
	return false
}

// reach is how many unknown characters may stand between the pending words
// and their act. Behind 没有 they are what there is none of: 没有半包的都退回来.
func (p *predicator) reach() int {
	if r := p.r.text.Runes(); p.pend.n == 1 && p.pend.signs[0] < 0 && p.pend.end-p.pend.start <= 2 && r[p.pend.start] == '没' {
		if last := r[p.pend.end-1]; last == '让' || last == '叫' {
			return 2 // 没让人收过款
		}
		return 0
	}
	return 2
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

// deniesThing reports whether item k is a 不是 right before a word that is neither
// topic nor act, nor one of grammar: 不是摆设. It answers nothing.
func (p *predicator) deniesThing(k int) bool {
	it := &p.r.items[k]
	r := p.r.text.Runes()
	if p.r.buyer || it.end-it.start != 2 || r[it.start] != '不' || r[it.start+1] != '是' || k+1 >= p.c.hi {
		return false
	}
	next := &p.r.items[k+1]
	if next.start != it.end || next.end-next.start < 2 || p.r.text.GapBefore(next.start) != 0 {
		return false
	}
	return p.thing(next)
}

// thing reports whether it is a word for something that claims do not tell
// apart: neither topic, act, answer nor party, no time or amount, and no word
// of grammar.
func (p *predicator) thing(it *item) bool {
	is := p.r.is
	if it.senses.Meets(&is.acts) || it.senses.Meets(&is.polar) || it.senses.Meets(&is.parties) || it.senses.Meets(&is.slots) || p.r.isTopic(it) {
		return false
	}
	for _, s := range [...]Sense{is.particle, is.address, is.filler, is.question, is.boundary, is.only, is.pronoun, is.past, is.condition, is.hedge, is.light, is.offer} {
		if it.is(s) {
			return false
		}
	}
	return true
}

// deniesItem reports whether the pending negator stands right before a third
// party, something to send, or, behind 不, an effort: 没有第三方, 没视频, 不催. It says
// that there is none of that, or that it is not so, and answers nothing. What
// may as well be the reason of a refusal does not count: 没有特价的.
func (p *predicator) deniesItem() bool {
	is := p.r.is
	for k := p.c.lo; k < p.c.hi; k++ {
		it := &p.r.items[k]
		if it.start < p.pend.end {
			continue
		}
		if it.start > p.pend.end || p.r.text.GapBefore(it.start) != 0 || it.is(is.elseDoes) {
			return false
		}
		if it.senses.Meets(&is.acts) || it.senses.Meets(&is.polar) || p.r.isTopic(it) {
			return false
		}
		mere := p.pend.end-p.pend.start == 1 && p.r.text.Runes()[p.pend.start] == '不'
		return it.is(is.other) || it.is(is.sendable) || it.is(is.hedge) && mere
	}
	return false
}

// flush turns pending words that found no act into a bare predication. If
// unknown words stand between them and limit, what they govern is unknown.
func (p *predicator) flush(limit int) {
	if !p.pend.present {
		return
	}
	q := predication{start: p.pend.start, end: p.pend.end, answer: p.pend.answer, subject: -1, object: -1, item: p.pend.item, modal: p.pend.modal}
	q.outer, q.inner = p.pend.split()
	q.outer *= p.over
	if q.answer == 0 {
		q.answer = p.r.is.no
	}
	q.open = p.r.unknown(p.c, p.pend.end, limit) > 0 || q.outer*q.inner < 0 && p.deniesItem()
	if q.item >= 0 && !q.open {
		if topics := p.r.items[q.item].senses.And(p.r.lex.vocab.topics); !topics.Empty() {
			q.own = topics.First() // 支持开票 behind 不
		}
	}
	p.pend = pending{}
	p.out = append(p.out, q)
}
