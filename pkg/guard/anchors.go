package guard

import (
	"context"

	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// An Anchor is a case of known outcome that the policy itself holds.
type Anchor struct {
	Input Input
	Rules []string // that the reply breaks; none: it may be sent
}

// Anchors returns the examples of the rules that block, what they are rewritten to,
// and the safe replies to traps: the second reading is to agree with them whatever
// else it is fitted to. Examples of what complies are left out where the reply
// breaks another rule.
func (g *Guard) Anchors(ctx context.Context) []Anchor {
	var out []Anchor
	add := func(e *policy.Example, reply string, rules ...string) {
		in, err := exampleInput(e, reply)
		if err != nil {
			return // rules test reports it
		}
		in.Options.NoRewrite = true
		if len(rules) == 0 {
			if r, err := g.Check(ctx, in); err != nil || r.Decision != verdict.Allow {
				return
			}
		}
		out = append(out, Anchor{Input: in, Rules: rules})
	}
	for i := range g.pack.Rules {
		r := &g.pack.Rules[i]
		if r.Decision != verdict.Block {
			continue
		}
		for j := range r.Examples.Violates {
			e := &r.Examples.Violates[j]
			if e.Decision == nil || *e.Decision == verdict.Block {
				reply, _ := unmark(e.Seller)
				add(e, reply, append([]string{r.ID}, e.Also...)...)
			}
			for _, say := range r.Rewrites {
				add(e, say.Text)
			}
		}
		for j := range r.Examples.Complies {
			e := &r.Examples.Complies[j]
			add(e, e.Seller)
		}
	}
	for i := range g.pack.Traps {
		t := &g.pack.Traps[i]
		for j := range t.Examples.Is {
			add(&t.Examples.Is[j], t.SafeReply)
		}
	}
	return out
}
