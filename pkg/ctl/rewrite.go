package ctl

import (
	"fmt"
	"strings"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

type rewriteCmd struct {
	Reply []string `arg:"" help:"The reply."`
	contextFlags
}

// Run prints the wording that may be sent: the reply itself where it is
// allowed, a safer one where there is one. Otherwise it says what to do
// instead and exits with the decision.
func (c rewriteCmd) Run(e *env) error {
	g, err := e.guard()
	if err != nil {
		return err
	}
	in := c.amend(guard.Input{Reply: strings.Join(c.Reply, " ")})
	result, err := g.Check(e.ctx, in)
	if err != nil {
		return fail(ExitData, err)
	}
	switch {
	case result.Decision == verdict.Allow:
		fmt.Fprintln(e.Out, in.Reply)
	case result.Rewrite != nil:
		fmt.Fprintln(e.Out, result.Rewrite.Text())
	default:
		fmt.Fprintln(e.Err, noRewrite(&result))
		return &exit{code: int(result.Decision)}
	}
	return nil
}

// noRewrite says why there is no wording.
func noRewrite(r *guard.Result) string {
	if r.NoRewrite != "" {
		return r.NoRewrite
	}
	return "no wording passes"
}
