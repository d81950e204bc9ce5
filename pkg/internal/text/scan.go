package text

import "unicode/utf8"

// A scanner reads one string into one Text, once, from left to right.
type scanner struct {
	t       *Text
	s       string
	pos     int
	pending Gap // what was read since the last significant character

	// The ASCII word that is being read: significant ASCII without a gap.
	part int  // index of the first rune after its last symbol
	host bool // it has a dot with a letter behind it
	url  bool // it is a link: after a scheme, or a host with a slash

	quotes uint8 // which undirected quotation marks are open
}

func (sc *scanner) scan() {
	t := sc.t
	for sc.pos < len(sc.s) {
		r, size := decode(sc.s, sc.pos)
		if i := uint32(r - hanFirst); i <= hanLast-hanFirst { // most characters
			if kind := han[i/32] >> (i % 32 * 2) & 3; kind < 2 {
				t.simp += int(kind)
				t.runes = append(t.runes, r)
				t.places = append(t.places, place{lo: int32(sc.pos), hi: int32(sc.pos + size), gap: sc.pending})
				sc.pending = 0
				sc.pos += size
				continue
			}
		}
		if e := lookup(r); e == 0 || e == flagSimp {
			t.simp += int(e / flagSimp)
			sc.emit(r, size, false)
			sc.pos += size
		} else {
			sc.step(r, size, e)
		}
	}
}

// decode returns the code point at s[i:] and its length, as
// utf8.DecodeRuneInString does, but faster for most of what Chinese is
// written with.
func decode(s string, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	} else if 0xE1 <= c && c <= 0xEC && i+2 < len(s) && s[i+1]&0xC0 == 0x80 && s[i+2]&0xC0 == 0x80 {
		return rune(c&0xF)<<12 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s[i:])
}

// step reads one character whose entry is e, with what belongs to it.
func (sc *scanner) step(r rune, size int, e entry) {
	switch e.class() {
	case classSig:
		sc.letter(r, size, e)
	case classExpand:
		sc.expand(e, size)
	case classEmojiWord:
		sc.expand(e, sc.pictureEnd(sc.pos+size)-sc.pos)
	case classEmoji, classModifier:
		sc.skip(Emoji, sc.pictureEnd(sc.pos+size)-sc.pos)
	case classRegional:
		sc.regional(r, size, e)
	case classSelector, classMark, classKeycap:
		sc.attach(size, e)
	case classSymbol:
		sc.symbol(r+rune(e.delta()), size, e)
	case classPercent:
		sc.percent(size)
	case classYen:
		sc.yen(size)
	case classQuote:
		sc.quote(r, size)
	default:
		sc.skip(e.gap(), size)
	}
}

// skip adds g to the gap and passes over size bytes.
func (sc *scanner) skip(g Gap, size int) {
	sc.pending |= g
	sc.pos += size
}

// emit appends r, which the next size bytes stand for, without passing over
// them.
func (sc *scanner) emit(r rune, size int, hidden bool) {
	t := sc.t
	if r < utf8.RuneSelf {
		t.ascii = true
		sc.word(r)
	}
	t.runes = append(t.runes, r)
	t.places = append(t.places, place{
		lo: int32(sc.pos), hi: int32(sc.pos + size), gap: sc.pending, hidden: hidden,
	})
	sc.pending = 0
}

// word follows the ASCII word that r begins or goes on with.
func (sc *scanner) word(r rune) {
	n := len(sc.t.runes)
	if n == 0 || sc.t.runes[n-1] >= utf8.RuneSelf || !sc.adjacent() {
		sc.part, sc.host, sc.url = n, false, false
	}
	if !isAlnum(r) {
		sc.part = n + 1
	}
}

// adjacent reports whether nothing visible stands between the last
// significant character and here.
func (sc *scanner) adjacent() bool { return sc.pending&^Zero == 0 }

// last returns the last significant character if it is adjacent, else 0.
func (sc *scanner) last() rune {
	if n := len(sc.t.runes); n > 0 && sc.adjacent() {
		return sc.t.runes[n-1]
	}
	return 0
}

func (sc *scanner) letter(r rune, size int, e entry) {
	to := r + rune(e.delta())
	if e&flagTrad != 0 {
		sc.t.trad++
	} else if e&flagSimp != 0 {
		sc.t.simp++
	}
	if e&flagFixup != 0 {
		to = sc.fixup(r, to)
	}
	sc.emit(to, size, e&flagHiding != 0)
	sc.pos += size
}

// expand appends the several characters that size bytes stand for.
func (sc *scanner) expand(e entry, size int) {
	for _, r := range expansions[e.delta()] {
		sc.emit(r, size, e&flagHiding != 0)
	}
	sc.pos += size
}

