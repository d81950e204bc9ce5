package claim

import "slices"

// side names one of two things that a buyer's turn asks about, as in 发票还是收据
// or in two questions one after the other. Sides are a set: both is either.
type side uint8

const (
	first side = 1 << iota
	second
	both = first | second
)

// other returns the side across from s.
func (s side) other() side { return s ^ both }

// sides are the two things that a buyer's turn asks about.
type sides struct {
	bags   [2]Set    // what is meant on each side
	words  [2][]rune // how each is put, where one clause joins both
	choice bool      // one of the two is to be picked: 还是
	any    bool
}

// bag returns what is meant on side s.
func (x *sides) bag(s side) *Set { return &x.bags[s>>1] }

// divide finds the two sides of the buyer's last turn and marks its claims:
// the two ends of a conjunction, else the first and the last of the clauses
// that ask, else what stands before and in the clause that asks. A turn that
// asks one thing has no sides.
func (r *Reading) divide() {
	r.sides = sides{}
	turn := r.buyer[:r.nBuyer]
	for i := range slices.Backward(turn) {
		if at, choice := turn[i].conjunction(); at > 0 {
			r.sides.choice, r.sides.any = choice, true
			r.split(&turn[i], at)
			return
		}
	}
	from, to, asking := -1, -1, 0
	clauses := 0
	for i := range turn {
		for j := range turn[i].clauses {
			if c := &turn[i].clauses[j]; c.asked || turn[i].wonders(c) {
				asking++
				if from < 0 {
					from = clauses + j
				}
				to = clauses + j
			}
		}
		clauses += len(turn[i].clauses)
	}
	switch {
	case asking == 0:
		return
	case asking == 1 && r.pair(turn, to):
		return
	case asking == 1 && to == 0:
		return
	case asking == 1:
		from = to - 1
	}
	r.sides.any = true
	clauses = 0
	for i := range turn {
		m := &turn[i]
		for j := range m.clauses {
			switch at := clauses + j; {
			case at <= from && (asking > 1 || at == from):
				r.take(m, j, first)
			case at == to:
				r.take(m, j, second)
			}
		}
		clauses += len(m.clauses)
	}
}

// wonders reports whether c names a topic and ends in 呢, which asks of it when
// something else has been asked before: 刷信用卡呢.
func (r *reading) wonders(c *clause) bool {
	topics := c.bag.And(r.lex.vocab.topics)
	return c.end > c.start && r.text.Runes()[c.end-1] == '呢' && !topics.Empty()
}

// pair divides a clause, counted over all messages of the turn, that names two
// topics and no more: 花呗信用卡都能用吧. It reports whether it did.
func (r *Reading) pair(turn []reading, at int) bool {
	i := 0
	for at >= len(turn[i].clauses) {
		at -= len(turn[i].clauses)
		i++
	}
	m := &turn[i]
	c := &m.clauses[at]
	begin := -1
	var seen Set
	for k := c.lo; k < c.hi; k++ {
		it := &m.items[k]
		topics := it.senses.And(m.lex.vocab.topics)
		if topics.Empty() || m.light(k) || topics.Meets(&seen) {
			continue
		}
		if begin > 0 {
			return false
		}
		if !seen.Empty() {
			begin = it.start
		}
		seen.Union(&topics)
	}
	if begin < 0 {
		return false
	}
	r.sides.any = true
	r.split(m, begin)
	return true
}

// take puts clause j of m on side s. What it takes over from an earlier clause
// is not its own if it asks of words that the lexicon does not have: 配遥控 in
// 配发票、配遥控不.
func (r *Reading) take(m *reading, j int, s side) {
	c := &m.clauses[j]
	r.sides.bag(s).Union(&c.bag)
	strange := m.unknown(c, c.start, c.end) > 1
	for i := range m.claims {
		if q := &m.claims[i]; q.Clause == j && (q.Origin != Inherited || !strange) {
			q.side = s
		}
	}
}

