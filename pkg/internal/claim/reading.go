package claim

import (
	"slices"
	"strings"

	"github.com/replyguard/replyguard/pkg/internal/text"
)

// reading is one message read into items, clauses and claims.
type reading struct {
	lex     *Lexicon
	is      *builtins
	text    text.Text
	items   []item
	clauses []clause
	preds   []predication
	claims  []Claim
	bag     Set
	buyer   bool   // the buyer wrote it
	used    []bool // by item of the clause at hand: taken up by a predication
	keep    []bool // by item: supported
	merged  []item
}

func (r *reading) reset(l *Lexicon, s string) {
	r.buyer = false
	r.lex, r.is = l, &l.vocab.is
	r.text.Reset(s)
	r.items = r.items[:0]
	r.clauses = r.clauses[:0]
	r.claims = r.claims[:0]
	r.bag = Set{}
}

// scan finds the items of the message and cuts it into clauses. context is
// what the conversation is known to be about; weak terms need its support.
func (r *reading) scan(sc *scratch, k *Known, context *Set) {
	sc.cut = false
	r.items = r.lex.appendItems(r.items, &r.text, sc)
	r.items = r.lex.quantify(r.items, &r.text)
	n := len(r.items)
	r.items = r.appendShares(r.items)
	r.items = r.appendAmounts(r.items)
	if r.text.ASCII() {
		r.items = r.appendDiffering(r.items)
	}
	r.items = appendEntities(r.items, &r.text, r.is, k, hints{lead: sc.lead, phones: r.talksOfPhones(r.items, context)})
	if len(r.items) > n {
		r.merged = mergeEntities(r.merged[:0], r.items, n)
		r.items, r.merged = r.merged, r.items
	}
	r.items = r.supported(r.items, context, sc)
	r.ownUp()
	if r.buyer {
		r.persons()
	}
	r.clauses = appendClauses(r.clauses, r.lex, &r.text, r.items)
	for i := range r.clauses {
		r.bag.Union(&r.clauses[i].bag)
	}
}

// ownUp drops what is no term where it stands: the letter of a model such as Q5,
// and an insult that the shop finds for itself.
func (r *reading) ownUp() {
	runes := r.text.Runes()
	for i := 0; i < len(r.items); i++ {
		it := &r.items[i]
		switch {
		case it.end-it.start == 1 && runes[it.start] == 'q' && it.is(r.is.qq) && modelNumber(runes[it.end:]):
			r.items = slices.Delete(r.items, i, i+1)
			i--
		case it.is(r.is.insult) && !r.buyer && i > 0 && r.items[i-1].is(r.is.shop) && r.items[i-1].end >= it.start-1:
			it.senses.Remove(r.is.insult) // 我这个猪脑壳
		}
	}
}

// modelNumber reports whether runes begin with one or two digits and no more.
func modelNumber(runes []rune) bool {
	n := 0
	for n < len(runes) && runes[n] >= '0' && runes[n] <= '9' {
		n++
	}
	return n == 1 || n == 2
}

// persons makes 我 and 你 in the buyer's mouth mean the buyer and the shop. The
// lexicon has them as the shop says them; nouns such as 客服 mean the same on
// both sides.
func (r *reading) persons() {
	for i := range r.items {
		it := &r.items[i]
		if !it.is(r.is.shop) && !it.is(r.is.buyer) {
			continue
		}
		switch r.text.Runes()[it.start] {
		case '帮', '给', '替', '为':
			continue // 帮我关掉: the other side does it
		}
		own, other := false, false
		for _, c := range r.text.Runes()[it.start:it.end] {
			switch c {
			case '我', '俺', '偶', '吾':
				own = true
			case '你', '您', '恁', '侬', '妳':
				other = true
			}
		}
		switch {
		case own && !other && it.is(r.is.shop):
			it.senses.Remove(r.is.shop)
			it.senses.Add(r.is.buyer)
			if it.is(r.is.noNeed) {
				it.senses.Remove(r.is.noNeed) // 算我的: whoever says it pays
				it.senses.Add(r.is.bear)
			}
		case other && !own && it.is(r.is.buyer):
			it.senses.Remove(r.is.buyer)
			it.senses.Add(r.is.shop)
			if it.is(r.is.refund) && strings.ContainsRune("打转汇付", r.text.Runes()[it.start]) && r.sumsUp(i) {
				it.senses.Remove(r.is.refund) // 打你卡里: he pays, and is not paid back
				it.senses.Remove(r.is.compensation)
				it.senses.Add(r.is.pay)
				it.senses.Add(r.is.transfer)
			}
		}
	}
}

