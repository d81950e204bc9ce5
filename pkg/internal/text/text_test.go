package text

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/replyguard/replyguard/pkg/verdict"
)

// gapNames are the signs by which show writes gaps.
var gapNames = []string{"␣", "0", ",", ".", "?", "¶", "☺", "“", "”", ":", "·", "(", "…"}

// show writes t with every gap in braces: 发{␣·}票.
func show(t *Text) string {
	var b strings.Builder
	for i := range t.Len() + 1 {
		if g := t.GapBefore(i); g != 0 {
			b.WriteByte('{')
			for bit, name := range gapNames {
				if g>>bit&1 != 0 {
					b.WriteString(name)
				}
			}
			b.WriteByte('}')
		}
		if i < t.Len() {
			b.WriteRune(t.Runes()[i])
		}
	}
	return b.String()
}

func TestNormalize(t *testing.T) {
	groups := []struct {
		name  string
		cases [][2]string
	}{
		{"script", [][2]string{
			{"小金額沒有發票", "小金额没有发票"},
			{"開立收據 裡面乾淨 瞭解", "开立收据{␣}里面干净{␣}了解"},
			{"頭髮發黃 甚麼麼", "头发发黄{␣}什么么"},
			{"妳們 親 開臺 回覆 帳號 账号 帐号", "你们{␣}亲{␣}开台{␣}回复{␣}账号{␣}账号{␣}账号"},
			{"乾隆 乾坤 乾貨 乾隆乾", "乾隆{␣}乾坤{␣}干货{␣}乾隆干"},
			{"著名 名著 顯著 等著 著急 睡著了", "著名{␣}名著{␣}显著{␣}等着{␣}着急{␣}睡着了"},
			{"佢咗㗎喺畀嘅", "佢咗㗎喺畀嘅"},
			{"項鍊 餘款 於是 證明 週一 隻 後台", "项链{␣}余款{␣}于是{␣}证明{␣}周一{␣}只{␣}后台"},
			{"⾦額 ⻋票 羅列", "金额{␣}车票{␣}罗列"},
		}},
		{"width and case", [][2]string{
			{"ＱＱ：１３８", "qq:138"},
			{"QQ： 138", "qq{␣:}138"},
			{"ｶﾀｶﾅ", "カタカナ"},
			{"Ｖ　Ｘ", "v{␣}x"},
		}},
		{"digits", [][2]string{
			{"①②⑫⑴⒈❶➀➊⓫⓵⓪⓿", "12121111111100"},
			{"1️⃣3⃣8️⃣", "138"},
			{"x² H₂O 𝟏𝟐 🔟", "x2{␣}h2o{␣}12{␣}10"},
			{"一二三壹贰幺〇 ㈠㊁", "一二三壹贰幺〇{␣}一二"},
			{"½ ㎏ ㎡ ℃ Ⅷ", "1/2{␣}kg{␣}m2{␣}c{␣}viii"},
		}},
		{"styles", [][2]string{
			{"𝐯𝐱 𝓠𝓠 Ⓥⓧ ⒱ 🅥🅧 🆀 🅰", "vx{␣}qq{␣}vx{␣}v{␣}vx{␣}q{␣}a"},
			{"🇶🇶 🇨🇳 🇻🇽", "qq{␣☺}vx"},
			{"fāpiào wēixìn é é", "fapiao{␣}weixin{␣}e{␣}e"},
			{"вх", "вх"},
		}},
		{"invisible", [][2]string{
			{"发\u200b票 发\ufe0f票", "发{0}票{␣}发{0}票"},
			{"\ufeff没\u00ad有\u2060", "{0}没{0}有{0}"},
			{"微⃠信 ̶票", "微信{␣0}票"},
			{"1\u200b.\u200b5", "1{0}.{0}5"},
		}},
		{"emoji", [][2]string{
			{"🐧号 加🐧🐧", "企鹅号{␣}加企鹅企鹅"},
			{"📱☎️📞", "电话电话电话"},
			{"✉️ ✅ 👌🏻 🆗", "邮箱{␣☺}可以{␣}可以"},
			{"❌发票🙅‍♀️收据🚫", "不发票不收据不"},
			{"💰 🧧 ➕v 🈚🈶", "钱{␣}红包{␣}+v{␣}无有"},
			{"发😊票👨‍👩‍👧❤️好", "发{☺}票{☺}好"},
			{"😀‍🐧", "{0☺}企鹅"},
			{"🏴󠁧󠁢󠁥󠁮󠁧󠁿好", "{☺}好"},
		}},
		{"gaps", [][2]string{
			{"亲，好的。没有!行？", "亲{,}好的{.}没有{.}行{?}"},
			{"a\nb\r\nc", "a{¶}b{¶}c"},
			{"“发票”「收据」《书》(好)[赞]", "{“}发票{“”}收据{”(}书{(}好{(}赞{(}"},
			{"\"发票\"是'吗'it's", "{“}发票{”}是{“}吗{”}it{…}s"},
			{"发 票·发_票*发-票|发/票—发", "发{␣}票{·}发{·}票{·}发{·}票{·}发{·}票{·}发"},
			{"发.票 好. 没...有...", "发{.·}票{␣}好{␣.}没{.}有{.}"},
			{"好的~亲～ 哦～", "好的{.}亲{␣.}哦{.}"},
			{"3天~5天 三～五天 两~三", "3天{·}5天{␣}三{·}五天{␣}两{·}三"},
			{"链接：https", "链接{:}https"},
			{"、；…@#$", "{,.…}"},
		}},
		{"symbols", [][2]string{
			{"1.5元 3-5天 3~5天 3～5天 3—5天 3——5天", "1.5元{␣}3-5天{␣}3-5天{␣}3-5天{␣}3-5天{␣}3-5天"},
			{"50% ５０％ %5 5%~10%", "50%{␣}50%{␣…}5{␣}5%-10%"},
			{"020-8888 16:00 3/5 ab_c a@b.cn 24/7", "020-8888{␣}16:00{␣}3/5{␣}ab_c{␣}a@b.cn{␣}24/7"},
			{"q.q v-x w_x q.q.com a.bc", "q{.·}q{␣}v{·}x{␣}w{·}x{␣}q{.·}q.com{␣}a.bc"},
			{"+86 加+ 1+1", "+86{␣}加+{␣}1+1"},
			{"¥10 ￥ 20 ￥20", "¥10{␣…}20{␣}¥20"},
			{"1--2 ok...ok 1..2", "1-2{␣}ok{.}ok{␣}1{.}2"},
			{"a#b a&b a=b a?b", "a{…}b{␣}a{…}b{␣}a{…}b{␣}a{?}b"},
		}},
		{"links", [][2]string{
			{"https://www.a.com/x?y=1&z=%E4%BD#k.看", "https://www.a.com/x?y=1&z=%e4%bd#k{.·}看"},
			{"detail.tmall.com/item.htm?id=5&s=b", "detail.tmall.com/item.htm?id=5&s=b"},
			{"weixin://dl/chat?abc", "weixin://dl/chat?abc"},
			{"ｗｗｗ．ａｂ．ｃｏｍ／ｘ？ｙ", "www.ab.com/x?y"},
			{"taobao。com 用OK。com", "taobao.com{␣}用ok.com"},
			{"ok。yes ok。亲", "ok{.}yes{␣}ok{.}亲"},
			{"看https://a.com/ 好", "看https://a.com{␣·}好"},
		}},
		{"broken", [][2]string{
			{"", ""},
			{"\xff发\xe5\x8f", "\ufffd发\ufffd\ufffd"},
			{"\ufffd", "\ufffd"},
		}},
	}
	n := 0
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.cases {
				n++
				x := Normalize(c[0])
				if got := show(&x); got != c[1] {
					t.Errorf("Normalize(%q)\n got %s\nwant %s", c[0], got, c[1])
				}
				check(t, c[0])
			}
		})
	}
	if n == 0 {
		t.Fatal("no cases")
	}
}

