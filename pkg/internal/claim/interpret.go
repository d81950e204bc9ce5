package claim

import "strings"

// interpret turns the items of m into claims: each predication gets its topic
// from its clause, from an earlier clause, from the seller's own previous
// message, or from what the buyer asked.
func (rd *Reader) interpret(r *Reading, m *reading, buyer bool) {
	it := interpreter{rd: rd, r: r, m: m, is: m.is, buyer: buyer, named: r.sc.named}
	if buyer {
		m.choices()
	}
	for i := range m.clauses {
		it.clause(i)
	}
	if len(m.claims) == 0 && len(m.clauses) > 0 { // nothing but forms of address
		it.ci, it.c = 0, &m.clauses[0]
		m.claims = append(m.claims, it.claim(0, 0, Positive, Positive, Explicit, it.c.start, it.c.end))
	}
	r.sc.named = it.named[:0]
	spread(m)
	if !buyer {
		m.themes()
		m.spelledOut()
	}
}

// briefMessage is the length, in significant characters, up to which a
// buyer's message that asks nothing in form is still waiting for an answer:
// 老板发票, 发票呢.
const briefMessage = 16

// An interpreter makes the claims of one message.
type interpreter struct {
	rd      *Reader
	r       *Reading
	m       *reading
	is      *builtins
	buyer   bool
	ci      int
	c       *clause
	named   []focus // topics named in the clause
	unknown bool    // the clause asks of a word that the lexicon does not have
	agreed  bool    // the last answer was an agreement
	side    side    // what the clause stands for by an ordinal; 0: nothing
	chosen  side    // what an earlier clause has picked by an ordinal
}

func (x *interpreter) clause(i int) {
	x.ci, x.c = i, &x.m.clauses[i]
	x.named, x.unknown = x.named[:0], false
	m := x.m
	if x.buyer && x.c.rhetoric && x.wonders() {
		x.c.rhetoric, x.c.mood = false, Question
	}
	x.side = x.pick()
	m.preds = m.predications(m.preds[:0], x.c)
	echo := !x.answered() && x.takenUp()
	if echo {
		m.preds = m.preds[:0] // 管 is no repairing here
	}
	if !x.buyer && m.refusedNext(i) {
		for j := range m.preds {
			m.preds[j].outer = -m.preds[j].outer
		}
	}
	m.attach(x.c, m.preds)
	before := len(m.claims)
	used := x.m.used[:0]
	for range x.c.hi - x.c.lo {
		used = append(used, false)
	}
	x.m.used = used
	for j := range m.preds {
		x.predication(&m.preds[j], used)
	}
	x.mentions(used)
	switch {
	case echo:
		x.c.mood = Assert // 划呗 grants it
		x.answer(&predication{start: x.c.start, end: x.c.end, answer: x.is.yes, outer: Positive, inner: Positive, subject: -1, object: -1, item: -1})
	case x.side != 0:
		x.resolve()
	case len(m.preds) == 0:
		x.bareClause(used)
	}
	if len(m.claims) == before && !x.vocative() {
		m.claims = append(m.claims, x.claim(0, 0, Positive, Positive, Explicit, x.c.start, x.c.end))
	}
	if x.buyer {
		x.asides(before)
	}
	if x.unknown {
		for i := before; i < len(m.claims); i++ {
			m.claims[i].unknown = true
		}
	}
	x.refocus()
}

// claim fills what all claims of the clause share.
func (x *interpreter) claim(topic, act Sense, outer, inner Polarity, o Origin, start, end int) Claim {
	if x.c.rhetoric {
		outer = -outer
	}
	return Claim{
		Topic: topic, Act: act, Polarity: outer * inner, Inner: inner, Mood: x.c.mood, Origin: o,
		only: x.buyer && x.c.bag.Has(x.is.only), confirm: x.confirms(), tag: x.buyer && x.m.text.Runes()[x.c.end-1] == '吧', brief: x.buyer && x.m.text.Len() <= briefMessage, Hedged: x.c.hedged, Clause: x.ci, Start: start, End: end,
	}
}

// wonders reports whether the clause asks in disbelief what the answer may well
// confirm: 难道还要我付邮费. Of the seller's mouth that would be a denial.
func (x *interpreter) wonders() bool {
	runes := x.m.text.Runes()
	for k := x.c.lo; k < x.c.hi; k++ {
		if it := &x.m.items[k]; it.is(x.is.rhetoric) {
			return it.end-it.start >= 2 && runes[it.start] == '难' && runes[it.start+1] == '道'
		}
	}
	return false
}

