package claim

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
	x.side = x.pick()
	m.preds = m.predications(m.preds[:0], x.c)
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

// asides marks what the clause says before the word that asks, if it says
// something of the same behind it: in 开个人抬头会不会不给开 only the latter is
// asked. What such a question says in words that the lexicon does not have, and
// what it says of a mere subject, no answer is about. It notes 不会, which an answer repeats to confirm.
func (x *interpreter) asides(before int) {
	m := x.m
	asks, copula, wont, strange := -1, -1, false, false
	runes := m.text.Runes()
	for k := x.c.lo; k < x.c.hi; k++ {
		it := &m.items[k]
		if it.end-it.start >= 2 && runes[it.start] == '不' && runes[it.start+1] == '会' && it.senses.Meets(&x.is.polar) {
			wont = true
		}
		if it.end-it.start == 3 && it.is(x.is.question) && runes[it.start+1] == '不' && runes[it.start] == runes[it.start+2] {
			asks = it.start // 会不会, 是不是
			strange = (runes[it.start] == '会' || runes[it.start] == '要') && m.unknown(x.c, it.end, x.c.end) > 0
		}
		if it.end-it.start == 1 && runes[it.start] == '会' && x.c.asked && m.unknown(x.c, it.end, x.c.end) > 1 && asks < 0 && x.lastSays(k) {
			asks, strange = it.start, true // 刷卡会比较贵吗
		}
		switch {
		case it.is(x.is.question) && it.end-it.start >= 3 && runes[it.end-1] == '是':
			copula = it.start // 不会是, 是不是
		case x.c.asked && it.is(x.is.agree) && it.end-it.start == 1 && runes[it.start] == '是' && k+1 < x.c.hi && m.items[k+1].is(x.is.pronoun):
			copula = it.start // 那发票也是它的？
		}
	}
	lacking := x.asksForUnknown()
	for i := before; i < len(m.claims); i++ {
		c := &m.claims[i]
		c.wont = wont
		if lacking && (c.Topic == x.is.goods || c.Act == x.is.provide) {
			c.aside = true // 白色有反光条吗, 开发票有最低消费吗
			continue
		}
		if c.Act == 0 && c.End <= copula || strange && c.End <= asks {
			c.aside = true // 开票方不会是别家吧, 刷卡会不会贵几毛
			continue
		}
		if c.Act == 0 && c.tag && len(m.preds) == 0 && x.deniesUnknown(c.End) {
			c.aside = true // 开票的机子没坏吧
			continue
		}
		if asks < 0 || c.Act == 0 || c.word >= asks {
			continue
		}
		for j := before; j < len(m.claims); j++ {
			if o := &m.claims[j]; o.Topic == c.Topic && o.Act != 0 && o.word >= asks {
				c.aside = true
			}
		}
	}
}

// lastSays reports whether no topic and no act stands behind item k in the clause.
func (x *interpreter) lastSays(k int) bool {
	for j := k + 1; j < x.c.hi; j++ {
		if it := &x.m.items[j]; x.m.isTopic(it) || it.senses.Meets(&x.is.acts) {
			return false
		}
	}
	return true
}

// deniesUnknown reports whether the clause says behind at, in words that the
// lexicon does not have, that something is not so: 没坏.
func (x *interpreter) deniesUnknown(at int) bool {
	if x.m.unknown(x.c, at, x.c.end) < 2 {
		return false
	}
	for _, r := range x.m.text.Runes()[at:x.c.end] {
		if r == '没' || r == '不' {
			return true
		}
	}
	return false
}

// asksForUnknown reports whether the clause asks whether there is something
// that the lexicon does not have: 白色有反光条吗. The goods before it are only
// where it would be.
func (x *interpreter) asksForUnknown() bool {
	m := x.m
	runes := m.text.Runes()
	for i := range m.preds {
		p := &m.preds[i]
		if p.object < 0 && p.subject >= 0 && runes[p.end-1] == '有' && (m.unknown(x.c, p.end, x.c.end) > 1 || x.cueBehind(p.end)) {
			return true
		}
	}
	return false
}

// cueBehind reports whether a word that is neither topic nor act nor one of
// grammar stands right behind at: 最低消费 in 有最低消费吗.
func (x *interpreter) cueBehind(at int) bool {
	m := x.m
	for k := x.c.lo; k < x.c.hi; k++ {
		it := &m.items[k]
		if it.start != at {
			continue
		}
		return it.end-it.start > 1 && it.is(x.is.threshold)
	}
	return false
}