// sumsUp reports whether another item than i is about money or an account.
func (r *reading) sumsUp(i int) bool {
	for k := range r.items {
		if o := &r.items[k]; k != i && (o.is(r.is.transfer) || o.is(r.is.money) || o.is(r.is.reward)) {
			return true
		}
	}
	return false
}

// talksOfPhones reports whether the message or what came before it speaks of a
// telephone, so that bare figures may be its number.
func (r *reading) talksOfPhones(items []item, context *Set) bool {
	if context.Has(r.is.phoneTopic) {
		return true
	}
	for i := range items {
		if items[i].is(r.is.phoneTopic) || items[i].is(r.is.contact) {
			return true
		}
	}
	return false
}

// mergeEntities sorts entities in among the terms. A term inside an entity,
// such as a letter inside an account name, is dropped; entities that tell of
// the recipient overlap freely. The result is appended to keep.
func mergeEntities(keep, items []item, n int) []item {
	entities := items[n:]
	for i := range items[:n] {
		it, inside := &items[i], false
		for j := range entities {
			e := &entities[j]
			if e.start <= it.start && it.end <= e.end && e.end-e.start > it.end-it.start {
				inside = true
				break
			}
		}
		if !inside {
			keep = append(keep, *it)
		}
	}
	keep = append(keep, entities...)
	sortItems(keep)
	return keep
}

// supported drops the weak items that nothing supports. A weak topic needs
// the same topic in the context or elsewhere in the message, or an act or a
// negator right beside it; a weak act needs the same act in the context or a
// topic beside it; a weak answer needs a topic to be an answer about.
//
// In place of a weak term that is dropped, the terms inside it count that are
// not weak: 红包 in 送红包.
func (r *reading) supported(items []item, context *Set, sc *scratch) []item {
	var firm Set
	some := false
	for i := range items {
		if items[i].weak {
			some = true
			continue
		}
		firm.Union(&items[i].senses)
	}
	if !some {
		return items
	}
	firm.Union(context)
	keep, dropped := r.keep[:0], len(items)
	for i := range items {
		keep = append(keep, !items[i].weak || r.supports(items, i, &firm))
		if !keep[i] {
			dropped = min(dropped, i)
		}
	}
	r.keep = keep
	if dropped == len(items) {
		return items
	}
	r.merged = r.merged[:0]
	for i := dropped; i < len(items); i++ {
		if !keep[i] {
			r.merged = r.lex.appendInside(r.merged, sc, &items[i])
		}
	}
	out := items[:dropped]
	for i := dropped; i < len(items); i++ {
		if keep[i] {
			out = append(out, items[i])
		}
	}
	if len(r.merged) > 0 {
		out = append(out, r.merged...)
		sortItems(out)
	}
	return out
}

func (r *reading) supports(items []item, i int, firm *Set) bool {
	it := &items[i]
	v := r.lex.vocab
	topics, acts := it.senses.And(v.topics), it.senses.And(r.is.acts)
	polar := it.senses.And(r.is.polar)
	switch {
	case !topics.Empty():
		return topics.Meets(firm) || beside(items, i, 2, func(o *item) bool {
			return !o.weak && (o.senses.Meets(&r.is.acts) || o.is(r.is.negBefore))
		})
	case !acts.Empty():
		return acts.Meets(firm) || beside(items, i, 2, r.isTopic)
	case !polar.Empty():
		return firm.Meets(&v.topics)
	}
	return true
}

