package claim

import (
	"strings"
)

// Polarity is the sign of a claim: what is claimed holds or does not.
type Polarity int8

// The signs. A claim's polarity is never zero.
const (
	Negative Polarity = -1
	Positive Polarity = 1
)

// String returns "positive" or "negative".
func (p Polarity) String() string {
	if p < 0 {
		return "negative"
	}
	return "positive"
}

// Mood tells how a claim is put forward. Only Assert and Offer are the
// shop's own position.
type Mood uint8

// The moods.
const (
	Assert    Mood = iota // stated as so
	Offer                 // proposed in the form of a question
	Question              // asked
	Condition             // supposed
	Report                // somebody else's words or doings
	Forbid                // warned against
)

// MoodNames are the names of the moods in rule files, by value.
func MoodNames() []string {
	return []string{"assert", "offer", "question", "condition", "report", "forbid"}
}

// String returns the mood's name in rule files.
func (m Mood) String() string { return MoodNames()[m] }

// Party is who acts or pays in a claim.
type Party uint8

// The parties.
const (
	NoParty Party = iota
	ByBuyer
	ByShop
	ByOther
)

// PartyNames are the names of the parties in rule files, by value.
func PartyNames() []string { return []string{"none", "buyer", "shop", "other"} }

// String returns the party's name in rule files.
func (p Party) String() string { return PartyNames()[p] }

// Origin tells where a claim's topic stands.
type Origin uint8

// The origins, from the strongest evidence to the weakest.
const (
	Explicit  Origin = iota // in the claim's own clause
	Inherited               // in an earlier clause of the same reply
	Continued               // in the seller's own previous message
	Answer                  // in what the buyer asked
)

// OriginNames are the names of the origins in rule files, by value.
func OriginNames() []string { return []string{"explicit", "inherited", "continued", "answer"} }

// String returns the origin's name in rule files.
func (o Origin) String() string { return OriginNames()[o] }

// Claim is one thing that a message says: about a topic, that an act is or is
// not so. Spans are half-open ranges of significant characters of the message.
type Claim struct {
	Topic    Sense    // 0: none
	Act      Sense    // 0: none beyond mentioning the topic
	Polarity Polarity // of the whole, negations multiplied
	Inner    Polarity // of what a modal word governs: 可以不加 is Positive over Negative
	Mood     Mood
	Party    Party
	Origin   Origin
	Hedged   bool // an effort, not a commitment
	Evasive  bool // a term was spelled so as to hide it
	Clause   int  // index of the clause
	Start    int
	End      int
	word     int      // where the word of its act or answer begins
	bare     bool     // the polarity stands alone, without an act of its own
	shopPays bool     // turned because the shop bears the cost: its answer turns too
	only     bool     // its clause restricts: 只给公司开
	tag      bool     // its clause ends in 吧, which waits for agreement
	confirm  bool     // its clause asks whether something is so: 是不是
	unknown  bool     // its clause asks of a word that the lexicon does not have
	brief    bool     // all that a short message of the buyer says
	settled  Polarity // how the reply has answered it so far; 0: not yet
	granted  bool     // and whether it has said in so many words that it can be
	aside    bool     // stands before the 会不会 or 是不是 that asks
	wont     bool     // its clause asks with 不会
	spent    bool     // it is denied by a word that says that something has come to its end
	needs    bool     // its predicate is 一定要 or the like
	lacks    bool     // its predicate is the bare verb of not having
	denies   bool     // a bare denial: 不会, 不是
	side     side     // of the two things that the buyer's turn asks about
}

// Describe returns the claim in the notation of explanations:
// {topic, act, polarity, mood, party, origin}.
func (c Claim) Describe(v *Vocab) string {
	var b strings.Builder
	b.WriteByte('{')
	b.WriteString(strings.TrimPrefix(v.Name(c.Topic), "topic."))
	if c.Act != 0 {
		b.WriteString(", " + strings.TrimPrefix(v.Name(c.Act), "act."))
	}
	b.WriteString(", " + c.Polarity.String())
	if c.Mood != Assert {
		b.WriteString(", " + c.Mood.String())
	}
	if c.Party != NoParty {
		b.WriteString(", by " + c.Party.String())
	}
	if c.Origin != Explicit {
		b.WriteString(", " + c.Origin.String())
	}
	b.WriteByte('}')
	return b.String()
}
