package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiagnosticString(t *testing.T) {
	long := strings.Repeat("长", 100)
	tests := []struct {
		name   string
		source string
		column int
		want   string
	}{
		{"narrow", "id: x", 5, "id: x\n |     ^"},
		{"wide", "发票: 没有", 5, "发票: 没有\n |       ^"},
		{"full width", "ＱＱ号", 3, "ＱＱ号\n |     ^"},
		{"emoji", "👌🏻好", 3, "👌🏻好\n |     ^"},
		{"combining mark", "e\u0301e\u0301x", 5, "e\u0301e\u0301x\n |   ^"},
		{"tab", "a\tb\tc", 5, "a\tb\tc\n |  \t \t^"},
		{"control", "a\x1b[31m\u202eb", 8, "a·[31m·b\n |        ^"},
		{"beyond the end", "ab", 9, "ab\n |   ^"},
		{"long", long, 90, "…" + strings.Repeat("长", 81) + "\n |  " + strings.Repeat("  ", 70) + "^"},
		{"very long", long + long, 100, "…" + strings.Repeat("长", 140) + "…\n |  " + strings.Repeat("  ", 70) + "^"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := Diagnostic{Pos: Pos{"rules/x.yaml", 3, tt.column}, Message: "wrong", Source: tt.source}
			_, got, _ := strings.Cut(d.String(), "\n | ")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("String() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDiagnosticWithoutSource(t *testing.T) {
	d := Diagnostic{Pos: Pos{"rules/x.yaml", 3, 7}, Severity: Warning, Message: "odd", Source: "  "}
	if got, want := d.String(), "rules/x.yaml:3:7: warning: odd"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	if got := Error.String() + " " + Warning.String(); got != "error warning" {
		t.Errorf("severities are %q", got)
	}
}

func TestSortDropsRepetitions(t *testing.T) {
	at := func(file string, line, column int, s Severity, msg string) Diagnostic {
		return Diagnostic{Pos: Pos{file, line, column}, Severity: s, Message: msg}
	}
	got := Diagnostics{
		at("b", 1, 1, Error, "x"), at("a", 2, 1, Error, "x"), at("a", 1, 2, Error, "x"),
		at("a", 1, 1, Warning, "a"), at("a", 1, 1, Error, "x"), at("a", 1, 1, Error, "x"), at("a", 1, 1, Error, "b"),
	}.sort()
	want := Diagnostics{
		at("a", 1, 1, Error, "b"), at("a", 1, 1, Error, "x"), at("a", 1, 1, Warning, "a"),
		at("a", 1, 2, Error, "x"), at("a", 2, 1, Error, "x"), at("b", 1, 1, Error, "x"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sort (-want +got):\n%s", diff)
	}
}

func TestSuggest(t *testing.T) {
	legal := []string{"invoice", "receipt", "card", "cod"}
	for s, want := range map[string]string{
		"invioce": "invoice", "recipt": "receipt", "crad": "card", "car": "card", "wechat": "", "": "", "发票": "",
	} {
		got := suggest(s, legal)
		if want != "" {
			want = "; did you mean " + want + "?"
		}
		if got != want {
			t.Errorf("suggest(%q) = %q, want %q", s, got, want)
		}
	}
}