func TestBytes(t *testing.T) {
	tests := []struct {
		in         string
		start, end int
		want       string
	}{
		{"亲，没 有！", 1, 3, "没 有"},
		{"加🐧号", 1, 2, "🐧"},
		{"加🐧号", 2, 3, "🐧"},
		{"加🙅‍♀️号", 1, 2, "🙅‍♀️"},
		{"1️⃣3️⃣8", 0, 2, "1️⃣3️⃣"},
		{"é票", 0, 1, "é"},
		{"发\ufe0f票", 0, 1, "发\ufe0f"},
		{"⑫个", 1, 2, "⑫"},
		{"a\xffb", 1, 2, "\xff"},
		{"3——5", 1, 2, "——"},
		{"亲，好", 1, 1, ""},
	}
	for _, tt := range tests {
		x := Normalize(tt.in)
		lo, hi := x.Bytes(tt.start, tt.end)
		if got := tt.in[lo:hi]; got != tt.want {
			t.Errorf("Normalize(%q).Bytes(%d, %d) is %q, want %q", tt.in, tt.start, tt.end, got, tt.want)
		}
	}
}

func TestEmptyRanges(t *testing.T) {
	const s = "亲，好。"
	x := Normalize(s)
	for i, want := range []int{0, 6, len(s)} {
		if lo, hi := x.Bytes(i, i); lo != want || hi != want {
			t.Errorf("Bytes(%d, %[1]d) = %d, %d, want %d", i, lo, hi, want)
		}
	}
}

