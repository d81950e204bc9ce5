package wire_test

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/wire"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// full holds every field of the contract.
const full = `{
  "reply": "亲，小金额没有发票，可以提供收据", "platform": "1688", "store": "flagship",
  "facts": {
    "cod": true, "credit_card": false,
    "free_shipping": "listed", "free_shipping_regions": ["江苏"], "couriers": ["申通"],
    "service_phones": ["400-820-8820"], "own_links": ["detail.tmall.com"],
    "legal_representative": "王建国",
    "invoice_reissue_days": 7, "ship_within_hours": 72, "dispatch_cutoff": "16:00",
    "points": {"general": 6, "serious": 0}
  },
  "conversation": {
    "id": "c-1", "buyer": "tb_8841", "agent": "客服小美",
    "messages": [
      {"from": "buyer", "text": "有没有发票", "at": "2026-11-21T10:00:00+08:00"},
      {"from": "seller", "text": "您好"}
    ]
  },
  "order": {
    "id": "o-1", "buyer": "tb_8841", "amount": "9.30", "status": "paid", "payment": "alipay",
    "recipient": {"name": "李雷", "phone": "13800138000", "address": "天津市"},
    "items": [{"title": "热敏标签纸 包邮", "custom": false}, {"title": "笔"}]
  },
  "options": {"rewrite": false, "explain": true, "offsets": "utf16"}
}`

