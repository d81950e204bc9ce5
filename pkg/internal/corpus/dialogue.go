package corpus

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Dialogue is one unlabelled chat.
type Dialogue struct {
	Line     int // in its file, from 1
	Messages []guard.Message
}

// ReadDialogues reads one dialogue a line from r: an object with a list of
// messages, each with from (buyer or seller) and text. name is the file's name
// for errors.
func ReadDialogues(r io.Reader, name string) ([]Dialogue, error) {
	var all []Dialogue
	n := 0
	err := eachLine(r, name, func(line []byte) error {
		n++
		var raw struct {
			Messages []struct {
				From string `json:"from"`
				Text string `json:"text"`
			} `json:"messages"`
		}
		if err := json.Unmarshal(line, &raw); err != nil {
			return err
		}
		d := Dialogue{Line: n}
		for i, m := range raw.Messages {
			switch m.From {
			case "buyer":
				d.Messages = append(d.Messages, guard.Message{From: guard.Buyer, Text: m.Text})
			case "seller":
				d.Messages = append(d.Messages, guard.Message{From: guard.Seller, Text: m.Text})
			default:
				return fmt.Errorf("message %d: from is neither buyer nor seller", i+1)
			}
		}
		all = append(all, d)
		return nil
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("%s: %w", name, ErrNoCases)
	}
	return all, err
}

// Replies returns how many replies of sellers d holds that can be judged.
func (d *Dialogue) Replies() int {
	n := 0
	for _, m := range d.Messages {
		if m.From == guard.Seller && m.Text != "" {
			n++
		}
	}
	return n
}

// Flagged is one reply that the guard objects to.
type Flagged struct {
	ID     string // line:message, both from 1
	Input  guard.Input
	Result guard.Result
}

// Tally counts what the guard says of many replies.
type Tally struct {
	Replies int               `json:"replies"`
	Errors  int               `json:"errors"` // replies without a decision
	Warns   int               `json:"warns"`
	Blocks  int               `json:"blocks"`
	Rules   map[string]int    `json:"rules"`   // replies with a finding, by rule
	Flagged map[string]string `json:"flagged"` // decision by reply id, so that two tallies can be compared
}

// NewTally returns a Tally over nothing.
func NewTally() *Tally {
	return &Tally{Rules: map[string]int{}, Flagged: map[string]string{}}
}

// Run judges every reply of d with the messages before it, counts, and calls
// flagged for each that is not allowed.
func (t *Tally) Run(ctx context.Context, g Checker, prefix string, d *Dialogue, flagged func(*Flagged)) {
	for i, m := range d.Messages {
		if m.From != guard.Seller || m.Text == "" {
			continue
		}
		in := guard.Input{Reply: m.Text, Options: guard.Options{NoRewrite: true, Offsets: verdict.Byte}}
		in.Conversation.Messages = d.Messages[max(0, i-guard.MaxMessages):i]
		result, err := g.Check(ctx, in)
		t.Replies++
		if err != nil {
			t.Errors++
			continue
		}
		if result.Decision == verdict.Allow {
			continue
		}
		f := &Flagged{ID: fmt.Sprintf("%s%d:%d", prefix, d.Line, i+1), Input: in, Result: result}
		t.add(f)
		flagged(f)
	}
}

func (t *Tally) add(f *Flagged) {
	if f.Result.Decision == verdict.Block {
		t.Blocks++
	} else {
		t.Warns++
	}
	t.Flagged[f.ID] = f.Result.Decision.String()
	seen := map[string]bool{}
	for i := range f.Result.Violations {
		if rule := f.Result.Violations[i].Rule; !seen[rule] {
			seen[rule] = true
			t.Rules[rule]++
		}
	}
}

// Rate returns n of t's replies per 10,000.
func (t *Tally) Rate(n int) float64 {
	if t.Replies == 0 {
		return 0
	}
	return 10_000 * float64(n) / float64(t.Replies)
}

// WriteTally prints t for people, beside base where that is not nil.
func WriteTally(w io.Writer, t, base *Tally) {
	row := func(name string, n, before int) {
		fmt.Fprintf(w, "  %-28s %6d %8.1f", name, n, t.Rate(n))
		if base != nil {
			fmt.Fprintf(w, " %8.1f %+8.1f", base.Rate(before), t.Rate(n)-base.Rate(before))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%d replies, %d errors\n  %-28s %6s %8s", t.Replies, t.Errors, "", "n", "/10,000")
	if base == nil {
		fmt.Fprintln(w)
	} else {
		fmt.Fprintf(w, " %8s %8s\n", "before", "change")
	}
	before := base
	if before == nil {
		before = NewTally()
	}
	row("block", t.Blocks, before.Blocks)
	row("warn", t.Warns, before.Warns)
	ids := maps.Clone(t.Rules)
	maps.Copy(ids, before.Rules)
	sorted := slices.Sorted(maps.Keys(ids))
	slices.SortStableFunc(sorted, func(a, b string) int { return t.Rules[b] - t.Rules[a] })
	for _, id := range sorted {
		row(id, t.Rules[id], before.Rules[id])
	}
}

// Changed returns the ids of the replies that t and base judge differently,
// with both decisions, in order.
func (t *Tally) Changed(base *Tally) []string {
	ids := maps.Clone(t.Flagged)
	maps.Copy(ids, base.Flagged)
	var out []string
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if now, before := orAllow(t.Flagged[id]), orAllow(base.Flagged[id]); now != before {
			out = append(out, fmt.Sprintf("%s %s → %s", id, before, now))
		}
	}
	return out
}

func orAllow(decision string) string {
	if decision == "" {
		return verdict.Allow.String()
	}
	return decision
}
