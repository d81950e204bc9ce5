package corpus

import (
	"fmt"
	"io"
	"strings"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// WriteFigures prints f for people. It prints no text of any case.
func WriteFigures(w io.Writer, f *Figures) {
	row := func(name string, s Share) {
		if s.Of > 0 {
			fmt.Fprintf(w, "  %-18s %s\n", name, s)
		}
	}
	row("decision accuracy", f.Accuracy)
	row("and rules exact", f.Exact)
	row("block recall", f.BlockRecall)
	row("block precision", f.BlockPrecision)
	row("warn recall", f.WarnRecall)
	row("warn precision", f.WarnPrecision)
	row("false blocks", f.FalseBlocks)
	row("false warns", f.FalseWarns)
	row("trap recall", f.TrapRecall)
	row("false traps", f.FalseTraps)
	row("rewrite offered", f.RewriteOffered)
	row("rewrite leaks", f.RewriteLeaks)
	row("rewrite unsafe", f.RewriteUnsafe)
	if f.Errors > 0 {
		fmt.Fprintf(w, "  %-18s %d\n", "no decision", f.Errors)
	}
	writeConfusion(w, f)
	writeRules(w, f)
	writeTags(w, f)
}

func writeConfusion(w io.Writer, f *Figures) {
	fmt.Fprintf(w, "\n  %-10s %6s %6s %6s\n", "want\\got", "allow", "warn", "block")
	for want := verdict.Allow; want <= verdict.Block; want++ {
		c := f.Confusion[want]
		fmt.Fprintf(w, "  %-10s %6d %6d %6d\n", want, c[verdict.Allow], c[verdict.Warn], c[verdict.Block])
	}
}

func writeRules(w io.Writer, f *Figures) {
	if len(f.Rules) == 0 {
		return
	}
	fmt.Fprintf(w, "\n  %-28s %6s %6s %6s %6s\n", "rule", "cases", "hits", "missed", "false")
	for _, id := range f.RuleIDs() {
		r := f.Rules[id]
		fmt.Fprintf(w, "  %-28s %6d %6d %6d %6d\n", id, r.Expected, r.Hits, r.Misses, r.False)
	}
}

func writeTags(w io.Writer, f *Figures) {
	if len(f.Tags) == 0 {
		return
	}
	fmt.Fprintf(w, "\n  %-28s %s\n", "tag", "decisions right")
	for _, tag := range f.TagNames() {
		fmt.Fprintf(w, "  %-28s %s\n", tag, f.Tags[tag])
	}
}

// WriteFailure prints o in one line: id, what is wrong, the buyer's last
// message and the reply.
func WriteFailure(w io.Writer, o *Outcome) {
	e := &o.Case.Expect
	fmt.Fprintf(w, "%s\twant %s %s\tgot %s", o.Case.ID, e.Decision, list(e.Rules), got(o))
	for _, part := range []struct {
		name  string
		items []string
	}{{"missed", o.Missed}, {"false", o.False}, {"no trap", o.NoTrap}, {"false trap", o.BadTrap}, {"rewrite holds", o.Leaks}} {
		if len(part.items) > 0 {
			fmt.Fprintf(w, "\t%s %s", part.name, list(part.items))
		}
	}
	if o.Unsafe {
		fmt.Fprint(w, "\trewrite not allowed")
	}
	fmt.Fprintf(w, "\t%s\n", OneLine(&o.Case.Input, o.Case.Input.Reply))
}

func got(o *Outcome) string {
	if o.Err != nil {
		return "error: " + o.Err.Error()
	}
	var rules []string
	for i := range o.Got.Violations {
		rules = append(rules, o.Got.Violations[i].Rule)
	}
	return fmt.Sprintf("%s %d %s", o.Got.Decision, o.Got.Score, list(rules))
}

func list(items []string) string {
	if len(items) == 0 {
		return "-"
	}
	return strings.Join(items, ",")
}

// OneLine renders the last three messages of in, and reply in the place of its
// own.
func OneLine(in *guard.Input, reply string) string {
	var b strings.Builder
	ms := in.Conversation.Messages
	for _, m := range ms[max(0, len(ms)-3):] {
		who := "买"
		if m.From == guard.Seller {
			who = "卖"
		}
		fmt.Fprintf(&b, "%s: %s | ", who, m.Text)
	}
	b.WriteString("答: " + reply)
	return strings.NewReplacer("\n", "⏎", "\t", " ").Replace(b.String())
}
