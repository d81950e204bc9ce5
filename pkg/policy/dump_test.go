package policy

import (
	"fmt"
	"reflect"
	"strings"
)

// dump writes a pack as indented text: every field that is not zero, places
// as line:column.
func dump(p *Pack) string {
	var b strings.Builder
	dumpValue(&b, reflect.ValueOf(*p), "")
	return b.String()
}

func dumpValue(b *strings.Builder, v reflect.Value, indent string) {
	if p, ok := v.Interface().(Pos); ok {
		fmt.Fprintf(b, " %s:%d:%d\n", p.File, p.Line, p.Column)
		return
	}
	if s, ok := v.Interface().(fmt.Stringer); ok {
		fmt.Fprintf(b, " %s\n", s)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		dumpValue(b, v.Elem(), indent)
	case reflect.Struct:
		b.WriteByte('\n')
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				fmt.Fprintf(b, "%s%s:", indent, v.Type().Field(i).Name)
				dumpValue(b, v.Field(i), indent+"  ")
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.String {
			fmt.Fprintf(b, " %q\n", v.Interface())
			return
		}
		b.WriteByte('\n')
		for i := range v.Len() {
			fmt.Fprintf(b, "%s-", indent)
			dumpValue(b, v.Index(i), indent+"  ")
		}
	default: // maps print in order of their keys
		fmt.Fprintf(b, " %v\n", v.Interface())
	}
}
