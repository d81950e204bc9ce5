package corpus

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Checker judges a reply; *guard.Guard is one.
type Checker interface {
	Check(ctx context.Context, in guard.Input) (guard.Result, error)
}

// Outcome is what the guard said about one case, compared with what was
// expected.
type Outcome struct {
	Case    *Case
	Got     guard.Result
	Err     error    // the check made no decision
	Missed  []string // expected rules that were not reported
	False   []string // reported rules that were neither expected nor tolerated
	NoTrap  []string // expected traps that were not reported
	BadTrap []string // reported traps of a case that may have none
	Leaks   []string // fragments that the rewrite may not hold and does
	Unsafe  bool     // the rewrite, sent back in the same context, is not allowed
}

// RightDecision reports whether the decision is the expected one.
func (o *Outcome) RightDecision() bool {
	return o.Err == nil && o.Got.Decision == o.Case.Expect.Decision
}

// RightRules reports whether every expected rule was reported and no other.
func (o *Outcome) RightRules() bool {
	return o.Err == nil && len(o.Missed) == 0 && len(o.False) == 0
}

// Failed reports whether anything about the case is not as expected.
func (o *Outcome) Failed() bool {
	return !o.RightDecision() || !o.RightRules() || len(o.NoTrap) > 0 || len(o.BadTrap) > 0 || len(o.Leaks) > 0 || o.Unsafe
}

// Run checks c and compares.
func Run(ctx context.Context, g Checker, c *Case) Outcome {
	o := Outcome{Case: c}
	o.Got, o.Err = g.Check(ctx, c.Input)
	if o.Err != nil {
		o.Missed = c.Expect.Rules
		if c.Expect.Traps != nil {
			o.NoTrap = *c.Expect.Traps
		}
		return o
	}
	o.Missed, o.False = compareRules(&c.Expect, o.Got.Violations)
	o.NoTrap, o.BadTrap = compareTraps(c.Expect.Traps, o.Got.Traps)
	if r := o.Got.Rewrite; r != nil {
		o.Leaks = leaks(r.Text(), c.Expect.RewriteMustNot)
		o.Unsafe = !allowed(ctx, g, c.Input, r.Text())
	}
	return o
}

// allowed checks reply in the context of in.
func allowed(ctx context.Context, g Checker, in guard.Input, reply string) bool {
	in.Reply = reply
	in.Options.NoRewrite = true
	again, err := g.Check(ctx, in)
	return err == nil && again.Decision == verdict.Allow
}

func compareRules(e *Expect, found []guard.Finding) (missed, extra []string) {
	var got []string
	for i := range found {
		got = append(got, found[i].Rule)
	}
	for _, rule := range e.Rules {
		if !slices.Contains(got, rule) {
			missed = append(missed, rule)
		}
	}
	for _, rule := range got {
		if !slices.Contains(e.Rules, rule) && !slices.Contains(e.Also, rule) && !slices.Contains(extra, rule) {
			extra = append(extra, rule)
		}
	}
	return missed, extra
}

func compareTraps(want *[]string, found []guard.Trap) (missed, extra []string) {
	if want == nil {
		return nil, nil
	}
	var got []string
	for i := range found {
		got = append(got, found[i].Trap)
	}
	for _, trap := range *want {
		if !slices.Contains(got, trap) {
			missed = append(missed, trap)
		}
	}
	if len(*want) == 0 {
		extra = got
	}
	return missed, extra
}

func leaks(text string, fragments []string) []string {
	var found []string
	for _, f := range fragments {
		if f != "" && strings.Contains(text, f) {
			found = append(found, f)
		}
	}
	return found
}

// Share is a count out of a total.
type Share struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

func (s *Share) add(hit bool) {
	s.Of++
	if hit {
		s.N++
	}
}

// Value returns N/Of, and 1 where there was nothing to get wrong.
func (s Share) Value() float64 {
	if s.Of == 0 {
		return 1
	}
	return float64(s.N) / float64(s.Of)
}

// String returns "97.5 % (39/40)", and "– (0)" where there was nothing.
func (s Share) String() string {
	if s.Of == 0 {
		return "– (0)"
	}
	return fmt.Sprintf("%5.1f %% (%d/%d)", 100*s.Value(), s.N, s.Of)
}

// RuleFigures count one rule's reports.
type RuleFigures struct {
	Expected int `json:"expected"` // cases that must report it
	Hits     int `json:"hits"`
	Misses   int `json:"misses"`
	False    int `json:"false"` // reports where it was neither expected nor tolerated
}