func TestZero(t *testing.T) {
	var x Text
	lo, hi := x.Bytes(0, 0)
	if x.Len() != 0 || x.GapBefore(0) != 0 || lo != 0 || hi != 0 || x.Traditional() || x.Original() != "" {
		t.Errorf("the zero Text is not the empty reply: %+v", x)
	}
}

func TestSpelled(t *testing.T) {
	tests := []struct{ in, want string }{ // want: ! for each spelled character
		{"发票", ".."},
		{"發票", ".."},
		{"ＱＱ号", "!!."},
		{"①1️⃣x", "!!."},
		{"𝐯x", "!."},
		{"发\u200b票", ".!"},
		{"\u200b发票", ".."},
		{"发 \u200b票", ".."},
		{"❤️发票", ".."},
		{"fāp", ".!."},
		{"🐧号", "!!."},
		{"👌好", "..."},
		{"微⃠信", "!."},
	}
	for _, tt := range tests {
		x := Normalize(tt.in)
		var got []byte
		for i := range x.Len() {
			got = append(got, map[bool]byte{true: '!', false: '.'}[x.Spelled(i)])
		}
		if string(got) != tt.want {
			t.Errorf("Normalize(%q).Spelled = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestTraditional(t *testing.T) {
	tests := []struct {
		in   string
		want bool
	}{
		{"小金額沒有發票，可以提供收據，下次累積一起開吧", true},
		{"沒有喔", true},
		{"親，發票只開商品價格", true},
		{"亲，小金额没有发票", false},
		{"亲，可以開發票的，请放心", false},
		{"好的", false},
		{"", false},
		{"qq 123", false},
	}
	for _, tt := range tests {
		if x := Normalize(tt.in); x.Traditional() != tt.want {
			t.Errorf("Normalize(%q).Traditional() = %v, want %v", tt.in, !tt.want, tt.want)
		}
	}
}

// TestReset checks that a Text that is used again is as good as new.
func TestReset(t *testing.T) {
	var used Text
	used.Reset("\"沒有，發票 https://a.com/x?y")
	for _, s := range []string{"好的", "", "\"x\"", "a?b"} {
		used.Reset(s)
		fresh := Normalize(s)
		if got, want := show(&used), show(&fresh); got != want || used.Traditional() != fresh.Traditional() {
			t.Errorf("Reset(%q) gives %s, want %s", s, got, want)
		}
	}
}

// check fails unless the promises of the package hold for s.
func check(t *testing.T, s string) {
	t.Helper()
	x := Normalize(s)
	covered := make([]bool, len(s))
	lastLo, lastHi := 0, 0
	for i := range x.Len() {
		lo, hi := x.Bytes(i, i+1)
		if lo < 0 || hi <= lo || hi > len(s) {
			t.Fatalf("Normalize(%q): character %d is at %d:%d", s, i, lo, hi)
		}
		if same := lo == lastLo && hi == lastHi && i > 0; lo < lastHi && !same {
			t.Fatalf("Normalize(%q): character %d at %d:%d overlaps the one before at %d:%d", s, i, lo, hi, lastLo, lastHi)
		}
		if lo > lastHi && x.GapBefore(i) == 0 {
			t.Fatalf("Normalize(%q): no gap before character %d at %d:%d", s, i, lo, hi)
		}
		if !boundary(s, lo) || !boundary(s, hi) {
			t.Fatalf("Normalize(%q): character %d at %d:%d cuts a code point", s, i, lo, hi)
		}
		for b := lo; b < hi; b++ {
			covered[b] = true
		}
		lastLo, lastHi = lo, hi
		x.Spelled(i)
	}
	if lastHi < len(s) && x.GapBefore(x.Len()) == 0 {
		t.Fatalf("Normalize(%q): no gap at the end", s)
	}
	for at, r := range s {
		if keeps(r) && !covered[at] {
			t.Fatalf("Normalize(%q) loses %q at %d", s, r, at)
		}
	}
	again := Normalize(string(x.Runes()))
	if got, want := string(again.Runes()), string(x.Runes()); got != want {
		t.Fatalf("Normalize(%q) gives %q, and that gives %q", s, want, got)
	}
}

// boundary reports whether s can be cut at byte i.
func boundary(s string, i int) bool {
	if i == 0 || i == len(s) || utf8.RuneStart(s[i]) {
		return true
	}
	for j := i - 1; j >= max(0, i-3); j-- { // inside a valid code point?
		if _, size := utf8.DecodeRuneInString(s[j:]); j+size > i {
			return false
		}
	}
	return true
}

// keeps reports whether r must never be lost.
func keeps(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5, 0xFF9E, 0xFF9F: // fillers and voicing marks
		return false
	}
	return unicode.In(r, unicode.Letter, unicode.Number) || r == utf8.RuneError
}

// TestEveryRune checks the table for every code point, alone and between
// others.
func TestEveryRune(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		check(t, "1"+string(r)+"票"+string(r)+string(r)+"a")
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{
		"亲，没有發票 ①1️⃣３", "https://a.b/c?d=1&e=%20#f", "q.q.q.com", "🙅‍♀️🇨🇳🇶🇶", "a\xff\ufe0f\u20e3",
		"甚 麼 乾 隆 著 名", "1——2~3%-4", "a。com", "'\"", "ab://c.d--e", "http:///a//b", "½½", "5%.a+=b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}

// symbols are what FuzzSymbols makes strings of: the context rules are where
// the normal form could fail to be stable.
var symbols = []rune("ab19.-_@/:~%+#&=?。'\"¥ \u200b\ufe0f\u20e3著名甚么乾隆httpscom票😀🐧️‍🇨🇶́，")

func FuzzSymbols(f *testing.F) {
	f.Add([]byte("0123456789abcdefghijklmnopqrstuvwxyz"))
	f.Fuzz(func(t *testing.T, b []byte) {
		runes := make([]rune, len(b))
		for i, c := range b {
			runes[i] = symbols[int(c)%len(symbols)]
		}
		check(t, string(runes))
	})
}

func TestUnits(t *testing.T) {
	const s = "亲a\xff😀é"
	checkUnits(t, s)
	u := NewUnits(s, verdict.UTF16)
	for _, tt := range []struct{ off, want int }{{-1, 0}, {0, 0}, {1, 0}, {3, 1}, {5, 3}, {6, 3}, {9, 5}, {99, 6}, {3, 1}} {
		if got := u.At(tt.off); got != tt.want {
			t.Errorf("At(%d) = %d, want %d", tt.off, got, tt.want)
		}
	}
	b := NewUnits(s, verdict.Byte)
	for _, tt := range []struct{ off, want int }{{-1, 0}, {1, 0}, {2, 0}, {4, 4}, {5, 5}, {7, 5}, {99, len(s)}} {
		if got := b.At(tt.off); got != tt.want {
			t.Errorf("bytes: At(%d) = %d, want %d", tt.off, got, tt.want)
		}
	}
}

func checkUnits(t *testing.T, s string) {
	t.Helper()
	points, units, bytes := NewUnits(s, verdict.CodePoint), NewUnits(s, verdict.UTF16), NewUnits(s, verdict.Byte)
	for off := range len(s) + 1 {
		if !boundary(s, off) {
			continue
		}
		if got, want := points.At(off), utf8.RuneCountInString(s[:off]); got != want {
			t.Fatalf("%q: At(%d) = %d code points, want %d", s, off, got, want)
		}
		if got, want := units.At(off), len(utf16.Encode([]rune(s[:off]))); got != want {
			t.Fatalf("%q: At(%d) = %d UTF-16 units, want %d", s, off, got, want)
		}
		if got := bytes.At(off); got != off {
			t.Fatalf("%q: At(%d) = %d bytes", s, off, got)
		}
	}
}

func FuzzUnits(f *testing.F) {
	f.Add("亲a\xff😀é")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) <= 500 { // the check is quadratic
			checkUnits(t, s)
		}
	})
}

func TestAllocs(t *testing.T) {
	const s = "亲，小金額沒有發票～可以提供收據哦，3~5天 https://a.com/x?y=1 🐧"
	var x Text
	if n := testing.AllocsPerRun(100, func() { x.Reset(s) }); n != 0 {
		t.Errorf("Reset allocates %v times, want 0", n)
	}
	if n := testing.AllocsPerRun(100, func() { _ = Normalize(s) }); n > 2 {
		t.Errorf("Normalize allocates %v times, want at most 2", n)
	}
}

func BenchmarkReset(b *testing.B) {
	plain := []rune(strings.Repeat("亲，小金额没有发票，可以提供收据，下次累积一起开吧。", 4))
	mixed := []rune(strings.Repeat("親, 小金額沒有發票~ QQ：１３８-0013 ok 3~5天😊", 4))
	for _, n := range []int{5, 30, 100} {
		for name, reply := range map[string][]rune{"plain": plain, "mixed": mixed} {
			s := string(reply[:n])
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				var x Text
				for b.Loop() {
					x.Reset(s)
				}
			})
		}
	}
}

// TestHan holds the small table of ideographs against the large one.
func TestHan(t *testing.T) {
	for r := rune(hanFirst); r <= hanLast; r++ {
		want := uint64(2)
		switch lookup(r) {
		case 0:
			want = 0
		case flagSimp:
			want = 1
		}
		i := r - hanFirst
		if got := han[i/32] >> (i % 32 * 2) & 3; got != want {
			t.Fatalf("%c has %d, want %d", r, got, want)
		}
	}
}