// split cuts the clause of m that character at stands in: what is before at
// is on the first side and what is behind on the second. The other clauses
// are about both.
func (r *Reading) split(m *reading, at int) {
	var cut *clause
	opens := false // the clause begins with the conjunction: what it joins is the one before
	for j := range m.clauses {
		if c := &m.clauses[j]; c.start <= at && at < c.end {
			cut, opens = c, at-c.start <= 2
		}
	}
	for j := range m.clauses {
		c := &m.clauses[j]
		if c == cut {
			continue
		}
		r.sides.bag(first).Union(&c.bag)
		if !opens || c.start > at {
			r.sides.bag(second).Union(&c.bag)
		}
	}
	if cut != nil {
		runes := m.text.Runes()
		r.sides.words = [2][]rune{runes[cut.start:at], runes[at:cut.end]}
	}
	of := func(start int) side {
		switch {
		case cut != nil && opens && start < cut.start:
			return first
		case cut == nil || start < cut.start || start >= cut.end:
			return both
		case start < at:
			return first
		}
		return second
	}
	for i := range m.items {
		if s := of(m.items[i].start); s != both {
			r.sides.bag(s).Union(&m.items[i].senses)
		}
	}
	for i := range m.claims {
		m.claims[i].side = of(m.claims[i].Start)
	}
}

// choices makes a clause of the buyer's that offers a choice a question,
// though nothing else marks it as one: 给还是不给.
func (r *reading) choices() {
	at, choice := r.conjunction()
	if !choice {
		return
	}
	for j := range r.clauses {
		c := &r.clauses[j]
		if c.start >= at || at >= c.end || c.mood != Assert {
			continue
		}
		before, behind := false, false
		for k := c.lo; k < c.hi; k++ {
			it := &r.items[k]
			if !it.senses.Meets(&r.is.acts) && !it.senses.Meets(&r.is.polar) && !r.isTopic(it) {
				continue
			}
			before = before || it.end < at
			behind = behind || it.start >= at
		}
		if before && behind {
			c.asked, c.mood = true, Question
		}
	}
}

// conjunction returns the character at which the second of two things begins
// that m joins, and whether it asks which of them. It returns 0 where m joins
// nothing.
func (r *reading) conjunction() (at int, choice bool) {
	runes := r.text.Runes()
	joined := 0
	for i := 1; i+1 < len(runes); i++ {
		switch a, b := runes[i], runes[i+1]; {
		case (a == '还' || a == '定') && (b == '是' || b == '系'), a == '抑' && b == '或', a == '或' && (b == '者' || b == '是'):
			if i+2 < len(runes) {
				return i + 2, true
			}
		case a == '和' || a == '跟' || a == '与' || a == '同':
			if joined == 0 {
				joined = i + 1
			}
		case a == '的' && i+3 < len(runes) && (runes[i+2] == '的' || runes[i+3] == '的'):
			if joined == 0 {
				joined = i + 1 // 灰的黑的
			}
		}
	}
	return joined, false
}

// pick returns the side that the clause at hand stands for by an ordinal or by
// the buyer's own words, 0 where it names a topic itself or nothing has two
// sides.
func (x *interpreter) pick() side {
	if x.buyer || !x.r.sides.any {
		return 0
	}
	if !x.c.bag.Meets(&x.is.refs) {
		return x.echoed()
	}
	picked := side(0)
	for k := x.c.lo; k < x.c.hi; k++ {
		it := &x.m.items[k]
		if x.m.isTopic(it) && !x.m.light(k) {
			return 0
		}
		switch {
		case it.is(x.is.refBoth):
			picked = both
		case it.is(x.is.refFirst):
			picked = first
		case it.is(x.is.refSecond):
			picked = second
		case it.is(x.is.refOther):
			picked = x.remaining()
		}
	}
	return picked
}

// longestEcho is how many characters of a side's words a clause may repeat.
const longestEcho = 6

// remaining returns the side that nothing has been said of yet, 0 where that
// is not clear.
func (x *interpreter) remaining() side {
	said := x.r.Said
	for i := range x.ci {
		said.Union(&x.m.clauses[i].bag)
	}
	v := x.m.lex.vocab
	a, b := x.r.sides.bag(first).And(v.topics), x.r.sides.bag(second).And(v.topics)
	onlyA, onlyB := without(a, &b), without(b, &a)
	switch {
	case onlyA.Meets(&said) && !onlyB.Meets(&said):
		return second
	case onlyB.Meets(&said) && !onlyA.Meets(&said):
		return first
	}
	return 0
}

