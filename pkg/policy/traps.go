package policy

import (
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// isTrapFile reports whether a file in rules holds traps.
func isTrapFile(name string) bool { return path.Base(name) == "traps.yaml" }

// readTraps reads rules/traps.yaml and traps/*.yaml.
func (l *loader) readTraps() {
	names := slices.DeleteFunc(l.names("rules"), func(s string) bool { return !isTrapFile(s) })
	for f, n := range l.roots(append(names, l.names("traps")...)) {
		f.each(n, "a file of traps", func(c *yaml.Node) {
			t := Trap{Pos: f.pos(c)}
			if f.trap(&t, c) {
				f.pack.Traps = append(f.pack.Traps, t)
			}
		})
	}
}

func (f *file) trap(t *Trap, n *yaml.Node) bool {
	ok := f.object(n, "the trap",
		need("id", func(v *yaml.Node) { f.trapID(t, v) }),
		need("name", f.str(&t.Name, "name")),
		need("when", f.patterns(&t.When, inTrap)),
		need("advice", f.str(&t.Advice, "advice")),
		need("safe_reply", f.str(&t.SafeReply, "safe_reply")),
		need("examples", func(v *yaml.Node) {
			f.object(v, "examples",
				need("is", f.exampleList(&t.Examples.Is, "is", t.ID, buyerOnly)),
				need("is_not", f.exampleList(&t.Examples.IsNot, "is_not", t.ID, buyerOnly)))
		}))
	if ok && len(t.When) > MaxPatterns {
		f.errorf(n, "trap %s has %d patterns; at most %d", t.ID, len(t.When), MaxPatterns)
	}
	return ok
}

// trapID checks that a trap's id is new and of the form trap.name.
func (f *file) trapID(t *Trap, n *yaml.Node) {
	id, ok := f.text(n, "id")
	if !ok {
		return
	}
	t.ID = id
	first, twice := f.index.traps[id]
	switch {
	case !ruleID.MatchString(id) || !strings.HasPrefix(id, trapFamily+"."):
		f.errorf(n, "trap id %q is not of the form trap.name in a-z, 0-9 and _", id)
	case twice:
		f.errorf(n, "trap %s is defined twice; the first is at %s:%d:%d", id, first.File, first.Line, first.Column)
		return
	}
	f.index.traps[id] = f.pos(n)
}
