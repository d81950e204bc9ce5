package rule_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/replyguard/replyguard/configs"
	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/rule"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// shipped compiles the built-in pack.
func shipped(tb testing.TB) (*claim.Reader, *rule.Program, *policy.Pack) {
	tb.Helper()
	pack, err := policy.Load(configs.Pack)
	if err != nil {
		tb.Fatal(err)
	}
	reader, program := compile(tb, pack)
	return reader, program, pack
}

func compile(tb testing.TB, pack *policy.Pack) (*claim.Reader, *rule.Program) {
	tb.Helper()
	v, err := claim.NewVocab(pack.Senses)
	if err != nil {
		tb.Fatal(err)
	}
	lex, err := claim.CompileLexicon(v, pack.Lexicon, pack.Spell, nil)
	if err != nil {
		tb.Fatal(err)
	}
	p, err := rule.Compile(v, pack.Rules)
	if err != nil {
		tb.Fatal(err)
	}
	return claim.NewReader(lex, nil), p
}

// small is a pack of four rules whose every condition can be seen at work.
func small() *policy.Pack {
	warn := verdict.Warn
	return &policy.Pack{
		Senses: policy.Senses{
			Topics: []policy.Declared{{ID: "invoice"}, {ID: "receipt"}, {ID: "wechat"}},
			Acts:   []policy.Declared{{ID: "provide"}, {ID: "issue"}, {ID: "contact"}, {ID: "charge"}, {ID: "bear"}},
			Cues:   []policy.Declared{{ID: "special_price"}, {ID: "curt"}},
		},
		Lexicon: []policy.Entry{
			entry("topic.invoice", "发票"), entry("topic.receipt", "收据"), entry("topic.wechat", "微信"),
			entry("act.provide", "提供", "给"), entry("act.issue", "开"), entry("act.contact", "加"),
			entry("neg.before", "不", "没有"), entry("neg.after", "不了"), entry("answer.yes", "可以"),
			entry("mood.question", "吗"), entry("cue.special_price", "特价"), entry("cue.curt", "哦"),
			entry("particle", "呢"), entry("address", "亲"),
		},
		Rules: []policy.Rule{
			{ID: "invoice.refuse", Decision: verdict.Block, When: []policy.Pattern{{Topic: []string{"invoice"}, Polarity: "negative"}},
				Unless: []policy.Pattern{{Name: "收据", Nearby: []string{"topic.receipt"}}}},
			{ID: "invoice.special_price", Decision: verdict.Block, Over: []string{"invoice.refuse"},
				When: []policy.Pattern{{Topic: []string{"invoice"}, Polarity: "negative", With: []string{"cue.special_price"}}}},
			{ID: "contact.wechat", Decision: verdict.Block, When: []policy.Pattern{
				{Topic: []string{"wechat"}, Act: []string{"contact"}, Polarity: "positive"},
				{Topic: []string{"wechat"}, Act: []string{policy.NoAct}, Decision: &warn},
				{Topic: []string{"wechat"}, Polarity: "positive", Given: []string{"cod_offered"}},
			}},
			{ID: "tone.curt", Decision: verdict.Warn, When: []policy.Pattern{{With: []string{"cue.curt"}, Whole: true}}},
		},
	}
}

func entry(is string, terms ...string) policy.Entry {
	e := policy.Entry{Is: []string{is}}
	for _, t := range terms {
		e.Terms = append(e.Terms, policy.Term{Text: t})
	}
	return e
}

func TestJudge(t *testing.T) {
	pack := small()
	reader, program := compile(t, pack)
	tests := []struct {
		name, buyer, reply string
		given              bool
		want               []string // rule and decision
		silenced           []string // rule and what silenced it
	}{
		{name: "fires", reply: "没有发票", want: []string{"invoice.refuse block"}},
		{name: "other polarity", reply: "可以开发票"},
		{name: "exception", reply: "没有发票，给收据", silenced: []string{"invoice.refuse by 收据"}},
		{name: "special over general", reply: "特价没有发票", want: []string{"invoice.special_price block"}, silenced: []string{"invoice.refuse by invoice.special_price"}},
		{name: "answer", buyer: "可以开发票吗", reply: "不开呢", want: []string{"invoice.refuse block"}},
		{name: "act", reply: "加微信", want: []string{"contact.wechat block"}},
		{name: "no act, own decision", reply: "微信", want: []string{"contact.wechat warn"}},
		{name: "condition holds", reply: "可以给微信", given: true, want: []string{"contact.wechat block"}},
		{name: "condition does not hold", reply: "可以给微信"},
		{name: "question is no position", reply: "加微信吗"},
		{name: "whole", reply: "哦亲", want: []string{"tone.curt warn"}},
		{name: "not whole", reply: "哦发票可以开"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before []claim.Message
			if tt.buyer != "" {
				before = append(before, claim.Message{Text: tt.buyer})
			}
			r := reader.Read(tt.reply, before, &claim.Known{})
			defer reader.Release(r)
			fired, silenced := program.Judge(r, func(int) bool { return tt.given })
			var got, quiet []string
			for _, m := range fired {
				got = append(got, pack.Rules[m.Rule].ID+" "+m.Decision.String())
			}
			for _, m := range silenced {
				quiet = append(quiet, pack.Rules[m.Rule].ID+" by "+m.By)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("fired by %q (-want +got):\n%s", tt.reply, d)
			}
			if d := cmp.Diff(tt.silenced, quiet); d != "" {
				t.Errorf("silenced in %q (-want +got):\n%s", tt.reply, d)
			}
		})
	}
}

