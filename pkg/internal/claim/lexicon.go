package claim

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/replyguard/replyguard/pkg/internal/match"
	"github.com/replyguard/replyguard/pkg/internal/text"
	"github.com/replyguard/replyguard/pkg/policy"
)

// A term is one entry of the compiled lexicon.
type term struct {
	text   string // as written in the file, or the hiding spelling
	senses Set
	runes  int
	mask   bool // covers look-alikes and says nothing itself
	weak   bool // see policy.Entry
	word   bool // see policy.Entry
	hidden bool // a spelling that hides the term
	latin  bool // begins or ends in an ASCII letter or digit: needs an edge there
}

// Lexicon is a compiled set of terms. It is immutable and safe for concurrent
// use.
type Lexicon struct {
	vocab *Vocab
	terms []term
	auto  *match.Automaton
}

// CompileLexicon folds every term to the normal form, adds the spellings that
// hide the terms marked for it, and builds the automaton. A term that stands
// in several entries carries the senses of all.
func CompileLexicon(v *Vocab, entries []policy.Entry, spell map[rune][]string) (*Lexicon, error) {
	b := lexiconBuilder{vocab: v, index: map[string]int{}}
	for _, e := range entries {
		if err := b.entry(e); err != nil {
			return nil, err
		}
	}
	variants := newSpeller(spell)
	for _, e := range entries {
		if e.Spell {
			b.spellings(e, variants)
		}
	}
	patterns := make([][]rune, len(b.terms))
	for i, t := range b.terms {
		patterns[i] = []rune(t.text)
	}
	auto, err := match.Compile(patterns)
	if err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
	}
	return &Lexicon{vocab: v, terms: b.terms, auto: auto}, nil
}

// Vocab returns the vocabulary that the lexicon was compiled with.
func (l *Lexicon) Vocab() *Vocab { return l.vocab }

// Len returns the number of terms, hiding spellings included.
func (l *Lexicon) Len() int { return len(l.terms) }

type lexiconBuilder struct {
	vocab *Vocab
	terms []term
	index map[string]int
}

func (b *lexiconBuilder) entry(e policy.Entry) error {
	senses, err := b.vocab.SetOf(e.Is...)
	if err != nil {
		return fmt.Errorf("%s:%d: %w", e.Pos.File, e.Pos.Line, err)
	}
	mask := senses.Has(b.vocab.is.mask)
	for _, t := range e.Terms {
		b.add(term{text: fold(t.Text), senses: senses, mask: mask, weak: e.Weak, word: e.Word})
	}
	var maskSet Set
	maskSet.Add(b.vocab.is.mask)
	for _, t := range e.Not {
		b.add(term{text: fold(t.Text), senses: maskSet, mask: true})
	}
	return nil
}

// spellings adds the hiding spellings of e's terms. A spelling that is a term
// of its own keeps its own meaning.
func (b *lexiconBuilder) spellings(e policy.Entry, s speller) {
	senses, _ := b.vocab.SetOf(e.Is...)
	senses.Add(b.vocab.is.hidden)
	for _, t := range e.Terms {
		for _, v := range s.spellings(fold(t.Text)) {
			if _, taken := b.index[v]; !taken {
				b.add(term{text: v, senses: senses, hidden: true, weak: e.Weak})
			}
		}
	}
}

func (b *lexiconBuilder) add(t term) {
	if t.text == "" {
		return
	}
	if i, ok := b.index[t.text]; ok {
		b.merge(&b.terms[i], t)
		return
	}
	t.runes = utf8.RuneCountInString(t.text)
	first, _ := utf8.DecodeRuneInString(t.text)
	last, _ := utf8.DecodeLastRuneInString(t.text)
	t.latin = isASCIIAlnum(first) || isASCIIAlnum(last)
	b.index[t.text] = len(b.terms)
	b.terms = append(b.terms, t)
}

// merge joins what two entries say of one text. A look-alike that another
// entry gives a meaning keeps the meaning and still covers what is inside it.
func (b *lexiconBuilder) merge(have *term, t term) {
	if t.mask && !have.mask {
		return
	}
	if have.mask && !t.mask {
		have.mask = false
		have.senses.Remove(b.vocab.is.mask)
		have.weak, have.word = t.weak, t.word
	}
	have.senses.Union(&t.senses)
	have.weak = have.weak && t.weak
	have.word = have.word && t.word
}

