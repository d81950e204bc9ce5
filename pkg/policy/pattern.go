package policy

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// place is where a pattern stands, which decides what it may hold.
type place uint8

const (
	inWhen   place = iota // of a rule
	inUnless              // of a rule or a store's override
	inTrap                // when of a trap
)

// patterns returns a reader of a list of patterns, or of one.
func (f *file) patterns(dst *[]Pattern, at place) func(*yaml.Node) {
	what := "when"
	if at == inUnless {
		what = "unless"
	}
	return func(n *yaml.Node) {
		f.eachOrOne(n, what, func(c *yaml.Node) {
			p := Pattern{Pos: f.pos(c)}
			if f.pattern(&p, c, at) {
				*dst = append(*dst, p)
			}
		})
	}
}

func (f *file) pattern(p *Pattern, n *yaml.Node, at place) bool {
	before := len(f.diags)
	ok := f.object(n, "the pattern",
		may("name", f.str(&p.Name, "name")),
		may("topic", f.claimSenses(&p.Topic, "topic")),
		may("act", f.claimSenses(&p.Act, "act")),
		may("polarity", f.oneOf(&p.Polarity, "polarity", []string{"positive", "negative"})),
		may("mood", f.listOf(&p.Mood, "mood", sortedKeys(moodNames))),
		may("party", f.listOf(&p.Party, "party", sortedKeys(partyNames))),
		may("origin", f.listOf(&p.Origin, "origin", sortedKeys(originNames))),
		may("with", f.features(&p.With, "with", all)),
		may("any", f.features(&p.Any, "any", some)),
		may("without", f.features(&p.Without, "without", none)),
		may("nearby", f.features(&p.Nearby, "nearby", some)),
		may("nowhere", f.features(&p.Nowhere, "nowhere", none)),
		may("asked", f.features(&p.Asked, "asked", some)),
		may("not_asked", f.features(&p.NotAsked, "not_asked", none)),
		may("heard", f.features(&p.Heard, "heard", some)),
		may("not_heard", f.features(&p.NotHeard, "not_heard", none)),
		may("said", f.features(&p.Said, "said", some)),
		may("not_said", f.features(&p.NotSaid, "not_said", none)),
		may("given", f.givens(&p.Given)),
		may("whole", f.flag(&p.Whole, "whole")),
		may("decision", f.optionalDecision(&p.Decision)),
		may("weight", f.number(&p.Weight, "weight", -MaxWeight, MaxWeight)))
	if !ok {
		return false
	}
	if at == inUnless && !hasKey(n, "name") {
		f.errorf(n, "an exception needs a name for explanations")
	}
	if at != inWhen && (p.Decision != nil || p.Weight != 0) {
		f.errorf(n, "decision and weight have an effect only in a rule's when")
	}
	if p.asksNothing() && len(f.diags) == before {
		f.errorf(n, "the pattern asks for nothing: every claim would match")
	}
	f.checkContradictions(n, p)
	return true
}

// asksNothing reports whether every claim matches p.
func (p *Pattern) asksNothing() bool {
	lists := [][]string{
		p.Topic, p.Act, p.Mood, p.Party, p.Origin, p.With, p.Any, p.Without, p.Nearby, p.Nowhere,
		p.Asked, p.NotAsked, p.Heard, p.NotHeard, p.Said, p.NotSaid, p.Given,
	}
	empty := !slices.ContainsFunc(lists, func(l []string) bool { return len(l) > 0 })
	return empty && p.Polarity == "" && !p.Whole
}

// quantity says how many features of a list must be there.
type quantity uint8

const (
	all  quantity = iota // every one
	some                 // at least one
	none                 // not one
)

// claimSenses returns a reader of topics or acts. They may be written without
// their kind and are stored with it: invoice is topic.invoice.
func (f *file) claimSenses(dst *[]string, kind string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.senseList(n, kind, some, func(c *yaml.Node, s string) bool {
			if kind == "act" && s == NoAct {
				return f.addSense(c, dst, s)
			}
			id := kind + "." + strings.TrimPrefix(s, kind+".")
			if _, ok := f.index.senses[id]; !ok && f.index.senses != nil {
				f.errorf(c, "unknown %s %q%s", kind, s, suggest(s, f.declaredIDs(kind)))
				return false
			}
			return f.addSense(c, dst, id)
		})
	}
}

// features returns a reader of senses and slots.
func (f *file) features(dst *[]string, what string, q quantity) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.senseList(n, what, q, func(c *yaml.Node, s string) bool {
			known := slotNames[s] != "" || f.checkSense(c, s, f.featureIDs)
			return known && f.addSense(c, dst, s)
		})
	}
}

