package claim

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// maxSpellings bounds the spellings made of one term.
const maxSpellings = 256

// A speller makes the spellings by which agents hide a term: each character
// may stand as itself, as its pinyin, or as a look- or sound-alike.
type speller struct {
	alike map[rune][]string
	args  pinyin.Args
}

func newSpeller(alike map[rune][]string) speller {
	return speller{alike: alike, args: pinyin.NewArgs()}
}

// spellings returns the hiding spellings of term, without term itself. A term
// of one character has none: its pinyin is too short to mean anything.
func (s speller) spellings(term string) []string {
	rs := []rune(term)
	if len(rs) < 2 || len(rs) > 4 {
		return nil
	}
	out := []string{""}
	for _, r := range rs {
		ways := s.ways(r)
		next := make([]string, 0, len(out)*len(ways))
		for _, head := range out {
			for _, w := range ways {
				next = append(next, head+w)
			}
		}
		if len(next) > maxSpellings {
			next = next[:maxSpellings]
		}
		out = next
	}
	out = slices.DeleteFunc(out, func(v string) bool { return v == term || tooPlain(v) })
	slices.Sort(out)
	return slices.Compact(out)
}

// ways returns the character itself, its pinyin and its alikes.
func (s speller) ways(r rune) []string {
	ways := []string{string(r)}
	if py := pinyin.SinglePinyin(r, s.args); len(py) > 0 {
		ways = append(ways, py[0])
	}
	for _, a := range s.alike[r] {
		if f := fold(a); f != "" && !slices.Contains(ways, f) {
			ways = append(ways, f)
		}
	}
	return ways
}

// tooPlain reports whether a spelling is so short that it means nothing: two
// Latin letters or less.
func tooPlain(v string) bool {
	return len(v) < 3 && strings.IndexFunc(v, func(r rune) bool { return r > 127 }) < 0
}
