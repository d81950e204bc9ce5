package ctl

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/replyguard/replyguard/pkg/internal/corpus"
	"github.com/replyguard/replyguard/pkg/internal/wire"
	"github.com/replyguard/replyguard/pkg/verdict"
)

type corpusCmd struct {
	Files     []string `arg:"" name:"file" help:"Files of dialogues, one a line: {\"messages\":[{\"from\",\"text\"}…]}; - is standard input."`
	Samples   int      `default:"3" placeholder:"N" help:"Print N flagged replies of every rule, spread over the files; 0: none, -1: all."`
	Decision  string   `enum:"any,warn,block" default:"any" help:"Samples of these decisions only: any, warn or block."`
	Rule      []string `placeholder:"PREFIX" help:"Samples of these rules only."`
	Save      string   `placeholder:"FILE" help:"Save the tally, to compare with later. It holds no text."`
	Baseline  string   `placeholder:"FILE" help:"Compare with a saved tally."`
	MaxBlocks float64  `default:"-1" placeholder:"N" help:"Exit 1 where more replies of 10,000 are blocked."`
	MaxFlags  float64  `default:"-1" placeholder:"N" help:"Exit 1 where more replies of 10,000 are warned about or blocked."`
}

// Run judges every reply of the dialogues with the messages before it.
func (c *corpusCmd) Run(e *env) error {
	base, err := readTally(c.Baseline)
	if err != nil {
		return err
	}
	g, err := e.guard()
	if err != nil {
		return err
	}
	tally := corpus.NewTally()
	var flagged []*corpus.Flagged
	for i, name := range c.Files {
		dialogues, err := e.readDialogues(name)
		if err != nil {
			return err
		}
		prefix := ""
		if len(c.Files) > 1 {
			prefix = fmt.Sprintf("%d/", i+1)
		}
		total := 0
		for i := range dialogues {
			total += dialogues[i].Replies()
		}
		bar := e.progress(total, "replies")
		for i := range dialogues {
			if err := e.ctx.Err(); err != nil {
				return err
			}
			tally.Run(e.ctx, g, prefix, &dialogues[i], func(f *corpus.Flagged) { flagged = append(flagged, f) })
			_ = bar.Add(dialogues[i].Replies())
		}
		_ = bar.Finish()
	}
	corpus.WriteTally(e.Out, tally, base)
	if base != nil {
		for _, line := range tally.Changed(base) {
			fmt.Fprintln(e.Out, line)
		}
	}
	c.samples(e, flagged)
	if c.Save != "" {
		if err := saveTally(c.Save, tally); err != nil {
			return err
		}
	}
	return c.bounds(tally)
}

// samples prints flagged replies by rule.
func (c *corpusCmd) samples(e *env, flagged []*corpus.Flagged) {
	byRule := map[string][]*corpus.Flagged{}
	for _, f := range flagged {
		for i := range f.Result.Violations {
			v := &f.Result.Violations[i]
			if c.wants(v.Rule, v.Decision) && !slices.Contains(byRule[v.Rule], f) {
				byRule[v.Rule] = append(byRule[v.Rule], f)
			}
		}
	}
	p := wire.Printer{Color: e.colored(e.Out)}
	for _, rule := range sortedKeys(byRule) {
		picked := spread(byRule[rule], c.Samples)
		if len(picked) == 0 {
			continue
		}
		fmt.Fprintf(e.Out, "\n%s (%d)\n", rule, len(byRule[rule]))
		for _, f := range picked {
			fmt.Fprintf(e.Out, "  %s %s\n", f.ID, corpus.OneLine(&f.Input, p.Mark(f.Input.Reply, &f.Result)))
		}
	}
}

func (c *corpusCmd) wants(rule string, d verdict.Decision) bool {
	if c.Decision != "any" && c.Decision != d.String() {
		return false
	}
	return len(c.Rule) == 0 || slices.ContainsFunc(c.Rule, func(p string) bool { return strings.HasPrefix(rule, p) })
}

// spread returns n of list, evenly over it; all of it where n is negative.
func spread[T any](list []T, n int) []T {
	if n < 0 || n >= len(list) {
		return list
	}
	picked := make([]T, 0, n)
	for i := range n {
		picked = append(picked, list[i*len(list)/n])
	}
	return picked
}

func (c *corpusCmd) bounds(t *corpus.Tally) error {
	blocks, flags := t.Rate(t.Blocks), t.Rate(t.Blocks+t.Warns)
	switch {
	case c.MaxBlocks >= 0 && blocks > c.MaxBlocks:
		return fail(ExitWarn, fmt.Errorf("%.1f of 10,000 replies are blocked, more than %.1f", blocks, c.MaxBlocks))
	case c.MaxFlags >= 0 && flags > c.MaxFlags:
		return fail(ExitWarn, fmt.Errorf("%.1f of 10,000 replies are flagged, more than %.1f", flags, c.MaxFlags))
	}
	return nil
}

func (e *env) readDialogues(name string) ([]corpus.Dialogue, error) {
	in, done, err := e.open(name)
	if err != nil {
		return nil, err
	}
	defer done()
	dialogues, err := corpus.ReadDialogues(in, name)
	return dialogues, fail(ExitData, err)
}

// readTally reads a saved tally; it returns nil for no name.
func readTally(name string) (*corpus.Tally, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // no baseline is no mistake
	}
	b, err := os.ReadFile(name) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fail(ExitNoInput, err)
	}
	t := corpus.NewTally()
	if err := json.Unmarshal(b, t); err != nil {
		return nil, fail(ExitData, fmt.Errorf("%s is no saved tally", name))
	}
	return t, nil
}

func saveTally(name string, t *corpus.Tally) error {
	b, err := json.Marshal(t, json.Deterministic(true), jsontext.WithIndent(" "))
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(b, '\n'), 0o600)
}