// beside reports whether an item within reach characters of items[i] is fit.
func beside(items []item, i, reach int, fit func(*item) bool) bool {
	for j := max(0, i-3); j < len(items) && j <= i+3; j++ {
		if j == i || items[j].start-items[i].end > reach || items[i].start-items[j].end > reach {
			continue
		}
		if fit(&items[j]) {
			return true
		}
	}
	return false
}

func (r *reading) isTopic(it *item) bool { return it.senses.Meets(&r.lex.vocab.topics) }

func (r *reading) topicOf(k int) Sense {
	t := r.items[k].senses.And(r.lex.vocab.topics)
	return t.First()
}

// attach finds the topics that stand next to each predication of c.
func (r *reading) attach(c *clause, preds []predication) {
	for i := range preds {
		p := &preds[i]
		for k := c.lo; k < c.hi; k++ {
			it := &r.items[k]
			if !r.isTopic(it) || k == p.item {
				continue
			}
			switch {
			case it.end <= p.start:
				p.subject = k
			case it.end > p.end && it.start > p.start && p.object < 0 && !r.predicateBetween(preds, i, it.start):
				p.object = k
			case it.start >= p.start && it.end <= p.end:
				p.subject = k // between the negator and its act: 不把发票给您
			}
		}
		p.party = r.partyOf(c, p)
	}
	r.nominal(preds)
}

// nominal silences an act that is named as a thing: the subject of a later
// predication, without a negator or modal word of its own (线下转账我们不接受).
func (r *reading) nominal(preds []predication) {
	for i := range preds {
		p := &preds[i]
		if p.own == 0 || p.act == 0 || p.start != r.items[p.item].start {
			continue
		}
		for j := i + 1; j < len(preds); j++ {
			if q := &preds[j]; q.item != p.item && q.subject == p.item && !q.open && (q.own == 0 || q.act == 0) && !r.ownActor(p, q) && !(p.act == r.is.closing && q.polarity() > 0) { // 关单退钱 does both
				p.thing = true
			}
		}
	}
}

// ownActor reports whether q, an act of its own kind, has one who does it
// between p and itself: in 加微信我发图给你 both are said.
func (r *reading) ownActor(p, q *predication) bool {
	if q.act == 0 || q.act == r.is.provide || q.polarity() < 0 {
		return false
	}
	for k := p.item + 1; k < q.item; k++ {
		if it := &r.items[k]; it.start >= p.end && it.end <= q.start && r.partyAt(k) != NoParty {
			return true
		}
	}
	return false
}

// predicateBetween reports whether another predication starts between the
// end of preds[i] and character at.
func (r *reading) predicateBetween(preds []predication, i, at int) bool {
	for j := range preds {
		if j != i && preds[j].start >= preds[i].end && preds[j].start < at {
			return true
		}
	}
	return false
}

// topic chooses the topic item of p: its own; a topic right before it; a
// topic close behind it; any before it; any behind it. It returns 0 and -1 if
// the clause has none.
func (r *reading) topic(p *predication) (Sense, int) {
	if p.own != 0 {
		return p.own, p.item
	}
	if p.act == 0 && (p.answer == r.is.deny || p.answer == r.is.agree) {
		// 不是高仿 denies what follows at once; what stands before is not meant
		if p.object >= 0 && r.items[p.object].start-p.end <= 2 { // may begin inside: 不[是到付]
			return r.topicOf(p.object), p.object
		}
		return 0, -1
	}
	before, behind := 1<<10, 1<<10
	if p.subject >= 0 {
		before = max(0, p.start-r.items[p.subject].end)
	}
	if p.object >= 0 {
		behind = max(0, r.items[p.object].start-p.end)
	}
	if p.subject >= 0 && p.object >= 0 && r.light(p.subject) && behind <= 6 {
		return r.topicOf(p.object), p.object // 这款不支持货到付款
	}
	if p.subject >= 0 && r.items[p.item].is(r.is.substitute) {
		return r.topicOf(p.subject), p.subject // 收据不能代替发票
	}
	if p.object >= 0 && behind == 0 && p.act == 0 && r.lacks(p) {
		return r.topicOf(p.object), p.object // 特价商品没有发票
	}
	if p.object >= 0 && behind == 0 && p.act != 0 && p.act != r.is.charge && p.act != r.is.bear {
		return r.topicOf(p.object), p.object // 大促价不提供发票
	}
	if p.act == 0 && behind == 0 && p.object >= 0 && before >= 1 {
		return r.topicOf(p.object), p.object // 订单是不保修的
	}
	switch {
	case before <= 1:
		return r.topicOf(p.subject), p.subject
	case behind <= 4 && behind <= before:
		return r.topicOf(p.object), p.object
	case p.subject >= 0:
		return r.topicOf(p.subject), p.subject
	case p.object >= 0:
		return r.topicOf(p.object), p.object
	}
	return 0, -1
}

