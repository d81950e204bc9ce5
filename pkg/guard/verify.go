package guard

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Problem is an example of the policy that does not come out as written.
type Problem struct {
	Pos  policy.Pos
	Rule string
	What string
}

// String returns file:line:column, the rule and what is wrong.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.Pos.File, p.Pos.Line, p.Pos.Column, p.Rule, p.What)
}

// Verify runs the examples of every rule and trap through g: violating ones
// must fire their rule on the marked spans, complying ones must not, and
// every rewrite must be allowed. It returns what does not come out, in the
// order of the files.
func (g *Guard) Verify(ctx context.Context) []Problem {
	v := verifier{g: g, ctx: ctx}
	for i := range g.pack.Rules {
		v.rule(&g.pack.Rules[i])
	}
	for i := range g.pack.Traps {
		v.trap(&g.pack.Traps[i])
	}
	v.wordings()
	return v.out
}

type verifier struct {
	g   *Guard
	ctx context.Context //nolint:containedctx // one pass over the examples
	out []Problem
}

func (v *verifier) report(pos policy.Pos, rule, format string, args ...any) {
	v.out = append(v.out, Problem{Pos: pos, Rule: rule, What: fmt.Sprintf(format, args...)})
}

func (v *verifier) rule(r *policy.Rule) {
	for i := range r.Examples.Violates {
		v.violates(r, &r.Examples.Violates[i])
	}
	for i := range r.Examples.Complies {
		v.complies(r, &r.Examples.Complies[i])
	}
}

func (v *verifier) violates(r *policy.Rule, e *policy.Example) {
	reply, want := unmark(e.Seller)
	in, err := exampleInput(e, reply)
	if err != nil {
		v.report(e.Pos, r.ID, "%v", err)
		return
	}
	res, err := v.g.Check(v.ctx, in)
	if err != nil {
		v.report(e.Pos, r.ID, "%v", err)
		return
	}
	f, ok := findingOf(&res, r.ID)
	if !ok {
		v.report(e.Pos, r.ID, "does not fire; found %s", ruleIDs(&res))
		return
	}
	got := make([]verdict.Span, 0, len(f.Spans))
	for _, s := range f.Spans {
		got = append(got, s.Span)
	}
	if !slices.Equal(got, want) {
		v.report(e.Pos, r.ID, "marks %s", mark(reply, got))
	}
	decision := r.Decision
	if e.Decision != nil {
		decision = *e.Decision
	}
	if f.Decision != decision {
		v.report(e.Pos, r.ID, "decides %s, want %s", f.Decision, decision)
	}
	for _, also := range e.Also {
		if _, ok := findingOf(&res, also); !ok {
			v.report(e.Pos, r.ID, "%s does not fire as well; found %s", also, ruleIDs(&res))
		}
	}
	if r.NoRewrite == "" && res.Rewrite == nil && res.NoRewrite != "" {
		v.report(e.Pos, r.ID, "has no rewrite: %s", res.NoRewrite)
	}
}

func (v *verifier) complies(r *policy.Rule, e *policy.Example) {
	in, err := exampleInput(e, e.Seller)
	if err != nil {
		v.report(e.Pos, r.ID, "%v", err)
		return
	}
	res, err := v.g.Check(v.ctx, in)
	if err != nil {
		v.report(e.Pos, r.ID, "%v", err)
		return
	}
	if f, ok := findingOf(&res, r.ID); ok {
		v.report(e.Pos, r.ID, "fires on %q, which complies", f.Spans[0].Text)
	}
}

func (v *verifier) trap(t *policy.Trap) {
	seen := func(e *policy.Example) bool {
		in, err := exampleInput(e, e.Seller)
		if err != nil {
			v.report(e.Pos, t.ID, "%v", err)
			return false
		}
		got, err := v.g.Traps(v.ctx, in)
		if err != nil {
			v.report(e.Pos, t.ID, "%v", err)
		}
		return slices.ContainsFunc(got, func(x Trap) bool { return x.Trap == t.ID })
	}
	for i := range t.Examples.Is {
		if !seen(&t.Examples.Is[i]) {
			v.report(t.Examples.Is[i].Pos, t.ID, "is not seen")
		}
	}
	for i := range t.Examples.IsNot {
		if seen(&t.Examples.IsNot[i]) {
			v.report(t.Examples.IsNot[i].Pos, t.ID, "is seen where there is none")
		}
	}
	res, err := v.g.Check(v.ctx, Input{Reply: t.SafeReply, Options: Options{NoRewrite: true}})
	if err == nil && res.Decision != verdict.Allow {
		v.report(t.Pos, t.ID, "the safe reply is not allowed: %s", ruleIDs(&res))
	}
}