func TestScoreStaysInItsDecisionsRange(t *testing.T) {
	reader, program, pack := shipped(t)
	n := 0
	for i := range pack.Rules {
		for _, e := range pack.Rules[i].Examples.Violates {
			r := reader.Read(e.Seller, nil, &claim.Known{})
			fired, _ := program.Judge(r, func(int) bool { return true })
			for _, m := range fired {
				n++
				lo, hi := verdict.MinBlockScore, verdict.MaxScore
				if m.Decision == verdict.Warn {
					lo, hi = verdict.MinWarnScore, verdict.MaxWarnScore
				}
				if m.Score < lo || m.Score > hi {
					t.Errorf("%s: score %d of a %s, want %d to %d", pack.Rules[m.Rule].ID, m.Score, m.Decision, lo, hi)
				}
			}
			reader.Release(r)
		}
	}
	if n == 0 {
		t.Fatal("no example fired anything")
	}
}

// FuzzPrunedIsAll holds Judge, which visits only the rules that a claim's
// topic may fire, against JudgeAll, which visits every rule.
func FuzzPrunedIsAll(f *testing.F) {
	reader, program, pack := shipped(f)
	for i := range pack.Rules {
		for _, e := range pack.Rules[i].Examples.Violates {
			f.Add("有发票吗", e.Seller, true)
		}
		for _, e := range pack.Rules[i].Examples.Complies {
			f.Add("", e.Seller, false)
		}
	}
	f.Fuzz(func(t *testing.T, buyer, reply string, yes bool) {
		r := reader.Read(reply, []claim.Message{{Text: buyer}}, &claim.Known{})
		defer reader.Release(r)
		given := func(i int) bool { return yes != (i%3 == 0) }
		fired, silenced := program.Judge(r, given)
		all, allSilenced := program.JudgeAll(r, given)
		if d := cmp.Diff(all, fired); d != "" {
			t.Errorf("fired (-all +pruned):\n%s", d)
		}
		if len(silenced) != len(allSilenced) {
			t.Errorf("silenced %d, want %d", len(silenced), len(allSilenced))
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	reader, program, _ := shipped(b)
	for _, reply := range []string{"亲，这款毛毯是法兰绒的，第一次洗建议用冷水单独洗，放心拍哦", "没有发票只能开收据，加我微信转账，这款断货了，订单给您关了"} {
		b.Run(reply[:len("亲，这款")], func(b *testing.B) {
			r := reader.Read(reply, nil, &claim.Known{})
			defer reader.Release(r)
			b.ReportAllocs()
			for b.Loop() {
				program.Judge(r, func(int) bool { return false })
			}
		})
	}
}

// TestInPlay holds what InPlay and Possible promise: a rule that fires is in play
// and possible, and one that nobody has spoken of is not in play.
func TestInPlay(t *testing.T) {
	reader, program, pack := shipped(t)
	given := func(int) bool { return true }
	fires := 0
	for i := range pack.Rules {
		for j := range pack.Rules[i].Examples.Violates {
			e := &pack.Rules[i].Examples.Violates[j]
			var before []claim.Message
			for _, m := range e.Messages {
				before = append(before, claim.Message{Seller: !m.Buyer, Text: m.Text})
			}
			r := reader.Read(strings.NewReplacer("[[", "", "]]", "").Replace(e.Seller), before, &claim.Known{})
			fired, _ := program.Judge(r, given)
			for _, m := range fired {
				fires++
				if !program.InPlay(m.Rule, r) || !program.Possible(m.Rule, given) {
					t.Errorf("%s fires and is not in play: %s", pack.Rules[m.Rule].ID, e.Seller)
				}
			}
			reader.Release(r)
		}
	}
	if fires == 0 {
		t.Error("no example fires")
	}
	r := reader.Read("好的呢", nil, &claim.Known{})
	defer reader.Release(r)
	for i := range pack.Rules {
		if id := pack.Rules[i].ID; id == "invoice.refuse" && program.InPlay(i, r) {
			t.Errorf("%s is in play where nobody spoke of an invoice", id)
		}
	}
}