// fixup settles the few characters whose folding depends on a neighbour. It
// looks back only, so that the normal form of a normal form is itself.
func (sc *scanner) fixup(r, to rune) rune {
	n := len(sc.t.runes)
	if n == 0 {
		return to
	}
	last := &sc.t.runes[n-1]
	switch to {
	case '隆', '坤': // 乾隆
		if *last == '干' && sc.written(n-1) == '乾' {
			*last = '乾'
		}
	case '么': // 甚麼
		if *last == '甚' {
			*last = '什'
		}
	case '名', '作', '称': // 著名
		if *last == '着' && sc.written(n-1) == '著' {
			*last = '著'
		}
	case '着': // 显著
		if r == '著' && isAuthored(*last) {
			return '著'
		}
	}
	return to
}

// isAuthored reports whether 著 after r is its own word and not 着.
func isAuthored(r rune) bool {
	switch r {
	case '显', '名', '原', '专', '土', '编', '论', '卓', '昭', '巨', '合', '译':
		return true
	}
	return false
}

// written returns the first code point that character i was written with.
func (sc *scanner) written(i int) rune {
	r, _ := utf8.DecodeRuneInString(sc.s[sc.t.places[i].lo:])
	return r
}

// attach gives a mark, a selector or a keycap to the character before it.
func (sc *scanner) attach(size int, e entry) {
	n := len(sc.t.places)
	if n == 0 || int(sc.t.places[n-1].hi) != sc.pos {
		if sc.pending == 0 || e.class() == classMark { // a selector belongs to what was skipped
			sc.pending |= Zero
		}
		sc.pos += size
		return
	}
	hides := e.class() != classSelector && (e.class() == classKeycap || isAlnum(sc.t.runes[n-1]) || isHan(sc.t.runes[n-1]))
	for i := n - 1; i >= 0 && int(sc.t.places[i].hi) == sc.pos; i-- { // several, where one stands for several
		sc.t.places[i].hi += int32(size)
		sc.t.places[i].hidden = sc.t.places[i].hidden || hides
	}
	sc.pos += size
	if e.class() == classSelector {
		sc.pending |= Zero
	} else if hides {
		sc.pending = 0
	}
}

func isHan(r rune) bool { return 0x3400 <= r && r <= 0x9FFF || r >= 0x20000 }

// pictureEnd returns where the emoji ends whose first code point ends at pos:
// behind its modifiers, selectors and joined emoji.
func (sc *scanner) pictureEnd(pos int) int {
	for pos < len(sc.s) {
		r, size := utf8.DecodeRuneInString(sc.s[pos:])
		switch lookup(r).class() {
		case classSelector, classModifier, classKeycap:
			pos += size
		case classJoiner:
			next, n := utf8.DecodeRuneInString(sc.s[pos+size:])
			if lookup(next).class() != classEmoji {
				return pos
			}
			pos += size + n
		default:
			return pos
		}
	}
	return pos
}

// regional reads a flag, or a letter in that style.
func (sc *scanner) regional(r rune, size int, e entry) {
	next, n := utf8.DecodeRuneInString(sc.s[sc.pos+size:])
	const first, last = 0x1F1E6, 0x1F1FF
	if first <= next && next <= last && flags[r-first]>>(next-first)&1 != 0 {
		sc.skip(Emoji, size+n)
		return
	}
	sc.emit(r+rune(e.delta()), size, true)
	sc.pos += size
}

// quote reads an undirected quotation mark, or an apostrophe.
func (sc *scanner) quote(r rune, size int) {
	kind, g := uint8(1), QuoteOpen
	if r == '\'' || r == '＇' {
		kind = 2
		if isLower(sc.last()) && isLower(sc.peek(sc.pos+size)) {
			sc.skip(Other, size)
			return
		}
	}
	if sc.quotes&kind != 0 {
		g = QuoteClose
	}
	sc.quotes ^= kind
	sc.skip(g, size)
}

// peek returns what the next visible character from pos on is folded to, 0 at
// the end of the text.
func (sc *scanner) peek(pos int) rune {
	r, _ := sc.next(pos)
	return r
}

// next is peek that also returns where the character ends.
func (sc *scanner) next(pos int) (rune, int) {
	for pos < len(sc.s) {
		r, size := utf8.DecodeRuneInString(sc.s[pos:])
		pos += size
		if r < utf8.RuneSelf {
			return lowerASCII(r), pos
		}
		switch lookup(r).class() {
		case classZero, classJoiner, classSelector:
		default:
			return folded(r), pos
		}
	}
	return 0, pos
}
