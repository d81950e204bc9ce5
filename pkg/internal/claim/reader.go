package claim

import (
	"sync"

	"github.com/replyguard/replyguard/pkg/internal/segment"
	"github.com/replyguard/replyguard/pkg/internal/text"
)

// Message is one earlier message of the conversation.
type Message struct {
	Seller bool
	Text   string
}

// Reader reads replies into claims. It is immutable and safe for concurrent
// use.
type Reader struct {
	lex  *Lexicon
	seg  segment.Segmenter
	home map[Sense]Sense

	returns Sense // act.return

	pool sync.Pool
}

// NewReader returns a reader over lex. seg may be nil: then every hit counts
// as standing on word boundaries.
func NewReader(lex *Lexicon, seg segment.Segmenter) *Reader {
	r := &Reader{lex: lex, seg: seg, home: homes(lex.vocab), returns: lex.vocab.Sense("act.return")}
	return r
}

// blank returns a reading with no memory of its own yet.
func (rd *Reader) blank() *Reading { return &Reading{sc: scratch{seg: rd.seg}} }

// homes gives the topic that an act is about where nothing else is named.
func homes(v *Vocab) map[Sense]Sense {
	out := map[Sense]Sense{}
	for act, topic := range map[string]string{
		"close": "order", "ship": "shipment", "arrive": "shipment", "return": "return",
		"rate": "review", "withdraw": "complaint", "refund": "refund", "extend": "receiptperiod",
	} {
		if a, t := v.Sense("act."+act), v.Sense("topic."+topic); a != 0 && t != 0 {
			out[a] = t
		}
	}
	return out
}

// Reading is a reply read in its conversation. It is valid until Release.
type Reading struct {
	sc      scratch
	reply   reading
	view    *reading  // whose claims are asked for: the reply's or the buyer's
	buyer   []reading // the messages of the buyer's last turn
	mine    []reading // the seller's messages behind it
	carried []reading // the buyer's turn before, where the last one asks nothing
	spare   reading
	nBuyer  int
	nMine   int
	nCarry  int

	open    []Claim // what the buyer's last turn leaves open
	sides   sides   // what it asks about, where that is two things
	focus   []focus
	context Set

	Asked      Set // what the buyer's last turn is about
	Heard      Set // what any of the buyer's messages read is about
	Said       Set // what any of the seller's earlier messages is about
	Unanswered int // seller's messages since the buyer's last one
	BuyerTurns int // buyer's messages read
}

// focus is a topic that later clauses may be about.
type focus struct {
	topic   Sense
	act     Sense
	closed  bool // something has been said of it
	granted bool // that it can be
	origin  Origin
	pol     Polarity
}

// Claims returns the claims of the message in view, in order of their clause.
func (r *Reading) Claims() []Claim { return r.view.claims }

// BuyerMessages returns the number of messages in the buyer's last turn.
func (r *Reading) BuyerMessages() int { return r.nBuyer }

// BuyerText returns message i of the buyer's last turn in its normal form.
func (r *Reading) BuyerText(i int) *text.Text { return &r.buyer[i].text }

// OwnMessages returns the number of the seller's messages behind the buyer's last
// turn.
func (r *Reading) OwnMessages() int { return r.nMine }

// OwnText returns the seller's message i behind the buyer's last turn in its normal
// form.
func (r *Reading) OwnText(i int) *text.Text { return &r.mine[i].text }

// ViewBuyer makes Claims, Scope, Own, Bag and Clauses speak of message i of
// the buyer's last turn.
func (r *Reading) ViewBuyer(i int) { r.view = &r.buyer[i] }

// ViewReply makes them speak of the reply again.
func (r *Reading) ViewReply() { r.view = &r.reply }

// Text returns the reply in its normal form.
func (r *Reading) Text() *text.Text { return &r.reply.text }

// Bag returns everything that the reply's items mean.
func (r *Reading) Bag() *Set { return &r.view.bag }

// Clauses returns the number of clauses of the reply.
func (r *Reading) Clauses() int { return len(r.view.clauses) }

// ClauseSpan returns the characters of clause i.
func (r *Reading) ClauseSpan(i int) (start, end int) {
	c := &r.reply.clauses[i]
	return c.start, c.end
}

// Scope returns what is meant in clause i and in its neighbours of the same
// sentence.
func (r *Reading) Scope(i int) Set {
	cs := r.view.clauses
	out := cs[i].bag
	if i > 0 && cs[i-1].sentence == cs[i].sentence {
		out.Union(&cs[i-1].bag)
	}
	if i+1 < len(cs) && cs[i+1].sentence == cs[i].sentence {
		out.Union(&cs[i+1].bag)
	}
	return out
}