// fold brings a term to the normal form that replies are matched in.
func fold(s string) string {
	t := text.Normalize(s)
	return string(t.Runes())
}

func isASCIIAlnum(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
}

// An item is one hit that was kept: a term or an entity at its place.
type item struct {
	start, end int
	term       int32 // -1: an entity or a number
	senses     Set
	hidden     bool
	value      float64 // of a number; 0 otherwise
}

func (i *item) is(s Sense) bool { return i.senses.Has(s) }

// appendItems finds the terms of t, drops the ones that a longer hit covers,
// that cross a break which nobody inserts inside a word, or that are not words
// of their own, and appends the rest in order of their start.
func (l *Lexicon) appendItems(dst []item, t *text.Text, sc *scratch) []item {
	runes := t.Runes()
	sc.hits = l.auto.AppendHits(sc.hits[:0], runes)
	hits := sc.hits
	slices.SortFunc(hits, func(a, b match.Hit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	reach := int32(-1) // the farthest end of a kept or covering hit so far
	for _, h := range hits {
		if h.End <= reach {
			continue // inside a longer hit
		}
		tm := &l.terms[h.Term]
		crossed := crosses(t, int(h.Start), int(h.End))
		if crossed == brokenHit || tm.latin && !atEdges(t, int(h.Start), int(h.End)) {
			continue
		}
		if tm.word && !sc.onWords(t, int(h.Start), int(h.End)) {
			continue
		}
		reach = h.End
		if tm.mask {
			continue
		}
		it := item{start: int(h.Start), end: int(h.End), term: h.Term, senses: tm.senses}
		it.hidden = tm.hidden || crossed == insertedHit || spelled(t, int(h.Start), int(h.End))
		dst = append(dst, it)
	}
	return dst
}

type crossing uint8

const (
	plainHit    crossing = iota
	insertedHit          // separators stand inside the term to hide it
	brokenHit            // a real break stands inside: not the term
)

// crosses classifies what stands between the characters of a hit. Blanks,
// dots, emoji and invisible characters are inserted to hide a term; a comma,
// a full stop or a question mark ends a clause and so ends the term too.
func crosses(t *text.Text, start, end int) crossing {
	out := plainHit
	for i := start + 1; i < end; i++ {
		switch g := t.GapBefore(i); {
		case g == 0:
		case g&(text.Comma|text.Stop|text.Question|text.Newline|text.Colon|text.QuoteOpen|text.QuoteClose|text.Bracket) != 0:
			return brokenHit
		case g == text.Space && isASCIIAlnum(t.Runes()[i]) && isASCIIAlnum(t.Runes()[i-1]):
			// wei xin, q q: blanks between letters are common
			out = max(out, insertedHit)
		default:
			out = max(out, insertedHit)
		}
	}
	if out == insertedHit && looseBlank(t, start, end) {
		return brokenHit
	}
	return out
}

// looseBlank reports whether the only break inside a hit is one blank between
// two Han characters while the hit's neighbours run on without blanks: then
// the blank is more likely a pause between two clauses, unless the hit is
// longer than two characters or begins its clause.
func looseBlank(t *text.Text, start, end int) bool {
	if end-start != 2 || t.GapBefore(end-1) != text.Space {
		return false
	}
	return start > 0 && t.GapBefore(start) == 0 && start > 1 && t.GapBefore(start-1) == 0
}

// atEdges reports whether a term that begins or ends in Latin letters is not
// the inside of a longer Latin word.
func atEdges(t *text.Text, start, end int) bool {
	r := t.Runes()
	if start > 0 && t.GapBefore(start) == 0 && isLetter(r[start]) && isLetter(r[start-1]) {
		return false
	}
	if end < len(r) && t.GapBefore(end) == 0 && isLetter(r[end-1]) && isLetter(r[end]) {
		return false
	}
	return true
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' }

func spelled(t *text.Text, start, end int) bool {
	for i := start; i < end; i++ {
		if t.Spelled(i) {
			return true
		}
	}
	return false
}
