// Package rewrite replaces the offending clauses of a reply by safe ones.
//
// It knows nothing of rules or topics: it is told which clauses of a reply
// offend, which ones go with them, and which wordings may take their place,
// and proposes texts in the order of how little they change. Whether a
// proposal is fit to be sent is for the caller to check.
package rewrite

import (
	"iter"
	"slices"
)

// Clause is one clause of a reply. Start and End are bytes of the original;
// what stands between one clause's End and the next one's Start is
// punctuation, white space and emoji.
type Clause struct {
	Start, End int
	Offends    []int  // indexes of the wordings that may replace it, the one to be said first
	Goes       bool   // leans on a clause that offends and would contradict or dangle without it
	Address    bool   // only addresses or greets the buyer: never replaced
	Sentence   int    // number of its sentence; a wide proposal replaces sentences
	Tail       string // closing particle that a replacement keeps: 哦, 哈, 呢
	Lead       int    // bytes of a connective at its head, such as 但是, that joins it to the clause before
}

// Wording is what may take the place of an offending clause.
type Wording struct {
	Variants []string // in the order of preference; each a clause or several joined by "，"
	Whole    []string // variants that only stand as a whole reply, tried last
	Spare    bool     // said by another wording too: left out as long as the result passes
	Escort   bool     // only goes along with something else that is left or said
}

// Edit replaces bytes [Start, End) of the original by Text.
type Edit struct {
	Start, End int
	Text       string
}

// Proposal is one rewritten reply: the edits, in order and not overlapping,
// and the text that applying them gives.
type Proposal struct {
	Edits []Edit
	Text  string
}

// Bounds of what Propose makes.
const (
	MaxVariants  = 3  // variants of a wording that are tried, besides the whole ones
	maxProposals = 14 // texts in all
)

// Propose yields rewritten texts of orig, the smallest change first: the
// offending clauses with what goes with them replaced, in each variant in
// turn, without and then with the spare wordings; then their whole sentences;
// at last the whole reply but for its form of address. No text is yielded
// twice, and the same arguments yield the same texts. Nothing is yielded where
// no clause offends, no wording has a variant, or only an escort would be left
// to say. Each proposal is made when it is asked for.
func Propose(orig string, clauses []Clause, wordings []Wording) iter.Seq[Proposal] {
	return func(yield func(Proposal) bool) {
		p := proposer{orig: orig, clauses: clauses, wordings: wordings}
		var seen []string
		for a := range p.attempts() {
			prop, ok := p.replace(a.regions(), a.choice)
			if !ok || slices.Contains(seen, prop.Text) {
				continue
			}
			seen = append(seen, prop.Text)
			if !yield(prop) || len(seen) == maxProposals {
				return
			}
		}
	}
}

// An attempt is a way of making a proposal.
type attempt struct {
	regions func() []region
	choice  choice
}

// A choice says which wordings a proposal uses.
type choice struct {
	variant int
	spare   bool // spare wordings too
	whole   bool // the variants that stand as a whole reply
}

type proposer struct {
	orig     string
	clauses  []Clause
	wordings []Wording
}

// attempts lists the ways of making a proposal, the smallest change first.
func (p *proposer) attempts() iter.Seq[attempt] {
	return func(yield func(attempt) bool) {
		n := p.variants()
		for _, step := range []struct {
			regions func() []region
			spare   bool
		}{{p.narrow, false}, {p.narrow, true}, {p.wide, true}, {p.whole, true}, {p.whole, false}} {
			for v := range n {
				if !yield(attempt{step.regions, choice{variant: v, spare: step.spare}}) {
					return
				}
			}
		}
		for v := range p.wholes() {
			if !yield(attempt{p.whole, choice{variant: v, whole: true}}) {
				return
			}
		}
	}
}

// variants is the number of variants worth trying.
func (p *proposer) variants() int {
	n := 0
	for i := range p.wordings {
		n = max(n, len(p.wordings[i].Variants))
	}
	return min(n, MaxVariants)
}

func (p *proposer) wholes() int {
	n := 0
	for i := range p.wordings {
		n = max(n, len(p.wordings[i].Whole))
	}
	return min(n, MaxVariants)
}

// Apply returns orig with the edits made. Edits must be in order and must not
// overlap.
func Apply(orig string, edits []Edit) string {
	n := len(orig)
	for _, e := range edits {
		n += len(e.Text) - (e.End - e.Start)
	}
	b := make([]byte, 0, n)
	at := 0
	for _, e := range edits {
		b = append(b, orig[at:e.Start]...)
		b = append(b, e.Text...)
		at = e.End
	}
	return string(append(b, orig[at:]...))
}
