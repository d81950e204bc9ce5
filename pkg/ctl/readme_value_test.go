package ctl_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// more stands in the README for items and lines that are left out.
const more = "…"

// value is a JSON value whose members keep their order.
type value struct {
	kind    jsontext.Kind // '{', '[' or that of a scalar
	raw     string        // of a scalar, as JSON
	names   []string      // of an object's members
	members []*value      // of an object, or the items of an array
}

// parseValues reads all of text as JSON values, one after the other. ok is
// false where it is anything else.
func parseValues(text string) (list []*value, ok bool) {
	d := jsontext.NewDecoder(strings.NewReader(text))
	for {
		v, err := parseValue(d)
		if errors.Is(err, io.EOF) {
			return list, len(list) > 0
		}
		if err != nil || v.kind != '{' && v.kind != '[' {
			return nil, false // a bare word or number is text
		}
		list = append(list, v)
	}
}

func parseValue(d *jsontext.Decoder) (*value, error) {
	t, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	v := &value{kind: t.Kind()}
	switch v.kind {
	case '{', '[':
		for d.PeekKind() != '}' && d.PeekKind() != ']' {
			if v.kind == '{' {
				name, err := d.ReadToken()
				if err != nil {
					return nil, err
				}
				v.names = append(v.names, name.String())
			}
			m, err := parseValue(d)
			if err != nil {
				return nil, err
			}
			v.members = append(v.members, m)
		}
		_, err = d.ReadToken()
		return v, err
	case '"':
		raw, err := jsontext.AppendQuote(nil, t.String())
		v.raw = string(raw)
		return v, err
	default:
		v.raw = t.String()
		return v, nil
	}
}

// volatile names the members that differ from run to run.
func volatile(name string) bool {
	return slices.Contains([]string{"id", "request_id", "digest", "at", "since", "started_at", "elapsed_us", "next", "version"}, name)
}

// elide leaves out of v what want leaves out: the items of an array that ends
// with the mark, the members of an object that has a member of that name.
func (v *value) elide(want *value) {
	if v.kind != want.kind {
		return
	}
	n := len(want.members)
	if v.kind == '[' && n > 0 && want.members[n-1].raw == `"`+more+`"` && len(v.members) >= n {
		v.members = append(v.members[:n-1:n-1], want.members[n-1])
	}
	if i := slices.Index(want.names, more); i >= 0 {
		v.keep(want.names)
		v.names, v.members = append(v.names, more), append(v.members, want.members[i])
	}
	for i, m := range v.members {
		if j := i; v.kind == '[' && j < n {
			m.elide(want.members[j])
		} else if v.kind == '{' {
			if j := slices.Index(want.names, v.names[i]); j >= 0 {
				m.elide(want.members[j])
			}
		}
	}
}

// keep drops the members of an object that are not called by one of names.
func (v *value) keep(names []string) {
	var kept value
	for i, name := range v.names {
		if slices.Contains(names, name) {
			kept.names, kept.members = append(kept.names, name), append(kept.members, v.members[i])
		}
	}
	v.names, v.members = kept.names, kept.members
}

// normal returns v on one line, what is volatile replaced by its name.
func (v *value) normal() string {
	var b bytes.Buffer
	v.write(&b, func(name string, m *value) string {
		if volatile(name) && m.kind != '{' && m.kind != '[' {
			return name
		}
		return ""
	})
	return b.String()
}

// write appends v on one line; instead may name a text for a member.
func (v *value) write(b *bytes.Buffer, instead func(name string, m *value) string) {
	switch v.kind {
	case '{', '[':
		b.WriteByte(byte(v.kind))
		for i, m := range v.members {
			if i > 0 {
				b.WriteString(", ")
			}
			if v.kind == '{' {
				b.WriteString(`"` + v.names[i] + `": `)
				if s := instead(v.names[i], m); s != "" {
					b.WriteString(s)
					continue
				}
			}
			m.write(b, instead)
		}
		b.WriteByte(byte(v.kind) + 2) // ] and } stand two behind [ and {
	default:
		b.WriteString(v.raw)
	}
}

// pretty returns v as the README shows it: what fits on a line is on one.
func (v *value) pretty(indent string) string {
	var b bytes.Buffer
	v.write(&b, func(name string, m *value) string { return digest.ReplaceAllString(m.raw, "$1"+more) })
	if len(v.members) == 0 || columns(b.String())+len(indent) <= 100 {
		return b.String()
	}
	b.Reset()
	inner := indent + "  "
	b.WriteByte(byte(v.kind))
	for i, m := range v.members {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n" + inner)
		if v.kind == '{' {
			b.WriteString(`"` + v.names[i] + `": `)
		}
		b.WriteString(m.pretty(inner))
	}
	b.WriteString("\n" + indent)
	b.WriteByte(byte(v.kind) + 2)
	return b.String()
}

// columns returns the width of s on a screen, where Chinese takes two columns.
func columns(s string) int {
	return (len(s)-utf8.RuneCountInString(s))/2 + utf8.RuneCountInString(s)
}
