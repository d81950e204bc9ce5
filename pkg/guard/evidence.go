package guard

import (
	"strings"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/classify"
	"github.com/replyguard/replyguard/pkg/internal/text"
)

// How many characters in a row are one piece of evidence, in the reply, the
// buyer's last turn, the seller's own last messages, an order's titles, and what
// was said before.
const (
	gramsReply  = 3
	gramsBuyer  = 3
	gramsSeller = 3
	gramsTitle  = 3
	gramsBefore = 3

	beforeTurn = 3 // messages before the buyer's last turn that are evidence
)

// secondSight is the memory in which evidence is gathered.
type secondSight struct {
	evidence classify.Evidence
	flat     []rune
	asked    []uint32
	said     []uint32
	heard    text.Text
}

// clear forgets what was read and keeps the room for more.
func (x *secondSight) clear() {
	clear(x.flat[:cap(x.flat)])
	x.flat = x.flat[:0]
	if x.heard.Len() > 0 {
		x.heard.Reset("")
	}
}

// families of evidence. A change of any of these, of what is added under it, or
// of the normal form makes weights that were fitted before worthless.
//
//nolint:gochecknoglobals // constants
var (
	evReply  = classify.NewSeed("reply")
	evBuyer  = classify.NewSeed("buyer")
	evSeller = classify.NewSeed("seller")
	evTitle  = classify.NewSeed("title")
	evMeans  = classify.NewSeed("means")
	evAsked  = classify.NewSeed("asked")
	evPair   = classify.NewSeed("means asked")
	evClaim  = classify.NewSeed("claim")
	evParty  = classify.NewSeed("claim party")
	evReads  = classify.NewSeed("claim asked")
	evFact   = classify.NewSeed("fact")
	evSaid   = classify.NewSeed("said")
	evKeeps  = classify.NewSeed("claim said")
	evOrder  = classify.NewSeed("order")
	evBefore = [...]classify.Seed{Buyer: classify.NewSeed("buyer before"), Seller: classify.NewSeed("seller before")}
)

// evidence adds to e what the weights of the second reading are about: the
// characters of the clauses from to until of the reply and of what came before it,
// the senses and claims that were read in them, and the facts that rules ask for. It
// says nothing of names, numbers or accounts but that they are there.
func (s *situation) evidence(e *classify.Evidence, from, until int) {
	s.readings(e, from, until)
	s.characters(e, from, until)
}

// readings adds what was read, which is a fifth of the evidence and most of its
// worth.
func (s *situation) readings(e *classify.Evidence, from, until int) {
	means := *s.r.Bag()
	if from > 0 || until < s.r.Clauses() {
		means = claim.Set{}
		for i := from; i < until; i++ {
			means.Union(s.r.Own(i))
		}
	}
	seeds := s.e.seeds
	s.second.asked = s.second.asked[:0]
	for x := range s.r.Asked.Each() {
		s.second.asked = append(s.second.asked, seeds[x])
		e.Add(evAsked.Uint(seeds[x]))
	}
	s.second.said = s.second.said[:0]
	for x := range s.r.Said.Each() {
		s.second.said = append(s.second.said, seeds[x])
		e.Add(evSaid.Uint(seeds[x]))
	}
	for x := range means.Each() {
		e.Add(evMeans.Uint(seeds[x]))
		for _, q := range s.second.asked {
			e.Add(evPair.Uint(seeds[x]).Uint(q))
		}
	}
	for i := range s.r.Claims() {
		c := &s.r.Claims()[i]
		if c.Clause < from || c.Clause >= until {
			continue
		}
		h := claimSeed(evClaim, c, seeds)
		e.Add(h)
		e.Add(evParty.Uint(uint32(h)).Uint(uint32(c.Party)))
		for _, q := range s.second.asked {
			e.Add(evReads.Uint(uint32(h)).Uint(q))
		}
		for _, q := range s.second.said {
			e.Add(evKeeps.Uint(uint32(h)).Uint(q))
		}
	}
	s.factEvidence(e)
}

// characters adds the characters themselves and the order of what they mean.
func (s *situation) characters(e *classify.Evidence, from, until int) {
	start, end := 0, s.r.Text().Len()
	switch {
	case from == until:
		end = 0
	case from > 0 || until < s.r.Clauses():
		start, _ = s.r.ClauseSpan(from)
		_, end = s.r.ClauseSpan(until - 1)
	}
	s.second.flat = appendFlat(s.second.flat[:0], s.r.Text(), start, end)
	e.AddGrams(evReply, s.second.flat, gramsReply)
	s.heardEvidence(e)
	s.order(e, from, until)
}

