package text

import (
	"unicode/utf8"

	"github.com/replyguard/replyguard/pkg/verdict"
)

// Units converts byte offsets of one string to the unit that a request asked
// for. Ascending offsets cost one pass over the string together. A byte that
// is not UTF-8 counts as one code point, as in a range over the string.
type Units struct {
	s    string
	unit verdict.Offsets
	pos  int // byte offset reached
	n    int // units before pos
}

// NewUnits returns a conversion of byte offsets of s to unit.
func NewUnits(s string, unit verdict.Offsets) Units { return Units{s: s, unit: unit} }

// At returns the number of units before byte offset off. An offset inside a
// character counts as the character's start, one outside the string as its
// nearest end.
func (u *Units) At(off int) int {
	if off < u.pos {
		u.pos, u.n = 0, 0
	}
	off = min(max(off, 0), len(u.s))
	if u.unit == verdict.Byte {
		return u.start(off)
	}
	for u.pos < off {
		r, size := utf8.DecodeRuneInString(u.s[u.pos:])
		if u.pos+size > off {
			break
		}
		u.pos += size
		u.n++
		if u.unit == verdict.UTF16 && r > 0xFFFF {
			u.n++
		}
	}
	return u.n
}

// start returns off or the start of the character that it is inside of.
func (u *Units) start(off int) int {
	for i := off; i >= max(0, off-utf8.UTFMax+1); i-- {
		if i == len(u.s) || utf8.RuneStart(u.s[i]) {
			if _, size := utf8.DecodeRuneInString(u.s[i:]); i+size > off {
				return i
			}
			break
		}
	}
	return off
}
