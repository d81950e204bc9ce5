package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/app"
	"github.com/replyguard/replyguard/pkg/config"
)

// syncBuffer is a log that may be read while it is written.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// service is a running app.
type service struct {
	*app.App
	t    *testing.T
	log  *syncBuffer
	out  *syncBuffer
	dir  string // its policy folder, a copy of testdata/policy
	base string
}

// run starts a service on a free port with the settings given over a copy of
// the small test policy. The test stops it.
func run(t *testing.T, set map[string]string) *service {
	t.Helper()
	s := &service{t: t, log: new(syncBuffer), out: new(syncBuffer), dir: t.TempDir()}
	if err := os.CopyFS(s.dir, os.DirFS(filepath.Join("testdata", "policy"))); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"listen": "127.0.0.1:0", "policy.dir": s.dir, "policy.watch": "false"}
	maps.Copy(all, set)
	cfg, err := config.Load(config.Sources{Set: all})
	if err != nil {
		t.Fatal(err)
	}
	s.App, err = app.New(t.Context(), cfg, app.Options{Log: zerolog.New(s.log), Out: s.out, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.base = "http://" + s.Addr()
	return s
}

// stop stops s and fails the test where that goes wrong.
func (s *service) stop() {
	s.t.Helper()
	if err := s.Stop(); err != nil {
		s.t.Error(err)
	}
}

// post sends body as JSON and returns status and body of the answer.
func post(ctx context.Context, url, body string) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	return do(r)
}

func get(ctx context.Context, url string) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, err
	}
	return do(r)
}

func do(r *http.Request) (int, []byte, error) {
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return a.StatusCode, b, err
}