// resolve ends a clause that stands for a side. A clause that predicates
// nothing makes the side the shop's own.
func (x *interpreter) resolve() {
	m := x.m
	if x.side != both {
		x.chosen = x.side
		x.means(x.r.sides.bag(x.side))
	}
	granted := true
	said := false
	for i := range m.preds {
		said = said || m.preds[i].act != 0 || !m.preds[i].open
		granted = granted && m.preds[i].polarity() > 0
	}
	if !said {
		x.choose(x.side)
	}
	x.leave(x.side, granted)
}

// answerSide closes what the buyer's turn leaves open on side s with p. A verb
// as general as 弄 stands for the one that the buyer used.
func (x *interpreter) answerSide(p *predication, s side) {
	general := *p
	if p.act == x.is.provide {
		general.act, general.answer = 0, x.is.yes
		if p.polarity() < 0 {
			general.answer = x.is.no
		}
		p = &general
	}
	for i := range x.r.open {
		q := x.r.open[i]
		if q.Clause >= 0 && q.side&s != 0 && q.Topic != 0 {
			x.answerTo(p, &q)
		}
	}
}

// choose makes the shop's own what stands on side s: 后一种 to 发票还是收据.
func (x *interpreter) choose(s side) {
	for i := range x.r.open {
		q := x.r.open[i]
		if q.Clause < 0 || q.side&s == 0 || q.Topic == 0 {
			continue
		}
		act := q.Act
		switch act {
		case 0:
			act = x.is.provide
		case x.is.bear:
			act = x.is.charge
		}
		c := x.claim(q.Topic, act, q.Polarity, Positive, Answer, x.c.start, x.c.end)
		c.Party = q.Party
		x.m.claims = append(x.m.claims, c)
	}
}

// leave denies what only the side across from s is about, if the clause
// grants s and either restricts to it or was asked to choose. Rules can ask
// for that by ref.left.
func (x *interpreter) leave(s side, granted bool) {
	if s == both || !granted || !x.r.sides.choice && !x.c.bag.Has(x.is.only) && !x.alone() {
		return
	}
	x.means(&x.is.leftSet)
	v := x.m.lex.vocab
	mine := x.r.sides.bag(s).And(v.topics)
	theirs := x.r.sides.bag(s.other()).And(v.topics)
	theirs = without(theirs, &mine)
	if theirs.Empty() && x.c.bag.Has(x.is.only) {
		x.deny(s.other())
		return
	}
	for t := theirs.First(); t != 0; t = theirs.First() {
		theirs.Remove(t)
		if x.deniedOn(s.other(), t) {
			continue // 后一种 to 票是没有还是要申请
		}
		c := x.claim(t, x.is.provide, Negative, Positive, Answer, x.c.start, x.c.end)
		x.m.claims = append(x.m.claims, c)
		x.means(&x.is.onlySet)
	}
}

// deniedOn reports whether all that the buyer's turn says of topic on side s is
// that there is none.
func (x *interpreter) deniedOn(s side, topic Sense) bool {
	found := false
	for i := range x.r.open {
		q := &x.r.open[i]
		if q.Clause < 0 || q.side&s == 0 || q.Topic != topic || q.Act == 0 {
			continue
		}
		if q.Polarity > 0 {
			return false
		}
		found = true
	}
	return found
}

// deny turns what the buyer's turn leaves open on side s.
func (x *interpreter) deny(s side) {
	for i := range x.r.open {
		q := x.r.open[i]
		if q.Clause < 0 || q.side&s == 0 || q.Topic == 0 || q.Act == 0 {
			continue
		}
		act := q.Act
		if act == x.is.bear {
			act = x.is.charge
		}
		x.m.claims = append(x.m.claims, x.claim(q.Topic, act, -q.Polarity, Positive, Answer, x.c.start, x.c.end))
	}
}

// means adds to what the clause and its message mean.
func (x *interpreter) means(s *Set) {
	x.c.bag.Union(s)
	x.m.bag.Union(s)
}

// alone reports whether the clause is the only one of its message that stands
// for a side: 头一种行 to a question for both says that the other is not.
func (x *interpreter) alone() bool {
	for i := range x.m.clauses {
		if i != x.ci && x.m.clauses[i].bag.Meets(&x.is.refs) {
			return false
		}
	}
	topics := x.m.bag.And(x.m.lex.vocab.topics)
	return topics.Empty()
}
