package guard_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/replyguard/replyguard/configs"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/policy"
)

func builtin(tb testing.TB) *guard.Guard {
	tb.Helper()
	pack, err := policy.Load(configs.Pack)
	if err != nil {
		tb.Fatalf("the built-in pack does not load: %v", err)
	}
	g, err := guard.New(pack, guard.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

// benchReplies are replies of 5, 30 and 100 characters with no, one and many
// findings.
func benchReplies() map[string]string {
	return map[string]string{
		"5/none":   "有现货的亲",
		"30/none":  "亲，这款毛毯是法兰绒的，第一次洗建议用冷水单独洗，放心拍哦",
		"100/none": strings.Repeat("亲，这款毛毯是法兰绒的，第一次洗建议用冷水单独洗哦。", 4),
		"30/one":   "亲，这款毛毯是法兰绒的，第一次洗用冷水，另外没有发票的哦",
		"30/many":  "没有发票只能开收据，加我微信转账，这款断货了，订单给您关了",
		"100/many": strings.Repeat("没有发票，只能开收据，您加我微信转账。", 5),
	}
}

func BenchmarkCheck(b *testing.B) {
	g := builtin(b)
	for _, name := range []string{"5/none", "30/none", "100/none", "30/one", "30/many", "100/many"} {
		reply := benchReplies()[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := g.Check(context.Background(), guard.Input{Reply: reply, Options: guard.Options{NoRewrite: true}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkExtraRules shows what a thousand more rules on other topics than a
// reply's cost its check.
func BenchmarkExtraRules(b *testing.B) {
	for _, extra := range []int{0, 1000} {
		pack, err := policy.Load(configs.Pack)
		if err != nil {
			b.Fatal(err)
		}
		for i := range extra {
			r := pack.Rules[0]
			r.ID = fmt.Sprintf("extra.r%d", i)
			r.When = []policy.Pattern{
				{Topic: []string{"topic.brushing"}, Polarity: "positive"},
				{Topic: []string{"topic.threat", "topic.insult"}, With: []string{"mood.commit"}},
			}
			r.Unless, r.Over = nil, nil
			pack.Rules = append(pack.Rules, r)
		}
		g, err := guard.New(pack, guard.Config{})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(extra), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := g.Check(context.Background(), guard.Input{Reply: benchReplies()["30/none"]}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkFloor is the cost of an empty chi request: a body read and fixed
// bytes written. Figures of BenchmarkCheck are quoted as ratios to it.
func BenchmarkFloor(b *testing.B) {
	r := chi.NewRouter()
	r.Post("/v1/check", func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"decision":"allow"}`))
	})
	srv := httptest.NewServer(r)
	defer srv.Close()
	b.ReportAllocs()
	for b.Loop() {
		resp, err := http.Post(srv.URL+"/v1/check", "application/json", strings.NewReader(`{"reply":"x"}`))
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}
