package wire

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Answer is what POST /v1/check says about one reply.
type Answer struct {
	ID      string // of the decision
	Result  *guard.Result
	Explain bool          // carry Result.Shadowed too
	Elapsed time.Duration // of the check alone
}

// AppendAnswer appends a as one JSON object, without a line end, and returns
// the extended buffer. Same answer, same bytes.
func AppendAnswer(dst []byte, a *Answer) []byte { return new(Encoder).AppendAnswer(dst, a) }

// An Encoder appends answers and has at hand what is the same in many of them.
// The zero Encoder is ready. It is used by one goroutine at a time.
type Encoder struct {
	ruleset guard.Ruleset
	written []byte // ruleset in JSON
}

// AppendAnswer does what the function of that name does.
func (e *Encoder) AppendAnswer(dst []byte, a *Answer) []byte {
	r := a.Result
	dst = append(dst, `{"id":`...)
	dst = appendString(dst, a.ID)
	dst = append(dst, `,"decision":"`...)
	dst = append(dst, r.Decision.String()...)
	dst = append(dst, `","score":`...)
	dst = strconv.AppendInt(dst, int64(r.Score), 10)
	dst = append(dst, `,"violations":`...)
	dst = appendFindings(dst, r.Violations)
	if a.Explain {
		dst = append(dst, `,"shadowed":`...)
		dst = appendFindings(dst, r.Shadowed)
	}
	dst = append(dst, `,"rewrite":`...)
	dst = appendRewrite(dst, r.Rewrite)
	if r.NoRewrite != "" {
		dst = append(dst, `,"no_rewrite":`...)
		dst = appendString(dst, r.NoRewrite)
	}
	dst = append(dst, `,"traps":`...)
	dst = appendTraps(dst, r.Traps)
	if e := r.Exposure; e != nil {
		dst = append(dst, `,"exposure":`...)
		dst = appendExposure(dst, e)
	}
	dst = append(dst, `,"ruleset":`...)
	if e.written == nil || e.ruleset != r.Ruleset {
		e.ruleset, e.written = r.Ruleset, AppendRuleset(e.written[:0], r.Ruleset)
	}
	dst = append(dst, e.written...)
	dst = append(dst, `,"elapsed_us":`...)
	dst = strconv.AppendInt(dst, a.Elapsed.Microseconds(), 10)
	return append(dst, '}')
}

// AppendTrapsAnswer appends the answer of POST /v1/traps.
func AppendTrapsAnswer(dst []byte, id string, traps []guard.Trap, r guard.Ruleset) []byte {
	dst = append(dst, `{"id":`...)
	dst = appendString(dst, id)
	dst = append(dst, `,"traps":`...)
	dst = appendTraps(dst, traps)
	dst = append(dst, `,"ruleset":`...)
	dst = AppendRuleset(dst, r)
	return append(dst, '}')
}

// AppendRuleset appends r as a JSON object.
func AppendRuleset(dst []byte, r guard.Ruleset) []byte {
	dst = append(dst, `{"name":`...)
	dst = appendString(dst, r.Name)
	dst = append(dst, `,"version":`...)
	dst = appendString(dst, r.Version)
	dst = append(dst, `,"digest":`...)
	dst = appendString(dst, r.Digest)
	return append(dst, '}')
}

// appendList appends items as a JSON array, never null.
func appendList[T any](dst []byte, items []T, one func([]byte, *T) []byte) []byte {
	dst = append(dst, '[')
	for i := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one(dst, &items[i])
	}
	return append(dst, ']')
}

func appendFindings(dst []byte, fs []guard.Finding) []byte {
	return appendList(dst, fs, appendFinding)
}

func appendFinding(dst []byte, f *guard.Finding) []byte {
	dst = append(dst, `{"rule":`...)
	dst = appendString(dst, f.Rule)
	dst = append(dst, `,"name":`...)
	dst = appendString(dst, f.Name)
	dst = append(dst, `,"decision":"`...)
	dst = append(dst, f.Decision.String()...)
	dst = append(dst, `","score":`...)
	dst = strconv.AppendInt(dst, int64(f.Score), 10)
	dst = append(dst, `,"spans":`...)
	dst = appendList(dst, f.Spans, func(dst []byte, e *guard.Evidence) []byte {
		return appendSpanText(dst, e.Span, e.Text)
	})
	dst = append(dst, `,"reason":`...)
	dst = appendString(dst, f.Reason)
	dst = append(dst, `,"penalty":`...)
	dst = appendPenalty(dst, &f.Penalty)
	if f.Explain != nil {
		dst = append(dst, `,"explain":`...)
		dst = appendExplanation(dst, f.Explain)
	}
	return append(dst, '}')
}