// addSense appends id to dst and reports one that stands there already.
func (f *file) addSense(n *yaml.Node, dst *[]string, id string) bool {
	if slices.Contains(*dst, id) {
		f.errorf(n, "%s stands twice", id)
		return false
	}
	*dst = append(*dst, id)
	return true
}

// senseList reads a list with add, which reports unknown names, and then
// checks that the lexicon can produce as many of them as q asks for.
func (f *file) senseList(n *yaml.Node, what string, q quantity, add func(*yaml.Node, string) bool) {
	var good, dead []*yaml.Node
	bad := false
	f.eachOrOne(n, what, func(c *yaml.Node) {
		s, ok := f.text(c, what)
		if !ok || !add(c, s) {
			bad = true
			return
		}
		good = append(good, c)
		if !f.occurs(s, what) {
			dead = append(dead, c)
		}
	})
	never := q == all || q == some && !bad && len(dead) == len(good)
	for _, c := range dead {
		if never {
			f.errorf(c, "can never match: no term of the lexicon means %s", fullID(c.Value, what))
		} else {
			f.warnf(c, "never occurs: no term of the lexicon means %s", fullID(c.Value, what))
		}
	}
}

// occurs reports whether anything in a text can have sense s. Built-in senses
// and slots always can: the claim reader knows them without terms.
func (f *file) occurs(s, what string) bool {
	id := fullID(s, what)
	_, declared := f.index.senses[id]
	return f.index.meant == nil || !declared || f.index.meant[id] || foundSenses[id] != ""
}

// fullID returns the full id of s in the list called what.
func fullID(s, what string) string {
	if what == "topic" || what == "act" {
		return what + "." + strings.TrimPrefix(s, what+".")
	}
	return s
}

// declaredIDs returns the short ids of the declared topics or acts.
func (l *loader) declaredIDs(kind string) []string {
	var ids []string
	for id := range l.index.senses {
		if short, ok := strings.CutPrefix(id, kind+"."); ok {
			ids = append(ids, short)
		}
	}
	slices.Sort(ids)
	return ids
}

// featureIDs returns all senses and slots, sorted.
func (l *loader) featureIDs() []string {
	ids := slices.AppendSeq(l.senseIDs(), maps.Keys(slotNames))
	slices.Sort(ids)
	return slices.Compact(ids)
}

// givens returns a reader of named conditions.
func (f *file) givens(dst *[]string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.eachOrOne(n, "given", func(c *yaml.Node) {
			s, ok := f.text(c, "given")
			if !ok {
				return
			}
			name, negated := strings.CutPrefix(s, "!")
			opposite := "!" + name
			if negated {
				opposite = name
			}
			switch {
			case givenNames[name] == "":
				f.errorf(c, "unknown condition %q%s", name, suggest(name, sortedKeys(givenNames)))
			case slices.Contains(*dst, s):
				f.errorf(c, "condition %s stands twice", s)
			case slices.Contains(*dst, opposite):
				f.errorf(c, "can never match: given asks for both %s and %s", opposite, s)
			default:
				*dst = append(*dst, s)
			}
		})
	}
}

// checkContradictions reports demands of p that exclude each other.
func (f *file) checkContradictions(n *yaml.Node, p *Pattern) {
	exclusions := []struct {
		name  string
		wants []string
		q     quantity
		not   string
		none  []string
	}{
		{"with", p.With, all, "without", p.Without},
		{"with", p.With, all, "nowhere", p.Nowhere},
		{"any", p.Any, all, "without", p.Without},
		{"any", p.Any, all, "nowhere", p.Nowhere},
		{"topic", p.Topic, some, "without", p.Without},
		{"topic", p.Topic, some, "nowhere", p.Nowhere},
		{"act", p.Act, some, "without", p.Without},
		{"act", p.Act, some, "nowhere", p.Nowhere},
		{"nearby", p.Nearby, all, "nowhere", p.Nowhere},
		{"asked", p.Asked, all, "not_asked", p.NotAsked},
		{"heard", p.Heard, all, "not_heard", p.NotHeard},
		{"said", p.Said, all, "not_said", p.NotSaid},
	}
	for _, x := range exclusions {
		var both []string
		for _, id := range x.wants {
			if slices.Contains(x.none, id) {
				both = append(both, id)
			}
		}
		if len(both) > 0 && (x.q == all || len(both) == len(x.wants)) {
			f.errorf(n, "can never match: %s stands in both %s and %s", strings.Join(both, ", "), x.name, x.not)
		}
	}
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
