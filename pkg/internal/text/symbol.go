package text

import (
	"strings"
	"unicode/utf8"
)

// This file decides which symbols are significant. A symbol is, only if it
// and those next to it stand directly between two ASCII letters or digits.
// What is dropped once can therefore never be kept the next time, and what is
// kept will be kept again: the normal form of a normal form is itself.

// maxRun is how many symbols in a row may be significant outside links.
const maxRun = 3 // as in ://

// symbol reads a symbol whose folded form is r.
func (sc *scanner) symbol(r rune, size int, e entry) {
	if last := sc.last(); !isAlnum(last) && last != '%' {
		sc.skip(sc.symbolGap(r, size, e), size)
		return
	}
	if r == '。' {
		sc.ideographicStop(size)
		return
	}
	run := sc.run()
	if run.n == 0 || !sc.keeps(run) {
		sc.skip(sc.symbolGap(r, size, e), size)
		return
	}
	sc.keep(run)
}

// A run is symbols in a row between two ASCII letters or digits.
type run struct {
	n      int  // symbols; 0 if the run is not followed by a letter or digit
	end    int  // where it ends
	first  rune // its first symbol, folded
	dash   bool // they are all - or ~
	next   rune // the letter or digit behind it
	behind int  // where that ends
}

// run reads the symbols from here on without passing over them.
func (sc *scanner) run() run {
	out := run{end: sc.pos, dash: true}
	for out.end < len(sc.s) {
		r, size := utf8.DecodeRuneInString(sc.s[out.end:])
		e := lookup(r)
		c := e.class()
		inLink := sc.url && (c == classPercent || r == '+')
		to := r + rune(e.delta())
		if c != classSymbol && !inLink || to == '。' {
			break
		}
		if out.n == 0 {
			out.first = to
		}
		out.dash = out.dash && (to == '-' || to == '~')
		out.n++
		out.end += size
		if out.n > maxRun && !sc.url {
			break
		}
	}
	if out.next, out.behind = sc.next(out.end); !isAlnum(out.next) {
		out.n = 0
	}
	return out
}

// keeps reports whether the symbols of r are significant.
func (sc *scanner) keeps(r run) bool {
	last := sc.last()
	between := isDigit(last) || last == '%'
	switch {
	case sc.url:
		return true
	case r.dash && r.n <= 2 && between && isDigit(r.next):
		return true
	case r.n == maxRun:
		return sc.s[sc.pos:r.end] == "://"
	case r.n > 1 || r.first == '~':
		return false
	}
	switch r.first {
	case '.', '-', '_':
		return !sc.spaced(r)
	case '@', '/', ':':
		return true
	}
	return false
}

// spaced reports whether r stands between two single letters, as in q.q,
// where it hides a word.
func (sc *scanner) spaced(r run) bool {
	n := len(sc.t.runes)
	if !isLower(sc.last()) || !isLower(r.next) || n-sc.part != 1 {
		return false
	}
	return !isAlnum(sc.peek(r.behind))
}

// keep makes the symbols of r significant and passes over them.
func (sc *scanner) keep(r run) {
	if r.dash && !sc.url {
		sc.emit('-', r.end-sc.pos, false)
		sc.pos = r.end
		return
	}
	scheme := r.n == maxRun
	link := sc.url || scheme || r.first == '/' && sc.host
	for sc.pos < r.end {
		c, size := utf8.DecodeRuneInString(sc.s[sc.pos:])
		sc.emit(c+rune(lookup(c).delta()), size, false)
		sc.pos += size
	}
	sc.url = link
	sc.host = sc.host || r.first == '.' && isLower(r.next)
}

// ideographicStop reads 。 behind a letter or digit: a dot before the end of a
// domain's name, else the end of a sentence.
func (sc *scanner) ideographicStop(size int) {
	if !sc.domain(sc.pos + size) {
		sc.skip(Stop, size)
		return
	}
	sc.emit('.', size, true)
	sc.host = true
	sc.pos += size
}

// domain reports whether a well-known top-level domain stands at pos.
func (sc *scanner) domain(pos int) bool {
	for _, d := range [...]string{"com", "cn", "net", "org", "vip", "top", "shop"} {
		rest := sc.s[pos:]
		if len(rest) >= len(d) && strings.EqualFold(rest[:len(d)], d) && !isAlnum(sc.peek(pos+len(d))) {
			return true
		}
	}
	return false
}

// symbolGap returns the gap that a symbol is where it is not significant.
func (sc *scanner) symbolGap(r rune, size int, e entry) Gap {
	switch r {
	case '.':
		return sc.stopGap(size)
	case '~':
		if isDigit(sc.peek(sc.pos+size)) || isNumeral(sc.last()) && isNumeral(sc.peek(sc.pos+size)) {
			return Dot // a range: 3天~5天
		}
		return Stop
	}
	return e.gap()
}

// stopGap tells an ellipsis and the end of a sentence from a full stop that
// may have been put into a word.
func (sc *scanner) stopGap(size int) Gap {
	next := sc.peek(sc.pos + size)
	if next == '.' || sc.pos > 0 && sc.s[sc.pos-1] == '.' {
		return Stop
	}
	switch next {
	case 0, ' ', '\n', '\r', '\t':
		return Stop
	}
	return Stop | Dot
}

// isNumeral reports whether r is a Chinese numeral.
func isNumeral(r rune) bool {
	return strings.ContainsRune("一二三四五六七八九十两几", r)
}

// percent reads a percent sign.
func (sc *scanner) percent(size int) {
	if isDigit(sc.last()) {
		sc.emit('%', size, false)
		sc.pos += size
		return
	}
	if sc.url && isAlnum(sc.last()) {
		if r := sc.run(); r.n > 0 {
			sc.keep(r)
			return
		}
	}
	sc.skip(Other, size)
}

// yen reads the sign of the currency.
func (sc *scanner) yen(size int) {
	if !isDigit(sc.peek(sc.pos + size)) {
		sc.skip(Other, size)
		return
	}
	sc.emit('¥', size, false)
	sc.pos += size
}
