package policy

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/replyguard/replyguard/pkg/verdict"
)

// readStores reads the profiles below stores.
func (l *loader) readStores() {
	for f, n := range l.roots(l.names("stores")) {
		s := Store{Pos: f.pos(n)}
		if f.store(&s, n) {
			l.pack.Stores = append(l.pack.Stores, s)
		}
	}
}

func (f *file) store(s *Store, n *yaml.Node) bool {
	var rules *yaml.Node // read last: its patterns may ask for the store's terms
	ok := f.object(n, "the store profile",
		need("id", func(v *yaml.Node) { f.storeID(s, v) }),
		may("facts", f.record(&s.Facts, "facts", factShape())),
		may("lexicon", f.entries(&s.Lexicon, map[string]Pos{}, f.index.terms)),
		may("rules", func(v *yaml.Node) { rules = v }))
	if rules == nil {
		return ok
	}
	shipped := f.index.meant
	f.index.meant = withSenses(shipped, s.Lexicon)
	f.each(rules, "rules", func(c *yaml.Node) { f.override(&s.Rules, c) })
	f.index.meant = shipped
	return ok
}

// withSenses returns meant and the senses of lexicon, or nil if meant is nil.
func withSenses(meant map[string]bool, lexicon []Entry) map[string]bool {
	meant = maps.Clone(meant)
	for _, e := range lexicon {
		for _, id := range e.Is {
			if meant != nil {
				meant[id] = true
			}
		}
	}
	return meant
}

func (f *file) storeID(s *Store, n *yaml.Node) {
	id, ok := f.text(n, "id")
	if !ok {
		return
	}
	if first, twice := f.index.stores[id]; twice {
		f.errorf(n, "store %q has two profiles; the other is in %s", id, first.File)
		return
	}
	f.index.stores[id] = f.pos(n)
	s.ID = id
}

// override reads a store's changes to one shipped rule.
func (f *file) override(dst *[]RuleOverride, n *yaml.Node) {
	o := RuleOverride{Pos: f.pos(n)}
	var ids []string
	id := func(v *yaml.Node) {
		f.ruleRefs(&ids, "id", "")(v)
		if len(ids) == 1 {
			o.ID = ids[0]
		}
	}
	ok := f.object(n, "the override",
		need("id", id),
		may("decision", f.optionalDecision(&o.Decision)),
		may("mode", func(v *yaml.Node) {
			o.Mode = new(verdict.Mode)
			f.mode(o.Mode)(v)
		}),
		may("unless", f.patterns(&o.Unless, inUnless)),
		may("rewrite", f.says(&o.Rewrites)))
	if !ok {
		return
	}
	if slices.ContainsFunc(*dst, func(x RuleOverride) bool { return x.ID == o.ID && o.ID != "" }) {
		f.errorf(n, "rule %s is changed twice", o.ID)
	}
	if o.Decision == nil && o.Mode == nil && o.Unless == nil && o.Rewrites == nil {
		f.errorf(n, "the override changes nothing")
	}
	*dst = append(*dst, o)
}
