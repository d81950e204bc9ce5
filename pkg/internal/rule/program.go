// Package rule compiles the rules of a policy and judges claims by them.
//
// A rule matches no text: its patterns ask for a claim's topic, act, polarity,
// mood and party, for what is meant around it, for what the buyer asked, and
// for named conditions on facts. Compiling resolves every name once; judging
// walks immutable data. Only rules that some sense of the message may fire are
// visited; a rule with a pattern that needs none is always visited.
package rule

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Program is a compiled set of rules. It is immutable and safe for concurrent
// use.
type Program struct {
	vocab    *claim.Vocab
	rules    []compiled
	whens    []whenRef                // the patterns of all rules, in order
	triggers [triggerKinds][][]picked // of whens: those that a sense may fire, by where it stands
	always   []uint64                 // bit set over whens: those that need no sense
	// contextual is a bit set over whens: those that ask for something in the
	// conversation before, so that no reply without one fulfils them.
	contextual []uint64
	given      []string // names of conditions, by index

	hidden       claim.Sense // spelling.hidden
	patternCount int
	pool         sync.Pool // of *judge
}

type compiled struct {
	id       string
	decision verdict.Decision
	when     []pattern
	unless   []pattern
	over     []int32
}

// A pattern is policy.Pattern with every name resolved. What most patterns are
// turned down by comes first: a reply touches hundreds of them.
type pattern struct {
	id               int  // number among all patterns of the program
	asks             asks // which of the sets below are not empty
	noAct            bool // claims that name no act fit too
	anyTopic, anyAct bool
	polarity         claim.Polarity // 0: either
	moods            uint8          // bit set over claim.Mood
	parties          uint8          // bit set over claim.Party; 0: any
	origins          uint8          // bit set over claim.Origin; 0: any
	with             claim.Set
	themes           claim.Set // the topics that with names
	topics, acts     claim.Set
	any              claim.Set
	without          claim.Set
	nearby           claim.Set
	nowhere          claim.Set
	asked            claim.Set
	notAsked         claim.Set
	heard            claim.Set
	notHeard         claim.Set
	said             claim.Set
	notSaid          claim.Set
	conds            []condition
	name             string
	decision         *verdict.Decision
	weight           int
}

// asks tells what a pattern asks for besides a claim.
type asks uint16

const (
	asksWith asks = 1 << iota
	asksAny
	asksWithout
	asksNearby
	asksNowhere
	asksWhole // the reply says nothing besides what with names
	asksAsked
	asksNotAsked
	asksHeard
	asksNotHeard
	asksSaid
	asksNotSaid

	ofScope   = asksWith | asksAny | asksWithout
	ofReply   = asksWith | asksAny | asksNearby | asksNowhere | asksWhole
	ofContext = asksAsked | asksNotAsked | asksHeard | asksNotHeard | asksSaid | asksNotSaid
)

// asking returns what pt asks for.
func (pt *pattern) asking(whole bool) asks {
	var out asks
	for i, s := range []*claim.Set{&pt.with, &pt.any, &pt.without, &pt.nearby, &pt.nowhere, nil, &pt.asked, &pt.notAsked, &pt.heard, &pt.notHeard, &pt.said, &pt.notSaid} {
		if s == nil && whole || s != nil && !s.Empty() {
			out |= 1 << i
		}
	}
	return out
}

type condition struct {
	index int
	want  bool
}

// Compile resolves rules against v. Names that v does not have are errors;
// policy.Load has reported them with their place before.
func Compile(v *claim.Vocab, rules []policy.Rule) (*Program, error) {
	p := &Program{vocab: v, hidden: v.Sense("spelling.hidden")}
	for k := range p.triggers {
		p.triggers[k] = make([][]picked, v.Len())
	}
	index := map[string]int32{}
	for i := range rules {
		index[rules[i].ID] = int32(i)
	}
	for i := range rules {
		c, err := p.compile(&rules[i], index)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", rules[i].ID, err)
		}
		p.rules = append(p.rules, c)
	}
	p.enter()
	return p, nil
}

// CompilePatterns belongs to the making of a program: it must not be called
// once the program judges.
//
// CompilePatterns compiles patterns that stand outside of rules, those of
// traps. They hold in every mood unless they name some.
func (p *Program) CompilePatterns(ps []policy.Pattern) (Patterns, error) {
	out, err := p.patterns(ps)
	for i := range out {
		if len(ps[i].Mood) == 0 {
			out[i].moods = ^uint8(0)
		}
	}
	compiled := Patterns{list: out}
	for i := range out {
		if out[i].claimless() {
			compiled.claimless = append(compiled.claimless, i)
		}
	}
	return compiled, err
}

// Patterns is a compiled list of patterns, any of which is enough.
type Patterns struct {
	list      []pattern
	claimless []int // those that ask nothing of claims
}

// Claimless reports whether some pattern asks for nothing but conditions, so
// that it may hold where nothing was said.
func (ps *Patterns) Claimless() bool { return len(ps.claimless) > 0 }

// Conditions returns the names of the conditions that the rules ask for, by
// the index that Given is called with.
func (p *Program) Conditions() []string { return p.given }

func (p *Program) compile(r *policy.Rule, index map[string]int32) (compiled, error) {
	c := compiled{id: r.ID, decision: r.Decision}
	var err error
	if c.when, err = p.patterns(r.When); err != nil {
		return c, err
	}
	if c.unless, err = p.patterns(r.Unless); err != nil {
		return c, err
	}
	for _, o := range r.Over {
		i, ok := index[o]
		if !ok {
			return c, fmt.Errorf("over: no rule %q", o)
		}
		c.over = append(c.over, i)
	}
	return c, nil
}

