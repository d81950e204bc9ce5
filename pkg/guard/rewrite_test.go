package guard_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/replyguard/replyguard/configs"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/corpus"
	"github.com/replyguard/replyguard/pkg/internal/text"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// check runs one check that has to come to a decision.
func check(tb testing.TB, g *guard.Guard, in guard.Input) guard.Result {
	tb.Helper()
	res, err := g.Check(context.Background(), in)
	if err != nil {
		tb.Fatalf("Check(%q): %v", in.Reply, err)
	}
	return res
}

// asked is the input of a reply to what the buyer wrote.
func asked(reply string, buyer ...string) guard.Input {
	in := guard.Input{Reply: reply}
	for _, b := range buyer {
		in.Conversation.Messages = append(in.Conversation.Messages, guard.Message{From: guard.Buyer, Text: b})
	}
	return in
}

// checkRewrite reports what is wrong with the rewrite of in: it has to be
// allowed in the same context, to follow from its edits in every unit, to
// come out the same again, to read as one message, and to name no number that
// nobody gave.
func checkRewrite(t *testing.T, g *guard.Guard, in guard.Input, res *guard.Result) {
	t.Helper()
	r := res.Rewrite.Text()
	again := in
	again.Reply = r
	again.Options.NoRewrite = true
	if got := check(t, g, again); got.Decision != verdict.Allow {
		t.Errorf("%q became %q, which is %s by %s", in.Reply, r, got.Decision, got.Violations[0].Rule)
	}
	for _, unit := range []verdict.Offsets{verdict.CodePoint, verdict.UTF16, verdict.Byte} {
		in.Options.Offsets = unit
		other := check(t, g, in)
		if other.Rewrite == nil || other.Rewrite.Text() != r {
			t.Errorf("%q was rewritten otherwise the second time", in.Reply)
			continue
		}
		if got := applied(in.Reply, other.Rewrite.Edits(), unit); got != r {
			t.Errorf("%q: the edits in unit %v give %q, want %q", in.Reply, unit, got, r)
		}
	}
	for _, bad := range []string{"，，", "，。", "。，", "、，", "亲亲，亲", "亲，亲，", "亲，亲。", "，？", "？。"} {
		if strings.Contains(r, bad) && !strings.Contains(in.Reply, bad) {
			t.Errorf("%q became %q, which holds %q", in.Reply, r, bad)
		}
	}
	if strings.HasPrefix(r, "，") || strings.HasSuffix(r, "，") {
		t.Errorf("%q became %q, which hangs on a comma", in.Reply, r)
	}
	for _, n := range numbers(r) {
		if !slices.Contains(known(&in), n) {
			t.Errorf("%q became %q: nobody gave the number %s", in.Reply, r, n)
		}
	}
}

// applied makes edits that are counted in unit.
func applied(s string, edits []guard.Edit, unit verdict.Offsets) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		from, to := offset(s, e.Start, unit), offset(s, e.End, unit)
		b.WriteString(s[at:from] + e.Text)
		at = to
	}
	return b.String() + s[at:]
}

// offset returns the byte of s that n units come to.
func offset(s string, n int, unit verdict.Offsets) int {
	if unit == verdict.Byte {
		return n
	}
	for i, r := range s {
		if n == 0 {
			return i
		}
		n--
		if unit == verdict.UTF16 && utf16.RuneLen(r) == 2 {
			n--
		}
	}
	return len(s)
}

// numbers returns the runs of digits in s.
func numbers(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
}