// confirms reports whether the clause asks whether something is so.
func (x *interpreter) confirms() bool {
	if !x.buyer || !x.c.bag.Has(x.is.question) {
		return false
	}
	for k := x.c.lo; k < x.c.hi; k++ {
		if it := &x.m.items[k]; it.is(x.is.question) {
			if r := x.m.text.Runes()[it.start]; r == '是' || r == '系' {
				return true
			}
		}
	}
	return false
}

// predication makes the claims of p. A negated word that the lexicon does not
// have says nothing that rules know of.
func (x *interpreter) predication(p *predication, used []bool) {
	m := x.m
	topic, at := m.topic(p)
	if p.open && p.act == 0 || p.thing {
		x.unknown = x.unknown || p.open && x.buyer
		return
	}
	p.settle(x.is)
	if topic == 0 {
		if home := x.rd.home[p.act]; home != 0 && !(x.strict(p.act) && !x.personal() && m.unknown(x.c, x.c.start, x.c.end) > 1) {
			x.emit(p, home, Explicit, p.start, p.end, false)
			if x.openAct(p.act) {
				x.inherit(p)
			}
			return
		}
		x.inherit(p)
		return
	}
	x.mark(used, at)
	start, end := hull(p, &m.items[at])
	hidden := m.items[at].hidden
	x.emit(p, topic, Explicit, start, end, hidden)
	light := m.attributive(at)
	for k := x.c.lo; k < x.c.hi; k++ {
		if k == at || !m.isTopic(&m.items[k]) {
			continue
		}
		if x.shares(p, k, at) {
			x.mark(used, k)
			s, e := hull(p, &m.items[k])
			x.emit(p, m.topicOf(k), Explicit, s, e, m.items[k].hidden)
			light = light && m.attributive(k)
		}
	}
	if home := x.rd.home[p.act]; home != 0 && home != topic && (light || x.c.bag.Has(home) || !x.strict(p.act)) {
		x.emit(p, home, Explicit, p.start, p.end, false)
	}
	if light {
		x.inherit(p)
	}
}

// strict reports whether act is about its home topic only where that is named
// or nothing else is: closing a window closes no order.
func (x *interpreter) strict(act Sense) bool { return act == x.is.closing }

// personal reports whether the clause speaks of you or me, or of doing
// something for somebody.
func (x *interpreter) personal() bool {
	for _, r := range x.m.text.Runes()[x.c.start:x.c.end] {
		switch r {
		case '我', '您', '你', '帮', '给', '替', '俺':
			return true
		}
	}
	return false
}

// shares reports whether the topic at item k is a topic of p besides the one
// at item at: money is about every topic of its clause, and topics that are
// strung together share their predicate.
func (x *interpreter) shares(p *predication, k, at int) bool {
	if p.act == x.is.charge || p.act == x.is.bear || p.answer == x.is.noNeed {
		return true
	}
	if p.own != 0 {
		return false // the predicate names what it is about
	}
	a, b := &x.m.items[min(k, at)], &x.m.items[max(k, at)]
	if b.start-a.end > 2 || x.m.unknown(x.c, a.end, b.start) > 1 {
		return false
	}
	for j := min(k, at) + 1; j < max(k, at); j++ {
		if !x.m.items[j].is(x.is.filler) {
			return false
		}
	}
	return true
}

func (x *interpreter) mark(used []bool, k int) {
	if i := k - x.c.lo; i >= 0 && i < len(used) {
		used[i] = true
	}
}

func hull(p *predication, it *item) (start, end int) {
	return min(p.start, it.start), max(p.end, it.end)
}

// settle makes the answer of a bare predication agree with its sign: 不可以
// is a refusal and 不需要 takes an obligation away.
func (p *predication) settle(is *builtins) {
	if p.act != 0 || p.polarity() > 0 {
		return
	}
	switch p.answer {
	case is.yes:
		p.answer = is.no
	case is.need:
		p.answer = is.noNeed
	case is.agree:
		p.answer = is.deny
	}
}

