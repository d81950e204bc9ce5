package httpapi_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/api/apitest"
	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/httpapi"
	"github.com/replyguard/replyguard/pkg/internal/observe"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// loadSpec loads the contract once for all tests.
var loadSpec = sync.OnceValues(apitest.Load)

// fakeEngine answers by the words that the reply holds:
// 没有发票 blocks, 明天到 warns, 慌 panics, 故障 is a fault, 超长 is too long, 散 is an unknown
// store; anything else is allowed.
type fakeEngine struct {
	pack policy.Pack
	mu   sync.Mutex
	last *guard.Input // what was asked last; read when nothing is under way
}

func (e *fakeEngine) note(in guard.Input) {
	e.mu.Lock()
	defer e.mu.Unlock()
	*e.last = in
}

func newEngine() *fakeEngine {
	return &fakeEngine{last: new(guard.Input), pack: policy.Pack{
		Name: "test", Version: "1", Digest: "sha256:" + strings.Repeat("a", 64),
		Rules: []policy.Rule{
			{
				ID: "shipping.hard_promise", Name: "绝对承诺", Decision: verdict.Warn, Mode: verdict.Shadow,
				Examples: policy.Examples{Violates: []policy.Example{{Seller: "[[明天到]]"}}, Complies: []policy.Example{{Seller: "尽快"}}},
			},
			{
				ID: "invoice.refuse", Name: "拒绝提供发票", Decision: verdict.Block, Reason: "平台要求开具发票",
				Penalties: []verdict.Penalty{{Platform: verdict.Tmall, Points: 6, Kind: "general", Basis: "违背承诺", Source: "天猫规则全套版", Year: 2014}},
				Examples: policy.Examples{
					Violates: []policy.Example{{Seller: "亲，[[没有]]哦", Messages: []policy.ExampleMessage{{Buyer: true, Text: "有发票吗"}}}},
					Complies: []policy.Example{{Seller: "怎么会没有发票呢"}},
				},
			},
		},
		Traps: []policy.Trap{{ID: "trap.invoice_probe", Name: "发票试探", Advice: "留意", SafeReply: "可以开具"}},
	}}
}

func (e *fakeEngine) Ruleset() guard.Ruleset {
	return guard.Ruleset{Name: e.pack.Name, Version: e.pack.Version, Digest: e.pack.Digest}
}

func (e *fakeEngine) Policy() *policy.Pack { return &e.pack }

func (e *fakeEngine) Traps(_ context.Context, in guard.Input) ([]guard.Trap, error) {
	e.note(in)
	if len(in.Conversation.Messages) == 0 {
		return nil, nil
	}
	return []guard.Trap{{Trap: "trap.invoice_probe", Advice: "留意", SafeReply: "可以开具"}}, nil
}