// vocative reports whether the clause only addresses the buyer before or
// behind what the message says: it claims nothing.
func (x *interpreter) vocative() bool {
	if len(x.m.clauses) == 1 || !x.c.bag.Has(x.is.address) || x.m.unknown(x.c, x.c.start, x.c.end) > 0 {
		return false
	}
	for k := x.c.lo; k < x.c.hi; k++ {
		if it := &x.m.items[k]; !it.is(x.is.address) && !it.is(x.is.particle) {
			return false
		}
	}
	return true
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
	c.lacks = p.item >= 0 && x.m.lacks(p)
	x.m.claims = append(x.m.claims, c)
	x.close(topic, act, c.Polarity)
	if x.buyer || o != Explicit {
		return
	}
	for i := range x.r.open {
		if x.r.open[i].Topic == topic {
			x.r.open[i].settled = c.Polarity
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

// plausible reports whether a word of two acts may mean the act of p about
// topic: 手续费您出 is bearing and 票我们不出 is not providing; 收八个点 is collecting
// and 信用卡我们收 is accepting.
func (x *interpreter) plausible(p *predication, topic Sense) bool {
	if p.item < 0 || p.act == 0 {
		return true
	}
	switch p.act {
	case x.is.bear:
		return x.aboutMoney(p, topic)
	case x.is.provide:
		return !(x.ambiguous(p) && x.aboutMoney(p, topic)) && !(x.accepts(p) && (x.amount() || x.costs(topic)))
	case x.is.pay:
		if x.m.items[p.item].is(x.is.contact) && x.c.bag.Meets(&x.is.channels) && !x.amount() {
			return false // 扫卡片加微信
		}
		return !(x.ambiguous(p) && x.aboutMoney(p, topic))
	case x.is.charge:
		if x.m.items[p.item].is(x.is.replace) && !x.priced(topic) {
			return false // 发票随时可以补
		}
		return !x.accepts(p) || x.amount() || x.is.costs.Has(topic)
	}
	return true
}

// relieved reports whether p takes away a payment that was asked about: 唔使俾,
// 一分都不用.
func (x *interpreter) relieved(p *predication) bool {
	if !p.relief || p.act != x.is.provide || x.buyer {
		return false
	}
	asked := &x.r.Asked
	return asked.Meets(&x.is.costs) || asked.Has(x.is.charge) || asked.Has(x.is.bear) || asked.Has(x.is.pay)
}

// ambiguous reports whether the word of p may mean to bear a cost as well as
// to provide or to pay: 出, 给, 付.
func (x *interpreter) ambiguous(p *predication) bool {
	it := &x.m.items[p.item]
	return it.is(x.is.bear) && (it.is(x.is.provide) || it.is(x.is.pay))
}

// accepts reports whether the word of p may mean to accept as well as to
// collect money: 收.
func (x *interpreter) accepts(p *predication) bool {
	it := &x.m.items[p.item]
	return it.is(x.is.provide) && it.is(x.is.charge)
}

// costs reports whether topic is a cost, or the freedom from one.
func (x *interpreter) costs(topic Sense) bool { return x.is.costs.Has(topic) || topic == x.is.freeship }

// priced reports whether a word such as 补, to pay more or to send again, is
// about money: topic or the clause is, or the buyer asks for it.
func (x *interpreter) priced(topic Sense) bool {
	asked := &x.r.Asked
	return x.amount() || x.is.costs.Has(topic) || topic == x.is.price || x.c.bag.Has(x.is.number) || !x.buyer && (asked.Meets(&x.is.costs) || asked.Has(x.is.charge) || asked.Has(x.is.bear) || asked.Has(x.is.money))
}

// amount reports whether the clause names money or a share.
func (x *interpreter) amount() bool {
	return x.c.bag.Has(x.is.money) || x.c.bag.Has(x.is.percent) || x.c.bag.Meets(&x.is.costs)
}

// aboutMoney reports whether a claim of p about topic is about who pays. A
// word that only ever means to bear a cost always is; an ambiguous one is
// where the topic is a cost or an amount stands in the clause.
func (x *interpreter) aboutMoney(p *predication, topic Sense) bool {
	if !x.ambiguous(p) {
		return true
	}
	v := x.m.lex.vocab
	asked := x.r.Asked.Meets(&x.is.costs) || x.r.Asked.Has(v.is.bear) || x.r.Asked.Has(v.is.charge)
	if asked && p.party != NoParty && !x.buyer {
		return true
	}
	return x.is.costs.Has(topic) || x.c.bag.Meets(&x.is.costs) || x.c.bag.Has(v.is.money) || x.c.bag.Has(v.is.percent)
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
func (x *interpreter) close(topic, act Sense, pol Polarity) {
	for i := range x.r.focus {
		if x.r.focus[i].topic == topic {
			x.r.focus[i].closed = true
			x.r.focus[i].pol = pol
			if act != 0 {
				x.r.focus[i].act = act
			}
		}
	}
	for i := range x.named {
		if x.named[i].topic == topic {
			x.named[i].closed, x.named[i].act, x.named[i].pol = true, act, pol
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

// spread carries a warning or a report over the sentence it stands in: 有人
// 冒充我们让您加好友，千万别理 says nothing of the shop's own.
func spread(m *reading) {
	for i := range m.clauses {
		c := &m.clauses[i]
		if c.mood != Report && c.mood != Forbid {
			continue
		}
		for j := range m.claims {
			k := m.claims[j].Clause
			after := c.mood == Forbid && k > i && m.claims[j].Origin == Inherited // 千万别转账，有冒充我们的
			if m.clauses[k].sentence == c.sentence && k != i && (after || m.covers(i, k)) {
				m.claims[j].Mood = c.mood
			}
		}
	}
}

// themes makes a clause that only says what the next one refuses a supposition:
// 私下给我，我不敢接.
func (r *reading) themes() {
	for i := range r.claims {
		d := &r.claims[i]
		if d.Origin != Inherited || d.Polarity > 0 || d.Act != r.is.provide || d.Party != ByShop || d.Mood != Assert || !r.closes(d) {
			continue
		}
		for j := range r.claims[:i] {
			c := &r.claims[j]
			if c.Topic == d.Topic && c.Origin == Explicit && c.Polarity > 0 && c.Mood == Assert && c.Clause == d.Clause-1 && r.clauses[c.Clause].sentence == r.clauses[d.Clause].sentence {
				c.Mood = Condition
			}
		}
	}
}

// closes reports whether nothing but particles and forms of address stand behind
// claim c in its clause: 我不敢接, and not 我不收钱.
func (r *reading) closes(c *Claim) bool {
	cl := &r.clauses[c.Clause]
	for k := cl.lo; k < cl.hi; k++ {
		if it := &r.items[k]; it.start >= c.End && !it.is(r.is.particle) && !it.is(r.is.address) {
			return false
		}
	}
	return r.unknown(cl, c.End, cl.end) == 0
}

// spelledOut silences a bare answer that a later clause spells out the other
// way: 没有没有，邮费店里出 and 不会，票照给您开 mean what they say at length.
func (r *reading) spelledOut() {
	for i := range r.claims {
		a := &r.claims[i]
		if a.Origin != Answer || !a.bare || a.Topic == 0 || a.Mood != Assert || a.Act != r.is.charge && !a.denies {
			continue // 没有哦 refuses, whatever the next clause grants
		}
		for j := i + 1; j < len(r.claims); j++ {
			b := &r.claims[j]
			if b.Origin != Explicit || b.bare || b.Party == ByOther || b.Topic != a.Topic || b.Polarity == a.Polarity || b.Clause == a.Clause || b.Mood != Assert {
				continue
			}
			c := &r.clauses[b.Clause]
			if b.Act != a.Act && (b.Act == r.is.charge || a.Act == r.is.charge) || c.contrast || c.bag.Has(r.is.only) || c.bag.Has(r.is.day) || c.bag.Has(r.is.vague) {
				continue
			}
			a.Mood = Condition
		}
	}
}

// covers reports whether the mood of clause i reaches clause k: a warning
// without a topic of its own reaches back, a report with a third person in it
// reaches forward.
func (r *reading) covers(i, k int) bool {
	c := &r.clauses[i]
	topics := c.bag.And(r.lex.vocab.topics)
	if c.mood == Forbid {
		return k < i && topics.Empty()
	}
	return k > i && c.bag.Has(r.is.other)
}
