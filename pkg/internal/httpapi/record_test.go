package httpapi_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/internal/audit"
	"github.com/replyguard/replyguard/pkg/internal/httpapi"
)

func recording(o *httpapi.Options) {
	o.Audit = audit.New(audit.Options{Keep: 100, Text: audit.TextMasked, HashKey: []byte("k")})
}

// as checks that value fits the component schema called name.
func as(t *testing.T, name string, data []byte) {
	t.Helper()
	spec, err := loadSpec()
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	if err := spec.Schema(name, value); err != nil {
		t.Errorf("%s is no %s: %v", data, name, err)
	}
}

func TestBatch(t *testing.T) {
	s := start(t, recording)
	long := `{"reply":"` + strings.Repeat("长", httpapi.DefaultBody) + `"}`
	lines := strings.Join([]string{
		`{"reply":"没有发票"}`, ``, `{"reply":"您好"}`, `nonsense`, long, `{"reply":"慌"}`, `  `, `{"reply":"明天到"}`,
	}, "\n")
	a := s.send("POST", "/v1/check/batch", lines, "Content-Type: application/x-ndjson")
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	got := strings.Split(strings.TrimSuffix(string(a.body), "\n"), "\n")
	want := []string{`"decision":"block"`, `"decision":"allow"`, `"code":"invalid_json"`, `"code":"body_too_large"`, `"code":"internal"`, `"decision":"warn"`}
	if len(got) != len(want) {
		t.Fatalf("%d answers, want %d:\n%s", len(got), len(want), a.body)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("answer %d = %s, want %s", i, got[i], want[i])
		}
		schema := "CheckAnswer"
		if strings.Contains(want[i], "code") {
			schema = "Problem"
		}
		as(t, schema, []byte(got[i]))
	}
	if strings.Contains(s.log.String(), "没有") {
		t.Errorf("the log holds a reply: %s", s.log)
	}
	for _, h := range []string{"Content-Type: application/json", "Accept: text/plain"} {
		if a := s.send("POST", "/v1/check/batch", `{}`, "Content-Type: application/x-ndjson", h); a.status != 415 && a.status != 406 {
			t.Errorf("%s: %d", h, a.status)
		}
	}
}