// check judges reply and returns the answer.
func (s *service) check(reply string) apiv1.CheckAnswer {
	s.t.Helper()
	status, body, err := post(s.t.Context(), s.base+"/v1/check", fmt.Sprintf(`{"reply":%q}`, reply))
	if err != nil || status != http.StatusOK {
		s.t.Fatalf("status %d, %v: %s", status, err, body)
	}
	var c apiv1.CheckAnswer
	if err := json.Unmarshal(bytes.TrimSpace(body), &c); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// edit replaces old by new in a file of the policy.
func (s *service) edit(file, old, text string) {
	s.t.Helper()
	name := filepath.Join(s.dir, file)
	b, err := os.ReadFile(name)
	if err != nil {
		s.t.Fatal(err)
	}
	if !strings.Contains(string(b), old) {
		s.t.Fatalf("%s does not hold %q", file, old)
	}
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(string(b), old, text)), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *service) metric(line string) bool {
	s.t.Helper()
	_, body, err := get(s.t.Context(), "http://"+s.AdminAddr()+"/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Contains(string(body), line+"\n")
}

func TestStartCheckStop(t *testing.T) {
	s := run(t, nil)
	if c := s.check("亲，没有发票哦"); c.Decision != apiv1.DecisionBlock || c.Violations[0].Rule != "invoice.refuse" {
		t.Errorf("answer = %+v", c)
	}
	if status, _, _ := get(t.Context(), s.base+"/readyz"); status != 200 {
		t.Errorf("readyz = %d", status)
	}
	if !s.metric(`replyguard_findings_total{decision="block",mode="enforce",rule="invoice.refuse"} 1`) {
		t.Error("the finding is not counted")
	}
	s.stop()
	if _, _, err := get(t.Context(), s.base+"/healthz"); err == nil {
		t.Error("the address still answers after Stop")
	}
	if strings.Contains(s.log.String(), "没有") {
		t.Errorf("the log holds the reply: %s", s.log)
	}
}

// TestReload puts a changed policy in force and keeps it where the next one
// is bad in any of the ways there are.
func TestReload(t *testing.T) {
	s := run(t, nil)
	defer s.stop()
	before := s.check("没有发票").Ruleset.Digest
	s.edit("rules/invoice.yaml", "decision: block", "decision: warn")
	status, body, err := post(t.Context(), s.base+"/-/reload", "")
	if err != nil || status != 200 || !strings.Contains(string(body), `"changed":true`) {
		t.Fatalf("reload: %d %s %v", status, body, err)
	}
	c := s.check("没有发票")
	if c.Decision != apiv1.DecisionWarn || c.Ruleset.Digest == before {
		t.Errorf("answer = %+v", c)
	}
	for _, bad := range []struct{ file, old, text, says string }{
		{"rules/invoice.yaml", "decision: warn", "decision: never", "rules/invoice.yaml:3:13"},
		{"rules/invoice.yaml", "[[没有发票]]", "[[有]]发票", "没有发票"},
		{"pack.yaml", "name: small", "nam: small", "pack.yaml"},
	} {
		s.edit(bad.file, bad.old, bad.text)
		status, body, err := post(t.Context(), s.base+"/-/reload", "")
		if err != nil || status != 500 || !strings.Contains(string(body), `"code":"policy_refused"`) {
			t.Errorf("%s: reload: %d %s %v", bad.text, status, body, err)
		}
		if got := s.check("没有发票"); got.Ruleset.Digest != c.Ruleset.Digest || got.Decision != apiv1.DecisionWarn {
			t.Errorf("%s: the policy in force changed: %+v", bad.text, got)
		}
		if !s.metric("replyguard_policy_last_reload_successful 0") {
			t.Errorf("%s: the metric says success", bad.text)
		}
		if _, status, _ := get(t.Context(), s.base+"/v1/status"); !strings.Contains(string(status), `"ok":false`) {
			t.Errorf("%s: status = %s", bad.text, status)
		}
		if !strings.Contains(s.log.String(), "policy refused") {
			t.Errorf("%s: the log says nothing", bad.text)
		}
		s.edit(bad.file, bad.text, bad.old)
	}
	if err := s.Reload(t.Context()); err != nil || !s.metric("replyguard_policy_last_reload_successful 1") {
		t.Errorf("the mended policy: %v", err)
	}
}

// TestReloadUnderLoad swaps between two policies while many clients check:
// no request fails, and every answer is one policy's, digest and decision
// alike.
func TestReloadUnderLoad(t *testing.T) {
	s := run(t, nil)
	defer s.stop()
	want := map[string]apiv1.Decision{s.check("没有发票").Ruleset.Digest: apiv1.DecisionBlock}
	s.edit("rules/invoice.yaml", "decision: block", "decision: warn")
	if err := s.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	want[s.check("没有发票").Ruleset.Digest] = apiv1.DecisionWarn
	if len(want) != 2 {
		t.Fatal("the policies do not differ")
	}
	ctx, cancel := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	var answered atomic.Int64
	for range 4 {
		clients.Go(func() {
			for ctx.Err() == nil {
				status, body, err := post(t.Context(), s.base+"/v1/check", `{"reply":"没有发票"}`)
				var c apiv1.CheckAnswer
				if err != nil || status != 200 || json.Unmarshal(bytes.TrimSpace(body), &c) != nil {
					t.Errorf("status %d, %v: %s", status, err, body)
					return
				}
				if d, ok := want[c.Ruleset.Digest]; !ok || d != c.Decision || len(c.Violations) != 1 || c.Violations[0].Decision != d {
					t.Errorf("mixed answer: %s", body)
					return
				}
				answered.Add(1)
			}
		})
	}
	decisions := []string{"decision: warn", "decision: block"}
	for i := range 40 {
		s.edit("rules/invoice.yaml", decisions[i%2], decisions[(i+1)%2])
		if err := s.Reload(t.Context()); err != nil {
			t.Error(err)
		}
	}
	cancel()
	clients.Wait()
	if answered.Load() == 0 {
		t.Error("no request was answered meanwhile")
	}
}

// TestWatch notices a changed file, and the swapped link that Kubernetes uses
// for mounted files.
func TestWatch(t *testing.T) {
	mount := t.TempDir()
	for _, state := range []string{"..1", "..2"} {
		if err := os.CopyFS(filepath.Join(mount, state), os.DirFS(filepath.Join("testdata", "policy"))); err != nil {
			t.Fatal(err)
		}
	}
	link(t, "..1", filepath.Join(mount, "..data"))
	for _, name := range []string{"pack.yaml", "lexicon", "rules"} {
		link(t, filepath.Join("..data", name), filepath.Join(mount, name))
	}
	s := run(t, map[string]string{"policy.dir": mount, "policy.watch": "true"})
	defer s.stop()
	s.dir = mount
	first := s.check("没有发票").Ruleset.Digest

	s.edit("rules/invoice.yaml", "decision: block", "decision: warn") // through the link, into ..1
	second := s.await(first)

	link(t, "..2", filepath.Join(mount, "..new"))
	if err := os.Rename(filepath.Join(mount, "..new"), filepath.Join(mount, "..data")); err != nil {
		t.Fatal(err)
	}
	if third := s.await(second); third != first {
		t.Errorf("digest %s, want that of the first state, %s", third, first)
	}
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}

// await asks until the digest is another than old, and returns it.
func (s *service) await(old string) string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if d := s.check("没有发票").Ruleset.Digest; d != old {
			return d
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.t.Fatalf("the changed files were not noticed: %s", s.log)
		}
	}
}

