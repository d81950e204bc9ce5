package ctl

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

type rulesCmd struct {
	Test    rulesTestCmd    `cmd:"" help:"Run the examples of every rule and trap."`
	Lint    rulesLintCmd    `cmd:"" help:"Report mistakes and doubtful places in the files."`
	List    rulesListCmd    `cmd:"" help:"List the rules and traps."`
	Fit     rulesFitCmd     `cmd:"" help:"Learn the weights of the second reading from labelled cases."`
	Explain rulesExplainCmd `cmd:"" help:"Say how a reply is read and which rules it breaks, and why."`
	Senses  rulesSensesCmd  `cmd:"" help:"List the senses, slots and conditions that rule and lexicon files may use."`
}

type rulesTestCmd struct{}

// Run exits with ExitWarn where an example does not come out as written.
func (rulesTestCmd) Run(e *env) error {
	g, err := e.guard()
	if err != nil {
		return err
	}
	pack, problems := g.Policy(), g.Verify(e.ctx)
	for _, p := range problems {
		fmt.Fprintln(e.Out, p)
	}
	if len(problems) > 0 {
		return fail(ExitWarn, fmt.Errorf("%d problems", len(problems)))
	}
	violates, complies := 0, 0
	for i := range pack.Rules {
		violates += len(pack.Rules[i].Examples.Violates)
		complies += len(pack.Rules[i].Examples.Complies)
	}
	fmt.Fprintf(e.Out, "ok: %d rules, %d traps, %d violating and %d complying examples\n", len(pack.Rules), len(pack.Traps), violates, complies)
	return nil
}

type rulesLintCmd struct {
	Strict bool `help:"Let warnings fail as well."`
}

// Run prints every diagnostic of the files and of compiling them.
func (c rulesLintCmd) Run(e *env) error {
	files, err := e.policyFS()
	if err != nil {
		return err
	}
	diagnostics := policy.Lint(files)
	for _, d := range diagnostics {
		fmt.Fprintln(e.Out, d)
	}
	failed := len(diagnostics.Errors())
	if failed == 0 {
		if _, err := e.guard(); err != nil {
			return err
		}
	}
	if c.Strict {
		failed = len(diagnostics)
	}
	if failed > 0 {
		return fail(ExitConfig, fmt.Errorf("%d errors, %d warnings", len(diagnostics.Errors()), len(diagnostics.Warnings())))
	}
	fmt.Fprintf(e.Out, "ok: %d warnings\n", len(diagnostics))
	return nil
}

type rulesListCmd struct {
	Prefix string `arg:"" optional:"" help:"Only ids that start with this (invoice)."`
}

// Run prints one line a rule, then one a trap.
func (c rulesListCmd) Run(e *env) error {
	pack, err := e.pack()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(e.Out, 0, 4, 2, ' ', 0)
	for i := range pack.Rules {
		if r := &pack.Rules[i]; strings.HasPrefix(r.ID, c.Prefix) {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.ID, decisionMode(r), points(r.Penalties), r.Name)
		}
	}
	for _, t := range pack.Traps {
		if strings.HasPrefix(t.ID, c.Prefix) {
			fmt.Fprintf(w, "%s\ttrap\t\t%s\n", t.ID, t.Name)
		}
	}
	return w.Flush()
}

func decisionMode(r *policy.Rule) string {
	if r.Mode == verdict.Shadow {
		return r.Decision.String() + " (shadow)"
	}
	return r.Decision.String()
}

// points returns the highest figure of each platform, such as "tmall 6".
func points(ps []verdict.Penalty) string {
	best := map[string]int{}
	for _, p := range ps {
		best[string(p.Platform)] = max(best[string(p.Platform)], p.Points)
	}
	var out []string
	for _, platform := range slices.Sorted(maps.Keys(best)) {
		out = append(out, fmt.Sprintf("%s %d", platform, best[platform]))
	}
	return strings.Join(out, ", ")
}

type rulesExplainCmd struct {
	Reply []string `arg:"" help:"The reply."`
	contextFlags
}

// Run is check --explain, and succeeds whatever the decision.
func (c rulesExplainCmd) Run(e *env) error {
	g, err := e.guard()
	if err != nil {
		return err
	}
	check := checkCmd{contextFlags: c.contextFlags, Explain: true}
	in := check.input(strings.Join(c.Reply, " "))
	claims, err := g.Claims(in)
	if err != nil {
		return fail(ExitData, err)
	}
	for _, l := range claims {
		fmt.Fprintln(e.Out, l)
	}
	if _, err = check.judge(e, g, in); err != nil {
		return fail(ExitData, err)
	}
	r, err := g.Check(e.ctx, in)
	if err == nil && len(r.Violations) == 0 { // a finding's explanation would list them
		for _, q := range r.Silenced {
			fmt.Fprintf(e.Out, "  silenced %s by %s\n", q.Rule, q.By)
		}
	}
	return fail(ExitData, err)
}

type rulesSensesCmd struct{}

// Run prints the vocabulary of the rule files.
func (rulesSensesCmd) Run(e *env) error {
	pack, err := e.pack()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(e.Out, 0, 4, 2, ' ', 0)
	declared(w, "topic", pack.Senses.Topics)
	declared(w, "act", pack.Senses.Acts)
	declared(w, "cue", pack.Senses.Cues)
	meanings(w, "built-in senses", policy.Builtin())
	meanings(w, "slots (with, any, nearby …)", policy.Slots())
	meanings(w, "conditions (given)", policy.Givens())
	meanings(w, "slots of rewrites", policy.RewriteSlots())
	return w.Flush()
}

func declared(w io.Writer, kind string, ds []policy.Declared) {
	fmt.Fprintf(w, "%ss\n", kind)
	for _, d := range ds {
		fmt.Fprintf(w, "  %s.%s\t%s\n", kind, d.ID, d.Name)
	}
}

func meanings(w io.Writer, title string, m map[string]string) {
	fmt.Fprintf(w, "%s\n", title)
	for _, id := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(w, "  %s\t%s\n", id, m[id])
	}
}
