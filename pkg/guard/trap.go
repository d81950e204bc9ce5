package guard

import (
	"context"

	"github.com/replyguard/replyguard/pkg/internal/rule"
	"github.com/replyguard/replyguard/pkg/policy"
)

type trap struct {
	def  *policy.Trap
	when rule.Patterns
}

func compileTraps(p *rule.Program, defs []policy.Trap) ([]trap, error) {
	out := make([]trap, len(defs))
	for i := range defs {
		ps, err := p.CompilePatterns(defs[i].When)
		if err != nil {
			return nil, err
		}
		out[i] = trap{def: &defs[i], when: ps}
	}
	return out, nil
}

// Traps says what the buyer seems to be after, before the agent types.
// in.Reply is not read. Errors are those of Check that do not concern it.
func (g *Guard) Traps(ctx context.Context, in Input) (out []Trap, err error) {
	defer contain(&err)
	in.Reply = ""
	return g.seenTraps(ctx, &in)
}

// seenTraps is Traps without its net.
func (g *Guard) seenTraps(ctx context.Context, in *Input) ([]Trap, error) {
	if err := validText(in); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, err := g.situation(in)
	if err != nil {
		return nil, err
	}
	s.read("")
	out := s.trapsSeen()
	s.done()
	return out, nil
}

// trapsSeen holds every trap against what the buyer's last turn says.
func (s *situation) trapsSeen() []Trap {
	var out []Trap
	asked := s.r.BuyerMessages() > 0
	for i := range s.e.traps {
		t := &s.e.traps[i]
		if !asked && !t.when.Claimless() {
			continue
		}
		if s.e.program.AnyAsked(t.when, s.r, s.given) {
			out = append(out, Trap{Trap: t.def.ID, Advice: t.def.Advice, SafeReply: t.def.SafeReply})
		}
	}
	return out
}
