package guard

import "github.com/replyguard/replyguard/pkg/verdict"

// Result is the verdict on one reply. It shares no memory with the Guard.
type Result struct {
	Decision   verdict.Decision // the worst enforced finding's
	Score      int              // 0–100; the worst enforced finding's
	Violations []Finding        // enforced findings, worst first, then by span, then by rule id
	Shadowed   []Finding        // findings of rules in shadow mode; they do not decide
	Silenced   []Suppressed     // what matched and an exception or a more special rule kept quiet
	Rewrite    *Rewrite         // nil: not wanted, not needed, or none passes
	NoRewrite  string           // Chinese: why there is no rewrite where one was wanted; "" otherwise
	Traps      []Trap
	Exposure   *verdict.Exposure // nil where the points so far are unknown or nothing is lost
	Ruleset    Ruleset
}

// Finding is one rule that the reply breaks.
type Finding struct {
	Rule     string // id, such as invoice.refuse
	Name     string // Chinese name
	Decision verdict.Decision
	Score    int
	Spans    []Evidence // never empty; in order, non-overlapping
	Reason   string     // one Chinese sentence for the agent
	Penalty  verdict.Penalty
	Explain  *Explanation // nil unless asked for
}

// Evidence is a stretch of the original reply that a finding rests on.
type Evidence struct {
	verdict.Span
	Text string // exactly the original characters
}

// Explanation says how a finding came about.
type Explanation struct {
	Claim    string       // the claim in the notation of the claim package
	Origin   string       // explicit, continued, answer or context
	Cues     []Cue        // the cues found in the clause
	Steps    []ScoreStep  // what raised and lowered the score, in order
	Silenced []Suppressed // rules that an exception, a more special rule or the second reading kept quiet
}

// Cue is one lexicon term that was read.
type Cue struct {
	Term, Sense string
	Span        verdict.Span
	Evasive     bool // spelled so as to hide it
}

// ScoreStep is one contribution to a score.
type ScoreStep struct {
	Why   string
	Delta int
}

// Suppressed names a rule that matched but was silenced, and by what.
type Suppressed struct {
	Rule, By string
}

// Trap is what the buyer seems to be after, with advice for the agent.
type Trap struct {
	Trap      string // id, such as trap.invoice_probe
	Advice    string // Chinese
	SafeReply string // Chinese; allowed by the same guard
}

// Ruleset identifies the policy that judged.
type Ruleset struct {
	Name, Version, Digest string // Digest is "sha256:" and 64 hex digits
}

// Rewrite is a text that this Guard has checked and allowed in the same
// context. It can only be had from Check; the zero value holds no text.
type Rewrite struct {
	text  string
	edits []Edit
}

// Text returns the whole rewritten reply.
func (r *Rewrite) Text() string { return r.text }

// Edits returns the replacements that turn the reply into Text: in order, not
// overlapping, in the requested unit. The caller must not change them.
func (r *Rewrite) Edits() []Edit { return r.edits }

// Edit replaces one span of the original reply.
type Edit struct {
	verdict.Span
	Text string
}
