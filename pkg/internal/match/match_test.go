package match

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func compile(t testing.TB, terms ...string) *Automaton {
	t.Helper()
	a, err := Compile(runesOf(terms))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func runesOf(terms []string) [][]rune {
	out := make([][]rune, len(terms))
	for i, s := range terms {
		out[i] = []rune(s)
	}
	return out
}

// naive is what AppendHits promises, written down as plainly as can be.
func naive(terms [][]rune, text []rune) []Hit {
	var hits []Hit
	for end := 1; end <= len(text); end++ {
		for start := range end {
			for i, term := range terms {
				if slices.Equal(text[start:end], term) {
					hits = append(hits, Hit{Term: int32(i), Start: int32(start), End: int32(end)})
				}
			}
		}
	}
	return hits
}

func TestAppendHits(t *testing.T) {
	tests := []struct {
		name  string
		terms []string
		text  string
		want  []Hit
	}{
		{"nothing to find", nil, "没有发票", nil},
		{"nothing to read", []string{"发票"}, "", nil},
		{"one", []string{"发票"}, "没有发票", []Hit{{0, 2, 4}}},
		{"inside another", []string{"发票", "开发票", "票"}, "开发票", []Hit{{1, 0, 3}, {0, 1, 3}, {2, 2, 3}}},
		{"overlapping", []string{"没有发", "有发票"}, "没有发票", []Hit{{0, 0, 3}, {1, 1, 4}}},
		{"repeated", []string{"aa"}, "aaaa", []Hit{{0, 0, 2}, {0, 1, 3}, {0, 2, 4}}},
		{"suffix of a dead end", []string{"abcd", "bc"}, "abce", []Hit{{1, 1, 3}}},
		{"rare planes", []string{"𠮷野", "\U0010FFFF"}, "𠮷野\U0010FFFF", []Hit{{0, 0, 2}, {1, 2, 3}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := []rune(tt.text)
			if got := compile(t, tt.terms...).AppendHits(nil, text); !cmp.Equal(got, tt.want) {
				t.Errorf("AppendHits(%q) = %v, want %v", tt.text, got, tt.want)
			}
			if got := naive(runesOf(tt.terms), text); !cmp.Equal(got, tt.want) {
				t.Errorf("naive(%q) = %v, want %v", tt.text, got, tt.want)
			}
		})
	}
}

func TestCompileRejects(t *testing.T) {
	for _, tt := range []struct {
		name  string
		terms []string
		want  string
	}{
		{"empty", []string{"发票", ""}, "term 1 is empty"},
		{"twice", []string{"发票", "收据", "发票"}, "term 2 is the same as term 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Compile(runesOf(tt.terms)); err == nil || err.Error() != tt.want {
				t.Errorf("Compile(%q) error = %v, want %q", tt.terms, err, tt.want)
			}
		})
	}
}
