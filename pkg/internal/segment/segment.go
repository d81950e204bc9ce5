// Package segment cuts text into words. Words qualify what the lexicon finds:
// the 票 of 股票 is no ticket and no invoice. They never are what is looked
// for, so the dictionary knows ordinary words only and no reload touches it.
package segment

import (
	_ "embed"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-ego/gse"
)

//go:generate sh -c "go run gen.go -gse $(go list -m -f '{{.Dir}}' github.com/go-ego/gse)"

//go:embed words.txt
var dictionary string

// A Token is one word.
type Token struct {
	Start, End int // rune indexes into the text that was cut, half open
}

// A Segmenter cuts text in normal form into words.
type Segmenter interface {
	// AppendTokens appends the words of runes to dst. They tile the text:
	// the first starts at 0, each where the one before ends, the last ends
	// at len(runes). It is safe for concurrent use.
	AppendTokens(dst []Token, runes []rune) []Token
}

// GSE is a Segmenter that takes the most probable way to cut the text into
// words of its dictionary. It is immutable and safe for concurrent use.
type GSE struct {
	// cut is the method of gse.Segmenter. The value itself is kept out of the
	// type, since reflection anywhere in the program would make the linker
	// keep all its methods, and with them 24 MB of gse's own dictionaries.
	cut     func([]byte) []gse.Segment
	buffers sync.Pool
}

// New loads the dictionary, which takes less than a tenth of a second and
// about 8 MB. The error is one of the embedded dictionary and can't be mended
// at run time.
func New() (*GSE, error) {
	seg := &gse.Segmenter{Dict: gse.NewDict(), NotLoadHMM: true, SkipLog: true}
	seg.Dict.Tokens = make([]gse.Token, 0, strings.Count(dictionary, "\n")+1)
	if err := addWords(seg); err != nil {
		return nil, err
	}
	if seg.Dict.NumTokens() == 0 {
		return nil, errors.New("the dictionary has no words")
	}
	seg.CalcToken()
	for i := range seg.Dict.Tokens {
		clear(seg.Dict.Tokens[i].Segments()) // the parts of a word, which only gse's search mode reads
	}
	return &GSE{cut: seg.Segment, buffers: sync.Pool{New: func() any { return new([]byte) }}}, nil
}

// minFrequency is what a word of the dictionary has to occur at least.
const minFrequency = 2

// addWords adds the words of the dictionary. It does not leave that to gse's
// LoadDictStr, which gives words of one character the frequency 2, so that a
// character never stood alone where a rare word is possible.
func addWords(seg *gse.Segmenter) error {
	for line := range strings.Lines(dictionary) {
		word, freq, _ := strings.Cut(strings.TrimSpace(line), " ")
		if word == "" {
			continue
		}
		f, err := strconv.ParseFloat(freq, 64)
		if err != nil {
			return fmt.Errorf("dictionary: frequency of %q: %w", word, err)
		}
		if f < minFrequency {
			continue
		}
		if err := seg.AddToken(word, f); err != nil {
			return fmt.Errorf("dictionary: %q: %w", word, err)
		}
	}
	return nil
}

// AppendTokens implements Segmenter.
func (g *GSE) AppendTokens(dst []Token, runes []rune) []Token {
	buf, ok := g.buffers.Get().(*[]byte)
	if !ok {
		buf = new([]byte)
	}
	defer g.buffers.Put(buf)
	text := (*buf)[:0]
	for _, r := range runes {
		text = utf8.AppendRune(text, r)
	}
	*buf = text
	start, end, at := 0, 0, 0
	for _, s := range g.cut(text) {
		for at < s.End() {
			at += runeLen(runes[end])
			end++
		}
		dst = append(dst, Token{Start: start, End: end})
		start = end
	}
	return dst
}

// runeLen returns the bytes that AppendRune writes for r.
func runeLen(r rune) int {
	if n := utf8.RuneLen(r); n > 0 {
		return n
	}
	return utf8.RuneLen(utf8.RuneError)
}

// Words returns the dictionary's words, in its order, each once.
func Words() iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(dictionary) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			if word != "" && !yield(word) {
				return
			}
		}
	}
}
