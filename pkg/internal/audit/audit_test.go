package audit_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/audit"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// counts is an Observer.
type counts struct {
	mu                sync.Mutex
	dropped, textless int
}

func (c *counts) AuditQueue(int)     {}
func (c *counts) AuditDropped(n int) { c.mu.Lock(); c.dropped += n; c.mu.Unlock() }
func (c *counts) AuditTextDropped()  { c.mu.Lock(); c.textless++; c.mu.Unlock() }

func (c *counts) get() (dropped, textless int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dropped, c.textless
}

var at = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

func input(reply string) *guard.Input {
	return &guard.Input{
		Reply: reply, Store: "flagship", Platform: verdict.Tmall,
		Conversation: guard.Conversation{ID: "c-1", Agent: "客服小美", Buyer: "tb_8841"},
		Order:        guard.Order{ID: "o-1", Recipient: &guard.Recipient{Name: "李雷", Phone: "13800138000", Address: "天津市河西区友谊路1号"}},
		Options:      guard.Options{Offsets: verdict.UTF16},
	}
}

func blocked() *guard.Result {
	return &guard.Result{
		Decision: verdict.Block, Score: 97, Ruleset: guard.Ruleset{Digest: "sha256:1"},
		Violations: []guard.Finding{{Rule: "invoice.refuse", Decision: verdict.Block, Score: 97, Spans: []guard.Evidence{{Span: verdict.Span{Start: 2, End: 4}, Text: "没有"}}}},
		Shadowed:   []guard.Finding{{Rule: "tone.curt", Decision: verdict.Warn, Score: 50}},
		Traps:      []guard.Trap{{Trap: "trap.invoice_probe"}},
	}
}