// Figures are the score over a set of cases.
type Figures struct {
	Cases          int                     `json:"cases"`
	Accuracy       Share                   `json:"accuracy"`        // right decisions
	Exact          Share                   `json:"exact"`           // right decision and right rules
	BlockRecall    Share                   `json:"block_recall"`    // of the cases to block, blocked
	BlockPrecision Share                   `json:"block_precision"` // of the blocked cases, to block
	WarnRecall     Share                   `json:"warn_recall"`     // of the cases to warn about, warned about
	WarnPrecision  Share                   `json:"warn_precision"`  // of the cases warned about, to warn about
	FalseBlocks    Share                   `json:"false_blocks"`    // of the cases to allow, blocked
	FalseWarns     Share                   `json:"false_warns"`     // of the cases to allow, warned about
	TrapRecall     Share                   `json:"trap_recall"`     // of the traps expected, reported
	FalseTraps     Share                   `json:"false_traps"`     // of the cases that may have none, with one
	RewriteOffered Share                   `json:"rewrite_offered"` // of the cases rightly not allowed, with a rewrite
	RewriteLeaks   Share                   `json:"rewrite_leaks"`   // of the rewrites with forbidden fragments listed, holding one
	RewriteUnsafe  Share                   `json:"rewrite_unsafe"`  // of the rewrites, not allowed when checked again
	Errors         int                     `json:"errors"`          // checks that made no decision
	Confusion      [3][3]int               `json:"confusion"`       // [expected][got]
	Rules          map[string]*RuleFigures `json:"rules"`           // by id
	Tags           map[string]*Share       `json:"tags"`            // right decisions by tag
}

// NewFigures returns figures over no cases.
func NewFigures() *Figures {
	return &Figures{Rules: map[string]*RuleFigures{}, Tags: map[string]*Share{}}
}

// Add counts o.
func (f *Figures) Add(o *Outcome) {
	e := &o.Case.Expect
	f.Cases++
	f.Accuracy.add(o.RightDecision())
	f.Exact.add(o.RightDecision() && o.RightRules())
	f.addDecision(e.Decision, o)
	f.addRules(o)
	f.addTraps(o)
	f.addRewrite(o)
	for _, tag := range o.Case.Tags {
		if f.Tags[tag] == nil {
			f.Tags[tag] = new(Share)
		}
		f.Tags[tag].add(o.RightDecision())
	}
}

func (f *Figures) addDecision(want verdict.Decision, o *Outcome) {
	if o.Err != nil {
		f.Errors++
		switch want {
		case verdict.Block:
			f.BlockRecall.add(false)
		case verdict.Warn:
			f.WarnRecall.add(false)
		case verdict.Allow:
		}
		return
	}
	got := o.Got.Decision
	f.Confusion[want][got]++
	switch want {
	case verdict.Block:
		f.BlockRecall.add(got == verdict.Block)
	case verdict.Warn:
		f.WarnRecall.add(got == verdict.Warn)
	case verdict.Allow:
		f.FalseBlocks.add(got == verdict.Block)
		f.FalseWarns.add(got == verdict.Warn)
	}
	switch got {
	case verdict.Block:
		f.BlockPrecision.add(want == verdict.Block)
	case verdict.Warn:
		f.WarnPrecision.add(want == verdict.Warn)
	case verdict.Allow:
	}
}

func (f *Figures) addRules(o *Outcome) {
	for _, rule := range o.Case.Expect.Rules {
		r := f.rule(rule)
		r.Expected++
		if slices.Contains(o.Missed, rule) {
			r.Misses++
		} else {
			r.Hits++
		}
	}
	for _, rule := range o.False {
		f.rule(rule).False++
	}
}

func (f *Figures) rule(id string) *RuleFigures {
	if f.Rules[id] == nil {
		f.Rules[id] = new(RuleFigures)
	}
	return f.Rules[id]
}

func (f *Figures) addTraps(o *Outcome) {
	want := o.Case.Expect.Traps
	if want == nil {
		return
	}
	for _, trap := range *want {
		f.TrapRecall.add(!slices.Contains(o.NoTrap, trap))
	}
	if len(*want) == 0 {
		f.FalseTraps.add(len(o.BadTrap) > 0)
	}
}

func (f *Figures) addRewrite(o *Outcome) {
	if o.Err != nil || o.Got.Decision == verdict.Allow || !o.RightDecision() || o.Case.Input.Options.NoRewrite {
		return
	}
	f.RewriteOffered.add(o.Got.Rewrite != nil)
	if o.Got.Rewrite != nil {
		f.RewriteUnsafe.add(o.Unsafe)
	}
	if o.Got.Rewrite != nil && len(o.Case.Expect.RewriteMustNot) > 0 {
		f.RewriteLeaks.add(len(o.Leaks) > 0)
	}
}

// RuleIDs returns the rules of f in order.
func (f *Figures) RuleIDs() []string { return slices.Sorted(maps.Keys(f.Rules)) }

// TagNames returns the tags of f in order.
func (f *Figures) TagNames() []string { return slices.Sorted(maps.Keys(f.Tags)) }
