package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/httpapi"
	"github.com/replyguard/replyguard/pkg/verdict"
)

func TestCheckJSON(t *testing.T) {
	s := start(t, nil)
	a := s.send("POST", "/v1/check", `{"reply":"亲，小金额没有发票","conversation":{"messages":[{"from":"buyer","text":"有发票吗"}]},"unknown":{"Reply":1}}`)
	if a.status != http.StatusOK {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	c := a.check(t)
	if c.Decision != "block" || c.Score != 97 || len(c.Id) != 26 || c.NoRewrite != "请提供发票" || c.Rewrite != nil {
		t.Errorf("answer = %+v", c)
	}
	want := []apiv1.Span{{Start: 5, End: 9, Text: "没有发票"}}
	if diff := cmp.Diff(want, c.Violations[0].Spans); diff != "" {
		t.Error(diff)
	}
	if c.Exposure == nil || c.Exposure.Node != 12 {
		t.Errorf("exposure = %+v", c.Exposure)
	}
	if got := s.engine.last.Conversation.Messages; len(got) != 1 || got[0].Text != "有发票吗" {
		t.Errorf("messages = %+v", got)
	}
}

func TestCheckAllowHasNoNulls(t *testing.T) {
	s := start(t, nil)
	a := s.send("POST", "/v1/check", `{"reply":"您好"}`)
	for _, want := range []string{`"violations":[]`, `"traps":[]`, `"rewrite":null`, `"decision":"allow"`} {
		if !strings.Contains(string(a.body), want) {
			t.Errorf("answer lacks %s: %s", want, a.body)
		}
	}
	if strings.Contains(string(a.body), "exposure") || strings.Contains(string(a.body), "shadowed") {
		t.Errorf("answer holds what was not asked for: %s", a.body)
	}
}

func TestCheckExplain(t *testing.T) {
	s := start(t, nil)
	c := s.send("POST", "/v1/check", `{"reply":"没有发票","options":{"explain":true}}`).check(t)
	if e := c.Violations[0].Explain; e == nil || len(e.Cues) != 1 || !e.Cues[0].Evasive || len(e.Steps) != 1 || len(e.Silenced) != 1 {
		t.Errorf("explain = %+v", e)
	}
	if !s.engine.last.Options.Explain || s.engine.last.Options.NoRewrite {
		t.Errorf("options = %+v", s.engine.last.Options)
	}
}

func TestCheckText(t *testing.T) {
	s := start(t, nil)
	a := s.send("POST", "/v1/check?buyer=有发票吗&platform=1688&store=flagship", "亲，没有发票\n", "Content-Type: text/plain; charset=UTF-8", "Accept: text/plain")
	if got := a.header.Get("Content-Type"); got != "text/plain; charset=utf-8" {
		t.Errorf("Content-Type = %q", got)
	}
	if !strings.HasPrefix(string(a.body), "block  97  亲，[[没有发票]]\n") {
		t.Errorf("body = %s", a.body)
	}
	want := guard.Input{
		Reply: "亲，没有发票", Platform: verdict.B1688, Store: "flagship",
		Conversation: guard.Conversation{Messages: []guard.Message{{From: guard.Buyer, Text: "有发票吗"}}},
		Options:      guard.Options{Offsets: verdict.Byte},
	}
	if diff := cmp.Diff(want, *s.engine.last); diff != "" {
		t.Error(diff)
	}
	// Text in, JSON out.
	if c := s.send("POST", "/v1/check", "没有发票", "Content-Type: text/plain").check(t); c.Decision != "block" {
		t.Errorf("answer = %+v", c)
	}
}

func TestFailOn(t *testing.T) {
	tests := []struct {
		query, reply string
		want         int
	}{
		{"", "没有发票", 200},
		{"?fail_on=block", "没有发票", 422},
		{"?fail_on=warn", "没有发票", 422},
		{"?fail_on=warn", "明天到", 422},
		{"?fail_on=block", "明天到", 200},
		{"?fail_on=warn", "您好", 200},
		{"?fail_on=allow", "您好", 400},
	}
	for _, tt := range tests {
		s := start(t, nil)
		for _, as := range []string{"application/json", "text/plain"} {
			a := s.send("POST", "/v1/check"+tt.query, tt.reply, "Content-Type: text/plain", "Accept: "+as)
			if a.status != tt.want {
				t.Errorf("%q of %q as %s: status %d, want %d", tt.query, tt.reply, as, a.status, tt.want)
			}
			if tt.want == 422 && strings.Contains(string(a.body), "about:blank") {
				t.Errorf("%q of %q as %s: a problem instead of the answer", tt.query, tt.reply, as)
			}
		}
	}
}

// TestRefusals sends what must not be judged.
func TestRefusals(t *testing.T) {
	long := `{"reply":"` + strings.Repeat("长", httpapi.DefaultBody/3) + `"}`
	tests := []struct {
		name, method, target, body string
		headers                    []string
		status                     int
		code                       apiv1.ProblemCode
		pointer                    string
	}{
		{name: "no json", body: `亲`, status: 400, code: "invalid_json"},
		{name: "empty body", body: ``, status: 400, code: "invalid_json"},
		{name: "array", body: `[]`, status: 400, code: "invalid_field"},
		{name: "trailing data", body: `{"reply":"a"} x`, status: 400, code: "invalid_json"},
		{name: "second document", body: `{"reply":"a"}{"reply":"b"}`, status: 400, code: "invalid_json"},
		{name: "duplicate", body: `{"reply":"a","reply":"b"}`, status: 400, code: "duplicate_name", pointer: "/reply"},
		{name: "duplicate unknown", body: `{"reply":"a","x":1,"x":2}`, status: 400, code: "duplicate_name", pointer: "/x"},
		{name: "other case", body: `{"reply":"bad","REPLY":"good"}`, status: 400, code: "wrong_case", pointer: "/REPLY"},
		{name: "other case alone", body: `{"Reply":"good"}`, status: 400, code: "wrong_case", pointer: "/Reply"},
		{name: "other case below", body: `{"reply":"a","conversation":{"messages":[{"from":"buyer","Text":"x"}]}}`, status: 400, code: "wrong_case", pointer: "/conversation/messages/0/Text"},
		{name: "invalid utf-8", body: "{\"reply\":\"\xff\"}", status: 400, code: "invalid_utf8"},
		{name: "lone surrogate", body: `{"reply":"\ud800"}`, status: 400, code: "invalid_json", pointer: "/reply"},
		{name: "wrong type", body: `{"reply":5}`, status: 400, code: "invalid_field", pointer: "/reply"},
		{name: "missing reply", body: `{}`, status: 400, code: "missing_field", pointer: "/reply"},
		{name: "platform", body: `{"reply":"a","platform":"jd"}`, status: 400, code: "invalid_field", pointer: "/platform"},
		{name: "from", body: `{"reply":"a","conversation":{"messages":[{"from":"bot","text":"x"}]}}`, status: 400, code: "invalid_field", pointer: "/conversation/messages/0/from"},
		{name: "amount", body: `{"reply":"a","order":{"amount":"1e9"}}`, status: 400, code: "invalid_field", pointer: "/order/amount"},
		{name: "cutoff", body: `{"reply":"a","facts":{"dispatch_cutoff":"25:00"}}`, status: 400, code: "invalid_field", pointer: "/facts/dispatch_cutoff"},
		{name: "offsets", body: `{"reply":"a","options":{"offsets":"line"}}`, status: 400, code: "invalid_field", pointer: "/options/offsets"},
		{name: "time", body: `{"reply":"a","conversation":{"messages":[{"from":"buyer","text":"x","at":"now"}]}}`, status: 400, code: "invalid_field", pointer: "/conversation/messages/0/at"},
		{name: "too large", body: long, status: 413, code: "body_too_large"},
		{name: "too long", body: `{"reply":"超长"}`, status: 422, code: "reply_too_long", pointer: "/reply"},
		{name: "unknown store", body: `{"reply":"a","store":"散"}`, status: 422, code: "unknown_store", pointer: "/store"},
		{name: "cancelled", body: `{"reply":"取消"}`, status: 503, code: "cancelled"},
		{name: "content type", body: `{"reply":"a"}`, headers: []string{"Content-Type: application/xml"}, status: 415, code: "unsupported_media_type"},
		{name: "charset", body: `亲`, headers: []string{"Content-Type: text/plain; charset=gbk"}, status: 415, code: "unsupported_media_type"},
		{name: "accept", body: `{"reply":"a"}`, headers: []string{"Accept: image/png"}, status: 406, code: "not_acceptable"},
		{name: "accept q=0", body: `{"reply":"a"}`, headers: []string{"Accept: */*, application/json;q=0, text/plain;q=0"}, status: 406, code: "not_acceptable"},
		{name: "text platform", target: "/v1/check?platform=jd", body: `a`, headers: []string{"Content-Type: text/plain"}, status: 400, code: "invalid_field"},
		{name: "text empty", body: "\n", headers: []string{"Content-Type: text/plain"}, status: 400, code: "missing_field", pointer: "/reply"},
		{name: "traps content type", target: "/v1/traps", body: `{}`, headers: []string{"Content-Type: text/plain"}, status: 415, code: "unsupported_media_type"},
		{name: "traps accept", target: "/v1/traps", body: `{}`, headers: []string{"Accept: text/plain"}, status: 406, code: "not_acceptable"},
		{name: "no path", method: "GET", target: "/v2/check", status: 404, code: "not_found"},
		{name: "no rule", method: "GET", target: "/v1/rules/invoice.nothing", status: 404, code: "unknown_rule"},
		{name: "rules accept", method: "GET", target: "/v1/rules", headers: []string{"Accept: text/csv"}, status: 406, code: "not_acceptable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, nil)
			if tt.method == "" {
				tt.method = "POST"
			}
			if tt.target == "" {
				tt.target = "/v1/check"
			}
			a := s.send(tt.method, tt.target, tt.body, tt.headers...)
			p := a.problem(t)
			if p.Status != tt.status || p.Code != tt.code || p.Pointer != tt.pointer {
				t.Errorf("problem = %d %s %q, want %d %s %q", p.Status, p.Code, p.Pointer, tt.status, tt.code, tt.pointer)
			}
			if strings.Contains(p.Detail, "apiv1") || strings.Contains(p.Detail, "Go ") {
				t.Errorf("the detail names Go types: %s", p.Detail)
			}
		})
	}
}

