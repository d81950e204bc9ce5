package guard

import (
	"slices"
	"strings"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/classify"
	"github.com/replyguard/replyguard/pkg/internal/rule"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// second is the second reading, bound to the rules of one engine.
type second struct {
	weights  *Weights
	withhold float64
	raise    float64
	known    []bool          // by rule: the weights were fitted with it
	bar      []float64       // by rule: how likely a block must be to be raised
	veiled   []bool          // by rule: it may be raised where nobody spoke of its family
	seeds    []classify.Seed // by rule
	accounts claim.Set       // slots of what can be dialled, added or paid to
	yes      claim.Set       // ways of saying yes
	special  claim.Set       // topics that only rules beside ordinary talk are about
}

func newSecond(w *Weights, p *policy.Second, v *claim.Vocab, rules []policy.Rule) *second {
	x := &second{weights: w, withhold: p.Withhold, raise: p.Raise, known: make([]bool, len(rules)), bar: make([]float64, len(rules)), veiled: make([]bool, len(rules)), seeds: make([]classify.Seed, len(rules))}
	for i := range rules {
		x.known[i] = rules[i].Decision == verdict.Block && slices.Contains(w.Rules, rules[i].ID) && !slices.Contains(p.Leave, rules[i].ID)
		x.seeds[i] = RuleSeed(rules[i].ID)
		x.bar[i], x.veiled[i] = p.Raise, slices.Contains(p.Veiled, rules[i].ID)
		if slices.Contains(p.Everyday, rules[i].ID) {
			x.bar[i] = surer(p.Raise, everyday)
		}
	}
	for _, slot := range []string{"wechat", "qq", "phone", "link", "email", "bankcard", "id"} {
		if sense := v.Sense("entity." + slot); sense != 0 {
			x.accounts.Add(sense)
		}
	}
	var common claim.Set
	for i := range rules {
		topics := &x.special
		if slices.Contains(p.Everyday, rules[i].ID) || slices.Contains(p.Leave, rules[i].ID) {
			topics = &common
		}
		for j := range rules[i].When {
			for _, name := range rules[i].When[j].Topic {
				if sense := v.Sense("topic." + strings.TrimPrefix(name, "topic.")); sense != 0 {
					topics.Add(sense)
				}
			}
		}
	}
	for sense := range common.Each() {
		x.special.Remove(sense)
	}
	for _, name := range []string{"answer.yes", "answer.agree"} {
		if sense := v.Sense(name); sense != 0 {
			x.yes.Add(sense)
		}
	}
	return x
}

// sure is how likely one rule must be for a reply to be blocked by it.
const sure = 0.4

// strongly is by how much less likely a block must be held to be withheld whatever
// else speaks for it.
const strongly = 3

// everyday is by how much surer a block must be by a rule whose subject fills
// ordinary talk, such as returns: the weights were fitted to cases of which every
// third is to be blocked, and of such talk hardly one in a thousand is.
const everyday = 4

// unheard is the same, and beyond doubt how likely the one rule, where nobody has
// spoken of what it is about.
const (
	unheard     = 8
	beyondDoubt = 0.8
)

// surer returns the probability that is wrong so many times less often than p.
func surer(p, times float64) float64 { return 1 - (1-p)/times }

// secondReading is what silences a finding, and what a score comes from, where the
// second reading does it.
const secondReading = "second reading"

// fired returns the rules that the reading fulfils and those that are silenced:
// by an exception, by a more special rule, or because the second reading finds a
// block most unlikely and has nothing to say for that rule. Where no rule blocks
// and the second reading all but knows that one should, and which, it adds it.
func (s *situation) fired() (fired, silenced []rule.Match) {
	fired, silenced = s.e.program.Judge(s.r, s.given)
	x := s.e.second
	if x == nil {
		return fired, silenced
	}
	blocks, strange := s.blocks(fired)
	if strange {
		return fired, silenced // a rule blocks that the weights know nothing of
	}
	if s.speaksPlainly(s.lean(), blocks, fired) {
		return fired, silenced
	}
	p := s.further()
	if blocks {
		if p < x.withhold {
			return s.withhold(fired, silenced)
		}
		return fired, silenced
	}
	if p < x.raise || !s.speaks() {
		return fired, silenced
	}
	if m, ok := s.likeliest(p, fired, silenced); ok && p > s.probability(0, 0) { // not for what came before alone
		fired = append(fired, m)
		slices.SortStableFunc(fired, func(a, b rule.Match) int { return a.Rule - b.Rule })
	}
	return fired, silenced
}

// What was read may speak so plainly, in log odds, that the characters need no
// look. Of 12,800 real replies that goes for six of seven; of 5,100 fresh cases for
// two of three, among them one of twelve of the blocks that would else be withheld and
// one of seventeen of the replies that would be raised. Where each finding names what
// it is about, a block must be less likely to be withheld, and where nobody has spoken
// of anything but ordinary matters surer to be raised: there less is plain enough.
const (
	plain    = 5
	named    = plain - 2.1
	harmless = -2.5
	ordinary = harmless + 2.8
)

// speaksPlainly reports whether what was read leans so far that the characters would
// change nothing: to a block where some rule blocks, else away from it.
func (s *situation) speaksPlainly(lean float64, blocks bool, fired []rule.Match) bool {
	if blocks {
		return lean > plain || lean > named && s.names(fired)
	}
	return lean < harmless || lean < ordinary && !s.special()
}

// lean returns what was read adds to the log odds of a block. It leaves the evidence
// behind.
func (s *situation) lean() float64 {
	ev := &s.second.evidence
	ev.Reset()
	s.readings(ev, 0, s.r.Clauses())
	return s.e.second.weights.Block.Lean(ev)
}

// names reports whether every block of fired rests on a claim whose topic stands in
// its own clause.
func (s *situation) names(fired []rule.Match) bool {
	for i := range fired {
		if fired[i].Decision == verdict.Block && !s.explicit(&fired[i]) {
			return false
		}
	}
	return true
}

// explicit reports whether the topic of some claim of m stands in its own clause.
func (s *situation) explicit(m *rule.Match) bool {
	for _, ci := range m.Claims {
		if s.r.Claims()[ci].Origin == claim.Explicit {
			return true
		}
	}
	return false
}

// special reports whether the reply or what came before it speaks of a matter that
// does not come up in ordinary talk, such as an invoice.
func (s *situation) special() bool {
	about := &s.e.second.special
	if s.r.Bag().Meets(about) || s.r.Asked.Meets(about) || s.r.Heard.Meets(about) || s.r.Said.Meets(about) {
		return true
	}
	for i := range s.r.Claims() {
		if about.Has(s.r.Claims()[i].Topic) {
			return true
		}
	}
	return false
}

// further adds the characters to what lean has left behind and returns how
// likely the whole reply is to be blocked, as probability does.
func (s *situation) further() float64 {
	ev := &s.second.evidence
	s.characters(ev, 0, s.r.Clauses())
	return s.e.second.weights.Block.Probability(ev)
}

// probability returns how likely the clauses from to until are to be blocked. It
// leaves the evidence behind.
func (s *situation) probability(from, until int) float64 {
	ev := &s.second.evidence
	ev.Reset()
	s.evidence(ev, from, until)
	return s.e.second.weights.Block.Probability(ev)
}

// withhold silences the blocks of fired that the evidence speaks against: that of
// the whole reply and, where it says much else, that of the clauses which the
// finding rests on and their neighbours.
func (s *situation) withhold(fired, silenced []rule.Match) (kept, quiet []rule.Match) {
	kept = fired[:0:0]
	for i := range fired {
		m := fired[i]
		if m.Decision == verdict.Block && s.e.second.known[m.Rule] && s.unlikely(&m) {
			m.By = secondReading
			silenced = append(silenced, m)
			continue
		}
		kept = append(kept, m)
	}
	return kept, silenced
}

// unlikely reports whether the evidence speaks against m: strongly, or well enough
// where it speaks against its rule too and the reply does not name what it is about.
func (s *situation) unlikely(m *rule.Match) bool {
	x := s.e.second
	explicit := s.explicit(m)
	from, until := s.r.Clauses(), 0
	for _, ci := range m.Claims {
		c := &s.r.Claims()[ci]
		if scope := s.r.Scope(c.Clause); scope.Meets(&x.accounts) {
			return false // an account, number or link stands there, whatever is said around it
		}
		from, until = min(from, max(0, c.Clause-1)), max(until, min(c.Clause+2, s.r.Clauses()))
	}
	against := func(from, until int) bool {
		p := s.probability(from, until)
		return p < x.withhold/strongly ||
			p < x.withhold && !explicit && x.weights.Which.LogOdds(s.second.evidence.Hashes(), x.seeds[m.Rule]) < 0
	}
	return against(0, s.r.Clauses()) && (from == 0 && until == s.r.Clauses() || against(from, until))
}

// blocks reports whether some rule of fired blocks, and whether one does that the
// weights were not fitted with.
func (s *situation) blocks(fired []rule.Match) (blocks, strange bool) {
	for i := range fired {
		if m := &fired[i]; m.Decision == verdict.Block && s.e.rules[m.Rule].Mode == verdict.Enforce {
			blocks = true
			strange = strange || !s.e.second.known[m.Rule]
		}
	}
	return blocks, strange
}

// likeliest returns a finding of the rule that the evidence speaks for most, if
// that is likely enough, possible, in play where the evidence is not overwhelming,
// and silenced by no exception. It rests on the clause whose characters weigh most,
// and on the evidence of the whole reply, which was gathered last.
func (s *situation) likeliest(p float64, fired, silenced []rule.Match) (rule.Match, bool) {
	x := s.e.second
	best, most := -1, 0.0
	for i := range s.e.rules {
		if !x.known[i] {
			continue
		}
		if odds := x.weights.Which.LogOdds(s.second.evidence.Hashes(), x.seeds[i]); best < 0 || odds > most {
			best, most = i, odds
		}
	}
	if best < 0 || classify.Logistic(most) < sure || s.e.rules[best].Mode != verdict.Enforce || !s.e.program.Possible(best, s.given) {
		return rule.Match{}, false
	}
	if p < x.bar[best] {
		return rule.Match{}, false
	}
	if !s.e.program.InPlay(best, s.r) && (p < surer(x.raise, unheard) || classify.Logistic(most) < beyondDoubt || !x.veiled[best] && !s.related(best)) {
		return rule.Match{}, false
	}
	said := func(m rule.Match) bool { return m.Rule == best }
	if slices.ContainsFunc(silenced, said) || slices.ContainsFunc(fired, said) {
		return rule.Match{}, false
	}
	claims := s.weightiest()
	if len(claims) == 0 {
		return rule.Match{}, false
	}
	score := verdict.MinBlockScore + int(float64(verdict.MaxScore-verdict.MinBlockScore)*(p-x.raise)/(1-x.raise+1e-9)/2)
	return rule.Match{
		Rule: best, Decision: verdict.Block, Score: score, Claims: claims,
		Steps: []rule.Step{{Why: secondReading, Delta: score}},
	}, true
}

// related reports whether some rule of the family of rule ri is in play, invoice for
// invoice.refuse.
func (s *situation) related(ri int) bool {
	family, _, _ := strings.Cut(s.e.rules[ri].ID, ".")
	for i := range s.e.rules {
		if other, _, _ := strings.Cut(s.e.rules[i].ID, "."); other == family && s.e.program.InPlay(i, s.r) {
			return true
		}
	}
	return false
}

// speaks reports whether the reply says something of any topic or does anything, or
// answers a message that does. Courtesies alone are never blocked, and what a bare
// yes means is for the rules to read, for it is all in the question's polarity.
func (s *situation) speaks() bool {
	if s.r.Covers(&s.e.second.yes) {
		return false
	}
	if !s.r.Asked.Empty() || !s.r.Said.Empty() {
		return true
	}
	for i := range s.r.Claims() {
		if c := &s.r.Claims()[i]; c.Topic != 0 || c.Act != 0 {
			return true
		}
	}
	return false
}

// weightiest returns the claims of the clause whose characters speak most for a
// block.
func (s *situation) weightiest() []int {
	x := s.e.second
	var e classify.Evidence
	best, most := -1, 0.0
	for i := range s.r.Clauses() {
		start, end := s.r.ClauseSpan(i)
		s.second.flat = appendFlat(s.second.flat[:0], s.r.Text(), start, end)
		e.Reset()
		e.AddGrams(evReply, s.second.flat, gramsReply)
		if w := x.weights.Block.Weight(&e); best < 0 || w > most {
			best, most = i, w
		}
	}
	var claims []int
	for ci := range s.r.Claims() {
		if s.r.Claims()[ci].Clause == best {
			claims = append(claims, ci)
		}
	}
	return claims
}
