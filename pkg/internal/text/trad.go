package text

import (
	"strings"
	"unicode/utf8"
)

// maxPhrase is the length in characters of the longest phrase of the tables.
const maxPhrase = 3

// hanWidth is the width of the tables' characters in UTF-8.
const hanWidth = 3

// ToTraditional returns s in Traditional script, in the forms that are common
// in Taiwan and Hong Kong: 发票 becomes 發票, 里面 裡面 and 后期 後期. The longest
// phrase of the tables that fits decides; what they do not have stays as it
// is. It changes script, not vocabulary, and is meant for wordings of our own:
// names that it is handed are converted too.
func ToTraditional(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		from, to := longestTrad(s)
		b.WriteString(to)
		s = s[from:]
	}
	return b.String()
}

// longestTrad returns the bytes of the longest entry that s starts with and its
// Traditional form; where there is none, the first character and itself.
func longestTrad(s string) (int, string) {
	_, size := utf8.DecodeRuneInString(s)
	if size != hanWidth {
		return size, s[:size]
	}
	for n := min(maxPhrase, len(s)/hanWidth); n >= 1; n-- {
		if to, ok := lookupTrad(tradTable(n), s[:n*hanWidth]); ok {
			return n * hanWidth, to
		}
	}
	return size, s[:size]
}

// tradTable returns the table of the phrases of n characters.
func tradTable(n int) string {
	switch n {
	case 1:
		return tradChars
	case 2:
		return tradPhrases2
	}
	return tradPhrases3
}

// lookupTrad finds key in a sorted table of keys, each followed by a value of the
// same length.
func lookupTrad(table, key string) (string, bool) {
	entry := 2 * len(key)
	lo, hi := 0, len(table)/entry
	for lo < hi {
		mid := (lo + hi) / 2
		k := table[mid*entry : mid*entry+len(key)]
		switch {
		case k == key:
			return table[mid*entry+len(key) : (mid+1)*entry], true
		case k < key:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return "", false
}
