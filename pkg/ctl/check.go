package ctl

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/wire"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// contextFlags are what a reply on the command line is judged in.
type contextFlags struct {
	Buyer    []string `short:"b" placeholder:"TEXT" sep:"none" help:"The buyer's last message; several times: the buyer's last messages, oldest first."`
	Platform string   `enum:"tmall,taobao,1688," default:"" help:"tmall, taobao or 1688."`
	Store    string   `placeholder:"NAME" help:"Store profile."`
}

// amend lets flags that were given override in.
func (f *contextFlags) amend(in guard.Input) guard.Input {
	if f.Platform != "" {
		in.Platform = verdict.Platform(f.Platform)
	}
	if f.Store != "" {
		in.Store = f.Store
	}
	for _, text := range f.Buyer {
		in.Conversation.Messages = append(in.Conversation.Messages, guard.Message{From: guard.Buyer, Text: text})
	}
	return in
}

type checkCmd struct {
	Replies []string `arg:"" optional:"" name:"reply" help:"Replies, one an argument; none: standard input, one a line. A line that starts with { is the JSON of POST /v1/check."`
	contextFlags
	JSON      bool `name:"json" help:"Print one JSON object a reply, as POST /v1/check answers."`
	Explain   bool `short:"e" help:"Say how each finding came about."`
	NoRewrite bool `help:"Look for no safer wording."`
}

var errNoReply = errors.New("no reply to judge: give one as an argument or on standard input")

// Run judges every reply and exits with the worst decision.
func (c *checkCmd) Run(e *env) error {
	g, err := e.guard()
	if err != nil {
		return err
	}
	if len(c.Replies) == 0 && isTerminal(e.In) {
		return fail(ExitUsage, errNoReply)
	}
	worst := verdict.Allow
	one := func(in guard.Input) error {
		d, err := c.judge(e, g, in)
		worst = max(worst, d)
		return err
	}
	if len(c.Replies) > 0 {
		err = c.arguments(one)
	} else {
		err = c.lines(e.In, one)
	}
	if err != nil {
		return err
	}
	if worst != verdict.Allow {
		return &exit{code: int(worst)}
	}
	return nil
}

func (c *checkCmd) arguments(one func(guard.Input) error) error {
	for i, reply := range c.Replies {
		if err := one(c.input(reply)); err != nil {
			return fail(ExitData, fmt.Errorf("argument %d: %w", i+1, err))
		}
	}
	return nil
}

// lines judges every line of r that is not blank.
func (c *checkCmd) lines(r io.Reader, one func(guard.Input) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	n, judged := 0, 0
	for s.Scan() {
		n++
		line := bytes.TrimSpace(s.Bytes())
		if len(line) == 0 {
			continue
		}
		judged++
		in, err := c.parse(line)
		if err == nil {
			err = one(in)
		}
		if err != nil {
			return fail(ExitData, fmt.Errorf("line %d: %w", n, err))
		}
	}
	if err := s.Err(); err != nil {
		return fail(ExitData, err)
	}
	if judged == 0 {
		return fail(ExitData, errNoReply)
	}
	return nil
}

// parse reads one line: JSON or plain text.
func (c *checkCmd) parse(line []byte) (guard.Input, error) {
	if line[0] != '{' {
		return c.input(string(line)), nil
	}
	in, err := wire.DecodeCheck(line)
	if err != nil {
		return in, err
	}
	return c.options(c.amend(in)), nil
}

// input makes a request of a bare reply and the flags.
func (c *checkCmd) input(reply string) guard.Input {
	return c.options(c.amend(guard.Input{Reply: reply}))
}

// options adds what the flags ask for.
func (c *checkCmd) options(in guard.Input) guard.Input {
	in.Options.Explain = in.Options.Explain || c.Explain
	in.Options.NoRewrite = in.Options.NoRewrite || c.NoRewrite
	return in
}

// judge checks in and prints the answer.
func (c *checkCmd) judge(e *env, g *guard.Guard, in guard.Input) (verdict.Decision, error) {
	asked := in.Options.Offsets
	if !c.JSON {
		in.Options.Offsets = verdict.Byte // to cut the reply into coloured pieces
	}
	result, elapsed, err := timed(e.ctx, g, in)
	if err != nil {
		return verdict.Allow, err
	}
	in.Options.Offsets = asked
	if c.JSON {
		out := wire.AppendAnswer(nil, &wire.Answer{Result: &result, Explain: in.Options.Explain, Elapsed: elapsed})
		_, err = e.Out.Write(append(out, '\n'))
		return result.Decision, err
	}
	p := wire.Printer{Color: e.colored(e.Out)}
	_, err = e.Out.Write(p.AppendAnswer(nil, in.Reply, &result))
	return result.Decision, err
}

func timed(ctx context.Context, g *guard.Guard, in guard.Input) (guard.Result, time.Duration, error) {
	start := time.Now()
	result, err := g.Check(ctx, in)
	return result, time.Since(start), err
}
