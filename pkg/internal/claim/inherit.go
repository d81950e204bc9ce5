package claim

import "slices"

// inherit gives p the topics that its own clause does not name.
func (x *interpreter) inherit(p *predication) {
	if x.side != 0 {
		x.answerSide(p, x.side)
		return
	}
	if p.act == x.is.contact && !x.buyer && x.c.bag.Has(x.is.help) {
		return // 有什么问题随时找我们 names no way of its own
	}
	if p.act == x.is.contact && x.here(p) {
		x.loose(p)
		return
	}
	if p.polarity() < 0 && x.others() {
		x.loose(p) // 别的路子我们不收
		return
	}
	if x.fromFocus(p) {
		return
	}
	x.answer(p)
}

// others reports whether the clause begins with 别的 or 其他 and the one before
// it restricts to something: it is about what else there might be.
func (x *interpreter) others() bool {
	at := x.ci
	if at > 0 && x.m.text.GapBefore(x.c.start) == 0 {
		at-- // 别的 may be cut off
	}
	if x.buyer || at == 0 || !x.m.clauses[at-1].bag.Has(x.is.only) || x.m.clauses[at].end-x.m.clauses[at].start < 2 {
		return false
	}
	start := x.m.clauses[at].start
	switch runes := x.m.text.Runes(); runes[start] {
	case '别', '第':
		return runes[start+1] == '的' || runes[start+1] == '啲'
	case '其':
		return runes[start+1] == '他' || runes[start+1] == '它' || runes[start+1] == '余'
	}
	return false
}

// here reports whether the act of p is done in this very window: 在这儿留.
func (x *interpreter) here(p *predication) bool {
	if x.buyer || p.item <= x.c.lo {
		return false
	}
	at := &x.m.items[p.item-1]
	if !at.is(x.is.shop) || at.end != x.m.items[p.item].start {
		return false
	}
	switch runes := x.m.text.Runes(); runes[at.end-1] {
	case '儿', '里', '边', '度':
		return runes[at.end-2] == '这' || runes[at.end-2] == '呢'
	}
	return false
}

// fromFocus applies p to what the message, or the seller's message before it,
// is about. A bare yes does not reopen a topic that has been dealt with,
// unless its clause begins with a word of contrast.
func (x *interpreter) fromFocus(p *predication) bool {
	done := false
	for _, f := range x.r.focus {
		if p.act == 0 && p.polarity() > 0 && f.closed && !x.c.contrast && p.answer != x.is.need {
			continue
		}
		if p.answer == x.is.agree || p.answer == x.is.deny {
			continue
		}
		if f.closed && f.pol < 0 && p.polarity() > 0 && !x.c.contrast && !x.reopens(p.act) {
			continue // 私下的不做，量大也从店里走
		}
		if f.granted && f.origin == Inherited && x.adds(p) {
			continue // 能退，咱不整那磨叽事儿
		}
		x.emit(p, f.topic, f.origin, p.start, p.end, false)
		done = true
	}
	return done || len(x.r.focus) > 0 && !x.first() && p.act == 0
}

// reopens reports whether an act can be about a topic that was refused right
// before: asking money for it, or giving another way to reach somebody.
func (x *interpreter) reopens(act Sense) bool {
	return act == x.is.charge || act == x.is.bear || act == x.is.contact
}

// first reports whether no clause before this one has said anything.
func (x *interpreter) first() bool {
	for i := range x.m.claims {
		if c := &x.m.claims[i]; c.Clause < x.ci && (c.Topic != 0 || c.Act != 0) {
			return false
		}
	}
	return true
}

// openAct reports whether the buyer's last turn asks for act about another
// topic than its home.
func (x *interpreter) openAct(act Sense) bool {
	for i := range x.r.open {
		if x.r.open[i].Act == act && x.r.open[i].Topic != 0 {
			return true
		}
	}
	return false
}

// answer applies p to what the buyer's last turn leaves open.
func (x *interpreter) answer(p *predication) {
	from, to := x.asked(p)
	if i, j, ok := x.repeated(); ok && from < to && (from < i || from >= j) {
		from, to = x.within(i, j, p)
	}
	if from == to {
		x.loose(p)
		return
	}
	if x.ownSubject(p) {
		return // QQ糖有, 鱼线没有 say it of something else
	}
	aside := p.act == 0 && x.asideFrom(from, to)
	for i := from; i < to; i++ {
		q := x.r.open[i]
		if x.chosen != 0 && q.side != 0 && q.side&x.chosen == 0 {
			continue // an earlier clause has left that out
		}
		if q.settled < 0 && p.polarity() > 0 && !x.c.contrast && !x.reopens(p.act) {
			continue // 不整那个，查着要关店的
		}
		if q.settled > 0 && p.polarity() < 0 && (x.c.bag.Has(x.is.past) || x.ownVerb(p) || q.granted && x.adds(p)) {
			continue // 有的哈，前两天没刷出来; 必须的，一单不落
		}
		if q.Act == 0 && x.ownVerb(p) && x.theirVerb(p) {
			continue // 漏不了 to 会不会漏了我那张发票
		}
		if q.Clause < 0 || q.aside || q.Act == 0 && (q.unknown || aside && q.Topic == x.is.goods) {
			continue
		}
		n := len(x.m.claims)
		x.answerTo(p, &q)
		if len(x.m.claims) > n && !x.buyer {
			x.r.open[i].settle(&x.m.claims[n], x.grants(p))
		}
	}
}