// emit appends the claim of p about topic. Bearing a cost is collecting it
// from the buyer, unless the shop or a third party bears it.
func (x *interpreter) emit(p *predication, topic Sense, o Origin, start, end int, hidden bool) {
	act, outer, inner, turned := p.act, p.outer, p.inner, false
	if p.purpose {
		outer, inner = Positive, Positive
		if x.c.rhetoric {
			outer = Negative // turned back by claim
		}
	}
	if !x.plausible(p, topic) {
		return
	}
	switch {
	case act == x.is.bear:
		act = x.is.charge
		if p.party == ByShop || p.party == ByOther {
			outer, turned = -outer, true
		}
	case x.relieved(p):
		act = x.is.charge
	case act != 0:
	case p.answer == x.is.noNeed:
		act = x.is.charge // 不白开 turns it
	default:
		act = x.is.provide
	}
	c := x.claim(topic, act, outer, inner, o, start, end)
	c.Party = p.party
	if x.c.bag.Has(x.is.elseDoes) && p.party == NoParty {
		c.Party = ByBuyer
	}
	if x.buyer && c.Party == NoParty && c.Mood == Assert && x.ownDoing(p) {
		c.Party = ByBuyer
	}
	c.Evasive = hidden || p.item >= 0 && x.m.items[p.item].hidden
	c.bare = p.act == 0
	c.word = p.start
	if p.item >= 0 {
		c.word = x.m.items[p.item].start
	}
	c.shopPays = turned
	c.spent = x.buyer && p.polarity() < 0 && p.item >= 0 && p.start == x.m.items[p.item].start && !strings.ContainsRune("没不未冇唔无莫木甭别勿弗非", x.m.text.Runes()[p.start])
	c.needs = p.act == 0 && p.answer == x.is.need
	c.lacks = p.item >= 0 && x.m.lacks(p)
	x.m.claims = append(x.m.claims, c)
	x.close(topic, act, c.Polarity, x.grants(p))
	if x.buyer || o != Explicit {
		return
	}
	for i := range x.r.open {
		if x.r.open[i].Topic == topic {
			x.r.open[i].settle(&c, x.grants(p))
		}
	}
}

// ownDoing reports whether p, which names nobody, tells what the buyer has done
// or will not do himself: 取消了, 不退啦.
func (x *interpreter) ownDoing(p *predication) bool {
	runes := x.m.text.Runes()
	switch p.act {
	case x.is.closing:
		return p.polarity() > 0 && p.start == x.c.start && runes[x.c.end-1] == '了'
	case x.rd.returns:
		return p.polarity() < 0 && p.start == x.c.start && runes[p.start] == '不' && p.item >= 0 && x.m.items[p.item].start == p.start+1
	}
	return false
}

// mentions makes a claim for each topic of the clause that no predication has
// taken up.
func (x *interpreter) mentions(used []bool) {
	m := x.m
	for k := x.c.lo; k < x.c.hi; k++ {
		it := &m.items[k]
		if !m.isTopic(it) {
			continue
		}
		topics := it.senses.And(m.lex.vocab.topics)
		for t := topics.First(); t != 0; t = topics.First() {
			topics.Remove(t)
			x.named = append(x.named, focus{topic: t, closed: used[k-x.c.lo]})
			if used[k-x.c.lo] {
				continue
			}
			if k > x.c.lo && m.items[k-1].end > it.start && m.items[k-1].is(t) {
				continue // 开发票 and 票呢 in 开发票呢
			}
			c := x.claim(t, 0, Positive, Positive, Explicit, it.start, it.end)
			if len(m.preds) > 0 {
				c.Polarity = Positive // a rhetorical question turns what is predicated
			}
			c.Evasive = it.hidden
			m.claims = append(m.claims, c)
		}
	}
}

// close notes that something was said of topic.
func (x *interpreter) close(topic, act Sense, pol Polarity, grants bool) {
	for i := range x.r.focus {
		if x.r.focus[i].topic == topic {
			x.r.focus[i].closed = true
			x.r.focus[i].pol = pol
			x.r.focus[i].granted = x.r.focus[i].granted || grants
			if act != 0 {
				x.r.focus[i].act = act
			}
		}
	}
	for i := range x.named {
		if x.named[i].topic == topic {
			x.named[i].closed, x.named[i].act, x.named[i].pol = true, act, pol
			x.named[i].granted = x.named[i].granted || grants
		}
	}
}

// refocus makes the topics of the clause the ones that later clauses are
// about. A clause without topics, or with light ones only, leaves the focus
// as it was.
func (x *interpreter) refocus() {
	if len(x.named) == 0 {
		return
	}
	light := true
	for k := x.c.lo; k < x.c.hi; k++ {
		if it := &x.m.items[k]; x.m.isTopic(it) && !it.is(x.is.light) {
			light = false
		}
	}
	if light && len(x.r.focus) > 0 {
		return
	}
	for i := range x.named {
		x.named[i].origin = Inherited
		if x.c.theme {
			x.named[i].origin = Explicit
		}
		for j := range x.m.claims {
			if c := &x.m.claims[j]; c.Clause == x.ci && c.Topic == x.named[i].topic && c.Act != 0 {
				x.named[i].closed, x.named[i].act, x.named[i].pol = true, c.Act, c.Polarity
			}
		}
	}
	x.r.focus = append(x.r.focus[:0], x.named...)
}