// TestBatchStreams: an answer comes before the next line is sent, and the end
// of the server is the end of the batch.
func TestBatchStreams(t *testing.T) {
	stopping, stop := context.WithCancel(t.Context())
	s := start(t, func(o *httpapi.Options) { o.Stopping = stopping })
	server := httptest.NewServer(s.handler)
	defer server.Close()
	body, lines := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/v1/check/batch", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-ndjson")
	go func() { _, _ = io.WriteString(lines, `{"reply":"没有发票"}`+"\n") }()
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	answers := bufio.NewReader(a.Body)
	for i, want := range []string{"block", "allow", "warn"} {
		line, err := answers.ReadString('\n')
		if err != nil || !strings.Contains(line, `"decision":"`+want+`"`) {
			t.Fatalf("answer %d = %q, %v; want %s", i, line, err, want)
		}
		if next := []string{"您好", "明天到", ""}[i]; next != "" {
			if _, err := io.WriteString(lines, `{"reply":"`+next+`"}`+"\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	stop()
	if rest, err := io.ReadAll(answers); err != nil || len(rest) > 0 {
		t.Errorf("after the stop: %q, %v", rest, err)
	}
}

func TestEventsAndFeedback(t *testing.T) {
	s := start(t, recording)
	block := s.send("POST", "/v1/check", `{"reply":"没有发票 13800138000","store":"flagship","conversation":{"id":"c-1","agent":"小美"},"options":{"offsets":"byte"}}`).check(t)
	s.send("POST", "/v1/check", `{"reply":"您好"}`)
	s.send("POST", "/v1/check", `{"reply":"明天到","store":"other"}`)

	list := func(query string) apiv1.EventList {
		t.Helper()
		a := s.send("GET", "/v1/events"+query, "")
		var l apiv1.EventList
		if err := json.Unmarshal([]byte(strings.TrimSpace(string(a.body))), &l, json.RejectUnknownMembers(true)); err != nil {
			t.Fatalf("%s: %v: %s", query, err, a.body)
		}
		return l
	}
	if l := list(""); len(l.Events) != 3 || l.Events[0].Rules[0].Rule != "shipping.hard_promise" || l.Next != "" {
		t.Errorf("events = %+v", l)
	}
	l := list("?decision=block")
	if len(l.Events) != 1 {
		t.Fatalf("events = %+v", l)
	}
	e := l.Events[0]
	if e.Id != block.Id || e.Store != "flagship" || e.Text != "没有发票 〔号码〕" || len(e.Conversation) != 16 || e.Rules[0].Spans[0] != (apiv1.Range{Start: 0, End: 4}) {
		t.Errorf("event = %+v", e)
	}
	for query, want := range map[string]int{"?rule=invoice": 1, "?rule=cod": 0, "?store=other": 1, "?limit=2": 2, "?limit=1&before=" + block.Id: 0} {
		if l := list(query); len(l.Events) != want {
			t.Errorf("%s: %d events, want %d", query, len(l.Events), want)
		}
	}
	for _, query := range []string{"?decision=no", "?limit=0", "?limit=x"} {
		if p := s.send("GET", "/v1/events"+query, "").problem(t); p.Code != "invalid_field" {
			t.Errorf("%s: %+v", query, p)
		}
	}

	// Feedback on all of the decision, on one rule, and on what is not there.
	tests := []struct {
		body   string
		status int
		says   string
	}{
		{`{"id":"` + block.Id + `","action":"sent_rewrite"}`, 202, `{"known":true,"rules":["invoice.refuse"]}`},
		{`{"id":"` + block.Id + `","action":"false_positive","rule":"invoice.refuse"}`, 202, `"known":true`},
		{`{"id":"GONE","action":"edited","rule":"invoice.refuse"}`, 202, `{"known":false,"rules":["invoice.refuse"]}`},
		{`{"id":"GONE","action":"edited"}`, 202, `{"known":false,"rules":[]}`},
		{`{"id":"` + block.Id + `","action":"edited","rule":"shipping.hard_promise"}`, 422, `unknown_rule`},
		{`{"id":"GONE","action":"edited","rule":"no.rule"}`, 422, `unknown_rule`},
		{`{"id":"GONE","action":"cheered"}`, 400, `/action`},
		{`{"action":"edited"}`, 400, `missing_field`},
		{`{"id":"GONE"}`, 400, `missing_field`},
		{`{"Id":"GONE","action":"edited"}`, 400, `wrong_case`},
	}
	for _, tt := range tests {
		a := s.send("POST", "/v1/feedback", tt.body)
		if a.status != tt.status || !strings.Contains(string(a.body), tt.says) {
			t.Errorf("%s: %d %s, want %d %s", tt.body, a.status, a.body, tt.status, tt.says)
		}
	}
	metrics := string(s.send("GET", "/metrics", "").body)
	for _, line := range []string{
		`replyguard_feedback_total{action="sent_rewrite",rule="invoice.refuse"} 1`,
		`replyguard_feedback_total{action="false_positive",rule="invoice.refuse"} 1`,
		`replyguard_feedback_total{action="edited",rule="invoice.refuse"} 1`,
	} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}
}

func TestEventStream(t *testing.T) {
	stopping, stop := context.WithCancel(t.Context())
	s := start(t, func(o *httpapi.Options) { recording(o); o.Stopping = stopping })
	server := httptest.NewServer(s.handler)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/v1/events?decision=block", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if got := a.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("Content-Type = %q", got)
	}
	in := bufio.NewReader(a.Body)
	if line, err := in.ReadString('\n'); err != nil || line != ": ready\n" {
		t.Fatalf("first line = %q, %v", line, err)
	}
	s.send("POST", "/v1/check", `{"reply":"您好"}`)
	c := s.send("POST", "/v1/check", `{"reply":"没有发票"}`).check(t)
	var got []string
	for range 4 {
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.TrimSpace(line))
	}
	if got[1] != "event: decision" || got[2] != "id: "+c.Id {
		t.Errorf("event = %q", got)
	}
	as(t, "Event", []byte(strings.TrimPrefix(got[3], "data: ")))
	stop()
	if _, err := io.ReadAll(in); err != nil {
		t.Errorf("the stream did not end well: %v", err)
	}
}

// TestShadow: the caller is told allow; what would have been is counted and
// recorded.
func TestShadow(t *testing.T) {
	s := start(t, func(o *httpapi.Options) {
		recording(o)
		o.Shadow = func(store string) bool { return store == "watched" }
	})
	c := s.send("POST", "/v1/check?fail_on=block", `{"reply":"没有发票","store":"watched","options":{"explain":true}}`)
	if c.status != 200 {
		t.Fatalf("%d %s", c.status, c.body)
	}
	a := c.check(t)
	if a.Decision != "allow" || len(a.Violations) != 0 || len(a.Shadowed) != 1 || len(a.Traps) != 1 || a.Exposure != nil {
		t.Errorf("answer = %+v", a)
	}
	if a := s.send("POST", "/v1/check", `{"reply":"没有发票","store":"other"}`).check(t); a.Decision != "block" {
		t.Errorf("another store: %+v", a)
	}
	events := string(s.send("GET", "/v1/events?store=watched", "").body)
	if !strings.Contains(events, `"decision":"block"`) || !strings.Contains(events, `"enforced":"allow"`) {
		t.Errorf("event = %s", events)
	}
	if metrics := string(s.send("GET", "/metrics", "").body); !strings.Contains(metrics, `replyguard_checks_total{decision="block"} 2`+"\n") {
		t.Error("the decision is not counted as it would have been")
	}
}