// settle notes how the reply's claim by has answered c, and whether in so many words.
func (c *Claim) settle(by *Claim, grants bool) {
	c.settled = by.Polarity
	if by.Polarity > 0 && grants {
		c.granted = true
	}
}

// ownVerb reports whether p is a complement such as 不了 behind a verb that the
// lexicon does not have.
func (x *interpreter) ownVerb(p *predication) bool {
	return p.act == 0 && p.item >= 0 && x.m.items[p.item].is(x.is.negAfter) && p.start < x.m.items[p.item].start
}

// theirVerb reports whether the verb before the complement p stands in the buyer's
// last turn.
func (x *interpreter) theirVerb(p *predication) bool {
	verb := x.m.text.Runes()[p.start]
	for i := range x.r.buyer[:x.r.nBuyer] {
		if slices.Contains(x.r.buyer[i].text.Runes(), verb) {
			return true
		}
	}
	return false
}

// ownSubject reports whether p, a bare 有 or 没有, has a subject that the lexicon
// does not have right before it.
func (x *interpreter) ownSubject(p *predication) bool {
	if p.item < 0 || x.buyer || p.act != 0 && p.act != x.is.provide {
		return false
	}
	runes := x.m.text.Runes()
	it := &x.m.items[p.item]
	if runes[it.start] != '有' || p.start != it.start {
		return false
	}
	if it.start-x.c.start < 2 || functional(runes[it.start-1]) {
		return false
	}
	for k := x.c.lo; k < x.c.hi; k++ {
		if o := &x.m.items[k]; o.end > it.start-2 && o.start < it.start {
			return false
		}
	}
	return true
}

// asideFrom reports whether the question in open[from:to] is about something
// else than the goods that it names: 这款有异味吗 asks of the smell, 这款有盖子吗 of
// a word that the lexicon does not have.
func (x *interpreter) asideFrom(from, to int) bool {
	for _, q := range x.r.open[from:to] {
		if q.unknown || q.Topic != 0 && q.Topic != x.is.goods {
			return true
		}
	}
	return false
}

// loose makes a claim of an act that nothing gives a topic.
func (x *interpreter) loose(p *predication) {
	x.emit(p, 0, Explicit, p.start, p.end, false)
}

// bareClause reads a clause that predicates nothing: who, when or how much,
// an account or a number answers what was asked.
func (x *interpreter) bareClause(used []bool) {
	if x.buyer || !x.slotted() {
		return
	}
	for k := range used {
		if x.m.isTopic(&x.m.items[x.c.lo+k]) && !x.m.items[x.c.lo+k].is(x.is.light) {
			return
		}
	}
	if len(x.r.focus) > 0 {
		for _, f := range x.r.focus {
			x.m.claims = append(x.m.claims, x.slotClaim(f.topic, f.act, f.origin))
		}
		return
	}
	open := x.r.open
	from, to := sameClause(open, latest(open, func(q *Claim) bool { return q.Clause >= 0 }), func(*Claim) bool { return true })
	for _, q := range open[from:to] {
		x.m.claims = append(x.m.claims, x.slotClaim(q.Topic, q.Act, Answer))
	}
}

func (x *interpreter) slotClaim(topic, act Sense, o Origin) Claim {
	if act == x.is.bear {
		act = x.is.charge
	}
	c := x.claim(topic, act, Positive, Positive, o, x.c.start, x.c.end)
	for k := x.c.lo; k < x.c.hi; k++ {
		if w := x.m.partyAt(k); w != NoParty {
			c.Party = w
		}
	}
	if act == x.is.charge && (c.Party == ByShop || c.Party == ByOther) {
		c.Polarity = Negative
	}
	return c
}

// slotted reports whether the clause is no more than something that can fill
// a slot: a time, an amount, an account, or who it is. Whatever else it says,
// it says of its own and not in answer.
func (x *interpreter) slotted() bool {
	is := x.is
	filled, who, more := false, false, false
	for k := x.c.lo; k < x.c.hi; k++ {
		it := &x.m.items[k]
		switch {
		case it.is(is.address), it.is(is.particle), it.is(is.filler):
		case it.senses.Meets(&is.slots):
			filled = true
		case x.m.partyAt(k) != NoParty || it.is(is.only):
			who = true
		case it.is(is.hedge), it.senses.Meets(&is.acts), it.senses.Meets(&is.polar):
			more = true
		}
	}
	filled = filled || who && !more && x.asksWho() && !x.runsOn()
	return filled && x.m.unknown(x.c, x.c.start, x.c.end) <= 1
}

// runsOn reports whether the clause was cut before a word that opens the next
// one, with nothing in between: 您 in 您只要把抬头告诉我.
func (x *interpreter) runsOn() bool {
	return x.c.end < x.m.text.Len() && x.m.text.GapBefore(x.c.end) == 0
}

// asksWho reports whether what is open is something that one of the two sides
// does or pays, so that naming a side answers it.
func (x *interpreter) asksWho() bool {
	for i := range x.r.open {
		switch x.r.open[i].Act {
		case x.is.charge, x.is.bear, x.is.closing:
			return true
		}
	}
	for i := range x.r.focus {
		switch x.r.focus[i].act {
		case x.is.charge, x.is.bear:
			return true
		}
	}
	return false
}