// appendSpanText appends the common form of evidence and edits.
func appendSpanText(dst []byte, s verdict.Span, text string) []byte {
	dst = append(dst, `{"start":`...)
	dst = strconv.AppendInt(dst, int64(s.Start), 10)
	dst = append(dst, `,"end":`...)
	dst = strconv.AppendInt(dst, int64(s.End), 10)
	dst = append(dst, `,"text":`...)
	dst = appendString(dst, text)
	return append(dst, '}')
}

func appendPenalty(dst []byte, p *verdict.Penalty) []byte {
	dst = append(dst, `{"points":`...)
	dst = strconv.AppendInt(dst, int64(p.Points), 10)
	dst = append(dst, `,"kind":`...)
	dst = appendString(dst, p.Kind)
	dst = append(dst, `,"money":`...)
	dst = appendString(dst, p.Money)
	dst = append(dst, `,"basis":`...)
	dst = appendString(dst, p.Basis)
	dst = append(dst, `,"source":`...)
	dst = appendString(dst, p.Source)
	return append(dst, '}')
}

func appendExplanation(dst []byte, e *guard.Explanation) []byte {
	dst = append(dst, `{"claim":`...)
	dst = appendString(dst, e.Claim)
	dst = append(dst, `,"origin":`...)
	dst = appendString(dst, e.Origin)
	dst = append(dst, `,"cues":`...)
	dst = appendList(dst, e.Cues, appendCue)
	dst = append(dst, `,"steps":`...)
	dst = appendList(dst, e.Steps, func(dst []byte, s *guard.ScoreStep) []byte {
		dst = append(dst, `{"why":`...)
		dst = appendString(dst, s.Why)
		dst = append(dst, `,"delta":`...)
		dst = strconv.AppendInt(dst, int64(s.Delta), 10)
		return append(dst, '}')
	})
	dst = append(dst, `,"silenced":`...)
	dst = appendList(dst, e.Silenced, func(dst []byte, s *guard.Suppressed) []byte {
		dst = append(dst, `{"rule":`...)
		dst = appendString(dst, s.Rule)
		dst = append(dst, `,"by":`...)
		dst = appendString(dst, s.By)
		return append(dst, '}')
	})
	return append(dst, '}')
}

func appendCue(dst []byte, c *guard.Cue) []byte {
	dst = append(dst, `{"term":`...)
	dst = appendString(dst, c.Term)
	dst = append(dst, `,"sense":`...)
	dst = appendString(dst, c.Sense)
	dst = append(dst, `,"start":`...)
	dst = strconv.AppendInt(dst, int64(c.Span.Start), 10)
	dst = append(dst, `,"end":`...)
	dst = strconv.AppendInt(dst, int64(c.Span.End), 10)
	dst = append(dst, `,"evasive":`...)
	dst = strconv.AppendBool(dst, c.Evasive)
	return append(dst, '}')
}

func appendRewrite(dst []byte, r *guard.Rewrite) []byte {
	if r == nil {
		return append(dst, "null"...)
	}
	dst = append(dst, `{"text":`...)
	dst = appendString(dst, r.Text())
	dst = append(dst, `,"edits":`...)
	dst = appendList(dst, r.Edits(), func(dst []byte, e *guard.Edit) []byte {
		return appendSpanText(dst, e.Span, e.Text)
	})
	// A guard.Rewrite exists only where the guard allows its text.
	return append(dst, `,"decision":"allow"}`...)
}

func appendTraps(dst []byte, ts []guard.Trap) []byte {
	return appendList(dst, ts, func(dst []byte, t *guard.Trap) []byte {
		dst = append(dst, `{"trap":`...)
		dst = appendString(dst, t.Trap)
		dst = append(dst, `,"advice":`...)
		dst = appendString(dst, t.Advice)
		dst = append(dst, `,"safe_reply":`...)
		dst = appendString(dst, t.SafeReply)
		return append(dst, '}')
	})
}

func appendExposure(dst []byte, e *verdict.Exposure) []byte {
	dst = append(dst, `{"kind":`...)
	dst = appendString(dst, e.Kind)
	dst = append(dst, `,"before":`...)
	dst = strconv.AppendInt(dst, int64(e.Before), 10)
	dst = append(dst, `,"after":`...)
	dst = strconv.AppendInt(dst, int64(e.After), 10)
	dst = append(dst, `,"node":`...)
	dst = strconv.AppendInt(dst, int64(e.Node), 10)
	dst = append(dst, `,"consequence":`...)
	dst = appendString(dst, e.Consequence)
	return append(dst, '}')
}

// appendString appends s as a JSON string. What is not UTF-8 in s becomes
// U+FFFD: the engine refuses such replies, so no evidence is concerned.
func appendString(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}
