// Package policy reads the files that supervisors write: lexicons, rules,
// traps and store profiles. It turns YAML into a Pack, or into diagnostics
// that name every mistake at once with file, line and column. It judges no
// text: package guard compiles a Pack and checks replies.
package policy

import "github.com/replyguard/replyguard/pkg/verdict"

// Pos is a place in a policy file. Line and Column count from 1; Column
// counts code points. The zero Pos is no place.
type Pos struct {
	File         string
	Line, Column int
}

// Pack is a parsed and validated set of policy files. It is plain data: it
// may be read by many goroutines and must not be changed once shared.
type Pack struct {
	Name    string // from pack.yaml
	Version string // from pack.yaml, such as 2026.11.0
	Digest  string // "sha256:" and 64 hex digits over all files, by name
	Senses  Senses
	Lexicon []Entry
	Spell   map[rune][]string // spellings.yaml: a character's look- and sound-alikes
	Rules   []Rule
	Traps   []Trap
	Stores  []Store
	Second  *Second // nil: no second reading
}

// Second is the second reading of pack.yaml: weights of evidence that were fitted
// to labelled replies, and what they are listened to for. Shares are
// probabilities of a block, 0 to 1.
type Second struct {
	Weights  []byte   // the file of weights, as gzip; replyguard rules fit writes it
	Withhold float64  // a block whose probability is lower is withheld
	Raise    float64  // a reply whose probability is at least this is blocked though no rule fires
	Everyday []string // ids of rules whose subject fills ordinary talk: to be raised, they must be surer
	Veiled   []string // ids of rules that are broken without naming the matter: they may be raised where nobody did
	Leave    []string // ids of rules that it never withholds nor raises
}

// Senses declares what a reply can be about. Terms, rules and traps may only
// use what stands here, besides the senses that the claim reader knows itself
// (Builtin).
type Senses struct {
	Topics []Declared // topic.<id>: what is talked about
	Acts   []Declared // act.<id>: what is done with it
	Cues   []Declared // cue.<id>: anything else that rules ask for
}

// Declared is one declared sense with its Chinese name for explanations.
type Declared struct {
	Pos  Pos
	ID   string
	Name string
}

// Entry is a group of terms that share their senses.
type Entry struct {
	Pos   Pos
	Is    []string // full sense ids, such as topic.invoice and act.provide
	Terms []Term
	Not   []Term // look-alikes: words that hold a term and mean something else
	Weak  bool   // counts only where the topic is already talked about or its act stands beside it
	Word  bool   // counts only on word boundaries
	Spell bool   // pinyin and sound-alike spellings are read too, as evasion
}

// Term is one word or phrase of the lexicon.
type Term struct {
	Pos  Pos
	Text string
}

// Rule is one violation of POLICY.md and how it is recognised.
type Rule struct {
	Pos       Pos
	ID        string // family.name
	Name      string // Chinese
	Decision  verdict.Decision
	Mode      verdict.Mode
	When      []Pattern // any one is enough
	Unless    []Pattern // none may hold: exceptions, each with a name
	Over      []string  // general rules that this special one replaces
	Reason    string    // one Chinese sentence for the agent
	Penalties []verdict.Penalty
	Rewrites  []Say
	NoRewrite string // Chinese: what to do instead, where no wording can help
	Examples  Examples
}

// NoAct in Pattern.Act stands for claims that name no act: the topic is only
// mentioned.
const NoAct = "none"

// Pattern is a condition on one claim and on what surrounds it. Fields that
// are empty ask for nothing; all that are filled must hold. Features are full
// sense ids (cue.special_price, topic.receipt) or the slots of package claim
// (money, time.day, entity.phone …).
type Pattern struct {
	Pos      Pos
	Name     string   // for explanations; required in Unless
	Topic    []string // any one of them, as full ids: topic.invoice
	Act      []string // any one of them, as full ids: act.provide; or NoAct
	Polarity string   // "positive", "negative", "" either
	Mood     []string // default assert; see package claim
	Party    []string // who pays or acts: buyer, shop, other, none
	Origin   []string // explicit, inherited, continued, answer; default any
	With     []string // every one in the claim's sentence
	Any      []string // at least one in the claim's sentence
	Without  []string // none in the claim's sentence
	Nearby   []string // at least one anywhere in the reply
	Nowhere  []string // none anywhere in the reply
	Asked    []string // at least one in what the buyer's last turn asks
	NotAsked []string // none in what the buyer's last turn asks
	Heard    []string // at least one in the buyer's messages read
	NotHeard []string // none in the buyer's messages read
	Said     []string // at least one in the seller's earlier messages
	NotSaid  []string // none in the seller's earlier messages
	Given    []string // named conditions on facts, order and conversation; "!" negates
	Whole    bool     // the reply says nothing besides what With names
	Decision *verdict.Decision
	Weight   int // added to the score, -20 to 20
}

// Say is one safe wording that may take the place of an offending clause.
type Say struct {
	Pos   Pos
	Text  string   // Simplified Chinese; {slot} stands for a fact
	Asked *bool    // only where the buyer asked (true) or did not (false)
	Given []string // named conditions, as in Pattern
	Whole bool     // replaces the whole reply, not a clause
}

// Examples are part of a rule: without both kinds it does not load.
type Examples struct {
	Violates []Example
	Complies []Example
}

// Example is a reply with its context. In Violates the evidence stands in
// [[double brackets]], as many as the finding has spans.
type Example struct {
	Pos      Pos
	Seller   string // the reply, with brackets
	Messages []ExampleMessage
	Facts    map[string]any // CONTRACT.md names
	Order    map[string]any
	Chat     map[string]any // id, buyer, agent of the conversation
	Platform verdict.Platform
	Decision *verdict.Decision // the finding's decision where it differs from the rule's
	Also     []string          // other rules that the reply breaks as well
}

// ExampleMessage is an earlier message of an example's conversation.
type ExampleMessage struct {
	Buyer bool
	Text  string
}

// Trap is something that buyers do to make an agent commit a violation.
type Trap struct {
	Pos       Pos
	ID        string // trap.name
	Name      string
	When      []Pattern // read over the buyer's messages
	Advice    string
	SafeReply string
	Examples  TrapExamples
}

// TrapExamples are buyers' messages that are and are not the trap.
type TrapExamples struct {
	Is    []Example
	IsNot []Example
}

// Store is a shop profile: facts and changes to the shipped rules.
type Store struct {
	Pos     Pos
	ID      string
	Facts   map[string]any
	Lexicon []Entry        // own terms, added to the shipped ones
	Rules   []RuleOverride // by id
}

// RuleOverride changes one shipped rule for a store.
type RuleOverride struct {
	Pos      Pos
	ID       string
	Decision *verdict.Decision
	Mode     *verdict.Mode
	Unless   []Pattern // added exceptions
	Rewrites []Say     // tried before the shipped ones
}