// Covers reports whether the message says nothing besides items that mean one
// of set: all else is particles, forms of address and punctuation.
func (r *Reading) Covers(set *Set) bool {
	m := r.view
	at := 0
	for i := range m.items {
		it := &m.items[i]
		if it.start > at {
			return false
		}
		if !it.senses.Meets(set) && !it.is(m.is.particle) && !it.is(m.is.address) {
			return false
		}
		at = max(at, it.end)
	}
	return at >= m.text.Len()
}

// Own returns what is meant in clause i alone.
func (r *Reading) Own(i int) *Set { return &r.view.clauses[i].bag }

// Read reads reply after the given messages, oldest first. The result comes
// from a pool: hand it back with Release.
func (rd *Reader) Read(reply string, before []Message, known *Known) *Reading {
	return rd.ReadInLaps(reply, before, known, func(string) {})
}

// ReadInLaps does what Read does and calls lap at the end of each stage with
// its name: conversation, text, match, claim.
func (rd *Reader) ReadInLaps(reply string, before []Message, known *Known, lap func(stage string)) *Reading {
	r, ok := rd.pool.Get().(*Reading)
	if !ok {
		r = rd.blank()
	}
	r.begin()
	rd.conversation(r, before, known)
	lap("conversation")
	r.reply.reset(rd.lex, reply)
	lap("text")
	r.sc.lead = trailingDigits(r.mine[:r.nMine])
	r.reply.scan(&r.sc, known, &r.context)
	r.sc.lead = ""
	lap("match")
	switch {
	case len(before) == 0:
	case r.pointsBack() || r.asksNothing() && r.nudges():
		rd.carry(r, before, known)
	case r.themeless():
		rd.resume(r, before, known)
	}
	rd.interpret(r, &r.reply, false)
	lap("claim")
	return r
}

// Release gives the reading's memory back. Nothing of it may be used after.
func (rd *Reader) Release(r *Reading) { rd.pool.Put(r) }

func (r *Reading) begin() {
	r.view = &r.reply
	r.nBuyer, r.nMine, r.nCarry = 0, 0, 0
	r.open = r.open[:0]
	r.focus = r.focus[:0]
	r.context, r.Asked, r.Heard, r.Said = Set{}, Set{}, Set{}, Set{}
	r.Unanswered, r.BuyerTurns = 0, 0
	r.sides = sides{}
}

// conversation reads what came before: all messages for what they are about,
// the buyer's last turn for what it leaves open, and the seller's messages
// behind it for what they began.
func (rd *Reader) conversation(r *Reading, before []Message, known *Known) {
	if len(before) == 0 {
		return
	}
	mine := len(before)
	for mine > 0 && before[mine-1].Seller {
		mine--
	}
	turn := mine
	for turn > 0 && !before[turn-1].Seller {
		turn--
	}
	r.Unanswered = len(before) - mine
	for _, m := range before {
		if !m.Seller {
			r.BuyerTurns++
		}
	}
	rd.background(r, before[:turn], known)
	for _, m := range before[turn:mine] {
		b := rd.message(r, &r.buyer, &r.nBuyer, m.Text, known, true)
		asked := b.bag
		if b.denies(b.is.fault) {
			asked.Remove(b.is.fault)
		}
		if b.wantsPaying() {
			asked.Remove(b.is.transfer)
			asked.Add(b.is.refund)
		}
		r.Asked.Union(&asked)
	}
	r.Heard.Union(&r.Asked)
	r.context.Union(&r.Asked)
	r.divide()
	r.keepOpen()
	r.focus = r.focus[:0]
	for _, m := range before[mine:] {
		s := rd.message(r, &r.mine, &r.nMine, m.Text, known, false)
		r.Said.Union(&s.bag)
		r.context.Union(&s.bag)
	}
	for i := range r.focus {
		r.focus[i].origin = Continued
	}
}

// background takes up what the earlier messages are about, without reading
// their claims.
func (rd *Reader) background(r *Reading, msgs []Message, known *Known) {
	for _, m := range msgs {
		r.spare.reset(rd.lex, m.Text)
		r.spare.buyer = !m.Seller
		r.spare.scan(&r.sc, known, &r.context)
		if m.Seller {
			r.Said.Union(&r.spare.bag)
		} else {
			r.Heard.Union(&r.spare.bag)
		}
		r.context.Union(&r.spare.bag)
	}
}

// message reads one earlier message in full.
func (rd *Reader) message(r *Reading, store *[]reading, n *int, s string, known *Known, buyer bool) *reading {
	if *n == len(*store) {
		*store = append(*store, reading{})
	}
	m := &(*store)[*n]
	*n++
	m.reset(rd.lex, s)
	m.buyer = buyer
	m.scan(&r.sc, known, &r.context)
	rd.interpret(r, m, buyer)
	return m
}

