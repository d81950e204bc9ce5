package guard

import (
	"context"

	"github.com/replyguard/replyguard/pkg/internal/rewrite"
	"github.com/replyguard/replyguard/pkg/internal/rule"
	"github.com/replyguard/replyguard/pkg/internal/text"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// noWording is said where no proposal passes.
const noWording = "没有合适的改写，请换一种说法，或请主管协助"

// rewrite looks for the smallest change of the reply that the same policy
// allows in the same context, and puts it into out. Where none is found
// out.NoRewrite says what to do instead.
func (g *Guard) rewrite(ctx context.Context, s *situation, out *Result, fired []rule.Match) {
	if why := hopeless(s.e.rules, fired, true); why != "" {
		out.NoRewrite = why
		return
	}
	clauses, wordings := s.plan(fired)
	for p := range rewrite.Propose(s.reply, clauses, wordings) {
		if ctx.Err() != nil {
			break
		}
		if s.allows(p.Text) {
			out.Rewrite = s.rewritten(p)
			return
		}
	}
	if out.NoRewrite = hopeless(s.e.rules, fired, false); out.NoRewrite == "" {
		out.NoRewrite = noWording
	}
}

// hopeless returns what to do instead where a rule says that no wording
// helps: a rule without wordings never has one; one with wordings has none
// once they have been tried.
func hopeless(rules []policy.Rule, fired []rule.Match, untried bool) string {
	for _, m := range fired {
		r := &rules[m.Rule]
		if r.NoRewrite != "" && r.Mode == verdict.Enforce && (!untried || len(r.Rewrites) == 0) {
			return r.NoRewrite
		}
	}
	return ""
}

// allows reports whether the policy allows reply in the request's context.
// Only the reply is exchanged: what it is judged by stays the same.
func (s *situation) allows(reply string) bool {
	if len(reply) > MaxReply && len([]rune(reply)) > MaxReply {
		return false
	}
	orig := s.reply
	defer func() { s.reply, s.in.Reply = orig, orig }()
	s.in.Reply = reply
	s.read(reply)
	fired, _ := s.fired()
	for _, m := range fired {
		if s.e.rules[m.Rule].Mode == verdict.Enforce {
			return false
		}
	}
	return true
}

func (s *situation) rewritten(p rewrite.Proposal) *Rewrite {
	r := &Rewrite{text: p.Text, edits: make([]Edit, 0, len(p.Edits))}
	units := text.NewUnits(s.reply, s.in.Options.Offsets)
	for _, e := range p.Edits {
		r.edits = append(r.edits, Edit{Span: verdict.Span{Start: units.At(e.Start), End: units.At(e.End)}, Text: e.Text})
	}
	return r
}
