package guard

import (
	"cmp"
	"slices"
	"strings"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/rewrite"
	"github.com/replyguard/replyguard/pkg/internal/rule"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// styling is what rewriting needs of an engine, resolved once.
type styling struct {
	says   [][]saying  // by rule
	family []claim.Set // by rule: the topics that its family of rules is about
	about  []claim.Set // by rule: the topics that it is about
	cues   []claim.Set // by rule: the cues that it asks for beside them
	rank   []int       // by rule: what is said first where clauses are shared
	topics claim.Set   // all topics
	is     manners
}

// newStyling resolves the rewrites of e's rules.
func newStyling(e *engine, senses policy.Senses) (*styling, error) {
	st := &styling{is: newManners(e.vocab)}
	for _, t := range senses.Topics {
		st.topics.Add(e.vocab.Sense("topic." + t.ID))
	}
	for _, c := range senses.Cues {
		st.is.cues.Add(e.vocab.Sense("cue." + c.ID))
	}
	for _, slot := range []string{"time.day", "time.hours", "time.clock", "time.vague", "mood.commit"} {
		st.is.cues.Add(e.vocab.Sense(slot))
	}
	families := map[string]claim.Set{}
	for i := range e.rules {
		about, cues := st.subject(e, &e.rules[i])
		st.about, st.cues = append(st.about, about), append(st.cues, cues)
		family := families[familyOf(&e.rules[i])]
		family.Union(&about)
		families[familyOf(&e.rules[i])] = family
	}
	for i := range e.rules {
		family := families[familyOf(&e.rules[i])]
		says, err := newSayings(e, union(family, st.cues[i]), &e.rules[i])
		if err != nil {
			return nil, err
		}
		st.says = append(st.says, says)
		st.family = append(st.family, family)
		st.rank = append(st.rank, rankOf(familyOf(&e.rules[i])))
	}
	return st, nil
}

func union(a, b claim.Set) claim.Set {
	a.Union(&b)
	return a
}

// subject returns the topics and the cues that r's patterns ask for.
func (st *styling) subject(e *engine, r *policy.Rule) (topics, cues claim.Set) {
	var all claim.Set
	for i := range r.When {
		for _, list := range [][]string{r.When[i].Topic, r.When[i].With, r.When[i].Any} {
			for _, name := range list {
				if sense := e.vocab.Sense(name); sense != 0 {
					all.Add(sense)
				}
			}
		}
		for _, name := range r.When[i].Topic {
			if sense := e.vocab.Sense(name); sense != 0 {
				topics.Add(sense)
			}
		}
	}
	return topics, all.And(st.is.cues)
}

func familyOf(r *policy.Rule) string {
	family, _, _ := strings.Cut(r.ID, ".")
	return family
}

// rankOf orders families for clauses that break rules of several: what the
// clause is about comes before what it promises on the way. A family that is
// not named comes in the middle.
func rankOf(family string) int {
	order := []string{"harassment", "privacy", "brushing", "review", "payment", "cod", "card", "contact", "", "order", "promise", "free_shipping", "shipping", "advert", "tone"}
	if i := slices.Index(order, family); i >= 0 {
		return i
	}
	return slices.Index(order, "")
}

// An offence is a rule that the reply breaks, with the clauses that do.
type offence struct {
	rule    int
	clauses []int     // ascending
	topics  claim.Set // of the clauses and of their claims
	named   claim.Set // topics and cues that the clauses name
	cues    claim.Set // that the rule asks for
	family  claim.Set // topics of the rule's family
	asked   bool      // the buyer asked about it
	grants  bool      // the reply refuses or charges: the rewrite grants
	care    bool      // about goods or service gone wrong: an apology stays right
	cost    bool      // about who pays
	price   bool      // about the price itself
	praise  bool      // praises the goods
}

// plan tells which clauses offend, which go with them, and what may be said
// instead.
func (s *situation) plan(fired []rule.Match) ([]rewrite.Clause, []rewrite.Wording) {
	offences := s.offences(fired)
	clauses := s.clauses()
	st := s.style()
	wordings := make([]rewrite.Wording, len(offences))
	for w := range offences {
		wordings[w] = s.wording(&offences[w], st)
		wordings[w].Spare = s.spare(offences, w, clauses)
		for _, c := range offences[w].clauses {
			clauses[c].Offends = append(clauses[c].Offends, w)
		}
	}
	l := leaner{s: s, clauses: clauses, offences: offences}
	l.mark()
	return clauses, wordings
}

// offences lists the enforced rules that fired, in the order in which their
// wordings matter: what the buyer asked about first, then by rank and score.
func (s *situation) offences(fired []rule.Match) []offence {
	out := make([]offence, 0, len(fired))
	score := map[int]int{}
	for i := range fired {
		if s.e.rules[fired[i].Rule].Mode == verdict.Enforce {
			out = append(out, s.offence(&fired[i]))
			score[fired[i].Rule] = fired[i].Score
		}
	}
	slices.SortStableFunc(out, func(a, b offence) int {
		switch {
		case a.asked && !b.asked:
			return -1
		case b.asked && !a.asked:
			return 1
		}
		return cmp.Or(cmp.Compare(s.e.style.rank[a.rule], s.e.style.rank[b.rule]), cmp.Compare(score[b.rule], score[a.rule]))
	})
	return out
}

func (s *situation) offence(m *rule.Match) offence {
	is := &s.e.style.is
	o := offence{rule: m.Rule, grants: true}
	for _, ci := range m.Claims {
		c := &s.r.Claims()[ci]
		if !slices.Contains(o.clauses, c.Clause) {
			o.clauses = append(o.clauses, c.Clause)
		}
		own := s.r.Own(c.Clause)
		topics := own.And(s.e.style.topics)
		o.topics.Union(&topics)
		o.named.Union(own)
		if c.Topic != 0 {
			o.topics.Add(c.Topic)
		}
		charge := c.Act == is.charge
		o.grants = o.grants && (c.Polarity == claim.Negative || charge)
		o.cost = o.cost || charge || is.costs.Has(c.Topic)
		o.asked = o.asked || c.Origin == claim.Answer || c.Topic != 0 && s.r.Asked.Has(c.Topic)
	}
	slices.Sort(o.clauses)
	family := s.e.style.family[m.Rule]
	o.asked = o.asked || s.r.Asked.Meets(&family) || family.Empty() && s.r.BuyerTurns > 0
	o.care = o.topics.Meets(&is.care)
	o.price = o.topics.Has(is.diff)
	o.praise = o.topics.Has(is.superlative)
	return o
}

// spare reports whether offence w need not be answered where its clauses go: an
// earlier one of another family speaks of the same clauses, or of a forbidden
// offer in the same sentence that w only sweetens. What the buyer asked is
// always answered.
func (s *situation) spare(all []offence, w int, clauses []rewrite.Clause) bool {
	rules := s.e.rules
	for i := range w {
		if familyOf(&rules[all[i].rule]) == familyOf(&rules[all[w].rule]) {
			continue
		}
		if subset(all[w].clauses, all[i].clauses) {
			return true
		}
		minor := s.e.style.rank[all[w].rule] > rankOf("")
		if minor && !all[w].asked && !all[i].grants && sameSentence(all[i].clauses, all[w].clauses, clauses) {
			return true
		}
	}
	return false
}

func sameSentence(a, b []int, clauses []rewrite.Clause) bool {
	for _, x := range a {
		for _, y := range b {
			if clauses[x].Sentence == clauses[y].Sentence {
				return true
			}
		}
	}
	return false
}

func subset(a, b []int) bool {
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	return true
}
