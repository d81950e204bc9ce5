package httpapi_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/httpapi"
)

// token returns the configuration's form of a token.
func token(t *testing.T, name, secret string) httpapi.Token {
	t.Helper()
	sum := sha256.Sum256([]byte(secret))
	parsed, err := httpapi.ParseToken(name + ":" + hex.EncodeToString(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestTokens(t *testing.T) {
	s := start(t, func(o *httpapi.Options) {
		o.Tokens = []httpapi.Token{token(t, "old", "sesame"), token(t, "new", "opensesame")}
		o.AdminTokens = []httpapi.Token{token(t, "ops", "root")}
	})
	tests := []struct {
		method, path, auth string
		want               int
	}{
		{"POST", "/v1/check", "", 401},
		{"POST", "/v1/check", "Bearer wrong", 401},
		{"POST", "/v1/check", "Basic sesame", 401},
		{"POST", "/v1/check", "sesame", 401},
		{"POST", "/v1/check", "Bearer ", 401},
		{"POST", "/v1/check", "Bearer sesame", 200},
		{"POST", "/v1/check", "bearer opensesame", 200},
		{"POST", "/v1/check", "Bearer root", 401},
		{"GET", "/v1/rules", "", 401},
		{"GET", "/v1/events", "", 401},
		{"POST", "/v1/check/batch", "", 401},
		{"GET", "/metrics", "", 401},
		{"GET", "/metrics", "Bearer sesame", 401},
		{"GET", "/metrics", "Bearer root", 200},
		{"POST", "/-/reload", "Bearer sesame", 401},
		{"POST", "/-/reload", "Bearer root", 200},
		{"GET", "/healthz", "", 200},
		{"GET", "/readyz", "", 200},
	}
	for _, tt := range tests {
		body := ""
		if tt.path == "/v1/check" {
			body = `{"reply":"您好"}`
		}
		a := s.send(tt.method, tt.path, body, "Authorization: "+tt.auth)
		if a.status != tt.want {
			t.Errorf("%s %s with %q: %d, want %d", tt.method, tt.path, tt.auth, a.status, tt.want)
		}
		if tt.want == 401 && (a.header.Get("WWW-Authenticate") == "" || a.problem(t).Code != "unauthorized") {
			t.Errorf("%s %s: no challenge", tt.method, tt.path)
		}
	}
	if log := s.log.String(); !strings.Contains(log, `"token":"new"`) || strings.Contains(log, "sesame") {
		t.Errorf("log = %s", log)
	}
	for _, bad := range []string{"", "a", "a:", "a:zz", ":" + strings.Repeat("0", 64)} {
		if _, err := httpapi.ParseToken(bad); err == nil {
			t.Errorf("ParseToken(%q): no error", bad)
		}
	}
}

// TestRate: each token has its own rate; what is beyond is told when to come
// back.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, func(o *httpapi.Options) {
			o.Tokens = []httpapi.Token{token(t, "a", "a"), token(t, "b", "b")}
			o.Limits.Rate, o.Limits.Burst = 1, 2
		})
		check := func(secret string) int {
			a := s.send("POST", "/v1/check", `{"reply":"您好"}`, "Authorization: Bearer "+secret)
			if a.status == 429 && (a.header.Get("Retry-After") != "1" || a.problem(t).Code != "rate_limited") {
				t.Errorf("answer = %s", a.body)
			}
			return a.status
		}
		got := []int{check("a"), check("a"), check("a"), check("b")}
		time.Sleep(time.Second) //nolint:forbidigo // in a bubble
		got = append(got, check("a"), check("a"))
		want := []int{200, 200, 429, 200, 200, 429}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("statuses %v, want %v", got, want)
				break
			}
		}
		if !strings.Contains(string(s.send("GET", "/metrics", "").body), `replyguard_shed_requests_total{reason="rate"} 2`) {
			t.Error("not counted")
		}
	})
}

// gated is an engine that answers when the test lets it.
type gated struct {
	*fakeEngine
	gate chan struct{}
}

func (g *gated) Check(ctx context.Context, in guard.Input) (guard.Result, error) {
	<-g.gate
	return g.fakeEngine.Check(ctx, in)
}

