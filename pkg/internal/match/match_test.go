package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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

func FuzzAppendHits(f *testing.F) {
	f.Add("没有|有发|发票|票|没有发票", "没有发票没有有发票")
	f.Add("a|aa|aaa|ba", "aabaaab")
	f.Add("𠮷野|\U0010FFFF", "野𠮷野\U0010FFFF")
	f.Fuzz(func(t *testing.T, list, text string) {
		if len(list) > 200 || len(text) > 200 {
			return // the reference is cubic
		}
		var terms [][]rune
		for term := range strings.SplitSeq(list, "|") {
			if r := []rune(term); len(r) > 0 && !slices.ContainsFunc(terms, func(t []rune) bool { return slices.Equal(t, r) }) {
				terms = append(terms, r)
			}
		}
		a, err := Compile(terms)
		if err != nil {
			t.Fatal(err)
		}
		got, want := a.AppendHits(nil, []rune(text)), naive(terms, []rune(text))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("AppendHits(%q) of %q: -naive +automaton\n%s", text, list, diff)
		}
	})
}

// lexicon returns n distinct terms of two to six characters that look like
// those of a lexicon: many share their beginnings.
func lexicon(n int) [][]rune {
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	var terms [][]rune
	for len(terms) < n {
		term := make([]rune, 2+r.IntN(5))
		for i := range term {
			k := r.ExpFloat64() * 250
			term[i] = 0x4E00 + rune(int(k)*13%3000)
		}
		if !seen[string(term)] {
			seen[string(term)] = true
			terms = append(terms, term)
		}
	}
	return terms
}

// TestLarge runs a lexicon of real size against the reference.
func TestLarge(t *testing.T) {
	terms := lexicon(5000)
	a, err := Compile(terms)
	if err != nil {
		t.Fatal(err)
	}
	var text []rune
	for i := range 40 {
		text = append(text, terms[i*97]...)
	}
	got, want := a.AppendHits(nil, text), naive(terms, text)
	if len(want) < 40 {
		t.Fatalf("only %d hits", len(want))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-naive +automaton\n%s", diff)
	}
}

func TestAllocs(t *testing.T) {
	a := compile(t, "发票", "票", "没有")
	text := []rune("没有发票的哦")
	dst := make([]Hit, 0, 8)
	if n := testing.AllocsPerRun(100, func() { dst = a.AppendHits(dst[:0], text) }); n != 0 {
		t.Errorf("AppendHits allocates %v times, want 0", n)
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{1000, 30000} {
		terms := lexicon(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			var a *Automaton
			for b.Loop() {
				var err error
				if a, err = Compile(terms); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(a.size())/1e6, "MB")
		})
	}
}

func BenchmarkAppendHits(b *testing.B) {
	for _, n := range []int{1000, 30000} {
		terms := lexicon(n)
		a, err := Compile(append(terms, []rune("发票"), []rune("没有")))
		if err != nil {
			b.Fatal(err)
		}
		reply := []rune(strings.Repeat("亲小金额没有发票可以提供收据下次累积一起开吧", 5))
		for _, size := range []int{5, 30, 100} {
			b.Run(fmt.Sprintf("terms=%d/%d", n, size), func(b *testing.B) {
				b.ReportAllocs()
				var dst []Hit
				for b.Loop() {
					dst = a.AppendHits(dst[:0], reply[:size])
				}
			})
		}
	}
}

// size returns the bytes that a holds.
func (a *Automaton) size() int {
	const nodeSize, outputSize = 16, 12
	return len(a.nodes)*nodeSize + len(a.outputs)*outputSize +
		len(a.classes.index)*2 + len(a.classes.blocks)*blockSize*4
}
