package text

import "unicode/utf8"

// Gap is what stood between two significant characters: a set of flags, zero
// where nothing did.
type Gap uint16

// The kinds of gap. A full stop between two characters is Stop and Dot, since
// it may end a sentence or hide a word; a reader of clauses has to decide.
const (
	Space      Gap = 1 << iota // blanks of any width
	Zero                       // invisible: zero-width, bidirectional controls, variation selectors
	Comma                      // , ， 、 ; ；
	Stop                       // 。 . ! ！ … ~ as the end of a sentence
	Question                   // ? ？
	Newline                    // line and paragraph ends
	Emoji                      // pictures that stand for no word
	QuoteOpen                  // “ ‘ 「 『 and every odd "
	QuoteClose                 // ” ’ 」 』 and every even "
	Colon                      // : ：
	Dot                        // . · • _ * - | / — between characters
	Bracket                    // brackets of any kind, 《》 included
	Other                      // everything else
)

// A place is where a significant character stood in the original.
type place struct {
	lo, hi int32 // its bytes, with the marks that belong to it
	gap    Gap   // what stood before it
	hidden bool  // it was written in a hiding form
}

// A Text is a reply in the only form the engine matches on: significant
// characters and the gaps between them. The zero Text is the empty reply.
// A Text is safe for concurrent use as long as nobody calls Reset.
type Text struct {
	orig   string
	runes  []rune
	places []place // one for each rune and one for the end
	ascii  bool    // some character is ASCII
	trad   int     // characters that only Traditional script uses
	simp   int     // characters that only Simplified script uses
}

// Normalize returns s in normal form. It never fails: every byte that is not
// UTF-8 becomes a significant U+FFFD of its own.
func Normalize(s string) Text {
	var t Text
	t.Reset(s)
	return t
}

// Reset makes t the normal form of s, reusing t's memory. Slices that Runes
// returned before are no longer valid.
func (t *Text) Reset(s string) {
	*t = Text{orig: s, runes: t.runes[:0], places: t.places[:0]}
	t.reserve(s)
	sc := scanner{t: t, s: s}
	sc.scan()
	end := int32(len(s))
	t.places = append(t.places, place{lo: end, hi: end, gap: sc.pending})
}

// reserve makes room for the characters of s, as far as they stand for one
// each. A Text that is used again has most of the room that it needs, and gets
// more as it grows: counting would cost more than that.
func (t *Text) reserve(s string) {
	if cap(t.runes) > 0 {
		return
	}
	n := utf8.RuneCountInString(s)
	t.runes, t.places = make([]rune, 0, n), make([]place, 0, n+1)
}

// Fold returns the normal form of s as a string, s itself where they are the
// same. It works in the memory of t, which is then the Text of s.
func (t *Text) Fold(s string) string {
	t.Reset(s)
	i := 0
	for _, r := range t.orig {
		if i == len(t.runes) || t.runes[i] != r {
			return string(t.runes)
		}
		i++
	}
	if i < len(t.runes) {
		return string(t.runes)
	}
	return t.orig
}

// Original returns the string that t is the normal form of.
func (t *Text) Original() string { return t.orig }

// Len returns the number of significant characters.
func (t *Text) Len() int { return len(t.runes) }

// ASCII reports whether some significant character is ASCII.
func (t *Text) ASCII() bool { return t.ascii }

// Runes returns the normal form. The caller must not change it.
func (t *Text) Runes() []rune { return t.runes }

// GapBefore returns what stood before character i, and for i == Len() what
// stood after the last. It panics where i is out of range.
func (t *Text) GapBefore(i int) Gap {
	if len(t.places) == 0 && i == 0 {
		return 0
	}
	return t.places[i].gap
}

// Bytes returns the bytes of the original that the characters [start, end)
// came from, grown to whole characters: an emoji that stands for two
// characters is never split, and marks stay with their base. An empty range
// gives the empty range before character start, or the end of the original.
// It panics unless 0 <= start <= end <= Len().
func (t *Text) Bytes(start, end int) (int, int) {
	if len(t.places) == 0 && start == 0 && end == 0 {
		return 0, 0
	}
	lo := t.places[start].lo
	if start == end {
		return int(lo), int(lo)
	}
	_ = t.runes[start:end]
	return int(lo), int(t.places[end-1].hi)
}

// Spelled reports whether character i was written in a form that readers
// understand and filters miss: full width, enclosed, styled, with accents, as
// an emoji, or with something invisible put before it. Traditional script is
// not hiding.
func (t *Text) Spelled(i int) bool {
	p := t.places[i]
	return p.hidden || i > 0 && p.gap == Zero
}

// Traditional reports whether the reply is written in Traditional script:
// more of its characters belong to Traditional only than to Simplified only,
// and where both occur at least three do, so that a few Traditional characters
// put into a Simplified reply do not count.
func (t *Text) Traditional() bool {
	return t.trad > t.simp && (t.simp == 0 || t.trad >= 3)
}