// wantsPaying reports whether the buyer wants money transferred to him, or waits
// for some from another, and transfers none himself: 你把钱转过来, 等财务给我转账. No
// answer to that is about paying the shop.
func (r *reading) wantsPaying() bool {
	in := r.allForHim()
	for i := 0; i < len(r.claims) && !in; i++ {
		c := &r.claims[i]
		if c.Topic != r.is.transfer || c.Act != r.is.pay && !r.forHim(c.word, c.End) {
			continue
		}
		if !r.forHim(c.word, c.End) && (c.Party != ByShop || !r.towards(c)) {
			return false
		}
		in = true
	}
	for i := range r.claims {
		if c := &r.claims[i]; in && (c.Topic == r.is.transfer || c.Topic == r.is.wechat && c.Act != r.is.contact) {
			c.aside = true
		}
	}
	return in
}

// allForHim reports whether every word of a transfer is one to the buyer, whatever
// else he pays: 等财务给我转账我再付给您.
func (r *reading) allForHim() bool {
	in := false
	for i := range r.items {
		if it := &r.items[i]; it.is(r.is.transfer) {
			if !r.forHim(it.start, it.end) {
				return false
			}
			in = true
		}
	}
	return in
}

// forHim reports whether the word at at, of what ends at end, has 给我 right before
// it and names no account behind it: 给我转账, and not 给我转账账号.
func (r *reading) forHim(at, end int) bool {
	runes := r.text.Runes()
	if at+1 < len(runes) && runes[at] == '给' {
		at += 2
	}
	if at < 2 || r.text.GapBefore(at) != 0 || runes[at-2] != '给' || runes[at-1] != '我' {
		return false
	}
	for _, x := range runes[at:min(end+4, len(runes))] {
		switch x {
		case '号', '码', '方', '链', '信':
			return false
		}
	}
	return true
}

// towards reports whether what the buyer's claim tells of comes to himself: 转过来,
// 打给我.
func (r *reading) towards(c *Claim) bool {
	for _, x := range r.text.Runes()[c.Start:min(c.End+2, r.text.Len())] {
		if x == '来' || x == '我' {
			return true
		}
	}
	return false
}

// denies reports whether all that the message says of topic is that there is
// none of it: 没坏没错，就是不喜欢.
func (r *reading) denies(topic Sense) bool {
	said := false
	for i := range r.claims {
		c := &r.claims[i]
		if c.Topic != topic {
			continue
		}
		if c.Polarity > 0 || c.Mood != Assert || c.Act != r.is.provide {
			return false
		}
		said = true
	}
	return said
}

// keepOpen collects what the buyer's last turn leaves open, in order.
func (r *Reading) keepOpen() {
	for i := range r.nBuyer {
		r.open = append(r.open, r.buyer[i].claims...)
		r.open = append(r.open, Claim{Clause: -1}) // between messages
	}
}

// pointsBack reports whether the reply takes up a question from before the
// buyer's last turn, rather than one of two that the turn asks.
func (r *Reading) pointsBack() bool {
	bag := &r.reply.bag
	return bag.Has(r.reply.is.pointer) && !(r.sides.any && bag.Meets(&r.reply.is.refs))
}

// nudges reports whether the buyer's last turn only calls for an answer: 在吗,
// or a mark or two.
func (r *Reading) nudges() bool {
	for i := range r.nBuyer {
		m := &r.buyer[i]
		if m.bag.Has(m.is.nudge) || m.text.Len() <= nudge && m.text.GapBefore(m.text.Len())&text.Question != 0 {
			return true
		}
	}
	return false
}

// nudge is the length, in significant characters, up to which a question
// without a topic only calls for an answer: 嗯？
const nudge = 2

// asksNothing reports whether the last turn names no topic and no act, or
// only nudges.
func (r *Reading) asksNothing() bool {
	for _, c := range r.open {
		if c.Topic != 0 || c.Act != 0 || c.Mood == Question || c.Mood == Offer {
			return false
		}
	}
	return true
}

// carry goes back to the buyer's latest question before the last turn that
// the seller has not spoken to since, and makes it the open one.
func (rd *Reader) carry(r *Reading, before []Message, known *Known) {
	end := len(before)
	for end > 0 && before[end-1].Seller {
		end--
	}
	for end > 0 && !before[end-1].Seller {
		end--
	}
	saved := r.focus
	r.focus = nil
	defer func() { r.focus = saved }()
	var said Set
	for i := end - 1; i >= 0; i-- {
		if before[i].Seller {
			r.spare.reset(rd.lex, before[i].Text)
			r.spare.scan(&r.sc, known, &r.context)
			said.Union(&r.spare.bag)
			continue
		}
		m := rd.message(r, &r.carried, &r.nCarry, before[i].Text, known, true)
		topics := m.bag.And(rd.lex.vocab.topics)
		if topics.Empty() || topics.Meets(&said) {
			continue
		}
		r.open = append(r.open[:0], m.claims...)
		r.Asked.Union(&m.bag)
		return
	}
}

