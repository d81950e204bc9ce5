package policy

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/replyguard/replyguard/pkg/verdict"
)

// trapFamily is the family of traps, which no rule may have.
const trapFamily = "trap"

var ruleID = regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$`)

// readRules reads rules/<family>.yaml.
func (l *loader) readRules() {
	names := slices.DeleteFunc(l.names("rules"), isTrapFile)
	for f, n := range l.roots(names) {
		f.each(n, "a file of rules", func(c *yaml.Node) {
			r := Rule{Pos: f.pos(c)}
			if f.rule(&r, c) {
				f.addRule(c, r)
			}
			f.lost = f.lost || r.ID == ""
		})
	}
	if len(names) == 0 {
		l.errorAt(start("rules"), "the pack has no rules: no file rules/<family>.yaml")
	}
}

func (f *file) addRule(n *yaml.Node, r Rule) {
	f.pack.Rules = append(f.pack.Rules, r)
	if len(f.pack.Rules) == MaxRules+1 {
		f.errorf(n, "the pack has more than %d rules", MaxRules)
	}
}

func (f *file) rule(r *Rule, n *yaml.Node) bool {
	// What other keys are checked against is read first, whatever the order.
	r.ID = valueOf(n, "id")
	ok := f.object(n, "the rule",
		need("id", func(v *yaml.Node) { f.ruleID(r, v) }),
		need("name", f.str(&r.Name, "name")),
		need("decision", f.decision(&r.Decision)),
		may("mode", f.mode(&r.Mode)),
		need("when", f.patterns(&r.When, inWhen)),
		may("unless", f.patterns(&r.Unless, inUnless)),
		may("over", f.ruleRefs(&r.Over, "over", r.ID)),
		need("reason", f.str(&r.Reason, "reason")),
		may("penalties", f.penalties(&r.Penalties)),
		may("rewrite", f.says(&r.Rewrites)),
		may("no_rewrite", f.str(&r.NoRewrite, "no_rewrite")),
		need("examples", f.examples(r)))
	if !ok {
		return false
	}
	if total := len(r.When) + len(r.Unless); total > MaxPatterns {
		f.errorf(n, "rule %s has %d patterns; at most %d", r.ID, total, MaxPatterns)
	}
	if r.ID != "" && !hasKey(n, "rewrite") && !hasKey(n, "no_rewrite") {
		f.warnf(n, "rule %s has neither rewrite nor no_rewrite: the agent is not told what to say", r.ID)
	}
	return true
}

// hasKey reports whether mapping n has the key name.
func hasKey(n *yaml.Node, name string) bool {
	for k := range pairs(n) {
		if k.Value == name {
			return true
		}
	}
	return false
}

// valueOf returns the scalar that stands at key name of mapping n, or "".
func valueOf(n *yaml.Node, name string) string {
	if n.Kind != yaml.MappingNode {
		return ""
	}
	for k, v := range pairs(n) {
		if k.Value == name && v.Kind == yaml.ScalarNode {
			return v.Value
		}
	}
	return ""
}

// ruleID checks that a rule's id is new and belongs into its file.
func (f *file) ruleID(r *Rule, n *yaml.Node) {
	id, ok := f.text(n, "id")
	if !ok {
		return
	}
	family := strings.TrimSuffix(path.Base(f.name), ".yaml")
	got, _, _ := strings.Cut(id, ".")
	switch first, twice := f.index.rules[id]; {
	case !ruleID.MatchString(id):
		f.errorf(n, "rule id %q is not of the form family.name in a-z, 0-9 and _", id)
	case got == trapFamily:
		f.errorf(n, "%s: traps stand in rules/traps.yaml, and no rule's family is %s", id, trapFamily)
	case got != family:
		f.errorf(n, "rule %s belongs in rules/%s.yaml: files are named by family", id, got)
	case twice:
		f.errorf(n, "rule %s is defined twice; the first is at %s:%d:%d", id, first.File, first.Line, first.Column)
	}
	if _, twice := f.index.rules[id]; !twice {
		f.index.rules[id] = f.pos(n)
	}
	r.ID = id
}

// decision returns a reader of a decision that can be reported.
func (f *file) decision(dst *verdict.Decision) func(*yaml.Node) {
	return func(n *yaml.Node) {
		s, ok := f.text(n, "decision")
		if !ok {
			return
		}
		d, err := verdict.ParseDecision(s)
		switch {
		case err != nil:
			f.errorf(n, "unknown decision %q; want block or warn", s)
		case d == verdict.Allow:
			f.errorf(n, "decision allow finds nothing; want block or warn, or mode: shadow to switch a rule off")
		default:
			*dst = d
		}
	}
}

func (f *file) optionalDecision(dst **verdict.Decision) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d := new(verdict.Decision)
		f.decision(d)(n)
		*dst = d
	}
}

func (f *file) mode(dst *verdict.Mode) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var s string
		f.oneOf(&s, "mode", []string{verdict.Enforce.String(), verdict.Shadow.String()})(n)
		if s == verdict.Shadow.String() {
			*dst = verdict.Shadow
		}
	}
}

// ruleRefs returns a reader of rule ids that are resolved at the end.
func (f *file) ruleRefs(dst *[]string, what, from string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.eachOrOne(n, what, func(c *yaml.Node) {
			id, ok := f.text(c, what)
			switch {
			case !ok:
			case slices.Contains(*dst, id):
				f.errorf(c, "%s: rule %s stands twice", what, id)
			default:
				*dst = append(*dst, id)
				f.refs = append(f.refs, ref{file: f, node: c, what: what, from: from})
			}
		})
	}
}

// Bounds of a penalty's figures.
const (
	maxPoints = 100
	minYear   = 2003 // Taobao's first
	maxYear   = 2100
)

//nolint:gochecknoglobals // the legal values of a key
var (
	platforms    = []string{string(verdict.Tmall), string(verdict.Taobao), string(verdict.B1688)}
	penaltyKinds = []string{"general", "serious"}
)

func (f *file) penalties(dst *[]verdict.Penalty) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.each(n, "penalties", func(c *yaml.Node) {
			p := verdict.Penalty{Kind: "general"}
			if f.penalty(&p, c) {
				*dst = append(*dst, p)
			}
		})
	}
}

func (f *file) penalty(p *verdict.Penalty, n *yaml.Node) bool {
	return f.object(n, "the penalty",
		need("platform", f.platform(&p.Platform)),
		may("points", f.number(&p.Points, "points", 0, maxPoints)),
		may("kind", f.oneOf(&p.Kind, "kind", penaltyKinds)),
		may("money", f.str(&p.Money, "money")),
		need("basis", f.str(&p.Basis, "basis")),
		need("source", f.str(&p.Source, "source")),
		may("year", f.number(&p.Year, "year", minYear, maxYear)))
}

func (f *file) platform(dst *verdict.Platform) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var s string
		f.oneOf(&s, "platform", platforms)(n)
		*dst = verdict.Platform(s)
	}
}

// says returns a reader of rewrites.
func (f *file) says(dst *[]Say) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.eachOrOne(n, "rewrite", func(c *yaml.Node) {
			s := Say{Pos: f.pos(c)}
			if !f.say(&s, c) {
				return
			}
			if slices.ContainsFunc(*dst, s.same) {
				f.errorf(c, "the same rewrite stands twice")
			}
			*dst = append(*dst, s)
		})
	}
}

func (f *file) say(s *Say, n *yaml.Node) bool {
	text := func(v *yaml.Node) {
		f.str(&s.Text, "say")(v)
		f.checkSlots(v, s.Text)
	}
	if n.Kind == yaml.ScalarNode {
		text(n)
		return s.Text != ""
	}
	return f.object(n, "the rewrite",
		need("say", text),
		may("asked", f.optionalFlag(&s.Asked, "asked")),
		may("given", f.givens(&s.Given)),
		may("whole", f.flag(&s.Whole, "whole")))
}

// same reports whether s and t say the same on the same conditions.
func (s Say) same(t Say) bool {
	asked := (s.Asked == nil) == (t.Asked == nil) && (s.Asked == nil || *s.Asked == *t.Asked)
	return s.Text == t.Text && asked && s.Whole == t.Whole && slices.Equal(s.Given, t.Given)
}

// checkSlots reports braces in the text of n that name no fact.
func (f *file) checkSlots(n *yaml.Node, text string) {
	for rest, at := text, 0; rest != ""; {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			return
		}
		pos := f.inside(n, runes(text[:at+i]))
		name, after, closed := strings.Cut(rest[i+1:], "}")
		switch {
		case rest[i] == '}' || !closed || strings.Contains(name, "{"):
			f.errorAt(pos, "unbalanced brace in a rewrite")
			return
		case rewriteSlots[name] == "":
			f.errorAt(pos, "unknown slot {%s}; want %s", name, orList(sortedKeys(rewriteSlots)))
		}
		rest, at = after, len(text)-len(after)
	}
}
