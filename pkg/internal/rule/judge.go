package rule

import (
	"math/bits"
	"slices"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Given answers a condition on facts, order and conversation by its index in
// Program.Conditions.
type Given func(index int) bool

// Match is one rule that a reading fulfils, with the claims that do.
type Match struct {
	Rule     int // index of the rule as compiled
	Decision verdict.Decision
	Score    int
	Claims   []int // indexes into Reading.Claims, ascending
	Steps    []Step
	By       string // of a silenced match: the exception or rule that silenced it
}

// Step is one contribution to a score.
type Step struct {
	Why   string
	Delta int
}

// Judge returns the rules that r fulfils, in the order of their index, and
// those that an exception or a more special rule silenced.
func (p *Program) Judge(r *claim.Reading, given Given) (fired, silenced []Match) {
	j := p.judge(r, given)
	j.choose()
	if len(j.visit) > 0 {
		for ci := range r.Claims() {
			done := int32(-1) // the rule that the claim has been settled for
			for i := range j.visit {
				if w := &j.visit[i]; w.rule != done && j.try(int(w.rule), w.pattern, ci) {
					done = w.rule
				}
			}
		}
	}
	fired, silenced = j.finish()
	p.done(j)
	return fired, silenced
}

// choose lists the patterns that some sense of the message may fire and that
// the message as a whole admits.
func (j *judge) choose() {
	reply := j.bag
	for i := range j.r.Claims() {
		c := &j.r.Claims()[i]
		reply.Add(c.Topic)
		reply.Add(c.Act)
	}
	j.trigger(inReply, &reply)
	for i, w := range j.p.always {
		j.chosen[i] |= w
	}
	if j.r.Asked.Empty() && j.r.Heard.Empty() && j.r.Said.Empty() {
		for i, w := range j.p.contextual {
			j.chosen[i] &^= w
		}
	} else {
		j.trigger(inAsked, &j.r.Asked)
		j.trigger(inHeard, &j.r.Heard)
		j.trigger(inSaid, &j.r.Said)
	}
	j.visit = j.visit[:0]
	for i, word := range j.chosen {
		for ; word != 0; word &= word - 1 {
			ref := &j.p.whens[i*64+bits.TrailingZeros64(word)]
			if j.admits(ref.pattern) {
				j.visit = append(j.visit, *ref)
			}
		}
	}
}

// trigger chooses the patterns that one of senses may fire.
func (j *judge) trigger(where trigger, senses *claim.Set) {
	for i, word := range senses {
		for ; word != 0; word &= word - 1 {
			for _, w := range j.p.triggers[where][i*64+bits.TrailingZeros64(word)] {
				j.chosen[w.word] |= w.bits
			}
		}
	}
}

// JudgeAll does what Judge does and visits every rule for every claim. It is
// the reference that Judge is tested against.
func (p *Program) JudgeAll(r *claim.Reading, given Given) (fired, silenced []Match) {
	j := p.judge(r, given)
	for ci := range r.Claims() {
		for ri := range p.rules {
			for pi := range p.rules[ri].when {
				if j.try(ri, &p.rules[ri].when[pi], ci) {
					break
				}
			}
		}
	}
	return j.finish()
}

// judge is one pass over the claims of a reading.
type judge struct {
	p      *Program
	r      *claim.Reading
	given  Given
	fired  []Match
	silent []Match
	bag    claim.Set   // what the message means, and spelling.hidden
	viable []viability // by pattern: whether the message as a whole admits it; nil: not kept
	chosen []uint64    // a bit for every pattern of a rule: whether some sense may fire it
	visit  []whenRef   // those that are held against every claim, in order
}

type viability uint8

const (
	unknown viability = iota
	possible
	impossible
)

// judge begins a pass over r. It comes from a pool: done gives it back.
func (p *Program) judge(r *claim.Reading, given Given) *judge {
	j, _ := p.pool.Get().(*judge)
	if j == nil {
		j = &judge{p: p, viable: make([]viability, p.patternCount), chosen: make([]uint64, len(p.contextual))}
	}
	j.begin(r, given)
	clear(j.viable)
	clear(j.chosen)
	return j
}

// begin sets what the judge reads.
func (j *judge) begin(r *claim.Reading, given Given) {
	j.r, j.given, j.bag = r, given, *r.Bag()
	j.bag.Add(j.p.hidden)
}

// done gives j back. It is not called for one that panicked.
func (p *Program) done(j *judge) {
	j.r, j.given, j.fired, j.silent = nil, nil, nil, nil
	p.pool.Put(j)
}

// try holds pattern pt of rule ri against claim ci. It reports whether the
// pattern holds, whatever exceptions then say; the rule's further patterns
// need not be tried for the claim.
func (j *judge) try(ri int, pt *pattern, ci int) bool {
	if !j.holds(pt, ci) {
		return false
	}
	c := &j.p.rules[ri]
	if by := j.exception(c, ci); by != "" {
		j.silent = append(j.silent, Match{Rule: ri, Claims: []int{ci}, By: by})
		return true
	}
	j.fire(ri, ci, pt)
	return true
}

func (j *judge) exception(c *compiled, ci int) string {
	for i := range c.unless {
		if j.holds(&c.unless[i], ci) {
			return c.unless[i].name
		}
	}
	return ""
}

// fire records that claim ci fulfils pattern pt of rule ri. The finding of a
// rule is decided by its worst claim.
func (j *judge) fire(ri, ci int, pt *pattern) {
	d := j.p.rules[ri].decision
	if pt.decision != nil {
		d = *pt.decision
	}
	score, steps := score(d, &j.r.Claims()[ci], pt.weight)
	for i := range j.fired {
		m := &j.fired[i]
		if m.Rule != ri {
			continue
		}
		m.Claims = append(m.Claims, ci)
		if score > m.Score {
			m.Score, m.Decision, m.Steps = score, d, steps
		}
		return
	}
	j.fired = append(j.fired, Match{Rule: ri, Decision: d, Score: score, Claims: []int{ci}, Steps: steps})
}

// finish drops the general rules that a special one replaces and orders the
// rest.
func (j *judge) finish() (fired, silenced []Match) {
	if len(j.fired) == 0 {
		return nil, j.silent
	}
	over := map[int]string{}
	for i := range j.fired {
		c := &j.p.rules[j.fired[i].Rule]
		for _, o := range c.over {
			over[int(o)] = c.id
		}
	}
	for _, m := range j.fired {
		if by, ok := over[m.Rule]; ok {
			m.By = by
			silenced = append(silenced, m)
			continue
		}
		fired = append(fired, m)
	}
	slices.SortStableFunc(fired, func(a, b Match) int { return a.Rule - b.Rule })
	return fired, append(silenced, j.silent...)
}

// holds reports whether claim ci and what surrounds it fulfil pt. The cheap
// questions come first.
func (j *judge) holds(pt *pattern, ci int) bool {
	c := &j.r.Claims()[ci]
	if !pt.anyTopic && (c.Topic == 0 || !pt.topics.Has(c.Topic)) {
		return false
	}
	if !pt.anyAct && !actFits(pt, c.Act) {
		return false
	}
	if pt.polarity != 0 && pt.polarity != c.Polarity || pt.moods&(1<<c.Mood) == 0 {
		return false
	}
	if !j.admits(pt) || pt.parties != 0 && pt.parties&(1<<c.Party) == 0 || pt.origins != 0 && pt.origins&(1<<c.Origin) == 0 {
		return false
	}
	return j.around(pt, c) && j.conditions(pt)
}

// admits reports whether the message and what came before it admit pt at all,
// whatever the claim. It is answered once a message and pattern.
func (j *judge) admits(pt *pattern) bool {
	if j.viable == nil {
		return j.whole(pt) && j.before(pt)
	}
	v := &j.viable[pt.id]
	if *v == unknown {
		*v = impossible
		if j.whole(pt) && j.before(pt) {
			*v = possible
		}
	}
	return *v == possible
}

// whole checks what pt asks of the reply as a whole. A claim that is spelled
// to hide it adds a sense to its own scope only, so that sense is let pass.
func (j *judge) whole(pt *pattern) bool {
	if pt.asks&ofReply == 0 {
		return true
	}
	return j.bag.Holds(&pt.with) &&
		(pt.asks&asksAny == 0 || j.bag.Meets(&pt.any)) &&
		(pt.asks&asksNearby == 0 || j.bag.Meets(&pt.nearby)) &&
		(pt.asks&asksNowhere == 0 || !j.r.Bag().Meets(&pt.nowhere)) &&
		(pt.asks&asksWhole == 0 || j.r.Covers(&pt.with))
}

func actFits(pt *pattern, act claim.Sense) bool {
	if act == 0 {
		return pt.noAct
	}
	return pt.acts.Has(act)
}

// around checks what is meant in the claim's clause and its neighbours.
func (j *judge) around(pt *pattern, c *claim.Claim) bool {
	if pt.asks&ofScope == 0 {
		return true
	}
	scope := j.r.Scope(c.Clause)
	if c.Evasive {
		scope.Add(j.p.hidden)
	}
	return scope.Holds(&pt.with) && (pt.asks&asksAny == 0 || scope.Meets(&pt.any)) && !scope.Meets(&pt.without)
}

// before checks what the conversation was about.
func (j *judge) before(pt *pattern) bool {
	if pt.asks&ofContext == 0 {
		return true
	}
	r := j.r
	switch {
	case pt.asks&asksAsked != 0 && !r.Asked.Meets(&pt.asked), r.Asked.Meets(&pt.notAsked):
		return false
	case pt.asks&asksHeard != 0 && !r.Heard.Meets(&pt.heard), r.Heard.Meets(&pt.notHeard):
		return false
	case pt.asks&asksSaid != 0 && !r.Said.Meets(&pt.said), r.Said.Meets(&pt.notSaid):
		return false
	}
	return true
}

func (j *judge) conditions(pt *pattern) bool {
	for _, c := range pt.conds {
		if j.given(c.index) != c.want {
			return false
		}
	}
	return true
}

// Any reports whether some claim of r fulfils some pattern.
func (p *Program) Any(ps Patterns, r *claim.Reading, given Given) bool {
	j := judge{p: p}
	j.begin(r, given)
	for ci := range r.Claims() {
		for i := range ps.list {
			if j.holds(&ps.list[i], ci) {
				return true
			}
		}
	}
	return false
}

// Possible reports whether the conditions of some pattern of rule ri hold, such as
// that the shop offers cash on delivery, whatever the reply says.
func (p *Program) Possible(ri int, given Given) bool {
	j := judge{p: p, given: given}
	for i := range p.rules[ri].when {
		if j.conditions(&p.rules[ri].when[i]) {
			return true
		}
	}
	return false
}

// InPlay reports whether the reply and its conversation are about what rule ri is
// about: whether for some pattern its topics were mentioned by either side, and what
// the buyer or the seller is to have spoken of was spoken of. It is necessary for the
// rule to fire, whatever the reply says of them.
func (p *Program) InPlay(ri int, r *claim.Reading) bool {
	about := *r.Bag()
	for _, s := range []*claim.Set{&r.Asked, &r.Heard, &r.Said} {
		about.Union(s)
	}
	for i := range r.Claims() {
		about.Add(r.Claims()[i].Topic) // closing is about an order, be it named or not
	}
	for i := range p.rules[ri].when {
		pt := &p.rules[ri].when[i]
		switch {
		case !pt.anyTopic && !about.Meets(&pt.topics):
		case pt.asks&asksWith != 0 && !about.Meets(&pt.with):
		case !about.Holds(&pt.themes):
		case pt.asks&asksNearby != 0 && !about.Meets(&pt.nearby):
		case pt.asks&asksAsked != 0 && !r.Asked.Meets(&pt.asked):
		case pt.asks&asksHeard != 0 && !r.Heard.Meets(&pt.heard):
		case pt.asks&asksSaid != 0 && !r.Said.Meets(&pt.said):
		case pt.anyTopic && pt.asks&(asksAsked|asksHeard|asksSaid) == 0 && !about.Holds(&pt.with):
		case pt.anyTopic && pt.asks&(asksAsked|asksHeard|asksSaid) == 0 && pt.asks&asksAny != 0 && !about.Meets(&pt.any):
		default:
			return true
		}
	}
	return false
}

// score places a finding inside its decision's range by the evidence of its
// claim: a topic in the same clause is the strongest, one that the buyer named
// the weakest; a hiding spelling adds, a hedge takes away.
func score(d verdict.Decision, c *claim.Claim, weight int) (int, []Step) {
	lo, hi := verdict.MinBlockScore, verdict.MaxScore
	if d == verdict.Warn {
		lo, hi = verdict.MinWarnScore, verdict.MaxWarnScore
	}
	steps := []Step{{Why: "decision " + d.String(), Delta: hi - 3}}
	add := func(why string, delta int) {
		if delta != 0 {
			steps = append(steps, Step{why, delta})
		}
	}
	switch c.Origin {
	case claim.Explicit: // the strongest: nothing is taken away
	case claim.Inherited:
		add("topic from an earlier clause", -2)
	case claim.Continued:
		add("topic from the seller's previous message", -5)
	case claim.Answer:
		add("topic from the buyer's question", -7)
	}
	if c.Evasive {
		add("spelled to hide it", 3)
	}
	if c.Hedged {
		add("hedged", -6)
	}
	if c.Mood == claim.Offer {
		add("put as a question", -3)
	}
	add("rule's weight", weight)
	sum := 0
	for _, s := range steps {
		sum += s.Delta
	}
	return min(max(sum, lo), hi), steps
}

// AnyAsked reports whether some claim of the buyer's last turn fulfils some
// pattern, or a pattern that asks nothing of claims holds by itself. What
// surrounds the claim is then the buyer's own message.
func (p *Program) AnyAsked(ps Patterns, r *claim.Reading, given Given) bool {
	for _, i := range ps.claimless {
		if p.holdsWithoutClaim(&ps.list[i], r, given) {
			return true
		}
	}
	found := false
	for i := 0; i < r.BuyerMessages() && !found; i++ {
		r.ViewBuyer(i)
		found = p.Any(ps, r, given)
	}
	r.ViewReply()
	return found
}

// claimless reports whether the pattern asks for nothing but conditions.
func (pt *pattern) claimless() bool {
	asks := pt.with
	for _, s := range []*claim.Set{&pt.any, &pt.without, &pt.nearby, &pt.nowhere} {
		asks.Union(s)
	}
	return pt.anyTopic && pt.anyAct && pt.polarity == 0 && pt.parties == 0 && pt.origins == 0 && asks.Empty() && len(pt.conds) > 0
}

func (p *Program) holdsWithoutClaim(pt *pattern, r *claim.Reading, given Given) bool {
	j := judge{p: p, r: r, given: given}
	return j.before(pt) && j.conditions(pt)
}
