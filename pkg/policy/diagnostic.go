package policy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Severity says whether a pack with such a mistake still loads.
type Severity uint8

// Severities of a diagnostic.
const (
	Error   Severity = iota // the pack does not load
	Warning                 // legal, but probably not what was meant
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Diagnostic is one mistake in a policy file.
type Diagnostic struct {
	Pos
	Severity Severity
	Message  string // lower case, without the position
	Source   string // the line that Pos names; empty where there is none
}

// String returns "file:line:col: message", with "warning: " before the message
// of a warning, and where the line is known, that line and below it a caret
// under the column. The caret counts East Asian wide characters as two cells.
func (d Diagnostic) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", d.File, d.Line, d.Column)
	if d.Severity == Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(d.Message)
	if line, caret := snippet(d.Source, d.Column); line != "" {
		b.WriteString("\n | " + line + "\n | " + caret)
	}
	return b.String()
}

// Diagnostics are all mistakes of a pack, ordered by file, line and column.
// As an error they are one: use errors.AsType[Diagnostics] to list them.
//
//nolint:errname // the name of the list, which is an error only as a whole
type Diagnostics []Diagnostic

// Error returns all diagnostics, each as its String, one below the other.
func (ds Diagnostics) Error() string {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

// Errors returns those that keep a pack from loading.
func (ds Diagnostics) Errors() Diagnostics { return ds.only(Error) }

// Warnings returns those that do not keep a pack from loading.
func (ds Diagnostics) Warnings() Diagnostics { return ds.only(Warning) }

func (ds Diagnostics) only(s Severity) Diagnostics {
	var out Diagnostics
	for _, d := range ds {
		if d.Severity == s {
			out = append(out, d)
		}
	}
	return out
}

// Err returns ds as an error if any of them is an Error, and nil otherwise.
// The error lists errors only.
func (ds Diagnostics) Err() error {
	if errs := ds.Errors(); len(errs) > 0 {
		return errs
	}
	return nil
}

// Is reports whether target is ErrPack, so that callers can tell mistakes in
// files from failures to read them.
func (ds Diagnostics) Is(target error) bool { return target == ErrPack }

// ErrPack is what errors.Is finds in the error of Load if the files were read
// and hold mistakes.
var ErrPack = errors.New("policy files hold mistakes")

// sort orders ds and drops repetitions.
func (ds Diagnostics) sort() Diagnostics {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			strings.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Severity, b.Severity),
			strings.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(ds)
}

// snippetRadius is how many code points of a long line are shown on each side
// of the caret.
const snippetRadius = 70

// snippet returns the part of line around column, made fit for a terminal, and
// a line that carries a caret below column. Both are empty for a blank line.
func snippet(line string, column int) (shown, caret string) {
	if strings.TrimSpace(line) == "" {
		return "", ""
	}
	rs := []rune(line)
	at := min(max(column-1, 0), len(rs))
	from, to := max(at-snippetRadius, 0), min(at+snippetRadius, len(rs))
	var b, pad strings.Builder
	if from > 0 {
		b.WriteString("…")
		pad.WriteByte(' ')
	}
	for i, r := range rs[from:to] {
		r = printable(r)
		b.WriteRune(r)
		if from+i < at {
			pad.WriteString(blank(r))
		}
	}
	if to < len(rs) {
		b.WriteString("…")
	}
	return strings.TrimRight(b.String(), " "), pad.String() + "^"
}

// printable replaces what could move the cursor or turn the writing direction.
func printable(r rune) rune {
	if r == '\t' || unicode.IsPrint(r) {
		return r
	}
	return '·'
}

// blank returns white space as wide as r is on a terminal.
func blank(r rune) string {
	if r == '\t' {
		return "\t"
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return ""
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return "  "
	}
	return " "
}
