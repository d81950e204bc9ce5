package claim

import (
	"slices"
	"strings"
)

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

// grants reports whether p says in so many words that something can be: 能退, 可以.
func (x *interpreter) grants(p *predication) bool {
	return p.polarity() > 0 && strings.ContainsRune("能可", x.m.text.Runes()[p.start])
}

// adds reports whether p only adds to what an earlier clause has granted, without
// setting itself off against it: 能退，咱不整那磨叽事儿.
func (x *interpreter) adds(p *predication) bool {
	return p.polarity() < 0 && (p.act == 0 || x.general(p)) && !x.c.contrast && !x.c.bag.Has(x.is.only) && !x.m.bag.Has(x.is.repair)
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

// asked chooses the open claims that p answers: for an act of its own, the
// latest that asks for the same kind of act; for a bare answer, the latest
// question, or if nothing is asked the latest clause that proposes an act or
// is all that a short message says.
func (x *interpreter) asked(p *predication) (from, to int) {
	open := x.r.open
	if p.act != 0 {
		fits := func(q *Claim) bool {
			return q.Topic != 0 && (x.sameKind(q.Act, p.act) || x.paysBy(q, p.act))
		}
		i := latest(open, func(q *Claim) bool { return fits(q) && q.Mood != Assert })
		if i < 0 {
			asks := latest(open, func(q *Claim) bool { return q.Clause >= 0 && q.Mood != Assert && (q.Topic != 0 || q.unknown) }) >= 0
			i = latest(open, func(q *Claim) bool { return fits(q) && (q.Act != 0 || !asks) })
		}
		if i < 0 && x.general(p) {
			fits = func(q *Claim) bool { return q.Topic != 0 && q.Act != 0 && q.Mood != Assert }
			i = latest(open, fits) // 不支持的 to 能退货吗
		}
		if i < 0 && p.act == x.is.provide && x.c.bag.Has(x.is.pronoun) {
			fits = func(q *Claim) bool { return q.Topic != 0 && q.Topic != x.is.goods }
			i = latest(open, fits) // 那个收不了
		}
		return sameClause(open, i, fits)
	}
	whole := func(*Claim) bool { return true }
	i := latest(open, func(q *Claim) bool { return q.Clause >= 0 && q.Mood != Assert })
	if i >= 0 {
		if j := tagged(open, i); j >= 0 {
			i = j
		} else if j := x.proposed(open, i); j >= 0 {
			i = j
		}
		return sameClause(open, i, whole)
	}
	i = latest(open, func(q *Claim) bool { return q.Topic != 0 && (q.Act != 0 || q.brief || q.tag) })
	return sameClause(open, i, whole)
}

// general reports whether the act of p is one as general as 支持 or 弄, which
// stands for whatever was asked: not 收, 出 or 开, which say more.
func (x *interpreter) general(p *predication) bool {
	return p.act == x.is.provide && x.m.items[p.item].senses.And(x.is.acts) == x.is.provideSet
}

// latest returns the index of the last claim that fits, or -1.
func latest(open []Claim, fits func(*Claim) bool) int {
	for i := range slices.Backward(open) {
		if fits(&open[i]) {
			return i
		}
	}
	return -1
}

// tagged returns the claim that the question open[i] is only a tag of: 我直接
// 转给你，可以吗 asks of the clause before it. It returns -1 for a question
// with a topic or an act of its own.
func tagged(open []Claim, i int) int {
	clause := open[i].Clause
	for ; i >= 0 && open[i].Clause == clause; i-- {
		if open[i].Topic != 0 || open[i].unknown || open[i].Act != 0 && !open[i].bare {
			return -1
		}
	}
	for ; i >= 0 && open[i].Clause >= 0; i-- {
		if open[i].Topic != 0 {
			return i
		}
	}
	return -1
}

// proposed returns the last claim of a transfer proposed behind the
// question open[i], which names no topic itself: 能不能不拍，直接汇给你们. It returns
// -1 where nothing is proposed.
func (x *interpreter) proposed(open []Claim, i int) int {
	clause := open[i].Clause
	for j := i; j >= 0 && open[j].Clause == clause; j-- {
		if open[j].Topic != 0 || open[j].unknown {
			return -1
		}
	}
	last := -1
	for j := i + 1; j < len(open) && open[j].Clause >= 0; j++ {
		if q := &open[j]; (q.Topic == x.is.transfer || q.Topic == x.is.offline) && q.Act != 0 && q.Mood == Assert {
			last = j
		}
	}
	return last
}

// sameClause returns the range of claims around i that belong to one clause
// and satisfy keep. It is empty where i is -1.
func sameClause(open []Claim, i int, keep func(*Claim) bool) (from, to int) {
	if i < 0 {
		return 0, 0
	}
	from, to = i, i+1
	for from > 0 && open[from-1].Clause == open[i].Clause && keep(&open[from-1]) {
		from--
	}
	for to < len(open) && open[to].Clause == open[i].Clause && keep(&open[to]) {
		to++
	}
	return from, to
}

// paysBy reports whether act is paying and q asks whether there is that way to
// pay: 刷不了 to 支持信用卡吗.
func (x *interpreter) paysBy(q *Claim, act Sense) bool {
	return act == x.is.pay && (q.Topic == x.is.card || q.Topic == x.is.cod) && x.class(q.Act) == 1
}

// sameKind reports whether an answer with act b can close a question with act
// a: the same act, or two ways of making something available, or two ways of
// asking money; a question without an act is closed by any.
func (x *interpreter) sameKind(a, b Sense) bool {
	if a == b || a == 0 {
		return true
	}
	return x.class(a) == x.class(b) && x.class(a) != 0
}

func (x *interpreter) class(a Sense) int {
	switch a {
	case x.is.provide, x.is.issue:
		return 1
	case x.is.charge, x.is.bear:
		return 2
	}
	return 0
}

// answerTo closes the open claim q with p. Agreement and denial keep or turn
// the polarity asked; every other answer sets the outer polarity and keeps
// what the modal word of the question governs (能不走支付宝吗 → 不能).
func (x *interpreter) answerTo(p *predication, q *Claim) {
	is := x.is
	if !x.plausible(p, q.Topic) {
		return
	}
	act := p.act
	if x.general(p) && q.Act != 0 && q.Act != is.buy && !x.sameKind(q.Act, act) {
		act = q.Act
	}
	if act == 0 && q.Act != is.buy { // 我拍的也有发票吧: buying is not what is asked
		act = q.Act
	}
	outer, inner := p.polarity(), q.Inner
	kind := p.answer
	if p.act == 0 && p.inner < 0 && inner < 0 && x.m.lacks(p) && kind != is.agree && kind != is.deny {
		inner = Positive // 没不让 to 不会不让走吧: says both negations itself
	}
	if q.wont && inner < 0 && kind == is.no && p.polarity() < 0 && !x.wont(p) && !x.m.lacks(p) {
		inner = Positive // 不给了 to 不会不给减吧
	}
	if q.shopPays && p.party == NoParty && (p.act == is.bear || p.act == 0 && kind != is.agree && kind != is.deny) {
		outer = -outer // 你们出可以吗 → 不行: then the buyer pays
	}
	if q.confirm && q.Polarity > 0 && p.act == 0 && p.polarity() < 0 && kind == is.no && x.m.lacks(p) {
		kind = is.deny // 是不是只给公司开 → 没有呀
	}
	if q.confirm && q.Polarity < 0 && !q.lacks && p.act == 0 && p.polarity() < 0 && kind == is.no && x.lacksOnly(p) {
		kind = is.deny // 是不是断码了 → 没有呀
	}
	if q.spent && p.act == 0 && kind == is.no && x.notYet(p) {
		kind = is.deny // 还没 to 卖完了吗
	}
	if q.needs && p.act == 0 && p.polarity() < 0 && (kind == is.deny || kind == is.no && x.lacksOnly(p)) && !x.costly(q) {
		return // 唔系 to 系咪一定要公司: it need not be
	}
	if q.wont && !q.confirm && (kind == is.deny || kind == is.no && (x.wont(p) || x.lacksOnly(p) && !q.lacks && q.tag)) {
		kind = is.agree // 不会, 哪能 to 不会给我取消吧: it will not
		if p.polarity() < 0 {
			turned := *p
			turned.outer = -p.outer
			p = &turned
		}
	}
	if kind == is.yes && p.act == 0 && p.polarity() > 0 && q.Mood == Assert && !q.tag && q.Polarity < 0 && q.Party == ByBuyer && q.Act != is.provide {
		kind = is.agree // 好 to 我不转账了; but 有的 to 没有发票我就不买了
	}
	if kind == is.agree && q.Mood == Assert && q.Act == 0 && !q.tag {
		return // 嗯嗯 to what only names a topic agrees to nothing
	}
	if kind == is.deny && q.Act == 0 && q.Mood == Report {
		return // 没那回事 to 有人说到付的单老取消 denies what is told, not what it is told of
	}
	if kind == is.deny && q.only {
		return // 是不是只给公司开 → 不是: no restriction, not no invoice
	}
	guessed := kind == is.agree && q.wont && x.guessed(p)
	switch kind {
	case is.agree:
		outer = q.Polarity * q.Inner
		if guessed {
			outer = -outer // 说中了 to 不会没货吧: what was feared is so
		}
		if p.polarity() < 0 {
			outer = -outer
		}
	case is.deny:
		outer = -q.Polarity * q.Inner
		if x.agreed || p.echo {
			outer = Negative // 嗯不是: agrees that it is not
		}
	case is.noNeed:
		act = is.charge
	case is.need:
		if x.costly(q) {
			act = is.charge
		}
	}
	if p.act != 0 {
		inner = Positive
	}
	if act == 0 {
		act = is.provide
	}
	if act == is.bear {
		act = is.charge
		if p.party == ByShop || p.party == ByOther {
			outer = -outer
		}
	}
	if x.relieved(p) {
		act = is.charge
	}
	c := x.claim(q.Topic, act, outer, inner, Answer, p.start, p.end)
	c.Party = p.party
	if p.act == 0 && p.party == NoParty && q.Party == ByBuyer {
		c.Party = ByBuyer // 那我自己关了 → 好的
	}
	c.bare = p.act == 0
	c.denies = p.act == 0 && (p.answer == is.deny || p.twice || q.spent && x.lacksOnly(p))
	x.agreed = p.act == 0 && p.answer == is.agree
	x.m.claims = append(x.m.claims, c)
}

// guessed reports whether p says that the buyer has guessed right: 说中了, 让您猜着了.
func (x *interpreter) guessed(p *predication) bool {
	s := string(x.m.text.Runes()[p.start:p.end])
	for _, w := range [...]string{"说中", "说着", "猜中", "猜着", "猜对", "言中", "讲中", "估中"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// notYet reports whether p is 还没 or 没有 and all that its clause says.
func (x *interpreter) notYet(p *predication) bool {
	runes := x.m.text.Runes()
	if x.m.unknown(x.c, p.end, x.c.end) > 0 || p.start > x.c.start {
		return false
	}
	for i := p.start; i < p.end; i++ {
		switch runes[i] {
		case '没', '未', '冇', '有', '还', '仲':
		default:
			return false
		}
	}
	return true
}

// costly reports whether q, or what else the buyer's turn asks, is about money:
// only then is 要的 a charge. 要出示取件码不 → 要的 is none.
func (x *interpreter) costly(q *Claim) bool {
	is := x.is
	asked := &x.r.Asked
	return q.Act == is.charge || q.Act == is.bear || q.Act == is.pay || q.Act == 0 || is.costs.Has(q.Topic) ||
		asked.Meets(&is.costs) || asked.Has(is.charge) || asked.Has(is.bear) || asked.Has(is.money) || asked.Has(is.pay)
}

// lacksOnly reports whether p is 没, 没有 or the like and all that its clause says.
func (x *interpreter) lacksOnly(p *predication) bool {
	if !x.m.lacks(p) || p.end-p.start > 2 || p.start != x.c.start || x.m.unknown(x.c, p.end, x.c.end) > 0 {
		return false
	}
	for k := x.c.lo; k < x.c.hi; k++ {
		if it := &x.m.items[k]; it.start >= p.end && !it.is(x.is.particle) && !it.is(x.is.address) {
			return false
		}
	}
	return true
}

// wont reports whether p is 不会.
func (x *interpreter) wont(p *predication) bool {
	return unlikely(x.m.text.Runes()[p.start:p.end])
}

// unlikely reports whether r begins with 不会, 不至于 or the like, which an answer
// repeats to confirm.
func unlikely(r []rune) bool {
	return len(r) >= 2 && (r[0] == '不' && (r[1] == '会' || r[1] == '至') || r[0] == '唔' && (r[1] == '会' || r[1] == '至'))
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
