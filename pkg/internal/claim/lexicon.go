package claim

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"unicode/utf8"

	"github.com/replyguard/replyguard/pkg/internal/match"
	"github.com/replyguard/replyguard/pkg/internal/text"
	"github.com/replyguard/replyguard/pkg/policy"
)

// A term is one text of the compiled lexicon, with what it means and what it
// hides.
type term struct {
	text    string // in the normal form: as in the file, or a hiding spelling
	senses  Set
	runes   int
	covers  []Set // it hides hits inside it that have all of one of these senses
	hides   bool  // it hides every hit inside it
	singles bool  // it hides every hit of one character inside it
	weak    bool  // see policy.Entry
	word    bool  // see policy.Entry; the words of the language see to single characters
	spell   bool  // see policy.Entry
	hidden  bool  // a spelling that hides the term
	latin   bool  // begins or ends in an ASCII letter or digit: needs an edge there
}

// silent reports whether the term only hides others.
func (t *term) silent() bool { return t.senses.Empty() }

// Lexicon is a compiled set of terms. It is immutable and safe for concurrent
// use.
type Lexicon struct {
	vocab *Vocab
	terms []term
	auto  *match.Automaton
}

// CompileLexicon folds every term to the normal form, adds the spellings that
// hide the terms marked for it, and builds the automaton. A term that stands
// in several entries carries the senses of all. The words, if any, are those of
// ordinary language: a term of one character does not count inside them.
func CompileLexicon(v *Vocab, entries []policy.Entry, spell map[rune][]string, words iter.Seq[string]) (*Lexicon, error) {
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
	b.words(words)
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
	hides := senses.Has(b.vocab.is.mask)
	senses.Remove(b.vocab.is.mask)
	for _, t := range e.Terms {
		b.add(term{text: fold(t.Text), senses: senses, hides: hides, weak: e.Weak, word: e.Word, spell: e.Spell})
	}
	for _, t := range e.Not {
		b.add(term{text: fold(t.Text), covers: []Set{senses}})
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

// words adds the ordinary words in which a term of one character hides, such
// as 直接 for 接. A word that is made of such terms only (不用, 打开) is left
// to be read as what it is made of.
func (b *lexiconBuilder) words(words iter.Seq[string]) {
	if words == nil {
		return
	}
	for w := range words {
		if endsInNegator(w) {
			continue // 可不, 从不: the negator governs what follows
		}
		single, other := false, false
		for _, r := range w {
			if i, ok := b.index[string(r)]; ok && !b.terms[i].silent() {
				single = true
			} else {
				other = true
			}
		}
		if single && other {
			b.add(term{text: w, singles: true})
		}
	}
}

func endsInNegator(w string) bool {
	r, _ := utf8.DecodeLastRuneInString(w)
	return r == '不' || r == '没' || r == '未' || r == '无'
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

// merge joins what several entries say of one text: it means all that they
// say and hides all that they hide. Restrictions hold only where all agree.
func (b *lexiconBuilder) merge(have *term, t term) {
	if t.senses.Empty() {
		have.covers = append(have.covers, t.covers...)
		have.hides = have.hides || t.hides && have.silent()
		return
	}
	if have.silent() {
		have.weak, have.word, have.spell = t.weak, t.word, t.spell
	}
	have.senses.Union(&t.senses)
	have.weak = have.weak && t.weak
	have.word = have.word && t.word
	have.spell = have.spell || t.spell
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
	sc.hits = l.auto.AppendHits(sc.hits[:0], t.Runes())
	slices.SortFunc(sc.hits, func(a, b match.Hit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	sc.covers = sc.covers[:0]
	reach := int32(0) // the end of the last term kept
	for _, h := range sc.hits {
		tm := &l.terms[h.Term]
		start, end := int(h.Start), int(h.End)
		if len(sc.covers) >= manyCovers {
			sc.covers = slices.DeleteFunc(sc.covers, func(c match.Hit) bool { return c.End <= h.Start })
		}
		if l.covered(sc, h) || tm.latin && !atEdges(t, start, end) {
			continue
		}
		if h.End <= reach {
			l.contribute(dst, h)
			continue
		}
		crossed := crosses(t, start, end, tm.spell || tm.latin || tm.hidden)
		if crossed == brokenHit || tm.word && tm.runes > 1 && !sc.onWords(t, start, end) {
			continue
		}
		if tm.hides || tm.singles || len(tm.covers) > 0 {
			sc.covers = append(sc.covers, h)
		}
		if tm.silent() {
			continue
		}
		it := item{start: start, end: end, term: h.Term, senses: tm.senses}
		if h.Start < reach {
			// the hit begins inside the one before it: only what it is about
			// counts, and what stands inside it is read as well
			if !l.vocab.keepsWhenCrossed(&it.senses) {
				continue
			}
			if l.topicInside(sc.hits, reach, h.End) {
				it.senses = without(it.senses, &l.vocab.topics)
			}
			if !it.senses.Empty() {
				dst = append(dst, it)
			}
			continue
		}
		it.hidden = tm.hidden || crossed == insertedHit || spelled(t, start, end)
		dst = append(dst, it)
		reach = max(reach, h.End)
	}
	return dst
}

// topicInside reports whether a term that stands wholly in [start, end) is
// about a topic: 到付 in 不是到付, where 是到付 crosses 不是.
func (l *Lexicon) topicInside(hits []match.Hit, start, end int32) bool {
	i, _ := slices.BinarySearchFunc(hits, start, func(h match.Hit, s int32) int { return cmp.Compare(h.Start, s) })
	for ; i < len(hits) && hits[i].Start < end; i++ {
		if hits[i].End <= end && l.terms[hits[i].Term].senses.Meets(&l.vocab.topics) {
			return true
		}
	}
	return false
}

func without(s Set, drop *Set) Set {
	for i := range s {
		s[i] &^= drop[i]
	}
	return s
}

// manyCovers is how many covers are kept before those that lie behind are
// dropped.
const manyCovers = 32

// contribute gives the item that h stands in the topics and parties of h if
// it has none of its own: 寄发票, a way of posting, is about invoices.
func (l *Lexicon) contribute(items []item, h match.Hit) {
	v, tm := l.vocab, &l.terms[h.Term]
	if tm.word || tm.weak || tm.hidden || len(items) == 0 {
		return
	}
	it := &items[len(items)-1]
	if int(h.Start) < it.start || int(h.End) > it.end {
		return
	}
	for _, kind := range []*Set{&v.topics, &v.is.parties} {
		if kind == &v.is.parties && it.is(v.is.filler) {
			continue // 帮您 names whom it is done for, not who does it
		}
		have, more := it.senses.And(*kind), tm.senses.And(*kind)
		if have.Empty() {
			it.senses.Union(&more)
		}
	}
}

// covered reports whether a look-alike or an ordinary word that h stands in
// hides it.
func (l *Lexicon) covered(sc *scratch, h match.Hit) bool {
	tm := &l.terms[h.Term]
	for _, c := range sc.covers {
		if c.Start > h.Start || c.End < h.End || c == h {
			continue
		}
		by := &l.terms[c.Term]
		if by.hides || by.singles && tm.runes == 1 {
			return true
		}
		for i := range by.covers {
			if tm.senses.Holds(&by.covers[i]) {
				return true
			}
		}
	}
	return false
}

// keepsWhenCrossed strips the senses that a hit loses when it begins inside
// an earlier one (能不给 in 不可能不给): only what it is about remains. It
// reports whether anything does.
func (v *Vocab) keepsWhenCrossed(s *Set) bool {
	*s = s.And(v.about)
	return !s.Empty()
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
func crosses(t *text.Text, start, end int, hideable bool) crossing {
	out := plainHit
	for i := start + 1; i < end; i++ {
		switch g := t.GapBefore(i); {
		case g == 0:
		case g&text.Dot != 0:
			out = max(out, insertedHit) // 微.信: a lone dot ends no sentence inside a word
		case g&(text.Comma|text.Stop|text.Question|text.Newline|text.Colon|text.QuoteOpen|text.QuoteClose|text.Bracket) != 0:
			return brokenHit
		case g == text.Space && isASCIIAlnum(t.Runes()[i]) && isASCIIAlnum(t.Runes()[i-1]):
			// wei xin, q q: blanks between letters are common
			out = max(out, insertedHit)
		default:
			out = max(out, insertedHit)
		}
	}
	if out == insertedHit && !hideable && looseBlank(t, start, end) {
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