func TestMethodNotAllowed(t *testing.T) {
	s := start(t, nil)
	for target, want := range map[string]string{"/v1/check": "POST", "/v1/rules": "GET, HEAD", "/healthz": "GET, HEAD", "/-/reload": "POST"} {
		a := s.send("DELETE", target, "")
		if p := a.problem(t); p.Status != 405 || p.Code != "method_not_allowed" {
			t.Errorf("%s: problem = %+v", target, p)
		}
		if got := strings.Join(a.header.Values("Allow"), ", "); got != want {
			t.Errorf("%s: Allow = %q, want %q", target, got, want)
		}
	}
}

// TestPanicFollowsOnError looks at a panic of the handlers and at a fault that
// the engine reports: both are answered, counted and logged alike.
func TestPanicFollowsOnError(t *testing.T) {
	for _, reply := range []string{"慌", "故障"} {
		for _, on := range []verdict.Decision{verdict.Allow, verdict.Block} {
			t.Run(reply+"/"+on.String(), func(t *testing.T) { followsOnError(t, reply, on) })
		}
	}
}

func followsOnError(t *testing.T, reply string, on verdict.Decision) {
	t.Helper()
	s := start(t, func(o *httpapi.Options) { o.OnError = on })
	a := s.send("POST", "/v1/check", `{"reply":"`+reply+`"}`)
	p := a.problem(t)
	if p.Status != 500 || p.Code != "internal" || string(p.Decision) != on.String() || string(p.OnError) != on.String() {
		t.Errorf("on_error %s: problem = %+v", on, p)
	}
	if got := a.header.Get("Replyguard-On-Error"); got != on.String() {
		t.Errorf("on_error %s: header = %q", on, got)
	}
	want := "# HELP replyguard_check_errors_total Requests that got no decision, by reason.\n# TYPE replyguard_check_errors_total counter\n" +
		strings.Join([]string{
			`replyguard_check_errors_total{kind="cancelled"} 0`, `replyguard_check_errors_total{kind="internal"} 1`,
			`replyguard_check_errors_total{kind="invalid"} 0`, `replyguard_check_errors_total{kind="refused"} 0`,
			`replyguard_check_errors_total{kind="too_long"} 0`, `replyguard_check_errors_total{kind="unknown_store"} 0`,
		}, "\n") + "\n"
	if err := testutil.GatherAndCompare(s.metrics.Registry(), strings.NewReader(want), "replyguard_check_errors_total"); err != nil {
		t.Error(err)
	}
	if log := s.log.String(); !strings.Contains(log, `"message":"panic"`) || !strings.Contains(log, `"status":500`) || strings.Contains(log, "secret") || strings.Contains(log, reply) || !strings.Contains(log, `"stack":"goroutine`) {
		t.Errorf("log = %s", log)
	}
	n, err := testutil.GatherAndCount(s.metrics.Registry(), "replyguard_http_request_duration_seconds")
	if err != nil || n != 1 {
		t.Errorf("the panicking request is missing in the histogram: %d, %v", n, err)
	}
}