// trigger tells where the senses stand of which a pattern needs at least one.
type trigger uint8

const (
	inReply trigger = iota // in the reply: topics and acts of its claims, or what it means
	inAsked                // in what the buyer's last turn asks
	inHeard                // in the buyer's messages
	inSaid                 // in the seller's earlier messages
	triggerKinds
)

// enter lists the patterns of all rules under the senses that may fire them: a
// message without any of those cannot fulfil the pattern.
func (p *Program) enter() {
	for i := range p.rules {
		for j := range p.rules[i].when {
			p.whens = append(p.whens, whenRef{rule: int32(i), pattern: &p.rules[i].when[j]})
		}
	}
	p.always, p.contextual = make([]uint64, (len(p.whens)+63)/64), make([]uint64, (len(p.whens)+63)/64)
	for id := range p.whens {
		pt := p.whens[id].pattern
		if pt.asks&(asksAsked|asksHeard|asksSaid) != 0 {
			p.contextual[id/64] |= 1 << (id % 64)
		}
		where, senses := pt.trigger()
		if senses.Empty() {
			p.always[id/64] |= 1 << (id % 64)
		}
		for s := range senses.Each() {
			p.triggers[where][s] = pick(p.triggers[where][s], id)
		}
	}
}

// picked is some of 64 patterns in a row, those from 64 times word on.
type picked struct {
	word int
	bits uint64
}

// pick adds pattern id to list. Patterns come in order, and those of one rule mostly
// ask for the same, so that few words hold many.
func pick(list []picked, id int) []picked {
	if n := len(list); n > 0 && list[n-1].word == id/64 {
		list[n-1].bits |= 1 << (id % 64)
		return list
	}
	return append(list, picked{word: id / 64, bits: 1 << (id % 64)})
}

// whenRef names one pattern of one rule.
type whenRef struct {
	rule    int32
	pattern *pattern
}

// trigger returns the senses of which a message must hold at least one for the
// pattern, and where. The set is empty if the pattern asks for none.
func (pt *pattern) trigger() (trigger, claim.Set) {
	var one claim.Set
	switch {
	case !pt.anyTopic:
		return inReply, pt.topics
	case !pt.with.Empty():
		one.Add(pt.with.First())
		return inReply, one
	case !pt.any.Empty():
		return inReply, pt.any
	case !pt.nearby.Empty():
		return inReply, pt.nearby
	case !pt.anyAct && !pt.noAct:
		return inReply, pt.acts
	case !pt.asked.Empty():
		return inAsked, pt.asked
	case !pt.heard.Empty():
		return inHeard, pt.heard
	case !pt.said.Empty():
		return inSaid, pt.said
	}
	return inReply, one
}

func (p *Program) patterns(in []policy.Pattern) ([]pattern, error) {
	out := make([]pattern, 0, len(in))
	for i := range in {
		pt, err := p.pattern(&in[i])
		if err != nil {
			return nil, err
		}
		out = append(out, pt)
	}
	return out, nil
}

func (p *Program) pattern(in *policy.Pattern) (pattern, error) {
	pt := pattern{id: p.patternCount, name: in.Name, decision: in.Decision, weight: in.Weight}
	p.patternCount++
	pt.anyTopic, pt.anyAct = len(in.Topic) == 0, len(in.Act) == 0
	sets := []struct {
		to     *claim.Set
		prefix string
		names  []string
	}{
		{&pt.topics, "topic.", in.Topic},
		{&pt.acts, "act.", in.Act},
		{&pt.with, "", in.With},
		{&pt.any, "", in.Any},
		{&pt.without, "", in.Without},
		{&pt.nearby, "", in.Nearby},
		{&pt.nowhere, "", in.Nowhere},
		{&pt.asked, "", in.Asked},
		{&pt.notAsked, "", in.NotAsked},
		{&pt.heard, "", in.Heard},
		{&pt.notHeard, "", in.NotHeard},
		{&pt.said, "", in.Said},
		{&pt.notSaid, "", in.NotSaid},
	}
	for _, s := range sets {
		for _, n := range s.names {
			if s.prefix == "act." && n == policy.NoAct {
				pt.noAct = true
				continue
			}
			sense := p.vocab.Sense(s.prefix + strings.TrimPrefix(n, s.prefix))
			if sense == 0 {
				return pt, fmt.Errorf("line %d: sense %q is not declared", in.Pos.Line, n)
			}
			s.to.Add(sense)
			if s.to == &pt.with && strings.HasPrefix(n, "topic.") {
				pt.themes.Add(sense)
			}
		}
	}
	pt.asks = pt.asking(in.Whole)
	switch in.Polarity {
	case "positive":
		pt.polarity = claim.Positive
	case "negative":
		pt.polarity = claim.Negative
	}
	pt.moods = mask(in.Mood, claim.MoodNames())
	if len(in.Mood) == 0 {
		pt.moods = 1<<claim.Assert | 1<<claim.Offer
	}
	pt.parties = mask(in.Party, claim.PartyNames())
	pt.origins = mask(in.Origin, claim.OriginNames())
	for _, g := range in.Given {
		name, negated := strings.CutPrefix(g, "!")
		pt.conds = append(pt.conds, condition{p.conditionIndex(name), !negated})
	}
	return pt, nil
}

func mask(names, all []string) uint8 {
	var m uint8
	for _, n := range names {
		if i := slices.Index(all, n); i >= 0 {
			m |= 1 << i
		}
	}
	return m
}

func (p *Program) conditionIndex(name string) int {
	if i := slices.Index(p.given, name); i >= 0 {
		return i
	}
	p.given = append(p.given, name)
	return len(p.given) - 1
}
