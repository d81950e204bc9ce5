package policy

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"
)

// key is one key that a mapping may hold and what reads its value.
type key struct {
	name string
	need bool
	read func(*yaml.Node)
}

// need is a key that must be there, may one that can be left out.
func need(name string, read func(*yaml.Node)) key { return key{name, true, read} }
func may(name string, read func(*yaml.Node)) key  { return key{name, false, read} }

// object reads mapping n by keys and reports unknown, repeated and missing
// ones. what names the thing in messages. It reports whether n is a mapping.
func (f *file) object(n *yaml.Node, what string, keys ...key) bool {
	if n.Kind != yaml.MappingNode {
		f.errorf(n, "%s: want a mapping with the keys %s, not %s", what, strings.Join(keyList(keys), ", "), kindOf(n))
		return false
	}
	seen := map[string]*yaml.Node{}
	for k, v := range pairs(n) {
		i := slices.IndexFunc(keys, func(x key) bool { return x.name == k.Value })
		switch {
		case k.Kind != yaml.ScalarNode:
			f.errorf(k, "a key must be a word, not %s", kindOf(k))
		case seen[k.Value] != nil:
			f.errorf(k, "key %q stands twice; the first is in line %d", k.Value, seen[k.Value].Line)
		case i < 0:
			seen[k.Value] = k
			f.errorf(k, "unknown key %q in %s%s", k.Value, what, suggest(k.Value, keyList(keys)))
		default:
			seen[k.Value] = k
			keys[i].read(v)
		}
	}
	var missing []string
	for _, k := range keys {
		if k.need && seen[k.name] == nil {
			missing = append(missing, k.name)
		}
	}
	if len(missing) > 0 {
		f.errorf(n, "%s has no %s", what, orList(missing))
	}
	return true
}

// pairs yields the keys and values of mapping n in order.
func pairs(n *yaml.Node) func(yield func(k, v *yaml.Node) bool) {
	return func(yield func(k, v *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

func keyList(keys []key) []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return names
}

// each calls read for every element of list n. A list must not be empty.
func (f *file) each(n *yaml.Node, what string, read func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		f.errorf(n, "%s: want a list, not %s", what, kindOf(n))
		return
	}
	switch {
	case len(n.Content) == 0:
		f.errorf(n, "%s: the list is empty; fill it or leave it out", what)
	case len(n.Content) > MaxList:
		f.errorf(n, "%s: the list has %d elements; at most %d", what, len(n.Content), MaxList)
		return
	}
	for _, c := range n.Content {
		read(c)
	}
}

// eachOrOne is each for lists whose only element may stand without brackets.
func (f *file) eachOrOne(n *yaml.Node, what string, read func(*yaml.Node)) {
	if n.Kind == yaml.SequenceNode {
		f.each(n, what, read)
		return
	}
	read(n)
}

// text returns the text of scalar n. Numbers and dates count as text and are
// taken as they are written; true, false and null need quotes to be meant.
func (f *file) text(n *yaml.Node, what string) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		f.errorf(n, "%s: want text, not %s", what, kindOf(n))
		return "", false
	}
	tag := n.ShortTag()
	switch {
	case strings.TrimSpace(n.Value) == "":
		f.errorf(n, "%s: empty; want text", what)
	case tag == "!!bool" || tag == "!!null":
		f.errorf(n, "%s: want text, not the value %s; put it in quotes if it is meant so", what, n.Value)
	default:
		return n.Value, true
	}
	return "", false
}

// str returns a reader that stores text in dst.
func (f *file) str(dst *string, what string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if s, ok := f.text(n, what); ok {
			*dst = strings.TrimSpace(s)
		}
	}
}

// flag returns a reader that stores true or false in dst.
func (f *file) flag(dst *bool, what string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
			f.errorf(n, "%s: want true or false, not %s", what, kindOf(n))
			return
		}
		*dst = strings.EqualFold(n.Value, "true")
	}
}

// optionalFlag is flag for a field where nil means that nothing was said.
func (f *file) optionalFlag(dst **bool, what string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v := new(bool)
		f.flag(v, what)(n)
		*dst = v
	}
}

// number returns a reader that stores an integer from lo to hi in dst.
func (f *file) number(dst *int, what string, lo, hi int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" {
			f.errorf(n, "%s: want a whole number, not %s", what, kindOf(n))
			return
		}
		v, err := strconv.ParseInt(n.Value, 10, 0)
		if err != nil {
			v = math.MaxInt // written in another base, or out of range
		}
		if v < int64(lo) || v > int64(hi) {
			f.errorf(n, "%s: want a whole number from %d to %d, not %s", what, lo, hi, n.Value)
			return
		}
		*dst = int(v)
	}
}

// share returns a reader of a number between 0 and 1.
func (f *file) share(dst *float64, what string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.ParseFloat(n.Value, 64)
		if n.Kind != yaml.ScalarNode || err != nil || !(v >= 0 && v <= 1) {
			f.errorf(n, "%s: want a number from 0 to 1, such as 0.02", what)
			return
		}
		*dst = v
	}
}

// oneOf returns a reader that stores a text out of legal in dst.
func (f *file) oneOf(dst *string, what string, legal []string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		s, ok := f.text(n, what)
		if !ok {
			return
		}
		if !slices.Contains(legal, s) {
			f.errorf(n, "unknown %s %q; want %s", what, s, orList(legal))
			return
		}
		*dst = s
	}
}

// listOf returns a reader that appends texts out of legal to dst.
func (f *file) listOf(dst *[]string, what string, legal []string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.eachOrOne(n, what, func(c *yaml.Node) {
			var s string
			f.oneOf(&s, what, legal)(c)
			if s != "" {
				*dst = append(*dst, s)
			}
		})
	}
}

// kindOf describes n's type for messages.
func kindOf(n *yaml.Node) string {
	tag := n.ShortTag()
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case tag == "!!null":
		return "nothing"
	case tag == "!!bool":
		return "the value " + n.Value
	case tag == "!!int" || tag == "!!float":
		return "the number " + n.Value
	}
	return "text"
}

// orList joins names as "a, b or c".
func orList(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// suggest returns "; did you mean …?" for the legal name closest to s, or "".
func suggest(s string, legal []string) string {
	best, limit := "", 1+utf8.RuneCountInString(s)/4
	for _, name := range legal {
		if d := levenshtein.ComputeDistance(s, name); d <= limit && (best == "" || d < limit) {
			best, limit = name, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}