func TestRequestID(t *testing.T) {
	s := start(t, nil)
	for given, adopted := range map[string]bool{
		"abc-1.2_Z": true, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false, "a b": false, "亲": false, "": false,
	} {
		a := s.send("POST", "/v1/check", `{"reply":"a"}`, "X-Request-Id: "+given)
		got := a.header.Get("X-Request-Id")
		if (got == given) != adopted || got == "" {
			t.Errorf("X-Request-Id %q came back as %q", given, got)
		}
		if !strings.Contains(s.log.String(), `"request_id":"`+got+`"`) {
			t.Errorf("the access line lacks %q", got)
		}
	}
}

func TestAccessLineHoldsNoText(t *testing.T) {
	s := start(t, nil)
	s.send("POST", "/v1/check?buyer=暗号甲", "没有发票暗号乙", "Content-Type: text/plain")
	s.send("POST", "/v1/check", `{"reply":"没有发票暗号丙","conversation":{"buyer":"暗号丁","messages":[{"from":"buyer","text":"暗号戊"}]},"x":1`)
	log := s.log.String()
	if strings.Contains(log, "暗号") || strings.Contains(log, "没有") {
		t.Errorf("log holds what was said: %s", log)
	}
	for _, want := range []string{`"route":"/v1/check"`, `"decision":"block"`, `"rules":["invoice.refuse"]`, `"status":200`, `"code":"invalid_json"`} {
		if !strings.Contains(log, want) {
			t.Errorf("log lacks %s: %s", want, log)
		}
	}
	if n := strings.Count(log, "\n"); n != 2 {
		t.Errorf("%d lines, want one a request", n)
	}
}

