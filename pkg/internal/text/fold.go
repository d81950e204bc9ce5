package text

import "unicode/utf8"

// An entry of the folding table says what becomes of one code point:
//
//	bits 0–3    its class
//	bits 4–7    its gap, as the number of a bit of Gap, where it is a gap
//	bits 8–11   hiding, traditional, simplified, fixup
//	bits 12–31  what to add to the code point to fold it (signed); the
//	            number of an expansion for classExpand and classEmojiWord
//
// The zero entry is a significant character that is its own normal form.
type entry int32

const (
	gapShift   = 4
	flagHiding = 1 << 8  // a way of writing that evades filters
	flagTrad   = 1 << 9  // only Traditional script uses it
	flagSimp   = 1 << 10 // only Simplified script uses it
	flagFixup  = 1 << 11 // may decide about its neighbour; see fixup
	deltaShift = 12

	blockBits = 6

	hanFirst, hanLast = '\u4E00', '\u9FFF' // the ideographs of table han
)

type class uint8

const (
	classSig       class = iota // significant
	classExpand                 // stands for several significant characters
	classGap                    // separates
	classZero                   // is invisible
	classSelector               // variation selector: belongs to what precedes it
	classMark                   // combining mark: belongs to what precedes it
	classSymbol                 // significant between ASCII letters and digits
	classPercent                // significant after a digit
	classEmoji                  // is a picture
	classEmojiWord              // is a picture that stands for a word
	classModifier               // skin tone: belongs to the emoji before it
	classRegional               // half of a flag, or a styled letter
	classQuote                  // quotation mark without direction
	classYen                    // significant before a digit
	classKeycap                 // encloses the digit before it
	classJoiner                 // zero-width joiner
)

func (e entry) class() class { return class(e & 15) }
func (e entry) gap() Gap     { return 1 << (e >> gapShift & 15) }
func (e entry) delta() int   { return int(e >> deltaShift) }

func makeEntry(c class, g Gap) entry {
	n := 0
	for g > 1 {
		g >>= 1
		n++
	}
	return entry(int(c) | n<<gapShift)
}

// lookup returns the entry of r.
func lookup(r rune) entry {
	if r < tableLimit {
		return foldBlocks[blockOf[r>>blockBits]][r&(1<<blockBits-1)]
	}
	return beyond(r)
}

// beyond is lookup for the planes that the table leaves out.
func beyond(r rune) entry {
	switch {
	case r < 0x40000: // tertiary ideographs
		return 0
	case 0xE0020 <= r && r <= 0xE007F: // tags, which spell the flags of regions
		return makeEntry(classSelector, Zero)
	case 0xE0100 <= r && r <= 0xE01EF:
		return makeEntry(classSelector, Zero)
	case 0xE0000 <= r && r <= 0xE0FFF:
		return makeEntry(classZero, Zero)
	}
	return makeEntry(classGap, Other)
}

// folded returns the single character that r is folded to, or RuneError where
// it is folded to none or to several.
func folded(r rune) rune {
	if r < utf8.RuneSelf {
		return lowerASCII(r)
	}
	e := lookup(r)
	switch e.class() { //nolint:exhaustive // every other class is folded to nothing
	case classSig, classSymbol, classPercent:
		return r + rune(e.delta())
	case classExpand: // twelve in a circle starts with a digit
		return rune(expansions[e.delta()][0])
	}
	return utf8.RuneError
}

func lowerASCII(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
func isLower(r rune) bool { return 'a' <= r && r <= 'z' }
func isAlnum(r rune) bool { return isDigit(r) || isLower(r) }