// TestShedding: one check at work, one that waits, and what is beyond is
// turned away at once; who waits too long is turned away as well.
func TestShedding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gated{fakeEngine: newEngine(), gate: make(chan struct{})}
		s := start(t, func(o *httpapi.Options) {
			o.Engine = func() httpapi.Engine { return g }
			o.Limits.Concurrent, o.Limits.Queue, o.Limits.QueueWait = 1, 1, 100*time.Millisecond
		})
		send := func() chan int {
			done := make(chan int, 1)
			go func() {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/check", strings.NewReader(`{"reply":"您好"}`))
				w := httptest.NewRecorder()
				s.handler.ServeHTTP(w, r)
				done <- w.Code
			}()
			synctest.Wait()
			return done
		}
		working, waiting := send(), send()
		if a := s.send("POST", "/v1/check", `{"reply":"您好"}`); a.status != 429 || a.problem(t).Code != "overloaded" || a.header.Get("Retry-After") == "" {
			t.Errorf("the third: %d %s", a.status, a.body)
		}
		if a := s.send("GET", "/readyz", ""); a.status != 200 {
			t.Errorf("probes are shed: %d", a.status)
		}
		begin := time.Now()
		if code := <-waiting; code != 429 || time.Since(begin) != 100*time.Millisecond {
			t.Errorf("the one that waited: %d after %s", code, time.Since(begin))
		}
		next := send()
		g.gate <- struct{}{} // the first ends, the next one takes its place
		g.gate <- struct{}{}
		if a, b := <-working, <-next; a != 200 || b != 200 {
			t.Errorf("the others: %d %d", a, b)
		}
		if !strings.Contains(string(s.send("GET", "/metrics", "").body), `replyguard_shed_requests_total{reason="overload"} 2`) {
			t.Error("not counted")
		}
	})
}

func TestCrossOrigin(t *testing.T) {
	s := start(t, func(o *httpapi.Options) { o.Origins = []string{"https://web.example.com", "chrome-extension://abcdef"} })
	preflight := func(origin string) http.Header {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodOptions, "/v1/check", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
		r.Header.Set("Access-Control-Request-Private-Network", "true")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		return w.Header()
	}
	for _, origin := range []string{"https://web.example.com", "chrome-extension://abcdef"} {
		h := preflight(origin)
		if h.Get("Access-Control-Allow-Origin") != origin || h.Get("Access-Control-Allow-Private-Network") != "true" || h.Get("Access-Control-Allow-Methods") != "POST" {
			t.Errorf("preflight from %s = %v", origin, h)
		}
		a := s.send("POST", "/v1/check", `{"reply":"您好"}`, "Origin: "+origin, "Sec-Fetch-Site: cross-site")
		if a.status != 200 || a.header.Get("Access-Control-Allow-Origin") != origin {
			t.Errorf("call from %s: %d %v", origin, a.status, a.header)
		}
	}
	if h := preflight("https://evil.example.com"); h.Get("Access-Control-Allow-Origin") != "" || h.Get("Access-Control-Allow-Private-Network") != "" {
		t.Errorf("preflight from elsewhere = %v", h)
	}
	for _, headers := range [][]string{
		{"Origin: https://evil.example.com", "Sec-Fetch-Site: cross-site"},
		{"Origin: https://evil.example.com", "Content-Type: text/plain"},
	} {
		if p := s.send("POST", "/v1/check", `{"reply":"您好"}`, headers...).problem(t); p.Status != 403 || p.Code != "forbidden" {
			t.Errorf("call with %v: %+v", headers, p)
		}
	}
	if a := s.send("POST", "/v1/check", `{"reply":"您好"}`, "Origin: http://example.com", "Sec-Fetch-Site: same-origin"); a.status != 200 {
		t.Errorf("the console's own call: %d", a.status)
	}
}

// TestLocalOnly: a name that is made to point at this address opens nothing.
func TestLocalOnly(t *testing.T) {
	s := start(t, func(o *httpapi.Options) { o.LocalOnly = true })
	for host, want := range map[string]int{"127.0.0.1:8787": 200, "localhost:8787": 200, "LocalHost": 200, "[::1]:8787": 200, "evil.example.com:8787": 403, "localhost.example.com": 403} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/events", nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %s: %d, want %d", host, w.Code, want)
		}
	}
}

func TestProfilesAreAdministrative(t *testing.T) {
	o := httpapi.Options{Metrics: start(t, nil).metrics, Engine: func() httpapi.Engine { return nil }, Pprof: true, AdminTokens: []httpapi.Token{token(t, "ops", "root")}}
	h := httpapi.NewAdmin(o)
	for auth, want := range map[string]int{"": 401, "Bearer root": 200} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/debug/pprof/cmdline", nil)
		r.Header.Set("Authorization", auth)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("with %q: %d, want %d", auth, w.Code, want)
		}
	}
	if a := start(t, nil).send("GET", "/debug/pprof/cmdline", ""); a.status != 404 {
		t.Errorf("profiles without asking: %d", a.status)
	}
}