func TestTraps(t *testing.T) {
	s := start(t, nil)
	a := s.send("POST", "/v1/traps", `{"conversation":{"messages":[{"from":"buyer","text":"有发票吗"}]}}`)
	if a.status != 200 || !strings.Contains(string(a.body), `"trap":"trap.invoice_probe"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	a = s.send("POST", "/v1/traps", `{"reply":"不读"}`)
	if !strings.Contains(string(a.body), `"traps":[]`) || s.engine.last.Reply != "" {
		t.Errorf("%s", a.body)
	}
}

func TestNotReady(t *testing.T) {
	s := start(t, func(o *httpapi.Options) { o.Engine = func() httpapi.Engine { return nil } })
	for _, target := range []string{"GET /readyz", "GET /v1/rules", "POST /v1/check", "POST /v1/traps"} {
		method, path, _ := strings.Cut(target, " ")
		if p := s.send(method, path, "").problem(t); p.Status != 503 || p.Code != "not_ready" {
			t.Errorf("%s: %+v", target, p)
		}
	}
	if a := s.send("GET", "/healthz", ""); a.status != 200 || string(a.body) != "ok\n" {
		t.Errorf("healthz: %d %s", a.status, a.body)
	}
}

func TestRules(t *testing.T) {
	s := start(t, nil)
	a := s.send("GET", "/v1/rules", "")
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if i, j := strings.Index(string(a.body), "invoice.refuse"), strings.Index(string(a.body), "shipping.hard_promise"); i < 0 || j < i {
		t.Errorf("rules are not in order: %s", a.body)
	}
	a = s.send("GET", "/v1/rules/invoice.refuse", "")
	if !strings.Contains(string(a.body), `"spans":[{"end":4,"start":2,"text":"没有"}]`) || !strings.Contains(string(a.body), `"reply":"亲，没有哦"`) {
		t.Errorf("example: %s", a.body)
	}
	if a := s.send("HEAD", "/v1/rules", ""); a.status != 200 {
		t.Errorf("HEAD: %d", a.status)
	}
}

// FuzzCheck states the decoder's invariants: any body is answered, with a
// verdict on exactly the reply that a second parser reads, or with a problem.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{`{"reply":"没有发票"}`, `{"reply":"a","REPLY":"b"}`, `{"reply":"a"} `, `{"reply":"\u6ca1"}`, `{"reply":"a","facts":{"points":null}}`, `[]`, "\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s := start(t, nil)
		r := httptest.NewRequest(http.MethodPost, "/v1/check", strings.NewReader(string(body)))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		switch {
		case w.Code == http.StatusOK:
			if want, ok := onlyReply(body); !ok || want != s.engine.last.Reply {
				t.Errorf("judged %q, another parser reads %q (%t)", s.engine.last.Reply, want, ok)
			}
		case w.Code == 500 && !strings.Contains(s.engine.last.Reply, "慌"), w.Code < 400:
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
	})
}
