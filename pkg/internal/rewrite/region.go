package rewrite

import (
	"slices"
	"strings"
)

// A region is a run of clauses, first to last, that one edit replaces.
type region struct{ first, last int }

// edit returns the edit that takes r out.
func (p *proposer) edit(r region) Edit {
	return Edit{Start: p.clauses[r.first].Start, End: p.clauses[r.last].End}
}

// narrow returns the runs of clauses that offend or go with one that does.
func (p *proposer) narrow() []region {
	return p.runs(func(i int) bool { return len(p.clauses[i].Offends) > 0 || p.clauses[i].Goes })
}

// wide returns the sentences in which a clause offends.
func (p *proposer) wide() []region {
	hit := map[int]bool{}
	for i := range p.clauses {
		if len(p.clauses[i].Offends) > 0 {
			hit[p.clauses[i].Sentence] = true
		}
	}
	return p.runs(func(i int) bool { return hit[p.clauses[i].Sentence] || p.clauses[i].Goes })
}

// whole returns everything behind the form of address that the reply opens
// with.
func (p *proposer) whole() []region {
	first := 0
	for first < len(p.clauses) && p.clauses[first].Address {
		first++
	}
	if first == len(p.clauses) {
		first = 0 // a form of address offends: nothing of it is worth keeping
	}
	if len(p.clauses) == 0 {
		return nil
	}
	return []region{{first: first, last: len(p.clauses) - 1}}
}

// runs returns the maximal runs of clauses that are in. A form of address
// breaks a run, unless it runs on into clauses that are in on both sides:
// 给满分的宝子都有礼物.
func (p *proposer) runs(in func(int) bool) []region {
	var out []region
	for i := range p.clauses {
		if p.clauses[i].Address && len(p.clauses[i].Offends) == 0 {
			if !p.embedded(i) || !in(i-1) || !in(i+1) {
				continue
			}
		} else if !in(i) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].last == i-1 {
			out[n-1].last = i
			continue
		}
		out = append(out, region{first: i, last: i})
	}
	return out
}

// embedded reports whether nothing stands between clause i and either
// neighbour.
func (p *proposer) embedded(i int) bool {
	return i > 0 && i+1 < len(p.clauses) && p.clauses[i-1].End == p.clauses[i].Start && p.clauses[i].End == p.clauses[i+1].Start
}

// replace makes the proposal for regions. It reports false where nothing is
// said in place of what goes and nothing else is left, or where only escorts
// are.
func (p *proposer) replace(regions []region, c choice) (Proposal, bool) {
	sp := speaker{p: p, choice: c, said: map[string]bool{}}
	var edits []Edit
	spoke, firm := false, false
	for _, r := range regions {
		text, sure := sp.say(r)
		spoke, firm = spoke || text != "", firm || sure
		e := p.dropped(r)
		if text != "" {
			e = p.fitted(r, text)
		}
		edits = p.add(edits, e, r, text != "")
	}
	if len(edits) == 0 || !firm && !p.leaves(regions) || !spoke && !p.leaves(regions) {
		return Proposal{}, false
	}
	return Proposal{Edits: edits, Text: Apply(p.orig, edits)}, true
}

// leaves reports whether something besides forms of address is left where
// regions go.
func (p *proposer) leaves(regions []region) bool {
	for i := range p.clauses {
		if p.clauses[i].Address {
			continue
		}
		gone := false
		for _, r := range regions {
			gone = gone || r.first <= i && i <= r.last
		}
		if !gone {
			return true
		}
	}
	return false
}

// add appends e. The clause behind loses the connective that joined it to
// what e takes away.
func (p *proposer) add(edits []Edit, e Edit, r region, spoke bool) []Edit {
	if n := len(edits); n > 0 && edits[n-1].End > e.Start {
		e.Start = edits[n-1].End
	}
	next := r.last + 1
	if next >= len(p.clauses) || p.clauses[next].Lead == 0 || len(p.clauses[next].Offends) > 0 || p.clauses[next].Goes {
		return append(edits, e)
	}
	lead := Edit{Start: p.clauses[next].Start, End: p.clauses[next].Start + p.clauses[next].Lead}
	switch {
	case e.End == lead.Start:
		e.End = lead.End // 没有发票但是质量放心
		if spoke {
			e.Text = strings.TrimSuffix(e.Text, p.comma()) + p.comma()
		}
		return append(edits, e)
	case e.End > lead.Start:
		return append(edits, e)
	}
	return append(edits, e, lead)
}

// A speaker collects what the regions of one proposal are replaced by. What
// has been said is not said again.
type speaker struct {
	p      *proposer
	choice choice
	said   map[string]bool // clauses of wordings
	used   []bool
}

// say returns what takes the place of r, and whether any of it may stand by
// itself.
func (s *speaker) say(r region) (text string, firm bool) {
	if s.used == nil {
		s.used = make([]bool, len(s.p.wordings))
	}
	var parts []string
	for i := r.first; i <= r.last; i++ {
		for _, w := range s.p.clauses[i].Offends {
			part := s.wording(w)
			switch {
			case part == "":
			case s.p.wordings[w].Escort:
				parts = slices.Insert(parts, 0, part)
			default:
				parts, firm = append(parts, part), true
			}
		}
	}
	return joined(parts), firm
}

// wording returns what wording w adds to what has been said.
func (s *speaker) wording(i int) string {
	w := &s.p.wordings[i]
	variants := w.Variants
	if s.choice.whole && len(w.Whole) > 0 {
		variants = w.Whole
	}
	if s.used[i] || len(variants) == 0 || w.Spare && !s.choice.spare {
		return ""
	}
	s.used[i] = true
	var fresh []string
	for part := range strings.SplitSeq(variants[min(s.choice.variant, len(variants)-1)], "，") {
		if !s.said[part] {
			s.said[part] = true
			fresh = append(fresh, part)
		}
	}
	return strings.Join(fresh, "，")
}

// joined puts what several wordings say into one run: short ones by commas,
// longer ones as sentences.
func joined(parts []string) string {
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			if strings.Contains(parts[i-1], "，") {
				b.WriteString("。")
			} else {
				b.WriteString("，")
			}
		}
		b.WriteString(part)
	}
	return b.String()
}
