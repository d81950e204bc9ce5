package app_test

import (
	"bytes"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/api/apitest"
	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/app"
	"github.com/replyguard/replyguard/pkg/config"
)

var update = flag.Bool("update", false, "rewrite the answers in api/examples")

// example is one file of api/examples: a request and the answer to it.
type example struct {
	Summary  string          `json:"summary"`
	Request  exampleRequest  `json:"request"`
	Response exampleResponse `json:"response"`
}

// exampleRequest has a JSON body, or a text.
type exampleRequest struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    jsontext.Value    `json:"body,omitzero"`
	Text    string            `json:"text,omitempty"`
}

type exampleResponse struct {
	Status int            `json:"status"`
	Type   string         `json:"type"`
	Body   jsontext.Value `json:"body,omitzero"`
	Text   string         `json:"text,omitempty"`
}

func (e *exampleRequest) body() []byte {
	if e.Text != "" {
		return []byte(e.Text)
	}
	return e.Body
}

// TestExamples sends every example of the contract to the service as it ships.
// Request and answer must fit api/openapi.yaml, and the answer must say the
// same as the file: status, media type, decision, rules, evidence, problem.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(apitest.Dir(), "examples", "*.json"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	spec, err := apitest.Load()
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Sources{Set: map[string]string{"listen": "127.0.0.1:0"}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), cfg, app.Options{Log: zerolog.Nop(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Stop(); err != nil {
			t.Error(err)
		}
	}()
	covered := map[string]bool{}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".json"), func(t *testing.T) {
			e := readExample(t, name)
			path, _, _ := strings.Cut(e.Request.Path, "?")
			covered[e.Request.Method+" "+path] = true
			runExample(t, spec, "http://"+a.Addr(), name, e)
		})
	}
	for _, path := range spec.Paths() {
		if path = strings.ReplaceAll(path, "{id}", "invoice.refuse"); !covered[path] && path != "GET /" {
			t.Errorf("no example of %s", path)
		}
	}
}

func readExample(t *testing.T, name string) *example {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	e := new(example)
	if err := json.Unmarshal(b, e, json.RejectUnknownMembers(true)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return e
}

func runExample(t *testing.T, spec *apitest.Spec, base, name string, e *example) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), e.Request.Method, base+e.Request.Path, bytes.NewReader(e.Request.body()))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range e.Request.Headers {
		r.Header.Set(k, v)
	}
	wrong := e.Response.Status >= 400 && e.Response.Status != http.StatusUnprocessableEntity
	if err := spec.Request(r.Clone(t.Context()), e.Request.body()); err != nil && !wrong {
		t.Errorf("the request breaks the contract: %v", err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusMethodNotAllowed {
		if err := spec.Response(r, answer.StatusCode, answer.Header, body); err != nil {
			t.Errorf("the answer breaks the contract: %v", err)
		}
	}
	got := exampleResponse{Status: answer.StatusCode, Type: answer.Header.Get("Content-Type")}
	if strings.Contains(got.Type, "json") && !strings.Contains(got.Type, "ndjson") {
		got.Body = bytes.TrimSpace(body)
	} else {
		got.Text = string(body)
	}
	if long := len(body) > 20_000; long { // all rules, all metrics: too long to read here
		got.Body, got.Text = nil, ""
	}
	if *update {
		e.Response = got
		writeExample(t, name, e)
		return
	}
	if diff := cmp.Diff(essence(t, &e.Response), essence(t, &got)); diff != "" {
		t.Errorf("the answer is not what the file says; run with -update and review:\n%s", diff)
	}
	if e.Response.Body != nil && e.Response.Type != "application/problem+json" {
		if err := spec.Response(r, e.Response.Status, http.Header{"Content-Type": {e.Response.Type}}, e.Response.Body); err != nil {
			t.Errorf("the answer in the file breaks the contract: %v", err)
		}
	}
}

// said is what must not change unnoticed; wording, ids and times may.
type said struct {
	Status             int
	Type               string
	Decision           apiv1.Decision
	Rules              []string
	Spans              []apiv1.Span
	Traps              []string
	Code               apiv1.ProblemCode
	Pointer, TextStart string
}

func essence(t *testing.T, r *exampleResponse) said {
	t.Helper()
	s := said{Status: r.Status, Type: r.Type}
	s.TextStart, _, _ = strings.Cut(r.Text, " ")
	if strings.HasPrefix(s.TextStart, "{") {
		s.TextStart = ""
	}
	if r.Body == nil {
		return s
	}
	var b struct {
		Decision   apiv1.Decision    `json:"decision"`
		Violations []apiv1.Violation `json:"violations"`
		Traps      jsontext.Value    `json:"traps"`
		Code       apiv1.ProblemCode `json:"code"`
		Pointer    string            `json:"pointer"`
	}
	if err := json.Unmarshal(r.Body, &b); err != nil {
		t.Fatal(err)
	}
	s.Decision, s.Code, s.Pointer = b.Decision, b.Code, b.Pointer
	for _, v := range b.Violations {
		s.Rules = append(s.Rules, v.Rule)
		s.Spans = append(s.Spans, v.Spans...)
	}
	var traps []apiv1.Trap
	if json.Unmarshal(b.Traps, &traps) == nil {
		for _, trap := range traps {
			if trap.Trap != "" {
				s.Traps = append(s.Traps, trap.Trap)
			}
		}
	}
	return s
}

func writeExample(t *testing.T, name string, e *example) {
	t.Helper()
	b, err := json.Marshal(e, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(b, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
