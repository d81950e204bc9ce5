package policy

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// field is one value of the request format of CONTRACT.md, as it may stand in
// a profile or an example. read returns bool, int, string, []string,
// map[string]any or, for a list of objects, []any.
type field struct {
	name string
	read func(f *file, n *yaml.Node, what string) (any, bool)
}

// Bounds of facts.
const (
	maxDays       = 365
	maxHours      = 24 * 365
	maxFactPoints = 1000
)

// factShape are the facts of a shop.
func factShape() []field {
	return []field{
		{"cod", boolean},
		{"credit_card", boolean},
		{"free_shipping", choice("none", "mainland", "listed")},
		{"free_shipping_regions", texts},
		{"couriers", texts},
		{"service_phones", texts},
		{"own_links", texts},
		{"legal_representative", text},
		{"invoice_reissue_days", integer(1, maxDays)},
		{"ship_within_hours", integer(1, maxHours)},
		{"dispatch_cutoff", form(`^([01]\d|2[0-3]):[0-5]\d$`, "a time of day in quotes, such as \"16:00\"")},
		{"points", object(
			field{"general", integer(0, maxFactPoints)},
			field{"serious", integer(0, maxFactPoints)},
		)},
	}
}

// orderShape is the order that a chat is about.
func orderShape() []field {
	return []field{
		{"id", text},
		{"buyer", text},
		{"amount", form(`^\d+(\.\d{1,2})?$`, "an amount in CNY, such as \"9.30\"")},
		{"status", choice("unpaid", "paid", "shipped", "received", "refunding", "closed")},
		{"payment", choice("alipay", "cod", "card")},
		{"recipient", object(field{"name", text}, field{"phone", text}, field{"address", text})},
		{"items", objects(field{"title", text}, field{"custom", boolean})},
	}
}

// chatShape is the conversation without its messages.
func chatShape() []field {
	return []field{{"id", text}, {"buyer", text}, {"agent", text}}
}

// record returns a reader of a mapping by shape.
func (f *file) record(dst *map[string]any, shape []field) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if v, ok := f.fields(n, "the mapping", shape); ok {
			*dst = v
		}
	}
}

// fields reads the mapping n by shape. Nothing in it is required, but there
// must be something.
func (f *file) fields(n *yaml.Node, what string, shape []field) (map[string]any, bool) {
	values := map[string]any{}
	keys := make([]key, len(shape))
	for i, s := range shape {
		keys[i] = may(s.name, func(v *yaml.Node) {
			if x, ok := s.read(f, v, s.name); ok {
				values[s.name] = x
			}
		})
	}
	if !f.object(n, what, keys...) {
		return nil, false
	}
	if len(n.Content) == 0 {
		f.errorf(n, "%s is empty; fill it or leave it out", what)
	}
	return values, true
}

func boolean(f *file, n *yaml.Node, what string) (any, bool) {
	var v *bool
	before := len(f.diags)
	f.optionalFlag(&v, what)(n)
	return *v, len(f.diags) == before
}

func text(f *file, n *yaml.Node, what string) (any, bool) { return f.text(n, what) }

func texts(f *file, n *yaml.Node, what string) (any, bool) {
	var list []string
	f.eachOrOne(n, what, func(c *yaml.Node) {
		s, ok := f.text(c, what)
		switch {
		case !ok:
		case slices.Contains(list, s):
			f.errorf(c, "%s: %q stands twice", what, s)
		default:
			list = append(list, s)
		}
	})
	return list, len(list) > 0
}

func integer(lo, hi int) func(*file, *yaml.Node, string) (any, bool) {
	return func(f *file, n *yaml.Node, what string) (any, bool) {
		v := lo - 1
		f.number(&v, what, lo, hi)(n)
		return v, v >= lo
	}
}

func choice(legal ...string) func(*file, *yaml.Node, string) (any, bool) {
	return func(f *file, n *yaml.Node, what string) (any, bool) {
		var s string
		f.oneOf(&s, what, legal)(n)
		return s, s != ""
	}
}

func form(pattern, want string) func(*file, *yaml.Node, string) (any, bool) {
	re := regexp.MustCompile(pattern)
	return func(f *file, n *yaml.Node, what string) (any, bool) {
		s, ok := f.text(n, what)
		if ok && !re.MatchString(s) {
			f.errorf(n, "%s is %q; want %s", what, s, want)
			return nil, false
		}
		return s, ok
	}
}

func object(shape ...field) func(*file, *yaml.Node, string) (any, bool) {
	return func(f *file, n *yaml.Node, what string) (any, bool) { return f.fields(n, what, shape) }
}

func objects(shape ...field) func(*file, *yaml.Node, string) (any, bool) {
	return func(f *file, n *yaml.Node, what string) (any, bool) {
		var list []any
		f.each(n, what, func(c *yaml.Node) {
			if v, ok := f.fields(c, what, shape); ok {
				list = append(list, v)
			}
		})
		return list, len(list) > 0
	}
}
