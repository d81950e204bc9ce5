// Package rewrite replaces the offending clauses of a reply by safe ones.
//
// It knows nothing of rules: it is told which clauses of a reply offend, which
// ones lean on them, and which wordings may take their place, and proposes
// texts in the order of how little they change. Whether a proposal is fit to
// be sent is for the caller to check.
package rewrite

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Clause is one clause of a reply. Start and End are bytes of the original;
// what stands between one clause's End and the next one's Start is
// punctuation and white space.
type Clause struct {
	Start, End int
	Offends    []int // indexes of the wordings that may replace it, the worst finding first
	Leans      bool  // says more about what offends, or gives the reason for it
	Address    bool  // only addresses the buyer: 亲, 您好
}

// Wording is what may take the place of an offending clause: its variants in
// the order of preference.
type Wording struct {
	Family   string // wordings of one family say the same: only the first is used
	Variants []string
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

// maxProposals bounds how many texts Propose makes.
const maxProposals = 6

// Propose returns rewritten texts of orig, the smallest change first: the
// offending clauses replaced, in each variant in turn; then what leans on them
// replaced as well; at last the whole reply but for its form of address.
// It returns nil if no clause offends or no wording has a variant.
func Propose(orig string, clauses []Clause, wordings []Wording) []Proposal {
	var out []Proposal
	for _, wide := range []int{1, 2} {
		regions := regionsOf(clauses, wide)
		for v := range variants(clauses, wordings) {
			if p, ok := replace(orig, clauses, regions, wordings, v); ok && !contains(out, p) {
				out = append(out, p)
			}
		}
	}
	whole := []region{{first: firstAfterAddress(clauses), last: len(clauses) - 1}}
	for v := range variants(clauses, wordings) {
		if p, ok := replace(orig, clauses, whole, wordings, v); ok && !contains(out, p) {
			out = append(out, p)
		}
	}
	return out[:min(len(out), maxProposals)]
}

func contains(ps []Proposal, p Proposal) bool {
	return slices.ContainsFunc(ps, func(x Proposal) bool { return x.Text == p.Text })
}

// variants is the number of variants worth trying.
func variants(clauses []Clause, wordings []Wording) int {
	n := 0
	for _, c := range clauses {
		for _, w := range c.Offends {
			n = max(n, len(wordings[w].Variants))
		}
	}
	return min(n, 3)
}

// A region is a run of clauses, first to last, that one edit replaces.
type region struct{ first, last int }

// regionsOf joins offending clauses with the neighbours that lean on them.
// With wide 2 the neighbours' neighbours go as well if they lean.
func regionsOf(clauses []Clause, wide int) []region {
	var out []region
	for i := range clauses {
		if len(clauses[i].Offends) == 0 {
			continue
		}
		r := region{i, i}
		for n := 0; r.first > 0 && clauses[r.first-1].Leans && (wide > 1 || n < 2); n++ {
			r.first--
		}
		for n := 0; r.last+1 < len(clauses) && clauses[r.last+1].Leans && (wide > 1 || n < 2); n++ {
			r.last++
		}
		if n := len(out); n > 0 && out[n-1].last >= r.first-1 {
			out[n-1].last = max(out[n-1].last, r.last)
			continue
		}
		out = append(out, r)
	}
	return out
}

func firstAfterAddress(clauses []Clause) int {
	for i := range clauses {
		if !clauses[i].Address {
			return i
		}
	}
	return 0
}

// replace makes the proposal with variant v of every wording.
func replace(orig string, clauses []Clause, regions []region, wordings []Wording, v int) (Proposal, bool) {
	said := map[string]bool{}
	var edits []Edit
	for _, r := range regions {
		says := sayings(clauses[r.first:r.last+1], wordings, v, said)
		e := Edit{Start: clauses[r.first].Start, End: clauses[r.last].End, Text: strings.Join(says, "，")}
		if len(says) == 0 {
			if len(edits) == 0 {
				return Proposal{}, false
			}
			e = dropped(orig, clauses, r)
		} else {
			e = fitted(orig, e)
		}
		edits = append(edits, e)
	}
	if len(edits) == 0 {
		return Proposal{}, false
	}
	return Proposal{Edits: edits, Text: Apply(orig, edits)}, true
}

// sayings collects what the clauses are replaced by; a family that has been
// said already is not said again.
func sayings(clauses []Clause, wordings []Wording, v int, said map[string]bool) []string {
	var out []string
	for _, c := range clauses {
		for _, i := range c.Offends {
			w := wordings[i]
			if said[w.Family] || len(w.Variants) == 0 {
				continue
			}
			said[w.Family] = true
			out = append(out, w.Variants[min(v, len(w.Variants)-1)])
		}
	}
	return out
}

// dropped is the edit that takes a region out, with the punctuation before it.
func dropped(orig string, clauses []Clause, r region) Edit {
	start := clauses[r.first].Start
	if r.first > 0 {
		start = clauses[r.first-1].End
	}
	return Edit{Start: start, End: clauses[r.last].End}
}

// fitted adds the comma that the original left out on either side.
func fitted(orig string, e Edit) Edit {
	if before, _ := utf8.DecodeLastRuneInString(orig[:e.Start]); e.Start > 0 && wordy(before) {
		e.Text = "，" + e.Text
	}
	if after, _ := utf8.DecodeRuneInString(orig[e.End:]); e.End < len(orig) && wordy(after) {
		e.Text += "，"
	}
	return e
}

// wordy reports whether r is a letter or digit, so that a comma is missing.
func wordy(r rune) bool {
	return r >= 0x3400 && r <= 0x9FFF || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// Apply returns orig with the edits made. Edits must be in order and must not
// overlap.
func Apply(orig string, edits []Edit) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(orig[at:e.Start])
		b.WriteString(e.Text)
		at = e.End
	}
	b.WriteString(orig[at:])
	return b.String()
}
