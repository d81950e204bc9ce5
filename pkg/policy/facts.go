package policy

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// field is one value of the request format of CONTRACT.md, as it may stand in
// a profile or an example. read returns bool, int, string, []string,
// map[string]any or, for a list of asObjects, []any.
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
		{"cod", asBool},
		{"credit_card", asBool},
		{"free_shipping", asOneOf("none", "mainland", "listed")},
		{"free_shipping_regions", asTexts},
		{"couriers", asTexts},
		{"service_phones", asTexts},
		{"own_links", asTexts},
		{"legal_representative", asText},
		{"invoice_reissue_days", asInt(1, maxDays)},
		{"ship_within_hours", asInt(1, maxHours)},
		{"dispatch_cutoff", asForm(`^([01]\d|2[0-3]):[0-5]\d$`, "a time of day in quotes, such as \"16:00\"")},
		{"points", asObject(
			field{"general", asInt(0, maxFactPoints)},
			field{"serious", asInt(0, maxFactPoints)},
		)},
	}
}

// orderShape is the order that a chat is about.
func orderShape() []field {
	return []field{
		{"id", asText},
		{"buyer", asText},
		{"amount", asForm(`^\d+(\.\d{1,2})?$`, "an amount in CNY, such as \"9.30\"")},
		{"status", asOneOf("unpaid", "paid", "shipped", "received", "refunding", "closed")},
		{"payment", asOneOf("alipay", "cod", "card")},
		{"recipient", asObject(field{"name", asText}, field{"phone", asText}, field{"address", asText})},
		{"items", asObjects(field{"title", asText}, field{"custom", asBool})},
	}
}

// chatShape is the conversation without its messages.
func chatShape() []field {
	return []field{{"id", asText}, {"buyer", asText}, {"agent", asText}}
}

// record returns a reader of a mapping by shape.
func (f *file) record(dst *map[string]any, what string, shape []field) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if v, ok := f.fields(n, what, shape); ok {
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
		f.errorf(n, "%s: the mapping is empty; fill it or leave it out", what)
	}
	return values, true
}

func asBool(f *file, n *yaml.Node, what string) (any, bool) {
	var v *bool
	before := len(f.diags)
	f.optionalFlag(&v, what)(n)
	return *v, len(f.diags) == before
}

func asText(f *file, n *yaml.Node, what string) (any, bool) { return f.text(n, what) }

func asTexts(f *file, n *yaml.Node, what string) (any, bool) {
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

func asInt(lo, hi int) func(*file, *yaml.Node, string) (any, bool) {
	return func(f *file, n *yaml.Node, what string) (any, bool) {
		v := lo - 1
		f.number(&v, what, lo, hi)(n)
		return v, v >= lo
	}
}

func asOneOf(legal ...string) func(*file, *yaml.Node, string) (any, bool) {
	return func(f *file, n *yaml.Node, what string) (any, bool) {
		var s string
		f.oneOf(&s, what, legal)(n)
		return s, s != ""
	}
}

func asForm(pattern, want string) func(*file, *yaml.Node, string) (any, bool) {
	re := regexp.MustCompile(pattern)
	return func(f *file, n *yaml.Node, what string) (any, bool) {
		s, ok := f.text(n, what)
		if ok && !re.MatchString(s) {
			f.errorf(n, "%s: want %s, not %q", what, want, s)
			return nil, false
		}
		return s, ok
	}
}

func asObject(shape ...field) func(*file, *yaml.Node, string) (any, bool) {
	return func(f *file, n *yaml.Node, what string) (any, bool) { return f.fields(n, what, shape) }
}

func asObjects(shape ...field) func(*file, *yaml.Node, string) (any, bool) {
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
