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
