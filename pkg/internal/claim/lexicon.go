package claim

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/replyguard/replyguard/pkg/internal/match"
	"github.com/replyguard/replyguard/pkg/internal/text"
	"github.com/replyguard/replyguard/pkg/policy"
)

// A draft is one text of the lexicon while it is compiled, with what it means
// and what it hides.
type draft struct {
	text   string // in the normal form: as in the file, or a hiding spelling
	senses Set
	covers []Set // it hides hits inside it that have all of one of these senses
	is     traits
}

// silent reports whether the term only hides others.
func (d *draft) silent() bool { return d.senses.Empty() }

// traits are the yes-or-no properties of a term.
type traits uint16

const (
	hides   traits = 1 << iota // it hides every hit inside it
	singles                    // it hides every hit of one character inside it
	weak                       // see policy.Entry
	word                       // see policy.Entry; the words of the language see to single characters
	spell                      // see policy.Entry
	hidden                     // a spelling that hides the term
	latin                      // begins or ends in an ASCII letter or digit: needs an edge there
	single                     // one character long
	gives                      // has a topic or a party to give the item that it stands in
)

// A term is a draft in the form that replies are read with: six bytes, since
// a reply touches some dozens of terms all over the table, and what they mean
// is shared by many.
type term struct {
	set    uint16 // index of its senses in Lexicon.sets; 0: it only hides others
	covers uint16 // index in Lexicon.covers; 0: none
	is     traits
}

// Lexicon is a compiled set of terms. It is immutable and safe for concurrent
// use.
type Lexicon struct {
	vocab  *Vocab
	terms  []term
	sets   []Set    // the different sets of senses; the first is empty
	covers [][]Set  // the different lists of covers; the first is empty
	texts  string   // of all terms, one after the other
	ends   []uint32 // where the text of each ends
	auto   *match.Automaton
}

// senses returns what term t means.
func (l *Lexicon) senses(t int32) *Set { return &l.sets[l.terms[t].set] }

// text returns term t in the normal form.
func (l *Lexicon) text(t int32) string {
	if t == 0 {
		return l.texts[:l.ends[0]]
	}
	return l.texts[l.ends[t-1]:l.ends[t]]
}

// CompileLexicon folds every term to the normal form, adds the spellings that
// hide the terms marked for it, and builds the automaton. A term that stands
// in several entries carries the senses of all. The words, if any, are those of
// ordinary language: a term of one character does not count inside them.
func CompileLexicon(v *Vocab, entries []policy.Entry, spell map[rune][]string, words iter.Seq[string]) (*Lexicon, error) {
	n := 0
	for i := range entries {
		n += len(entries[i].Terms) + len(entries[i].Not)
	}
	b := lexiconBuilder{vocab: v, index: make(map[string]int32, n), terms: make([]draft, 0, n)}
	for _, e := range entries {
		if err := b.entry(e); err != nil {
			return nil, err
		}
	}
	b.whether()
	variants := newSpeller(spell)
	for _, e := range entries {
		if e.Spell {
			b.spellings(e, variants)
		}
	}
	b.words(words)
	auto, err := match.Compile(b.patterns())
	if err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
	}
	return b.lexicon(auto), nil
}

// patterns returns the texts as the automaton wants them, in one piece of
// memory.
func (b *lexiconBuilder) patterns() [][]rune {
	total := 0
	for i := range b.terms {
		total += utf8.RuneCountInString(b.terms[i].text)
	}
	all, patterns := make([]rune, 0, total), make([][]rune, len(b.terms))
	for i := range b.terms {
		from := len(all)
		for _, r := range b.terms[i].text {
			all = append(all, r)
		}
		patterns[i] = all[from:len(all):len(all)]
	}
	return patterns
}

// lexicon packs the drafts.
func (b *lexiconBuilder) lexicon(auto *match.Automaton) *Lexicon {
	l := &Lexicon{
		vocab: b.vocab, auto: auto, sets: []Set{{}}, covers: [][]Set{nil},
		terms: make([]term, 0, len(b.terms)), ends: make([]uint32, 0, len(b.terms)),
	}
	size := 0
	for i := range b.terms {
		size += len(b.terms[i].text)
	}
	sets := map[Set]uint16{{}: 0}
	var texts strings.Builder
	texts.Grow(size)
	for i := range b.terms {
		d := &b.terms[i]
		set, ok := sets[d.senses]
		if !ok {
			set = uint16(len(l.sets))
			sets[d.senses] = set
			l.sets = append(l.sets, d.senses)
		}
		t := term{set: set, is: d.is}
		if d.senses.Meets(&l.vocab.topics) || d.senses.Meets(&l.vocab.is.parties) {
			t.is |= gives
		}
		if len(d.covers) > 0 {
			t.covers = l.coversOf(d.covers)
		}
		l.terms = append(l.terms, t)
		texts.WriteString(d.text)
		l.ends = append(l.ends, uint32(texts.Len()))
	}
	l.texts = texts.String()
	return l
}