// order adds which meanings follow each other in the clauses from to until, up to
// three, and where unknown words stand between them.
func (s *situation) order(e *classify.Evidence, from, until int) {
	for i := from; i < until; i++ {
		before, last := evOrder, evOrder
		for k := range s.r.Items(i) {
			senses, strange := s.r.Item(i, k)
			this := evOrder.Uint(senses.Sum(s.e.seeds))
			if strange {
				last = last.Uint(1)
			}
			two := last.Uint(uint32(this))
			e.Add(two)
			e.Add(before.Uint(uint32(two)))
			before, last = last, this
		}
		e.Add(last.Uint(2)) // how the clause ends
	}
}

func claimSeed(h classify.Seed, c *claim.Claim, seeds []uint32) classify.Seed {
	return h.Uint(seeds[c.Topic]).Uint(seeds[c.Act]).Uint(uint32(int32(c.Polarity))).Uint(uint32(c.Mood)).Uint(uint32(c.Origin))
}

// heardEvidence adds the characters of the buyer's last turn, of the seller's
// messages since, and of a few before.
func (s *situation) heardEvidence(e *classify.Evidence) {
	s.second.flat = s.second.flat[:0]
	for i := range s.r.BuyerMessages() {
		t := s.r.BuyerText(i)
		s.second.flat = appendFlat(s.second.flat, t, 0, t.Len())
	}
	e.AddGrams(evBuyer, s.second.flat, gramsBuyer)
	s.second.flat = s.second.flat[:0]
	for i := range s.r.OwnMessages() {
		t := s.r.OwnText(i)
		s.second.flat = appendFlat(s.second.flat, t, 0, t.Len())
	}
	e.AddGrams(evSeller, s.second.flat, gramsSeller)
	msgs := s.in.Conversation.Messages
	end := len(msgs) - s.r.BuyerMessages() - s.r.OwnMessages()
	for i := max(0, end-beforeTurn); i < end; i++ {
		s.second.heard.Reset(msgs[i].Text)
		s.second.flat = appendFlat(s.second.flat[:0], &s.second.heard, 0, s.second.heard.Len())
		e.AddGrams(evBefore[msgs[i].From], s.second.flat, gramsBefore)
	}
}

// factEvidence adds what is known of the shop and the order.
func (s *situation) factEvidence(e *classify.Evidence) {
	flag := func(name string, b *bool) {
		if b != nil {
			e.Add(evFact.String(name).Uint(map[bool]uint32{true: 1}[*b]))
		}
	}
	flag("cod", s.facts.COD)
	flag("card", s.facts.CreditCard)
	e.Add(evFact.String("status").String(s.in.Order.Status))
	e.Add(evFact.String("payment").String(s.in.Order.Payment))
	for i := range s.in.Order.Items {
		s.second.heard.Reset(s.in.Order.Items[i].Title)
		s.second.flat = appendFlat(s.second.flat[:0], &s.second.heard, 0, s.second.heard.Len())
		e.AddGrams(evTitle, s.second.flat, gramsTitle)
	}
}

// appendFlat appends the characters of t from start to end for counting: you in one
// form, a number as one 0, commas and question marks kept, both ends marked.
func appendFlat(dst []rune, t *text.Text, start, end int) []rune {
	dst = append(dst, '^')
	runes := t.Runes()
	for i := start; i <= end; i++ {
		if g := t.GapBefore(i); i > start && g != 0 {
			switch {
			case g&text.Question != 0:
				dst = append(dst, '?')
			case i < end && g&(text.Comma|text.Stop|text.Newline|text.Colon) != 0:
				dst = append(dst, ',')
			}
		}
		if i == end {
			break
		}
		r := runes[i]
		switch {
		case r == '你':
			r = '您'
		case '0' <= r && r <= '9':
			r = '0'
			if dst[len(dst)-1] == '0' {
				continue
			}
		}
		dst = append(dst, r)
	}
	return append(dst, '$')
}

// senseSeeds returns a hash of the name of each sense, so that weights outlive a
// new order of the senses.
func senseSeeds(v *claim.Vocab) []uint32 {
	out := make([]uint32, v.Len())
	for i := range out {
		out[i] = uint32(classify.NewSeed(strings.TrimSpace(v.Name(claim.Sense(i)))))
	}
	return out
}

// Evidence returns the features that the weights of the second reading are about,
// to fit them. Each is a hash; see package classify. The errors are those of
// Check.
func (g *Guard) Evidence(in Input) (hashes []uint32, err error) {
	defer contain(&err)
	if err := validate(&in); err != nil {
		return nil, err
	}
	s, err := g.situation(&in)
	if err != nil {
		return nil, err
	}
	s.read(in.Reply)
	var e classify.Evidence
	s.evidence(&e, 0, s.r.Clauses())
	s.done()
	return e.Hashes(), nil
}
