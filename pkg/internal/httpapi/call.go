package httpapi

import (
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/pkg/internal/wire"
)

// call is one request on its way: the response writer of all handlers, which
// gathers what the access line and the metrics tell at the end.
type call struct {
	http.ResponseWriter
	id      string    // the request id, adopted or new
	made    [1]string // a new id, as the value of its header
	started time.Time
	status  int // 0: nothing written yet
	bytes   int

	decision   string // of a check; else ""
	decisionID string
	rules      []string // found, with a decision
	code       string   // of a problem; else ""
	token      string   // name of the token; else ""
}

// WriteHeader notes the status.
func (c *call) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write notes the length.
func (c *call) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(b)
	c.bytes += n
	return n, err
}

// Unwrap serves http.ResponseController.
func (c *call) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// callOf returns the record that w is. Every handler of this package is
// reached through identify, so w is one.
func callOf(w http.ResponseWriter) *call {
	c, ok := w.(*call)
	if !ok {
		return &call{ResponseWriter: w, started: time.Now()}
	}
	return c
}

// judged notes a decision for the access line.
func (c *call) judged(a *wire.Answer) {
	c.decisionID, c.decision = a.ID, a.Result.Decision.String()
	for i := range a.Result.Violations {
		c.rules = append(c.rules, a.Result.Violations[i].Rule)
	}
}

// enter is what every request passes first: it gets its id, it is counted, a
// panic is caught, and at the end there is one access line. These are one
// handler and not four, since a layer costs more than most of what they do.
func (s *server) enter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := identify(w, r)
		s.Metrics.Begin()
		defer s.leave(c, r)
		defer s.rescue(c, r) // before leave, which so tells what came of a panic
		next.ServeHTTP(c, r)
	})
}

// identify adopts the caller's request id where it is well-formed, makes one
// where it is not, and sends it back.
func identify(w http.ResponseWriter, r *http.Request) *call {
	c := &call{ResponseWriter: w, started: time.Now()}
	given := r.Header["X-Request-Id"]
	if len(given) != 1 || !isRequestID(given[0]) {
		c.made[0] = newID(c.started)
		given = c.made[:]
	}
	c.id = given[0]
	w.Header()["X-Request-Id"] = given
	return c
}

// isRequestID reports whether s may stand in logs and headers as it is.
func isRequestID(s string) bool {
	if len(s) == 0 || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		switch b := s[i]; {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9', b == '.', b == '_', b == '-':
		default:
			return false
		}
	}
	return true
}

// leave counts the request by route, method and status and writes its access
// line, without anything that was said.
func (s *server) leave(c *call, r *http.Request) {
	elapsed := time.Since(c.started)
	route, method := route(r), method(r)
	s.Metrics.End(route, method, statusLabel(c.status), elapsed)
	level := zerolog.InfoLevel
	if c.status >= http.StatusInternalServerError {
		level = zerolog.ErrorLevel
	}
	line := s.Log.WithLevel(level).Str("request_id", c.id).Str("method", method).Str("route", route).
		Int("status", c.status).Int("bytes", c.bytes).Int64("elapsed_us", elapsed.Microseconds())
	if c.decision != "" {
		line = line.Str("id", c.decisionID).Str("decision", c.decision)
	}
	if len(c.rules) > 0 {
		line = line.Strs("rules", c.rules)
	}
	if c.token != "" {
		line = line.Str("token", c.token)
	}
	if c.code != "" {
		line = line.Str("code", c.code)
	}
	line.Msg("request")
}

// rescue turns a panic into the answer for internal faults. Where the answer
// has begun already the connection is cut, so that a caller can't take half an
// answer for a whole one. It has to be deferred itself.
func (s *server) rescue(c *call, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler { //nolint:errorlint // the sentinel of net/http, panicked as it is
		panic(p)
	}
	s.logPanic(c, p)
	if c.status != 0 {
		panic(http.ErrAbortHandler)
	}
	s.problem(c, r, errPanic)
}

// logPanic logs where p happened. Only runtime errors are quoted: any other
// value may hold what was said.
func (s *server) logPanic(c *call, p any) {
	cause, _ := p.(runtime.Error)
	s.logStack(c, cause, debug.Stack())
}

// logStack logs a panic; cause may be nil.
func (s *server) logStack(c *call, cause runtime.Error, stack []byte) {
	line := s.Log.Error().Str("request_id", c.id).Bytes("stack", stack)
	if cause != nil {
		line = line.Err(cause)
	}
	line.Msg("panic")
}

// route returns the pattern that r matched. It is only complete after the
// handlers have run.
func route(r *http.Request) string {
	if ctx := chi.RouteContext(r.Context()); ctx != nil {
		if p := ctx.RoutePattern(); p != "" {
			return p
		}
	}
	return "unmatched"
}

// method returns a method of a bounded set.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodPatch:
		return r.Method
	}
	return "other"
}

func statusLabel(status int) string {
	switch status {
	case 0, http.StatusOK:
		return "200"
	case http.StatusUnprocessableEntity:
		return "422"
	}
	return strconv.Itoa(status)
}
