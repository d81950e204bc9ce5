package claim

import (
	"cmp"
	"slices"

	"github.com/replyguard/replyguard/pkg/internal/match"
	"github.com/replyguard/replyguard/pkg/internal/text"
)

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
	l.appendRegional(sc, runes)
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
		if h.Start < reach {
			it := item{start: start, end: end, term: h.Term, senses: l.sets[tm.set], weak: tm.is&weak != 0}
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
		dst = append(dst, item{
			start: start, end: end, term: h.Term, senses: l.sets[tm.set], weak: tm.is&weak != 0,
			hidden: tm.is&hidden != 0 || crossed == insertedHit || spelled(t, start, end),
		})
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
		if kind == &v.is.parties && it.senses.Meets(&v.topics) && it.senses.Meets(&v.is.acts) && l.sets[tm.set].Has(v.is.other) {
			continue // 收银行转账: the bank does not collect
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