// TestLine pins the fields of the decision log.
func TestLine(t *testing.T) {
	var b bytes.Buffer
	r := audit.New(audit.Options{Sink: &b, HashKey: []byte("key"), Keep: 10, Queue: 10})
	r.Record("01A", at, input("😀没有"), blocked(), verdict.Allow, 40*time.Microsecond)
	rules, known, foreign := r.Feedback("01A", "sent_rewrite", "", at)
	if !known || foreign || strings.Join(rules, " ") != "invoice.refuse tone.curt" {
		t.Errorf("Feedback = %v %t %t", rules, known, foreign)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	want := `{"kind":"decision","id":"01A","at":"2026-11-21T10:00:00.000Z","digest":"sha256:1","platform":"tmall","store":"flagship","conversation":"5b1ee9c39a9e9ad6","agent":"4a9ba3f6f2da8d15","decision":"block","enforced":"allow","score":97,"rules":[{"rule":"invoice.refuse","decision":"block","score":97,"mode":"enforce","spans":[{"start":1,"end":3}]},{"rule":"tone.curt","decision":"warn","score":50,"mode":"shadow","spans":[]}],"traps":["trap.invoice_probe"],"rewrite":false,"elapsed_us":40}
{"kind":"feedback","id":"01A","at":"2026-11-21T10:00:00.000Z","action":"sent_rewrite","rules":["invoice.refuse","tone.curt"],"known":true}
`
	got := b.String()
	if diff := cmp.Diff(hashless(want), hashless(got)); diff != "" {
		t.Errorf("%s\n%s", diff, got)
	}
	if strings.Contains(got, "客服") || strings.Contains(got, "c-1") || strings.Contains(got, "没有") {
		t.Errorf("the line says who or what: %s", got)
	}
}

// hashless replaces hashes, whose values are not the point.
func hashless(s string) string {
	for _, field := range []string{`"conversation":"`, `"agent":"`} {
		if i := strings.Index(s, field); i >= 0 && len(s) > i+len(field)+16 {
			s = s[:i+len(field)] + "HASH" + s[i+len(field)+16:]
		}
	}
	return s
}

// TestSampling: blocks, warnings and shadowed findings are all logged, allowed
// replies by their share.
func TestSampling(t *testing.T) {
	allow := &guard.Result{}
	shadowed := &guard.Result{Shadowed: []guard.Finding{{Rule: "tone.curt", Decision: verdict.Warn}}}
	for share, want := range map[float64]int{0: 20, 1: 30} {
		var b bytes.Buffer
		r := audit.New(audit.Options{Sink: &b, Queue: 100, SampleAllow: share})
		for range 10 {
			r.Record("01A", at, input("好"), allow, verdict.Allow, 0)
			r.Record("01B", at, input("好"), blocked(), verdict.Block, 0)
			r.Record("01C", at, input("好"), shadowed, verdict.Allow, 0)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(b.String(), "\n"); got != want {
			t.Errorf("share %v: %d lines, want %d", share, got, want)
		}
	}
}

func TestText(t *testing.T) {
	for mode, want := range map[audit.Text]string{audit.TextOff: "", audit.TextMasked: "加我〔号码〕", audit.TextFull: "加我13800138000"} {
		r := audit.New(audit.Options{Keep: 1, Text: mode})
		r.Record("01A", at, input("加我13800138000"), blocked(), verdict.Block, 0)
		events, _ := r.Recent(audit.Filter{}, "", 10)
		if len(events) != 1 || events[0].Text != want {
			t.Errorf("mode %d: %+v, want %q", mode, events, want)
		}
	}
}

func TestMask(t *testing.T) {
	tests := []struct{ reply, want string }{
		{"没有发票", "没有发票"},
		{"一共9.30元，3到5天到", "一共9.30元，3到5天到"},
		{"电话138-0013-8000找我", "电话〔号码〕找我"},
		{"我的手机１３８ ００１３ ８０００", "我的手机〔号码〕"},
		{"幺三八零零幺三八零零零", "〔号码〕"},
		{"1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣", "〔号码〕"},
		{"加V：xiaomei_test", "加V：〔账号〕"},
		{"QQ 123456", "QQ 〔号码〕"},
		{"发到 li.lei@example.com 吧", "发到 〔账号〕 吧"},
		{"看 https://shop.example.com/item?id=9 这个", "看 〔链接〕 这个"},
		{"收件人是李雷对吗", "收件人是〔姓名〕对吗"},
		{"地址：江苏省南京市玄武区珠江路12号3栋402室", "地址：〔地址〕"},
		{"寄到天津市河西区友谊路1号的", "寄到〔地址〕的"},
		{"您好tb_8841", "您好〔账号〕"},
		{"我是客服小美", "我是〔账号〕"},
	}
	for _, tt := range tests {
		r := audit.New(audit.Options{Keep: 1, Text: audit.TextMasked})
		r.Record("01A", at, input(tt.reply), blocked(), verdict.Block, 0)
		events, _ := r.Recent(audit.Filter{}, "", 1)
		got := events[0].Text
		if got != tt.want {
			t.Errorf("mask(%q) = %q, want %q", tt.reply, got, tt.want)
		}
	}
}

// TestFailingMaskDropsTheText, never the event.
func TestFailingMaskDropsTheText(t *testing.T) {
	c := new(counts)
	r := audit.New(audit.Options{Keep: 1, Text: audit.TextMasked, Observer: c})
	r.Record("01A", at, input("没有\xff"), blocked(), verdict.Block, 0)
	events, _ := r.Recent(audit.Filter{}, "", 1)
	if _, textless := c.get(); len(events) != 1 || events[0].Text != "" || textless != 1 {
		t.Errorf("%+v, %d counted", events, textless)
	}
}

// gate is a sink that writes when the test lets it.
type gate struct {
	open chan struct{}
	bytes.Buffer
}

func (g *gate) Write(p []byte) (int, error) {
	<-g.open
	return g.Buffer.Write(p)
}

// TestFullQueue drops and counts, and never blocks.
func TestFullQueue(t *testing.T) {
	c, g := new(counts), &gate{open: make(chan struct{})}
	r := audit.New(audit.Options{Sink: g, Queue: 2, Observer: c})
	for range 10 {
		r.Record("01A", at, input("好"), blocked(), verdict.Block, 0) // returns although nothing is written
	}
	dropped, _ := c.get()
	close(g.open)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if written := strings.Count(g.String(), "\n"); written+dropped != 10 || dropped < 7 {
		t.Errorf("%d written and %d dropped of 10", written, dropped)
	}
	r.Record("01A", at, input("好"), blocked(), verdict.Block, 0) // after Close: counted
	if after, _ := c.get(); after != dropped+1 {
		t.Errorf("%d dropped after Close, want %d", after, dropped+1)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestFailingSinkIsCounted(t *testing.T) {
	c := new(counts)
	r := audit.New(audit.Options{Sink: broken{}, Queue: 10, Observer: c})
	for range 3 {
		r.Record("01A", at, input("好"), blocked(), verdict.Block, 0)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if dropped, _ := c.get(); dropped != 3 {
		t.Errorf("%d dropped, want 3", dropped)
	}
}

func TestRecent(t *testing.T) {
	r := audit.New(audit.Options{Keep: 4})
	block, allow := verdict.Block, verdict.Allow
	for i, id := range []string{"1", "2", "3", "4", "5", "6"} {
		result := blocked()
		if i%2 == 0 {
			result = &guard.Result{}
		}
		r.Record(id, at, input("好"), result, result.Decision, 0)
	}
	tests := []struct {
		filter audit.Filter
		before string
		limit  int
		want   string
		next   string
	}{
		{audit.Filter{}, "", 10, "6 5 4 3", ""},
		{audit.Filter{}, "", 2, "6 5", "5"},
		{audit.Filter{}, "5", 2, "4 3", ""},
		{audit.Filter{}, "gone", 2, "", ""},
		{audit.Filter{Decision: &block}, "", 10, "6 4", ""},
		{audit.Filter{Decision: &allow}, "", 1, "5", "5"},
		{audit.Filter{Rule: "invoice.refuse"}, "", 10, "6 4", ""},
		{audit.Filter{Rule: "tone"}, "", 10, "6 4", ""},
		{audit.Filter{Rule: "invoice.ref"}, "", 10, "", ""},
		{audit.Filter{Store: "other"}, "", 10, "", ""},
	}
	for _, tt := range tests {
		events, next := r.Recent(tt.filter, tt.before, tt.limit)
		var ids []string
		for _, e := range events {
			ids = append(ids, e.ID)
		}
		if got := strings.Join(ids, " "); got != tt.want || next != tt.next {
			t.Errorf("Recent(%+v, %q, %d) = %q, %q; want %q, %q", tt.filter, tt.before, tt.limit, got, next, tt.want, tt.next)
		}
	}
	if _, known, _ := r.Feedback("1", "edited", "", at); known {
		t.Error("an event that is gone is known")
	}
	if _, known, foreign := r.Feedback("6", "edited", "cod.refuse", at); !known || !foreign {
		t.Error("a foreign rule was accepted")
	}
}

func TestSubscribe(t *testing.T) {
	r := audit.New(audit.Options{})
	block := verdict.Block
	events, cancel := r.Subscribe(audit.Filter{Decision: &block})
	slow, _ := r.Subscribe(audit.Filter{})
	r.Record("1", at, input("好"), &guard.Result{}, verdict.Allow, 0)
	r.Record("2", at, input("好"), blocked(), verdict.Block, 0)
	if e := <-events; e.ID != "2" {
		t.Errorf("got event %s", e.ID)
	}
	cancel()
	if _, open := <-events; open {
		t.Error("the channel is open after cancel")
	}
	for range 300 {
		r.Record("3", at, input("好"), blocked(), verdict.Block, 0)
	}
	n := 0
	for range slow { // closed, because its reader did not keep up
		n++
	}
	if n < 200 {
		t.Errorf("%d events before the end", n)
	}
	last, _ := r.Subscribe(audit.Filter{})
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, open := <-last; open {
		t.Error("the channel is open after Close")
	}
}

func TestHashesDependOnTheKey(t *testing.T) {
	hash := func(key string) string {
		r := audit.New(audit.Options{Keep: 1, HashKey: []byte(key)})
		r.Record("1", at, input("好"), blocked(), verdict.Block, 0)
		events, _ := r.Recent(audit.Filter{}, "", 1)
		return events[0].Conversation
	}
	first, again, other := hash("a"), hash("a"), hash("b")
	random, fresh := hash(""), hash("")
	if first != again || first == other || random == fresh || len(first) != 16 {
		t.Error("hashes are not keyed")
	}
}

func FuzzMask(f *testing.F) {
	f.Add("电话138-0013-8000")
	f.Add("１2③四5六")
	f.Fuzz(func(t *testing.T, reply string) {
		r := audit.New(audit.Options{Keep: 1, Text: audit.TextMasked})
		r.Record("1", at, input(reply), blocked(), verdict.Block, 0)
		events, _ := r.Recent(audit.Filter{}, "", 1)
		run := 0
		for _, c := range events[0].Text {
			if c >= '0' && c <= '9' {
				if run++; run >= 5 {
					t.Fatalf("mask(%q) = %q", reply, events[0].Text)
				}
			} else {
				run = 0
			}
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	r := audit.New(audit.Options{Keep: 1000})
	in, result := &guard.Input{Reply: "好的"}, &guard.Result{}
	b.ReportAllocs()
	for b.Loop() {
		r.Record("01JD", at, in, result, verdict.Allow, 0)
	}
}
