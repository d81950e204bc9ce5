package claim

import (
	"cmp"
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

// An item is one hit that was kept: a term or an entity at its place.
type item struct {
	start, end int
	term       int32 // -1: an entity or a number
	senses     Set
	hidden     bool
	weak       bool    // see policy.Entry
	value      float64 // of a number; 0 otherwise
}

func (i *item) is(s Sense) bool { return i.senses.Has(s) }

// appendItems finds the terms of t, drops the ones that a longer hit covers,
// that cross a break which nobody inserts inside a word, or that are not words
// of their own, and appends the rest in order of their start.
func (l *Lexicon) appendItems(dst []item, t *text.Text, sc *scratch) []item {
	runes := t.Runes()
	if slices.Contains(runes, '你') {
		sc.polite = appendPolite(sc.polite[:0], runes)
		runes = sc.polite
	}
	sc.hits = l.auto.AppendHits(sc.hits[:0], runes)
	sortHits(sc.hits)
	sc.covers = sc.covers[:0]
	reach := int32(0) // the end of the last term kept
	for _, h := range sc.hits {
		tm := &l.terms[h.Term]
		start, end := int(h.Start), int(h.End)
		if len(sc.covers) >= manyCovers {
			sc.covers = slices.DeleteFunc(sc.covers, func(c match.Hit) bool { return c.End <= h.Start })
		}
		if l.covered(sc, h) && !l.counts(runes, h) || tm.is&latin != 0 && !atEdges(t, start, end) {
			continue
		}
		if h.End <= reach {
			l.contribute(dst, h)
			continue
		}
		crossed := crosses(t, start, end, tm.is&(spell|latin|hidden) != 0)
		if crossed == brokenHit || tm.is&(word|single) == word && !sc.onWords(t, start, end) {
			continue
		}
		if tm.is&(hides|singles) != 0 || tm.covers != 0 {
			sc.covers = append(sc.covers, h)
		}
		if tm.set == 0 {
			continue
		}
		it := item{start: start, end: end, term: h.Term, senses: l.sets[tm.set], weak: tm.is&weak != 0}
		if h.Start < reach {
			// the hit begins inside the one before it: only what it is about
			// counts, and what stands inside it is read as well
			if !l.vocab.keepsWhenCrossed(&it.senses) || l.outrun(sc.hits, reach, h) {
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
		it.hidden = tm.is&hidden != 0 || crossed == insertedHit || spelled(t, start, end)
		dst = append(dst, it)
		reach = max(reach, h.End)
	}
	return dst
}

// appendInside appends the terms inside it that are not weak, leftmost and
// longest first. Words that need their boundaries checked are left out.
func (l *Lexicon) appendInside(dst []item, sc *scratch, it *item) []item {
	reach := int32(it.start)
	i, _ := slices.BinarySearchFunc(sc.hits, reach, func(h match.Hit, s int32) int { return cmp.Compare(h.Start, s) })
	for ; i < len(sc.hits) && int(sc.hits[i].Start) < it.end; i++ {
		h := sc.hits[i]
		tm := &l.terms[h.Term]
		if h.Start < reach || int(h.End) > it.end || h.Term == it.term || tm.set == 0 || tm.is&(weak|word|single|hidden) != 0 || l.covered(sc, h) {
			continue
		}
		dst = append(dst, item{start: int(h.Start), end: int(h.End), term: h.Term, senses: l.sets[tm.set]})
		reach = h.End
	}
	return dst
}

// outrun reports whether a term begins where the item before h ends and goes
// beyond h: 真的 behind 红包 outruns 包真. The text then reads as those two.
func (l *Lexicon) outrun(hits []match.Hit, reach int32, h match.Hit) bool {
	i, _ := slices.BinarySearchFunc(hits, reach, func(h match.Hit, s int32) int { return cmp.Compare(h.Start, s) })
	for ; i < len(hits) && hits[i].Start == reach; i++ {
		if hits[i].End > h.End && l.terms[hits[i].Term].set != 0 {
			return true
		}
	}
	return false
}

// sortHits orders hits by start, then the longer first. They come ordered by
// their end, so that none is further from its place than the hits within one
// term's length, and moving them there one by one is the quickest way.
func sortHits(hits []match.Hit) {
	for i := 1; i < len(hits); i++ {
		h, j := hits[i], i
		for ; j > 0 && (hits[j-1].Start > h.Start || hits[j-1].Start == h.Start && hits[j-1].End < h.End); j-- {
			hits[j] = hits[j-1]
		}
		hits[j] = h
	}
}

// topicInside reports whether a term that stands wholly in [start, end) is
// about a topic: 到付 in 不是到付, where 是到付 crosses 不是.
func (l *Lexicon) topicInside(hits []match.Hit, start, end int32) bool {
	i, _ := slices.BinarySearchFunc(hits, start, func(h match.Hit, s int32) int { return cmp.Compare(h.Start, s) })
	for ; i < len(hits) && hits[i].Start < end; i++ {
		if hits[i].End <= end && l.senses(hits[i].Term).Meets(&l.vocab.topics) {
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
	if tm.is&gives == 0 || tm.is&(word|weak|hidden) != 0 || len(items) == 0 {
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
		if !it.senses.Meets(kind) {
			more := l.sets[tm.set].And(*kind)
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
		if by.is&hides != 0 || by.is&singles != 0 && tm.is&single != 0 && !l.split(sc.hits, c) {
			return true
		}
		covers := l.covers[by.covers]
		for i := range covers {
			if l.sets[tm.set].Holds(&covers[i]) {
				return true
			}
		}
	}
	return false
}

// counts reports whether h is a unit of one character right behind a number,
// which no dictionary word hides: 五点.
func (l *Lexicon) counts(runes []rune, h match.Hit) bool {
	if h.Start == 0 || h.End-h.Start != 1 || !l.senses(h.Term).Meets(&l.vocab.is.countable) {
		return false
	}
	r := runes[h.Start-1]
	_, _, ok := numeral(r)
	return ok && r != '几' && r != '半' && r != '一' || isDigit(r)
}

// split reports whether a longer term begins inside the ordinary word c and
// goes beyond it, so that c is no word here: 收支 in 不收支付宝.
func (l *Lexicon) split(hits []match.Hit, c match.Hit) bool {
	i, _ := slices.BinarySearchFunc(hits, c.Start+1, func(h match.Hit, s int32) int { return cmp.Compare(h.Start, s) })
	for ; i < len(hits) && hits[i].Start < c.End; i++ {
		if h := hits[i]; h.End > c.End && h.End-h.Start > c.End-c.Start && l.senses(h.Term).Meets(&l.vocab.topics) {
			return true
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
// the inside of a longer Latin word, nor one that begins in a figure the inside
// of a longer number. It may end inside one: 开5 in 开500的.
func atEdges(t *text.Text, start, end int) bool {
	r := t.Runes()
	if start > 0 && t.GapBefore(start) == 0 && (isLetter(r[start-1]) && isLetter(r[start]) || isDigit(r[start-1]) && isDigit(r[start])) {
		return false
	}
	return end >= len(r) || t.GapBefore(end) != 0 || !isLetter(r[end-1]) || !isLetter(r[end])
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
