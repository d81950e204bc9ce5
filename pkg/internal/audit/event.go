// Package audit records what was decided: in a bounded memory for the API and
// its live stream, and as one JSON line a decision in a log of its own. It
// never delays an answer and holds what was said only where the configuration
// asks for it; accounts and conversations are hashed with a key.
package audit

import (
	"time"

	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Event is one decision as it is recorded. It is never changed once recorded.
type Event struct {
	ID           string
	At           time.Time
	Digest       string // of the policy that judged
	Platform     string // "" where the request names none
	Store        string
	Conversation string           // keyed hash; "" unknown
	Agent        string           // keyed hash; "" unknown
	Decision     verdict.Decision // what the policy says
	Enforced     verdict.Decision // what the caller was told
	Score        int
	Rules        []Rule   // enforced ones first
	Traps        []string // ids
	Rewrite      bool     // one was offered
	Elapsed      time.Duration
	Text         string // the reply, masked or in full; "" by default
}

// Rule is one finding of an event.
type Rule struct {
	Rule     string
	Decision verdict.Decision
	Score    int
	Mode     verdict.Mode
	Spans    []verdict.Span // code points of the reply
}

// MarshalZerologObject writes the fields of the decision log.
func (e *Event) MarshalZerologObject(z *zerolog.Event) {
	z.Str("id", e.ID).Str("at", stamp(e.At)).Str("digest", e.Digest)
	for _, f := range []struct{ name, value string }{
		{"platform", e.Platform}, {"store", e.Store}, {"conversation", e.Conversation}, {"agent", e.Agent},
	} {
		if f.value != "" {
			z.Str(f.name, f.value)
		}
	}
	z.Str("decision", e.Decision.String()).Str("enforced", e.Enforced.String()).Int("score", e.Score)
	rules := zerolog.Arr()
	for i := range e.Rules {
		rules.Object(&e.Rules[i])
	}
	z.Array("rules", rules).Strs("traps", e.Traps).Bool("rewrite", e.Rewrite).Int64("elapsed_us", e.Elapsed.Microseconds())
	if e.Text != "" {
		z.Str("text", e.Text)
	}
}

// MarshalZerologObject writes the fields of a finding.
func (r *Rule) MarshalZerologObject(z *zerolog.Event) {
	spans := zerolog.Arr()
	for _, s := range r.Spans {
		spans.Dict(zerolog.Dict().Int("start", s.Start).Int("end", s.End))
	}
	z.Str("rule", r.Rule).Str("decision", r.Decision.String()).Int("score", r.Score).Str("mode", r.Mode.String()).Array("spans", spans)
}

// stamp returns at in UTC to the millisecond, by RFC 3339.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// Feedback is what an agent did with a decision.
type Feedback struct {
	ID     string // of the decision
	At     time.Time
	Action string
	Rules  []string // that it is about
	Known  bool     // the decision was still in memory
}

// MarshalZerologObject writes the fields of the decision log.
func (f *Feedback) MarshalZerologObject(z *zerolog.Event) {
	z.Str("id", f.ID).Str("at", stamp(f.At)).Str("action", f.Action).Strs("rules", f.Rules).Bool("known", f.Known)
}

// rulesOf converts findings of reply, whose spans are in unit.
func rulesOf(dst []Rule, findings []guard.Finding, mode verdict.Mode, reply string, unit verdict.Offsets) []Rule {
	for i := range findings {
		f := &findings[i]
		r := Rule{Rule: f.Rule, Decision: f.Decision, Score: f.Score, Mode: mode, Spans: make([]verdict.Span, len(f.Spans))}
		for j, s := range f.Spans {
			r.Spans[j] = verdict.Span{Start: codePoints(reply, s.Start, unit), End: codePoints(reply, s.End, unit)}
		}
		dst = append(dst, r)
	}
	return dst
}

// codePoints converts offset at of s from unit to code points.
func codePoints(s string, at int, unit verdict.Offsets) int {
	if unit == verdict.CodePoint {
		return at
	}
	n, units := 0, 0
	for i, r := range s {
		switch {
		case unit == verdict.Byte && i >= at, unit == verdict.UTF16 && units >= at:
			return n
		case r > 0xffff:
			units++
		}
		units++
		n++
	}
	return n
}