// known returns the numbers that the reply, the facts and the order name.
func known(in *guard.Input) []string {
	f := &in.Facts
	t := text.Normalize(in.Reply)
	all := []string{in.Reply, string(t.Runes()), in.Order.Amount, f.DispatchCutoff, strings.Join(f.ServicePhones, " ")}
	var out []string
	for _, s := range all {
		out = append(out, numbers(s)...)
	}
	for _, n := range []int{f.InvoiceReissueDays, f.ShipWithinHours} {
		out = append(out, numbers(itoa(n))...)
	}
	return out
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// hopeless reports whether a rule that fired says that no wording helps.
func hopeless(pack *policy.Pack, res *guard.Result) bool {
	return slices.ContainsFunc(res.Violations, func(f guard.Finding) bool {
		i := slices.IndexFunc(pack.Rules, func(r policy.Rule) bool { return r.ID == f.Rule })
		return pack.Rules[i].NoRewrite != ""
	})
}

func TestRewrite(t *testing.T) {
	g := builtin(t)
	facts := func(in guard.Input, f guard.Facts) guard.Input {
		in.Facts = f
		return in
	}
	status := func(in guard.Input, s string) guard.Input {
		in.Order.Status = s
		return in
	}
	for _, tt := range []struct {
		name string
		in   guard.Input
		want string
	}{
		{"answers in full", asked("亲，没有哦", "有发票吗"), "亲，发票可以开具的，按实付商品金额开，如未随货，后期给您补寄，邮费由我们承担哦"},
		{"says less where nobody asked", asked("亲，我们不提供发票的"), "亲，发票可以开具的，按实付商品金额开"},
		{"fills facts", facts(asked("没有发票的", "有发票吗"), guard.Facts{InvoiceReissueDays: 7}), "发票可以开具的，按实付商品金额开，如未随货，7天内给您补寄，邮费由我们承担"},
		{"takes the receipt along", asked("亲，小金额没有发票，可以提供收据", "有没有发票，需要报销"), "亲，发票可以开具的，按实付商品金额开，如未随货，后期给您补寄，邮费由我们承担"},
		{"keeps the script", asked("親，我們不支持貨到付款"), "親，頁面上有的支付方式本店都支持"},
		{"keeps 你", asked("加我微信说，你把图发我"), "公司规定请用旺旺联系，有什么问题你在这里说就可以"},
		{"keeps what was fine", asked("亲，这款是纯棉的，不掉色。发票没有的，不好意思哈。今天有满减活动哦~", "掉色吗 有发票吗"), "亲，这款是纯棉的，不掉色。发票可以开具的，按实付商品金额开，如未随货，后期给您补寄，邮费由我们承担哈。今天有满减活动哦~"},
		{"keeps numbers and names", asked("亲，订单号202611210001李雷的已经备注了，尺码选175的。没有发票哦😊", "发票有吗"), "亲，订单号202611210001李雷的已经备注了，尺码选175的。发票可以开具的，按实付商品金额开，如未随货，后期给您补寄，邮费由我们承担哦😊"},
		{"one coherent message", asked("没有发票的，您加我微信转账吧", "有发票吗"), "发票可以开具的，按实付商品金额开，如未随货，后期给您补寄，邮费由我们承担。请通过支付宝在订单里付款，也可以请朋友代付"},
		{"by the order: paid", status(asked("这单我们给您关掉了", "不想要了"), "paid"), "客服不能关闭交易，不需要的话您可以自行申请退款"},
		{"by the order: unpaid", status(asked("这单我们给您关掉了", "不想要了"), "unpaid"), "客服不能关闭交易，不需要的话您可以在订单页面自行关闭"},
	} {
		res := check(t, g, tt.in)
		if res.Rewrite == nil {
			t.Errorf("%s: %q has no rewrite: %s", tt.name, tt.in.Reply, res.NoRewrite)
			continue
		}
		if got := res.Rewrite.Text(); got != tt.want {
			t.Errorf("%s: %q became\n  %s, want\n  %s", tt.name, tt.in.Reply, got, tt.want)
		}
		checkRewrite(t, g, tt.in, &res)
	}
}

// TestNoRewrite checks that where no wording helps the agent is told what to
// do instead.
func TestNoRewrite(t *testing.T) {
	g := builtin(t)
	fourth := asked("您好，退款的事方便回复吗", "申请退款")
	for _, m := range []string{"请问退款是什么原因", "亲在吗", "麻烦回复下退款的事"} {
		fourth.Conversation.Messages = append(fourth.Conversation.Messages, guard.Message{From: guard.Seller, Text: m})
	}
	for name, in := range map[string]guard.Input{"fourth contact": fourth, "abuse alone": asked("你是不是脑子有病")} {
		res := check(t, g, in)
		if res.Decision == verdict.Allow || res.Rewrite != nil || res.NoRewrite == "" {
			t.Errorf("%s: decision %s, rewrite %v, reason %q; want none with a reason", name, res.Decision, res.Rewrite, res.NoRewrite)
		}
	}
	in := asked("加我微信吧")
	in.Options.NoRewrite = true
	if res := check(t, g, in); res.Rewrite != nil || res.NoRewrite != "" {
		t.Errorf("a rewrite was looked for though none was wanted")
	}
}

// TestRewriteOfExamples runs every violating example of every rule.
func TestRewriteOfExamples(t *testing.T) {
	g := builtin(t)
	n := 0
	for _, r := range g.Policy().Rules {
		for i := range r.Examples.Violates {
			in, err := guard.InputOf(&r.Examples.Violates[i])
			if err != nil {
				t.Errorf("%s: %v", r.ID, err)
				continue
			}
			res := check(t, g, in)
			if res.Decision == verdict.Allow {
				continue // reported by rules test
			}
			n++
			offered(t, g, in, &res)
		}
	}
	if n == 0 {
		t.Fatal("no example violates anything")
	}
}

// offered checks the rewrite of in, which there has to be unless a rule says
// that there is none.
func offered(t *testing.T, g *guard.Guard, in guard.Input, res *guard.Result) {
	t.Helper()
	switch {
	case res.Rewrite != nil:
		checkRewrite(t, g, in, res)
	case !hopeless(g.Policy(), res):
		t.Errorf("%q (%s) has no rewrite", in.Reply, res.Violations[0].Rule)
	case res.NoRewrite == "":
		t.Errorf("%q has neither a rewrite nor a reason", in.Reply)
	}
}

// TestRewriteOfCases runs the labelled cases of ../shared, where they are.
func TestRewriteOfCases(t *testing.T) {
	g := builtin(t)
	for _, name := range []string{"dev.jsonl", "dev2.jsonl"} {
		f, err := os.Open(filepath.Join("..", "..", "..", "shared", "cases", name))
		if err != nil {
			t.Skip("the labelled cases are not here")
		}
		cases, err := corpus.ReadCases(f, name)
		_ = f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for i := range cases {
			c := &cases[i]
			res := check(t, g, c.Input)
			if res.Decision == verdict.Allow || c.Expect.Decision == verdict.Allow {
				continue
			}
			offered(t, g, c.Input, &res)
			for _, bad := range c.Expect.RewriteMustNot {
				if res.Rewrite != nil && strings.Contains(res.Rewrite.Text(), bad) {
					t.Errorf("%s: %q became %q, which may not hold %q", c.ID, c.Input.Reply, res.Rewrite.Text(), bad)
				}
			}
		}
	}
}

// TestWordingsInTraditional converts every shipped wording and back.
func TestWordingsInTraditional(t *testing.T) {
	pack, err := policy.Load(configs.Pack)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range pack.Rules {
		for _, say := range r.Rewrites {
			n++
			trad := text.ToTraditional(say.Text)
			back, want := text.Normalize(trad), text.Normalize(say.Text)
			if string(back.Runes()) != string(want.Runes()) {
				t.Errorf("%s: %q becomes %q and comes back as %q", r.ID, say.Text, trad, string(back.Runes()))
			}
			if trad != say.Text && !back.Traditional() {
				t.Errorf("%s: %q becomes %q, which is not Traditional", r.ID, say.Text, trad)
			}
			if got, want := strings.Count(trad, "{"), strings.Count(say.Text, "{"); got != want {
				t.Errorf("%s: %q has %d slots, want %d", r.ID, trad, got, want)
			}
		}
	}
	if n < 51 {
		t.Errorf("%d wordings are shipped, want one a rule at least", n)
	}
}

// TestVerifyWordings checks that wordings which break a rule or can never be
// chosen are found.
func TestVerifyWordings(t *testing.T) {
	for _, tt := range []struct {
		name string
		says []policy.Say
		want string
	}{
		{"breaks its own rule", []policy.Say{{Text: "没有发票的"}}, "not allowed by itself: invoice.refuse"},
		{"breaks another rule", []policy.Say{{Text: "发票可以开具，您加我微信说"}}, "not allowed by itself: contact.wechat"},
		{"exclusive conditions", []policy.Say{{Text: "发票可以开具的", Given: []string{"order_paid", "order_unpaid"}}}, "order_paid and order_unpaid exclude each other"},
		{"no status and one", []policy.Say{{Text: "发票可以开具的", Given: []string{"!order_known", "order_paid"}}}, "exclude each other"},
		{"the same again", []policy.Say{{Text: "发票可以开具的"}, {Text: "发票可以开具的", Given: []string{"order_paid"}}}, "says the same"},
		{"too late", []policy.Say{{Text: "发票可以开具的"}, {Text: "可以开具发票的"}, {Text: "发票都可以开的"}, {Text: "可以开发票的"}}, "no more are tried"},
	} {
		pack, err := policy.Load(configs.Pack)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(pack.Rules, func(r policy.Rule) bool { return r.ID == "invoice.refuse" })
		pack.Rules[i].Rewrites = tt.says
		g, err := guard.New(pack, guard.Config{})
		if err != nil {
			t.Fatal(err)
		}
		found := slices.ContainsFunc(g.Verify(context.Background()), func(p guard.Problem) bool {
			return p.Rule == "invoice.refuse" && strings.Contains(p.What, tt.want)
		})
		if !found {
			t.Errorf("%s: no problem says %q", tt.name, tt.want)
		}
	}
}

// TestRewriteOfStore checks that a store's own wording comes first and is held
// to the same rules.
func TestRewriteOfStore(t *testing.T) {
	pack, err := policy.Load(configs.Pack)
	if err != nil {
		t.Fatal(err)
	}
	pack.Stores = append(pack.Stores,
		policy.Store{ID: "mine", Rules: []policy.RuleOverride{{ID: "invoice.refuse", Rewrites: []policy.Say{{Text: "本店都开发票的"}}}}},
		policy.Store{ID: "bad", Rules: []policy.RuleOverride{{ID: "invoice.refuse", Rewrites: []policy.Say{{Text: "发票找别的店开吧，加我QQ说"}}}}})
	g, err := guard.New(pack, guard.Config{})
	if err != nil {
		t.Fatal(err)
	}
	in := guard.Input{Reply: "亲，没有发票", Store: "mine"}
	res := check(t, g, in)
	if res.Rewrite == nil || res.Rewrite.Text() != "亲，本店都开发票的" {
		t.Errorf("the store's wording is not used: %v", res.Rewrite)
	}
	in.Store = "bad"
	if res = check(t, g, in); res.Rewrite == nil || strings.Contains(res.Rewrite.Text(), "QQ") {
		t.Errorf("a store's wording that breaks a rule left the guard: %v", res.Rewrite)
	}
	found := slices.ContainsFunc(g.Verify(context.Background()), func(p guard.Problem) bool {
		return strings.Contains(p.What, "not allowed by itself: contact.qq")
	})
	if !found {
		t.Error("Verify does not report the store's wording that breaks a rule")
	}
}

// FuzzRewrite puts a violating clause into a polite reply and checks that the
// rewrite, where there is one, is allowed and well formed, and that there is
// one.
func FuzzRewrite(f *testing.F) {
	g := builtin(f)
	openings := []string{"", "亲", "亲，", "您好，", "亲亲您好呀，", "老板 ", "感谢您的支持，", "親，", "😊"}
	before := []string{"", "这款是纯棉的，", "尺码正常拍就可以，", "洗了不缩水 ", "衣服是今年的新款哦～", "好的，", "不好意思，", "冷水单独洗，不要暴晒。"}
	offences := []string{
		"没有发票的", "发票开不了哦", "开票要加6个点", "补寄发票的邮费您出", "您加我微信吧", "有事打13800138000", "不支持货到付款的", "信用卡我们不收", "您直接转账到我支付宝",
		"今天一定给您发出去", "这款断货了", "帮您把订单关闭了", "签收了我们就不负责了", "特价商品不退不换", "五星好评返5元红包", "我们家质量是最好的", "这个不是正品", "只能开收据",
	}
	after := []string{"", "，您放心拍", "。有问题随时联系我们", "，但是质量您放心", " 祝您生活愉快", "？", "哈~", "，谢谢理解", "，这边冷水洗就可以🌸"}
	for i := range offences {
		f.Add(uint8(i), uint8(i), uint8(i), uint8(i), uint8(255))
	}
	f.Fuzz(func(t *testing.T, a, b, c, d, e uint8) {
		reply := openings[int(a)%len(openings)] + before[int(b)%len(before)] + offences[int(c)%len(offences)] + after[int(d)%len(after)]
		if int(e) < len(offences) {
			reply += "，" + offences[e]
		}
		res := check(t, g, guard.Input{Reply: reply})
		if res.Decision == verdict.Allow {
			return // the joint changes what is read
		}
		offered(t, g, guard.Input{Reply: reply}, &res)
	})
}

// BenchmarkRewrite shows what a rewrite costs beside a check.
func BenchmarkRewrite(b *testing.B) {
	g := builtin(b)
	for _, name := range []string{"30/none", "30/one", "30/many", "100/many"} {
		for _, off := range []bool{true, false} {
			mode := map[bool]string{true: "check", false: "rewrite"}[off]
			b.Run(name+"/"+mode, func(b *testing.B) {
				b.ReportAllocs()
				in := guard.Input{Reply: benchReplies()[name], Options: guard.Options{NoRewrite: off}}
				for b.Loop() {
					if _, err := g.Check(context.Background(), in); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