// themeless reports whether the buyer's last turn names no topic: 行不, 补给我.
func (r *Reading) themeless() bool {
	for i := range r.nBuyer {
		m := &r.buyer[i]
		for k := range m.items {
			if m.isTopic(&m.items[k]) && !m.light(k) {
				return false
			}
		}
	}
	return r.nBuyer > 0
}

// resume takes the last turn as going on with the buyer's turn before it, if the
// seller has neither answered that nor spoken of its topics. What it asks stays open
// where the last turn does nothing itself: 票帮我开成1280, 您稍等, 问好没.
func (rd *Reader) resume(r *Reading, before []Message, known *Known) {
	end := len(before)
	for end > 0 && before[end-1].Seller {
		end--
	}
	for end > 0 && !before[end-1].Seller {
		end--
	}
	var said Set
	for ; end > 0 && before[end-1].Seller; end-- {
		r.spare.reset(rd.lex, before[end-1].Text)
		r.spare.scan(&r.sc, known, &r.context)
		said.Union(&r.spare.bag)
		if r.spare.bag.Has(r.spare.is.hedge) && !putsOff(r.spare.text.Runes()) {
			return // 应该可以的: an answer, be it a vague one
		}
	}
	is := r.reply.is
	if end == 0 || said.Has(is.no) || said.Has(is.deny) || said.Has(is.negBefore) || said.Has(is.negAfter) {
		return
	}
	acts := said.Meets(&is.polar)
	for _, c := range r.open {
		acts = acts || c.Act != 0
	}
	saved := r.focus
	r.focus = nil
	defer func() { r.focus = saved }()
	for i := end - 1; i >= 0 && !before[i].Seller; i-- {
		m := rd.message(r, &r.carried, &r.nCarry, before[i].Text, known, true)
		topics := m.bag.And(rd.lex.vocab.topics)
		if topics.Meets(&said) || said.Meets(&is.polar) && (m.bag.Has(is.question) || m.bag.Has(is.offer)) {
			return
		}
		if topics.Empty() {
			continue
		}
		r.Asked.Union(&m.bag)
		if !acts {
			r.open = append(r.open[:0], m.claims...)
			acts = true
		}
	}
}

// putsOff reports whether the seller's message only says that he will ask or look.
func putsOff(runes []rune) bool {
	for _, x := range runes {
		switch x {
		case '问', '查', '看', '等':
			return true
		}
	}
	return false
}

// Items returns the number of items of clause i of the message in view.
func (r *Reading) Items(i int) int { return r.view.clauses[i].hi - r.view.clauses[i].lo }

// Item returns what item k of clause i means and whether a word that the lexicon
// does not have stands right before it. The set must not be changed.
func (r *Reading) Item(i, k int) (senses *Set, strange bool) {
	m, c := r.view, &r.view.clauses[i]
	k += c.lo
	at := c.start
	if k > c.lo {
		at = m.items[k-1].end
	}
	for runes := m.text.Runes(); at < m.items[k].start && !strange; at++ {
		strange = content(runes[at])
	}
	return &m.items[k].senses, strange
}

// Hours returns the shortest span of hours that the reply names, days counted
// as 24 hours, and whether it names any.
func (r *Reading) Hours() (hours float64, ok bool) {
	for i := range r.reply.items {
		it := &r.reply.items[i]
		if it.is(r.reply.is.hours) && (!ok || it.value < hours) {
			hours, ok = it.value, true
		}
	}
	return hours, ok
}

// Words returns the words with sense s in the reply and in the buyer's last
// turn, in the normal form.
func (r *Reading) Words(s Sense) []string {
	out := r.reply.words(nil, s)
	for i := range r.nBuyer {
		out = r.buyer[i].words(out, s)
	}
	return out
}

func (r *reading) words(dst []string, s Sense) []string {
	for i := range r.items {
		if it := &r.items[i]; it.is(s) {
			dst = append(dst, string(r.text.Runes()[it.start:it.end]))
		}
	}
	return dst
}

// A Cue is an item of the reply, for explanations.
type Cue struct {
	Start, End int // significant characters
	Term       string
	Senses     Set
	Hidden     bool
}

// Cues returns the items of clause i.
func (r *Reading) Cues(i int) []Cue {
	c := &r.reply.clauses[i]
	var out []Cue
	for k := c.lo; k < c.hi; k++ {
		it := &r.reply.items[k]
		q := Cue{Start: it.start, End: it.end, Senses: it.senses, Hidden: it.hidden}
		if it.term >= 0 {
			q.Term = r.reply.lex.text(it.term)
		} else {
			q.Term = string(r.reply.text.Runes()[it.start:it.end])
		}
		out = append(out, q)
	}
	return out
}
