package ctl

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/schollz/progressbar/v3"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/corpus"
	"github.com/replyguard/replyguard/pkg/internal/wire"
	"github.com/replyguard/replyguard/pkg/verdict"
)

type evalCmd struct {
	Files   []string `arg:"" name:"file" help:"Files of labelled cases, one JSON object a line; - is standard input."`
	Summary bool     `help:"Print figures only, never a case."`
	JSON    bool     `name:"json" help:"Print the figures as one JSON object."`
	Only    []string `placeholder:"PREFIX" help:"Only cases that probe a rule starting with one of these (invoice, cod.refuse)."`
	Tag     []string `placeholder:"TAG" help:"Only cases with one of these tags."`
	ID      []string `name:"id" placeholder:"ID" help:"Only the cases with these ids."`
	Explain bool     `short:"e" help:"Print for every failure what was found and why."`

	MinAccuracy       float64 `placeholder:"SHARE" help:"Exit 1 where the decision accuracy is lower (0.95)."`
	MinBlockRecall    float64 `placeholder:"SHARE" help:"Exit 1 where the block recall is lower."`
	MinBlockPrecision float64 `placeholder:"SHARE" help:"Exit 1 where the block precision is lower."`
	MinTrapRecall     float64 `placeholder:"SHARE" help:"Exit 1 where the trap recall is lower."`
	MaxFalseBlocks    float64 `default:"1" placeholder:"SHARE" help:"Exit 1 where a greater share of the cases to allow is blocked."`
}

// Help is printed below the flags.
func (evalCmd) Help() string {
	return `A rule is hit where every expected rule is reported; what is reported beside the expected and the tolerated ones is a false alarm.`
}

// Run scores every file on its own, then all of them together where there are
// several.
func (c *evalCmd) Run(e *env) error {
	sets := make([][]corpus.Case, len(c.Files))
	total := 0
	for i, name := range c.Files {
		cases, err := e.readCases(name)
		if err != nil {
			return err
		}
		sets[i] = slices.DeleteFunc(cases, func(cs corpus.Case) bool { return !c.wants(&cs) })
		total += len(sets[i])
	}
	if total == 0 {
		return fail(ExitData, fmt.Errorf("no case is left to run: %w", corpus.ErrNoCases))
	}
	g, err := e.guard()
	if err != nil {
		return err
	}
	bar := e.progress(total, "cases")
	all := corpus.NewFigures()
	for i, name := range c.Files {
		figures, failed := score(e.ctx, g, sets[i], all, bar)
		if err := e.ctx.Err(); err != nil {
			return err
		}
		if !c.JSON {
			c.print(e.Out, name, figures, failed)
			c.explain(e, g, failed)
		}
	}
	_ = bar.Finish()
	if c.JSON {
		if err := json.MarshalWrite(e.Out, all, json.Deterministic(true)); err != nil {
			return err
		}
		fmt.Fprintln(e.Out)
	} else if len(c.Files) > 1 {
		c.print(e.Out, "all files", all, nil)
	}
	return c.bounds(all)
}

// wants reports whether the filters let cs through.
func (c *evalCmd) wants(cs *corpus.Case) bool {
	if len(c.ID) > 0 && !slices.Contains(c.ID, cs.ID) {
		return false
	}
	if len(c.Only) > 0 && !slices.ContainsFunc(c.Only, func(p string) bool { return strings.HasPrefix(cs.Probes(), p) }) {
		return false
	}
	return len(c.Tag) == 0 || slices.ContainsFunc(c.Tag, func(t string) bool { return slices.Contains(cs.Tags, t) })
}

// readCases reads the file called name; "-" is standard input.
func (e *env) readCases(name string) ([]corpus.Case, error) {
	in, done, err := e.open(name)
	if err != nil {
		return nil, err
	}
	defer done()
	cases, err := corpus.ReadCases(in, name)
	return cases, fail(ExitData, err)
}

// score runs cases and counts them in the figures that it returns and in all.
func score(ctx context.Context, g *guard.Guard, cases []corpus.Case, all *corpus.Figures, bar *progressbar.ProgressBar) (*corpus.Figures, []corpus.Outcome) {
	figures := corpus.NewFigures()
	var failed []corpus.Outcome
	for i := range cases {
		if ctx.Err() != nil {
			break
		}
		o := corpus.Run(ctx, g, &cases[i])
		figures.Add(&o)
		all.Add(&o)
		if o.Failed() {
			failed = append(failed, o)
		}
		_ = bar.Add(1)
	}
	return figures, failed
}

func (c *evalCmd) print(w io.Writer, name string, f *corpus.Figures, failed []corpus.Outcome) {
	fmt.Fprintf(w, "%s: %d cases\n", name, f.Cases)
	corpus.WriteFigures(w, f)
	if c.Summary {
		return
	}
	if len(failed) > 0 {
		fmt.Fprintf(w, "\nfailures (%d)\n", len(failed))
	}
	for i := range failed {
		corpus.WriteFailure(w, &failed[i])
	}
	fmt.Fprintln(w)
}

// explain prints the failures once more, each with how its findings came about.
func (c *evalCmd) explain(e *env, g *guard.Guard, failed []corpus.Outcome) {
	if c.Summary || !c.Explain {
		return
	}
	p := wire.Printer{Color: e.colored(e.Out)}
	for i := range failed {
		in := failed[i].Case.Input
		in.Options.Explain, in.Options.Offsets = true, verdict.Byte
		if result, err := g.Check(e.ctx, in); err == nil {
			fmt.Fprintf(e.Out, "%s\n%s\n", failed[i].Case.ID, p.AppendAnswer(nil, in.Reply, &result))
		}
	}
}

// bounds turns figures beyond the wanted bounds into an exit code.
func (c *evalCmd) bounds(f *corpus.Figures) error {
	var short []string
	least := func(name string, got corpus.Share, want float64) {
		if got.Value() < want {
			short = append(short, fmt.Sprintf("%s %.3f is below %.3f", name, got.Value(), want))
		}
	}
	least("accuracy", f.Accuracy, c.MinAccuracy)
	least("block recall", f.BlockRecall, c.MinBlockRecall)
	least("block precision", f.BlockPrecision, c.MinBlockPrecision)
	least("trap recall", f.TrapRecall, c.MinTrapRecall)
	if f.FalseBlocks.Of > 0 && f.FalseBlocks.Value() > c.MaxFalseBlocks {
		short = append(short, fmt.Sprintf("false blocks %.3f are above %.3f", f.FalseBlocks.Value(), c.MaxFalseBlocks))
	}
	if len(short) > 0 {
		return fail(ExitWarn, fmt.Errorf("%s", strings.Join(short, "; ")))
	}
	return nil
}

// progress returns a bar on standard error for n steps; it shows only where a
// person watches and the work is long enough to be watched.
func (e *env) progress(n int, what string) *progressbar.ProgressBar {
	return progressbar.NewOptions(n,
		progressbar.OptionSetWriter(e.Err),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetVisibility(n > 200 && isTerminal(e.Err)),
	)
}