func findingOf(res *Result, id string) (Finding, bool) {
	for _, list := range [][]Finding{res.Violations, res.Shadowed} {
		for _, f := range list {
			if f.Rule == id {
				return f, true
			}
		}
	}
	return Finding{}, false
}

func ruleIDs(res *Result) string {
	if len(res.Violations) == 0 {
		return "nothing"
	}
	var ids []string
	for _, f := range res.Violations {
		ids = append(ids, f.Rule)
	}
	return strings.Join(ids, ", ")
}

// unmark takes the [[brackets]] out of an example and returns what they mark,
// in code points.
func unmark(s string) (string, []verdict.Span) {
	var b strings.Builder
	var spans []verdict.Span
	n, open := 0, 0
	for len(s) > 0 {
		switch {
		case strings.HasPrefix(s, "[["):
			open, s = n, s[2:]
		case strings.HasPrefix(s, "]]"):
			spans, s = append(spans, verdict.Span{Start: open, End: n}), s[2:]
		default:
			for i, r := range s {
				if i > 0 {
					s = s[i:]
					break
				}
				b.WriteRune(r)
				n++
				if len(string(r)) == len(s) {
					s = ""
				}
			}
		}
	}
	return b.String(), spans
}

// mark puts brackets around spans of s, given in code points.
func mark(s string, spans []verdict.Span) string {
	var b strings.Builder
	i := 0
	for _, r := range s {
		for _, sp := range spans {
			if sp.Start == i {
				b.WriteString("[[")
			}
		}
		b.WriteRune(r)
		i++
		for _, sp := range spans {
			if sp.End == i {
				b.WriteString("]]")
			}
		}
	}
	return b.String()
}

// exampleInput makes the request of an example.
func exampleInput(e *policy.Example, reply string) (Input, error) {
	in := Input{Reply: reply, Platform: e.Platform}
	var err error
	if in.Facts, err = factsOf(e.Facts); err != nil {
		return in, err
	}
	if in.Order, err = orderOf(e.Order); err != nil {
		return in, err
	}
	var chat struct{ ID, Buyer, Agent string }
	if err := remarshal(e.Chat, &chat); err != nil {
		return in, fmt.Errorf("chat: %w", err)
	}
	in.Conversation = Conversation{ID: chat.ID, Buyer: chat.Buyer, Agent: chat.Agent}
	for _, m := range e.Messages {
		from := Seller
		if m.Buyer {
			from = Buyer
		}
		in.Conversation.Messages = append(in.Conversation.Messages, Message{From: from, Text: m.Text})
	}
	return in, nil
}

// orderOf reads an order written with the names of CONTRACT.md.
func orderOf(m map[string]any) (Order, error) {
	var j struct {
		ID, Buyer, Amount, Status, Payment string
		Recipient                          *struct{ Name, Phone, Address string }
		Items                              []struct {
			Title  string
			Custom *bool
		}
	}
	if err := remarshal(m, &j); err != nil {
		return Order{}, fmt.Errorf("order: %w", err)
	}
	o := Order{ID: j.ID, Buyer: j.Buyer, Amount: j.Amount, Status: j.Status, Payment: j.Payment}
	if j.Recipient != nil {
		o.Recipient = &Recipient{Name: j.Recipient.Name, Phone: j.Recipient.Phone, Address: j.Recipient.Address}
	}
	for _, it := range j.Items {
		o.Items = append(o.Items, Item{Title: it.Title, Custom: it.Custom})
	}
	return o, nil
}

// Claims returns what in.Reply is read into, in the notation of the claim
// package, one claim a line, for people who write rules.
func (g *Guard) Claims(in Input) ([]string, error) {
	if err := validate(&in); err != nil {
		return nil, err
	}
	s, err := g.situation(&in)
	if err != nil {
		return nil, err
	}
	s.read(in.Reply)
	var out []string
	for i, c := range s.r.Claims() {
		start, end := s.r.ClauseSpan(c.Clause)
		from, to := s.r.Text().Bytes(start, end)
		var line strings.Builder
		fmt.Fprintf(&line, "%d %q %s", c.Clause, in.Reply[from:to], c.Describe(s.v))
		if i == 0 || s.r.Claims()[i-1].Clause != c.Clause {
			for _, q := range s.r.Cues(c.Clause) {
				fmt.Fprintf(&line, "\n      %s = %s", q.Term, s.v.Describe(q.Senses))
			}
		}
		out = append(out, line.String())
	}
	s.done()
	return out, nil
}