// slowBody is a request body that arrives when the test lets it.
type slowBody struct {
	started chan struct{}
	rest    chan string
	once    sync.Once
	done    bool
}

func (b *slowBody) Read(p []byte) (int, error) {
	first := false
	b.once.Do(func() { first = true })
	if first {
		close(b.started)
		return copy(p, `{"reply":`), nil
	}
	if b.done {
		return 0, io.EOF
	}
	b.done = true
	return copy(p, <-b.rest), nil
}

// TestDrain stops the service while a request is on its way: it says that it
// is not ready, finishes the request, and only then ends.
func TestDrain(t *testing.T) {
	s := run(t, map[string]string{"stop.drain": "300ms", "admin.listen": "127.0.0.1:0"})
	body := &slowBody{started: make(chan struct{}), rest: make(chan string)}
	type answer struct {
		status int
		body   []byte
		err    error
	}
	got := make(chan answer, 1)
	go func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+"/v1/check", body)
		if err != nil {
			got <- answer{err: err}
			return
		}
		r.Header.Set("Content-Type", "application/json")
		status, b, err := do(r)
		got <- answer{status, b, err}
	}()
	<-body.started
	stopped := make(chan error, 1)
	go func() { stopped <- s.Stop() }()
	for { // Stop has begun when the service says that it is not ready
		if status, _, err := get(t.Context(), s.base+"/readyz"); err != nil || status == http.StatusServiceUnavailable {
			break
		}
	}
	select {
	case err := <-stopped:
		t.Fatalf("stopped with a request on its way: %v", err)
	default:
	}
	body.rest <- `"没有发票"}`
	if a := <-got; a.err != nil || a.status != 200 || !strings.Contains(string(a.body), "invoice.refuse") {
		t.Errorf("the request on its way: %d %s %v", a.status, a.body, a.err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestAdminAddress(t *testing.T) {
	s := run(t, map[string]string{"admin.listen": "127.0.0.1:0"})
	defer s.stop()
	for _, path := range []string{"/metrics", "/-/reload"} {
		if status, _, _ := get(t.Context(), s.base+path); status != http.StatusNotFound {
			t.Errorf("the API serves %s: %d", path, status)
		}
	}
	if status, body, err := get(t.Context(), "http://"+s.AdminAddr()+"/metrics"); err != nil || status != 200 || !strings.Contains(string(body), "replyguard_policy_info") {
		t.Errorf("metrics: %d %v", status, err)
	}
	if status, _, _ := get(t.Context(), "http://"+s.AdminAddr()+"/v1/rules"); status != http.StatusNotFound {
		t.Errorf("the admin address serves the API: %d", status)
	}
}

// TestBadPolicyDoesNotStart: nothing listens where the rules are wrong.
func TestBadPolicyDoesNotStart(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "missing")} {
		cfg, err := config.Load(config.Sources{Set: map[string]string{"policy.dir": dir, "listen": "127.0.0.1:0"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := app.New(t.Context(), cfg, app.Options{Log: zerolog.Nop()}); err == nil {
			t.Errorf("New with policy folder %s: no error", dir)
		}
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	cfg, err := config.Load(config.Sources{Set: map[string]string{"listen": "127.0.0.1:0", "policy.dir": filepath.Join("testdata", "policy")}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), cfg, app.Options{Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Run(ctx); err != nil {
		t.Error(err)
	}
	// The address in use: Start fails, and says so.
	b, err := app.New(t.Context(), cfg, app.Options{Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	taken := *cfg
	taken.Listen = b.Addr()
	c, err := app.New(t.Context(), &taken, app.Options{Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(t.Context()); err == nil {
		t.Error("two services on one address")
	}
	if err := b.Stop(); err != nil {
		t.Error(err)
	}
}
