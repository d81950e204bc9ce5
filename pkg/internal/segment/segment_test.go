package segment

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/go-ego/gse"

	"github.com/replyguard/replyguard/pkg/internal/text"
)

// cut returns the words of s, separated by slashes.
func cut(g Segmenter, s string) string {
	runes := []rune(s)
	var words []string
	for _, t := range g.AppendTokens(nil, runes) {
		words = append(words, string(runes[t.Start:t.End]))
	}
	return strings.Join(words, "/")
}

func newGSE(t testing.TB) *GSE {
	t.Helper()
	g, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestCut(t *testing.T) {
	cases := strings.Fields(`
亲/这/款/股票/没有/发票/的/哦
可以/开/发票/付款后/发给/您
可以/开/的
不/开/发票/的/亲
能/开/发票/吗
有没有/发票/啊
电影票/的话/开/不/了/票/哦
暂时/没/办法/开/专票/呢
加/我/微信/吧/方便/联系
加绒/加厚/的/更加/保/暖
增加/一条/运费/链接/参加/活动
关于/退款/的/事情/您/看/一下
我/帮/您/把/订单/关/了/吧
开关/在/机关/后面/是/关键
突出/的/地方/出来/出现/问题
开心/就/好/打开/看看
今天/发/不/了/货/明天/一定/发
发票/没有/问题
没有/货到付款/的/手续费
不/允许/上班/时/开/qq/请/旺旺/联系
小票/可以/当/发票/用
买/了/东西/不/给/票
门票/投票/票房/车票
相关/机关/关键/海关`)
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	g := newGSE(t)
	for _, want := range cases {
		if got := cut(g, strings.ReplaceAll(want, "/", "")); got != want {
			t.Errorf("cut %s, want %s", got, want)
		}
	}
}

// TestKnows lists ordinary words in which a character hides that the lexicon
// looks for. Each has to be one word wherever it stands.
func TestKnows(t *testing.T) {
	words := strings.Fields(`
股票 车票 投票 电影票 门票 票房 邮票 机票 火车票 彩票 钞票
增加 参加 加厚 加绒 更加 加油 加班 加长 加大 加热 加强
关于 相关 开关 机关 关键 关系 关心 关注 无关 海关 没关系
突出 出来 出现 出门 出差 出错 提出 退出
开心 打开 开始 离开 公开 开水 开口 开封 拆开
有没有 没有 还有 所有 有点 有时候 有效 没事 没问题 没错
发现 头发 沙发 发黄 发霉 发烧 出发 发展 批发
单独 单件 菜单 床单 简单 清单 卡通 卡扣 扣子 纽扣 折扣
条纹 面条 条件 型号 大号 小号 尺码 微波炉 稍微
点击 特点 地点 优点 改天 改善 换季 收藏 收纳 回收
转身 旋转 高兴 高温 高度 身高 差不多 差别 真丝 真皮 放假 暑假
面包 书包 包裹 包括 钱包 网上 网站 在线 毛线 店铺 酒店
微信 支付宝 淘宝 天猫 旺旺 货到付款 到付 信用卡 优惠券 红包
现货 预售 缺货 断货 快递 运费 运费险 顺丰 圆通 今天 明天 后天`)
	g := newGSE(t)
	for _, w := range words {
		if got := cut(g, w); got != w {
			t.Errorf("%s is cut as %s", w, got)
		}
	}
}

// TestNormalForm checks that the dictionary has every word once and in a form
// that can occur in a Text.
func TestNormalForm(t *testing.T) {
	seen := map[string]bool{}
	for word := range Words() {
		if seen[word] {
			t.Errorf("%q is there twice", word)
		}
		seen[word] = true
		if utf8.RuneCountInString(word) == 1 {
			continue // 乾 and 著 occur, but only inside words
		}
		x := text.Normalize(word)
		if got := string(x.Runes()); got != word {
			t.Errorf("%q has the normal form %q; run go generate", word, got)
		}
	}
	if n := len(seen); n < 20000 {
		t.Errorf("the dictionary has only %d words", n)
	}
}

// TestHidesSegmenter walks the types that reflection can reach from a GSE. If
// gse.Segmenter is among them, the linker may keep gse's dictionaries.
func TestHidesSegmenter(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(rt reflect.Type) {
		if seen[rt] {
			return
		}
		seen[rt] = true
		if rt == reflect.TypeFor[gse.Segmenter]() {
			t.Error("gse.Segmenter can be reached from GSE")
		}
		switch rt.Kind() { //nolint:exhaustive // other kinds lead nowhere
		case reflect.Struct:
			for f := range rt.Fields() {
				walk(f.Type)
			}
		case reflect.Func:
			for in := range rt.Ins() {
				walk(in)
			}
			for out := range rt.Outs() {
				walk(out)
			}
		case reflect.Array, reflect.Pointer, reflect.Slice, reflect.Map, reflect.Chan:
			walk(rt.Elem())
		}
	}
	walk(reflect.TypeFor[*GSE]())
	if !seen[reflect.TypeFor[gse.Segment]()] {
		t.Error("the walk does not reach gse.Segment")
	}
}

func checkTiles(t *testing.T, tokens []Token, n int) {
	t.Helper()
	at := 0
	for _, tok := range tokens {
		if tok.Start != at || tok.End <= tok.Start {
			t.Fatalf("token %v does not begin at %d", tok, at)
		}
		at = tok.End
	}
	if at != n {
		t.Fatalf("tokens end at %d, want %d", at, n)
	}
}

func FuzzTiles(f *testing.F) {
	for _, s := range []string{"", "亲没有发票", "abc123発票", "a\x00b", "\xff\ufffd", "𠮷é한", "1.5元-3元", "v 信"} {
		f.Add(s)
	}
	g := newGSE(f)
	f.Fuzz(func(t *testing.T, s string) {
		runes := []rune(s)
		tokens := g.AppendTokens(nil, runes)
		checkTiles(t, tokens, len(runes))
		again := g.AppendTokens([]Token{{Start: 7, End: 9}}, runes)
		if again[0] != (Token{Start: 7, End: 9}) || len(again) != len(tokens)+1 {
			t.Fatalf("AppendTokens does not append: %v", again)
		}
	})
}

// TestSurrogates checks runes that no string can hold.
func TestSurrogates(t *testing.T) {
	runes := []rune{'没', 0xD800, -1, 0x110000, '有'}
	checkTiles(t, newGSE(t).AppendTokens(nil, runes), len(runes))
}

// TestConcurrent is of use with the race detector.
func TestConcurrent(t *testing.T) {
	g := newGSE(t)
	const s = "亲小金额没有发票可以提供收据"
	want := cut(g, s)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				if got := cut(g, s); got != want {
					t.Errorf("cut %s, want %s", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestAllocs(t *testing.T) {
	g := newGSE(t)
	runes := []rune("亲小金额没有发票可以提供收据下次累积一起开吧好的哈")
	dst := make([]Token, 0, len(runes))
	allocs := testing.AllocsPerRun(200, func() { dst = g.AppendTokens(dst[:0], runes) })
	if allocs > 10 { // all of them gse's
		t.Errorf("AppendTokens allocates %v times, want at most 10", allocs)
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendTokens(b *testing.B) {
	g := newGSE(b)
	reply := []rune(strings.Repeat("亲小金额没有发票可以提供收据下次累积一起开吧", 5))
	for _, n := range []int{5, 30, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			var dst []Token
			for b.Loop() {
				dst = g.AppendTokens(dst[:0], reply[:n])
			}
		})
	}
}