// coversOf returns the index of an equal list of covers, a new one if there is
// none.
func (l *Lexicon) coversOf(list []Set) uint16 {
	if i := slices.IndexFunc(l.covers, func(have []Set) bool { return slices.Equal(have, list) }); i > 0 {
		return uint16(i)
	}
	l.covers = append(l.covers, list)
	return uint16(len(l.covers) - 1)
}

// Vocab returns the vocabulary that the lexicon was compiled with.
func (l *Lexicon) Vocab() *Vocab { return l.vocab }

// Len returns the number of terms, hiding spellings included.
func (l *Lexicon) Len() int { return len(l.terms) }

type lexiconBuilder struct {
	vocab *Vocab
	terms []draft
	index map[string]int32
	text  text.Text // of the term at hand
}

func (b *lexiconBuilder) entry(e policy.Entry) error {
	senses, err := b.vocab.SetOf(e.Is...)
	if err != nil {
		return fmt.Errorf("%s:%d: %w", e.Pos.File, e.Pos.Line, err)
	}
	is := traitIf(senses.Has(b.vocab.is.mask), hides) | traitIf(e.Weak, weak) | traitIf(e.Word, word) | traitIf(e.Spell, spell)
	senses.Remove(b.vocab.is.mask)
	for _, t := range e.Terms {
		b.add(draft{text: polite(b.text.Fold(t.Text)), senses: senses, is: is})
	}
	covers := []Set{senses}
	for _, t := range e.Not {
		b.add(draft{text: polite(b.text.Fold(t.Text)), covers: covers})
	}
	return nil
}

// whether gives a question of the form A-not-A the acts of A: 退不退 asks for
// returning, 接不接受 for accepting.
func (b *lexiconBuilder) whether() {
	is := &b.vocab.is
	for i := range b.terms {
		t := &b.terms[i]
		if !t.senses.Has(is.question) || t.senses.Meets(&is.acts) {
			continue
		}
		r := []rune(t.text)
		if len(r) < 3 || r[0] != r[2] || r[1] != '不' && r[1] != '没' && r[1] != '唔' && r[1] != '冇' {
			continue
		}
		if j, ok := b.index[string(r[2:])]; ok {
			acts := b.terms[j].senses.And(is.acts)
			t.senses.Union(&acts)
		}
	}
}

// spellings adds the hiding spellings of e's terms. A spelling that is a term
// of its own keeps its own meaning.
func (b *lexiconBuilder) spellings(e policy.Entry, s speller) {
	senses, _ := b.vocab.SetOf(e.Is...)
	senses.Add(b.vocab.is.hidden)
	for _, t := range e.Terms {
		for _, v := range s.spellings(polite(b.text.Fold(t.Text))) {
			if _, taken := b.index[v]; !taken {
				b.add(draft{text: v, senses: senses, is: hidden | traitIf(e.Weak, weak)})
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
		term, other := false, false
		for _, r := range w {
			if i, ok := b.index[string(r)]; ok && !b.terms[i].silent() {
				term = true
			} else {
				other = true
			}
		}
		if term && other {
			b.add(draft{text: w, is: singles})
		}
	}
}

func endsInNegator(w string) bool {
	r, _ := utf8.DecodeLastRuneInString(w)
	return r == '不' || r == '没' || r == '未' || r == '无'
}

func traitIf(has bool, t traits) traits {
	if has {
		return t
	}
	return 0
}

func (b *lexiconBuilder) add(t draft) {
	if t.text == "" {
		return
	}
	if i, ok := b.index[t.text]; ok {
		b.merge(&b.terms[i], t)
		return
	}
	t.is |= traitIf(utf8.RuneCountInString(t.text) == 1, single)
	first, _ := utf8.DecodeRuneInString(t.text)
	last, _ := utf8.DecodeLastRuneInString(t.text)
	t.is |= traitIf(isASCIIAlnum(first) || isASCIIAlnum(last), latin)
	b.index[t.text] = int32(len(b.terms))
	b.terms = append(b.terms, t)
}

// merge joins what several entries say of one text: it means all that they
// say and hides all that they hide. Restrictions hold only where all agree.
func (b *lexiconBuilder) merge(have *draft, t draft) {
	if t.senses.Empty() {
		have.covers = append(slices.Clip(have.covers), t.covers...)
		if have.silent() {
			have.is |= t.is & hides
		}
		return
	}
	restrictions := weak | word
	if have.silent() {
		have.is = have.is&^(restrictions|spell) | t.is&(restrictions|spell)
	}
	have.senses.Union(&t.senses)
	have.is = have.is&^restrictions | have.is&t.is&restrictions
	have.is |= t.is & spell
}

// fold brings s to the form that replies are matched in: the normal form, and
// the polite person for both.
func fold(s string) string { return polite(new(text.Text).Fold(s)) }

// polite returns s with 您 in the place of 你, so that the lexicon need not
// have each term twice.
func polite(s string) string { return strings.ReplaceAll(s, "你", "您") }

// appendPolite does to a text what polite does to a term.
func appendPolite(dst, runes []rune) []rune {
	from := len(dst)
	dst = append(dst, runes...)
	for i := from; i < len(dst); i++ {
		if dst[i] == '你' {
			dst[i] = '您'
		}
	}
	return dst
}

func isASCIIAlnum(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
}