func TestDecodeCheck(t *testing.T) {
	got, err := wire.DecodeCheck([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	yes, no := true, false
	want := guard.Input{
		Reply: "亲，小金额没有发票，可以提供收据", Platform: verdict.B1688, Store: "flagship",
		Facts: guard.Facts{
			COD: &yes, CreditCard: &no, FreeShipping: "listed", FreeShippingRegions: []string{"江苏"}, Couriers: []string{"申通"},
			ServicePhones: []string{"400-820-8820"}, OwnLinks: []string{"detail.tmall.com"}, LegalRepresentative: "王建国",
			InvoiceReissueDays: 7, ShipWithinHours: 72, DispatchCutoff: "16:00", Points: &guard.Points{General: 6},
		},
		Conversation: guard.Conversation{ID: "c-1", Buyer: "tb_8841", Agent: "客服小美", Messages: []guard.Message{
			{From: guard.Buyer, Text: "有没有发票", At: time.Date(2026, 11, 21, 10, 0, 0, 0, time.FixedZone("", 8*3600))},
			{From: guard.Seller, Text: "您好"},
		}},
		Order: guard.Order{
			ID: "o-1", Buyer: "tb_8841", Amount: "9.30", Status: "paid", Payment: "alipay",
			Recipient: &guard.Recipient{Name: "李雷", Phone: "13800138000", Address: "天津市"},
			Items:     []guard.Item{{Title: "热敏标签纸 包邮", Custom: &no}, {Title: "笔"}},
		},
		Options: guard.Options{NoRewrite: true, Explain: true, Offsets: verdict.UTF16},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeCheckKeepsTheLastMessages(t *testing.T) {
	body := `{"reply":"a","conversation":{"messages":[` + strings.Repeat(`{"from":"buyer","text":"旧"},`, guard.MaxMessages) + `{"from":"seller","text":"新"}]}}`
	in, err := wire.DecodeCheck([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	ms := in.Conversation.Messages
	if len(ms) != guard.MaxMessages || ms[len(ms)-1].Text != "新" {
		t.Errorf("%d messages, the last %q", len(ms), ms[len(ms)-1].Text)
	}
}

// TestAbsentMeansUnknown: what a request leaves out is unknown, never false.
func TestAbsentMeansUnknown(t *testing.T) {
	in, err := wire.DecodeCheck([]byte(`{"reply":"a","facts":{},"order":{"items":[{}]},"conversation":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := guard.Input{Reply: "a", Order: guard.Order{Items: []guard.Item{{}}}}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Error(diff)
	}
}

// TestErrorsQuoteNothing: an error names members, never values.
func TestErrorsQuoteNothing(t *testing.T) {
	for _, body := range []string{
		`{"reply":{"暗号":"暗号"}}`, `{"reply":"暗号","platform":"暗号"}`, `{"reply":"暗号"`, `{"reply":"a","order":{"amount":"暗号"}}`,
		`{"reply":"a","conversation":{"messages":[{"from":"暗号","text":"暗号"}]}}`, `{"reply":"a","conversation":{"messages":[{"from":"buyer","at":"暗号"}]}}`,
	} {
		_, err := wire.DecodeCheck([]byte(body))
		if err == nil || (strings.Contains(err.Error(), "暗号") && !strings.Contains(err.Error(), "/reply")) {
			t.Errorf("DecodeCheck(%s) = %v", body, err)
		}
	}
}

func result() *guard.Result {
	return &guard.Result{
		Decision: verdict.Block, Score: 97,
		Violations: []guard.Finding{{
			Rule: "invoice.refuse", Name: "拒绝\"提供\"发票", Decision: verdict.Block, Score: 97, Reason: "原因\n<b>",
			Spans:   []guard.Evidence{{Span: verdict.Span{Start: 5, End: 9}, Text: "没有发票"}},
			Penalty: verdict.Penalty{Points: 6, Kind: "general", Money: "¥500", Basis: "违背承诺", Source: "天猫规则全套版"},
			Explain: &guard.Explanation{Claim: "c", Origin: "explicit", Cues: []guard.Cue{{Term: "没有", Sense: "neg.before", Span: verdict.Span{Start: 5, End: 7}}}},
		}},
		Shadowed: []guard.Finding{{Rule: "tone.curt", Decision: verdict.Warn, Score: 50}},
		Traps:    []guard.Trap{{Trap: "trap.invoice_probe", Advice: "a", SafeReply: "b"}},
		Exposure: &verdict.Exposure{Kind: "general", Before: 6, After: 12, Node: 12, Consequence: "c"},
		Ruleset:  guard.Ruleset{Name: "builtin", Version: "2026.11.0", Digest: "sha256:00"},
	}
}

// TestAppendAnswer reads the hot encoder's bytes back into the models that
// are generated from the contract: no name is unknown, and encoding the models
// gives the same document.
func TestAppendAnswer(t *testing.T) {
	answers := []wire.Answer{
		{ID: "01JD", Result: result(), Explain: true, Elapsed: 40*time.Microsecond + 900},
		{ID: "01JE", Result: &guard.Result{NoRewrite: "自行处理"}},
	}
	for _, a := range answers {
		got := wire.AppendAnswer([]byte("x"), &a)[1:]
		var model apiv1.CheckAnswer
		if err := json.Unmarshal(got, &model, json.RejectUnknownMembers(true)); err != nil {
			t.Fatalf("%v: %s", err, got)
		}
		again, err := json.Marshal(model)
		if err != nil {
			t.Fatal(err)
		}
		var x, y any
		if json.Unmarshal(got, &x) != nil || json.Unmarshal(again, &y) != nil {
			t.Fatal("not JSON")
		}
		if diff := cmp.Diff(x, y); diff != "" {
			t.Errorf("the encoder and the contract differ: %s", diff)
		}
	}
}

func TestPrinter(t *testing.T) {
	r := &guard.Result{Decision: verdict.Block, Score: 97, Violations: []guard.Finding{
		{Rule: "a.b", Name: "甲", Decision: verdict.Block, Score: 97, Spans: []guard.Evidence{{Span: verdict.Span{Start: 3, End: 9}, Text: "没有"}}, Penalty: verdict.Penalty{Points: 6, Basis: "违背承诺", Source: "来源"}},
		{Rule: "c.d", Name: "乙", Decision: verdict.Warn, Score: 50, Spans: []guard.Evidence{{Span: verdict.Span{Start: 6, End: 12}, Text: "有\n"}}},
	}}
	got := string(wire.Printer{}.AppendAnswer(nil, "亲没有票\n", r))
	want := "block  97  亲[[没有]][[票]]⏎\n  a.b 甲 block 97 · 6 分 违背承诺（来源）\n  c.d 乙 warn 50\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if colored := string(wire.Printer{Color: true}.AppendAnswer(nil, "亲没有票\n", r)); !strings.Contains(colored, "\x1b[4m\x1b[31m没有\x1b[0m\x1b[4m\x1b[33m票\x1b[0m") {
		t.Errorf("got %q", colored)
	}
}

func FuzzDecodeCheck(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte(`{"Reply":"a"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		in, err := wire.DecodeCheck(body)
		if err != nil {
			return
		}
		again, err := wire.DecodeCheck(body)
		if diff := cmp.Diff(in, again); err != nil || diff != "" {
			t.Errorf("the second reading differs: %v %s", err, diff)
		}
	})
}

func BenchmarkDecodeCheck(b *testing.B) {
	for name, body := range map[string]string{"bare": `{"reply":"亲，小金额没有发票，可以提供收据"}`, "full": full} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := wire.DecodeCheck([]byte(body)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendAnswer(b *testing.B) {
	r := result()
	buf := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		buf = wire.AppendAnswer(buf[:0], &wire.Answer{ID: "01JD", Result: r, Elapsed: time.Millisecond})
	}
}