// lacks reports whether p is the bare verb of not having: 没有, 无, 冇.
func (r *reading) lacks(p *predication) bool {
	if p.item < 0 {
		return false
	}
	switch r.text.Runes()[r.items[p.item].start] {
	case '没', '无', '冇', '木', '莫':
		return true
	}
	return false
}

// light reports whether the topic at item k is one that gives way to another:
// a word for goods or orders at large.
func (r *reading) light(k int) bool {
	return r.items[k].is(r.is.light) || r.topicOf(k) == r.is.goods
}

// attributive reports whether the topic at item k may only qualify what is
// asked about: 清仓的没得, 这款开不了.
func (r *reading) attributive(k int) bool {
	return r.light(k) || r.topicOf(k) == r.is.price
}

// partyOf finds who acts or pays in p: the nearest party before it that is
// not the object of a preposition, or one right behind it.
func (r *reading) partyOf(c *clause, p *predication) Party {
	if p.item >= 0 {
		if w := r.partyAt(p.item); w != NoParty {
			return w
		}
	}
	found := NoParty
	for k := c.lo; k < c.hi; k++ {
		it := &r.items[k]
		if it.start >= p.end {
			break
		}
		if k == p.item || r.addressed(it) || r.possessed(it) {
			continue
		}
		if w := r.partyAt(k); w != NoParty {
			found = w
		}
	}
	if found != NoParty {
		return found
	}
	for k := c.lo; k < c.hi; k++ {
		it := &r.items[k]
		if it.start >= p.end && it.start-p.end <= 2 {
			if w := r.partyAt(k); w != NoParty && !r.addressed(it) {
				return w
			}
		}
	}
	return NoParty
}

// possessed reports whether a party is only named as the owner of a thing: 您那单.
func (r *reading) possessed(it *item) bool {
	return r.isTopic(it) && !it.senses.Meets(&r.is.acts)
}

func (r *reading) partyAt(k int) Party {
	it := &r.items[k]
	switch {
	case it.is(r.is.address):
		return NoParty
	case it.is(r.is.elseDoes), it.is(r.is.buyer):
		return ByBuyer
	case it.is(r.is.shop):
		return ByShop
	case it.is(r.is.other):
		return ByOther
	}
	return NoParty
}

// addressed reports whether a party item is not the one who acts: it is the
// object of a preposition (给您, 帮您, 跟我们) or possesses what follows
// (您的, 您这单).
func (r *reading) addressed(it *item) bool {
	if it.is(r.is.elseDoes) {
		return false
	}
	runes := r.text.Runes()
	switch runes[it.start] {
	case '给', '帮', '替', '为', '跟', '向', '把', '将', '畀', '俾', '同', '找':
		return true // 给您, 帮您: the term has its preposition inside
	}
	if it.start > 0 && r.text.GapBefore(it.start) == 0 {
		switch runes[it.start-1] {
		case '给', '帮', '替', '为', '跟', '和', '向', '把', '将', '对', '送', '寄', '发', '退', '补', '找', '问', '与', '同', '俾', '畀', '返', '收', '联', '加', '寻', '按', '照', '从':
			return true
		}
	}
	if it.end < len(runes) && r.text.GapBefore(it.end) == 0 {
		switch runes[it.end] {
		case '的', '这', '那', '嘅', '上', '之':
			return true
		}
	}
	return false
}