func (e *fakeEngine) Check(ctx context.Context, in guard.Input) (guard.Result, error) {
	e.note(in)
	r := guard.Result{Ruleset: e.Ruleset()}
	finding := func(rule, text string, d verdict.Decision, score int) {
		at := strings.Index(in.Reply, text)
		start := len([]rune(in.Reply[:at]))
		if in.Options.Offsets == verdict.Byte {
			start = at
		}
		end := start + len([]rune(text))
		if in.Options.Offsets == verdict.Byte {
			end = start + len(text)
		}
		r.Decision, r.Score = d, score
		r.Violations = append(r.Violations, guard.Finding{
			Rule: rule, Name: rule, Decision: d, Score: score, Reason: "原因",
			Spans:   []guard.Evidence{{Span: verdict.Span{Start: start, End: end}, Text: text}},
			Penalty: verdict.Penalty{Points: 6, Kind: "general", Basis: "违背承诺", Source: "天猫规则全套版"},
		})
	}
	switch {
	case in.Reply == "":
		return r, guard.ErrEmpty
	case strings.Contains(in.Reply, "慌"):
		panic("secret words " + in.Reply)
	case strings.Contains(in.Reply, "故障"):
		return r, fmt.Errorf("check: %w", &guard.FaultError{Stack: []byte("goroutine 1")})
	case strings.Contains(in.Reply, "超长"):
		return r, guard.ErrTooLong
	case in.Store == "散":
		return r, guard.ErrUnknownStore
	case strings.Contains(in.Reply, "取消"):
		return r, context.Canceled
	case strings.Contains(in.Reply, "没有发票"):
		finding("invoice.refuse", "没有发票", verdict.Block, 97)
		r.Exposure = &verdict.Exposure{Kind: "general", Before: 6, After: 12, Node: 12, Consequence: "限制参加营销活动7天"}
		r.Traps = []guard.Trap{{Trap: "trap.invoice_probe", Advice: "留意", SafeReply: "可以开具"}}
		r.NoRewrite = "请提供发票"
	case strings.Contains(in.Reply, "明天到"):
		finding("shipping.hard_promise", "明天到", verdict.Warn, 60)
	}
	if in.Options.Explain && len(r.Violations) > 0 {
		r.Violations[0].Explain = &guard.Explanation{
			Claim: "claim", Origin: "explicit",
			Cues:  []guard.Cue{{Term: "没有", Sense: "neg.before", Span: verdict.Span{Start: 0, End: 2}, Evasive: true}},
			Steps: []guard.ScoreStep{{Why: "explicit", Delta: 90}}, Silenced: []guard.Suppressed{{Rule: "a.b", By: "c"}},
		}
	}
	return r, ctx.Err()
}

// service is a handler under test with what it wrote to its log.
type service struct {
	t       *testing.T
	handler http.Handler
	engine  *fakeEngine
	metrics *observe.Metrics
	log     *bytes.Buffer
}

// start builds a service; change may alter its options.
func start(t *testing.T, change func(*httpapi.Options)) *service {
	t.Helper()
	s := &service{t: t, engine: newEngine(), metrics: observe.New(false), log: new(bytes.Buffer)}
	s.metrics.SetPolicy(s.engine.Policy())
	o := httpapi.Options{
		Log: zerolog.New(zerolog.SyncWriter(s.log)), Metrics: s.metrics, OnError: verdict.Block,
		Engine: func() httpapi.Engine { return s.engine },
	}
	if change != nil {
		change(&o)
	}
	s.handler = httpapi.New(o, true)
	return s
}

// answer is one response, read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send sends a request, checks the answer against the contract and returns it.
// headers are "Name: value".
func (s *service) send(method, target, body string, headers ...string) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Del(name)
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	a := answer{w.Code, w.Header(), w.Body.Bytes()}
	s.conforms(r, a)
	return a
}

// conforms checks a against api/openapi.yaml. What the contract does not
// cover, such as unknown paths, must be a problem document.
func (s *service) conforms(r *http.Request, a answer) {
	s.t.Helper()
	spec, err := loadSpec()
	if err != nil {
		s.t.Fatal(err)
	}
	if a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed || r.Method == http.MethodHead {
		return
	}
	if err := spec.Response(r, a.status, a.header, a.body); err != nil {
		s.t.Errorf("%s %s: the answer breaks the contract: %v\n%s", r.Method, r.URL, err, a.body)
	}
}

// problem decodes a as a problem document.
func (a answer) problem(t *testing.T) apiv1.Problem {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("Content-Type = %q, want a problem; status %d, body %s", got, a.status, a.body)
	}
	var p apiv1.Problem
	if err := json.Unmarshal(a.body, &p, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	if p.Status != a.status || p.Type != "about:blank" || p.Title == "" || p.RequestId == "" || p.RequestId != a.header.Get("X-Request-Id") {
		t.Errorf("incomplete problem: %+v", p)
	}
	return p
}

// check decodes a as the answer to a check.
func (a answer) check(t *testing.T) apiv1.CheckAnswer {
	t.Helper()
	var c apiv1.CheckAnswer
	if err := json.UnmarshalRead(bytes.NewReader(a.body), &c, json.RejectUnknownMembers(true)); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return c
}
