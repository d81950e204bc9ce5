package guard_test

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"

	"github.com/replyguard/replyguard/configs"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/classify"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// taught returns a guard whose second reading was taught that the replies of
// blocks break their rule and that all others may be sent.
func taught(t *testing.T, blocks map[string]string, allowed []string, settings ...func(*policy.Second)) *guard.Guard {
	t.Helper()
	pack, err := policy.Load(configs.Pack)
	if err != nil {
		t.Fatal(err)
	}
	pack.Second = nil
	plain, err := guard.New(pack, guard.Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := guard.Weights{}
	var seeds []classify.Seed
	for i := range pack.Rules {
		if r := &pack.Rules[i]; r.Decision == verdict.Block && r.ID != "cod.close" {
			w.Rules = append(w.Rules, r.ID)
			seeds = append(seeds, guard.RuleSeed(r.ID))
		}
	}
	var es []classify.Example
	var ls []classify.Labelled
	for range 5 { // a lesson is learnt by repetition
		for reply, id := range blocks {
			h, err := plain.Evidence(guard.Input{Reply: reply})
			if err != nil {
				t.Fatal(err)
			}
			es = append(es, classify.Example{Hashes: h, Positive: true})
			ls = append(ls, classify.Labelled{Hashes: h, Labels: []classify.Seed{guard.RuleSeed(id)}})
		}
		for _, reply := range allowed {
			h, err := plain.Evidence(guard.Input{Reply: reply})
			if err != nil {
				t.Fatal(err)
			}
			es = append(es, classify.Example{Hashes: h})
		}
	}
	p := classify.Params{Bits: 18, Epochs: 20}
	w.Block, w.Which = classify.Fit(es, p), classify.FitLabels(ls, seeds, p)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := w.Write(z); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	pack.Second = &policy.Second{Weights: b.Bytes(), Withhold: 0.5, Raise: 0.8}
	for _, set := range settings {
		set(pack.Second)
	}
	g, err := guard.New(pack, guard.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestSecondReading(t *testing.T) {
	g := taught(t, map[string]string{
		"这俩您得挑一个哟": "invoice.voids_aftersales",
		"白云悠悠水东流":  "invoice.refuse",
		"绿水青山总相逢":  "cod.refuse",
		"是的呢":      "invoice.refuse",
	}, []string{"没有发票哦", "好的呢", "在的亲", "可以开发票的", "这单给您取消了", "加我微信xiaomei_test吧"})
	check := func(in guard.Input) guard.Result {
		t.Helper()
		in.Options.Explain = true
		r, err := g.Check(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}

	r := check(guard.Input{Reply: "没有发票哦"})
	if r.Decision != verdict.Allow || !slices.Contains(r.Silenced, guard.Suppressed{Rule: "invoice.refuse", By: "second reading"}) {
		t.Errorf("a block held unlikely: %s, silenced %v; want it withheld by name", r.Decision, r.Silenced)
	}

	asked := guard.Conversation{Messages: []guard.Message{{Text: "有发票吗"}}}
	if r := check(guard.Input{Reply: "亲在的，白云悠悠水东流"}); r.Decision != verdict.Allow {
		t.Errorf("words that say nothing, to nobody, are blocked: %+v", r.Violations)
	}
	r = check(guard.Input{Reply: "亲在的，白云悠悠水东流", Conversation: asked})
	if r.Decision != verdict.Block || r.Violations[0].Rule != "invoice.refuse" || r.Violations[0].Spans[0].Text != "白云悠悠水东流" {
		t.Fatalf("a reply held for a refusal: %+v", r.Violations)
	}
	if steps := r.Violations[0].Explain.Steps; len(steps) != 1 || !strings.Contains(steps[0].Why, "second reading") {
		t.Errorf("explained by %v, want the second reading", steps)
	}
	if r.Rewrite == nil {
		t.Errorf("no rewrite: %s", r.NoRewrite)
	}

	if r := check(guard.Input{Reply: "加我微信xiaomei_test吧"}); r.Decision != verdict.Block {
		t.Errorf("an account is waved through: %s, silenced %v", r.Decision, r.Silenced)
	}

	if r := check(guard.Input{Reply: "是的呢", Conversation: asked}); r.Decision != verdict.Allow {
		t.Errorf("a bare yes is blocked for its looks: %+v", r.Violations)
	}
	if r := check(guard.Input{Reply: "绿水青山总相逢", Conversation: asked}); r.Decision != verdict.Allow {
		t.Errorf("a rule is raised of whose family nobody spoke: %+v", r.Violations)
	}

	asked = guard.Conversation{Messages: []guard.Message{{Text: "能货到付款吗"}}}
	no := false
	if r := check(guard.Input{Reply: "绿水青山总相逢", Conversation: asked, Facts: guard.Facts{COD: &no}}); r.Decision != verdict.Allow {
		t.Errorf("a rule whose conditions do not hold is raised: %+v", r.Violations)
	}
	if r := check(guard.Input{Reply: "绿水青山总相逢", Conversation: asked}); r.Decision != verdict.Block {
		t.Error("the same reply where they may hold is not blocked")
	}

	cod := guard.Input{Reply: "这单给您取消了", Order: guard.Order{Payment: "cod", Status: "unpaid"}}
	if r := check(cod); r.Decision != verdict.Block || len(r.Violations) == 0 {
		t.Errorf("a rule that the weights do not know is withheld: %s, silenced %v", r.Decision, r.Silenced)
	}
}

// TestSecondReadingHesitates holds that a rule of everyday matters is raised only
// where a block is surer than for others, and one that is broken without naming the
// matter also where nobody named it.
func TestSecondReadingHesitates(t *testing.T) {
	lessons := map[string]string{"白云悠悠水东流": "invoice.refuse", "绿水青山总相逢": "contact.wechat"}
	in := guard.Input{Reply: "亲在的，白云悠悠水东流", Conversation: guard.Conversation{Messages: []guard.Message{{Text: "有发票吗"}}}}
	veiled := guard.Input{Reply: "绿水青山总相逢", Conversation: guard.Conversation{Messages: []guard.Message{{Text: "有现货吗"}}}}
	low := func(s *policy.Second) { s.Withhold, s.Raise = 0, 0.6 }
	for _, c := range []struct {
		name string
		in   guard.Input
		set  func(*policy.Second)
		want verdict.Decision
	}{
		{"a rule that nothing is said of", in, func(*policy.Second) {}, verdict.Block},
		{"an everyday rule, as likely", in, func(s *policy.Second) { s.Raise, s.Everyday = 0.88, []string{"invoice.refuse"} }, verdict.Allow},
		{"another, as likely", in, func(s *policy.Second) { s.Raise = 0.88 }, verdict.Block},
		{"what nobody named", veiled, low, verdict.Allow},
		{"what nobody names", veiled, func(s *policy.Second) { low(s); s.Veiled = []string{"contact.wechat"} }, verdict.Block},
	} {
		r, err := taught(t, lessons, []string{"好的呢", "在的亲", "可以开发票的"}, c.set).Check(t.Context(), c.in)
		if err != nil || r.Decision != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, r.Decision, err, c.want)
		}
	}
}

func TestSecondReadingDoesNotRemember(t *testing.T) {
	g := taught(t, map[string]string{"白云悠悠水东流": "invoice.refuse"}, []string{"好的呢"})
	in := guard.Input{Reply: "好的呢", Conversation: guard.Conversation{Messages: []guard.Message{{Text: "在吗"}}}}
	want, err := g.Evidence(in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Check(t.Context(), guard.Input{Reply: "白云悠悠水东流"}); err != nil {
		t.Fatal(err)
	}
	got, err := g.Evidence(in)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d features after another request, %d before: error %v", len(got), len(want), err)
	}
}

func TestBadWeights(t *testing.T) {
	pack, err := policy.Load(configs.Pack)
	if err != nil {
		t.Fatal(err)
	}
	good := pack.Second.Weights
	for name, data := range map[string][]byte{"empty": nil, "no gzip": []byte("weights"), "cut off": good[:len(good)/2]} {
		pack.Second = &policy.Second{Weights: data, Withhold: 0.1, Raise: 0.9}
		if _, err := guard.New(pack, guard.Config{}); err == nil || !strings.Contains(err.Error(), "second reading: weights") {
			t.Errorf("%s: error %v, want one that names the weights", name, err)
		}
	}
}
