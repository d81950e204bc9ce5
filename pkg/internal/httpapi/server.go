// Package httpapi serves the HTTP contract of api/openapi.yaml: it decodes
// strictly, asks the engine, encodes, counts and logs. It judges nothing and
// never logs what was said.
//
// A request passes, outermost first: request id, access line, metrics,
// recovery, origin, token and rate, throttle, route; the first four are one
// handler. Recovery stands inside metrics and the access line, so that a panic
// is counted and logged like any answer.
package httpapi

import (
	"context"
	"net/http"
	"net/http/pprof"
	"runtime"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/audit"
	"github.com/replyguard/replyguard/pkg/internal/observe"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Engine judges by one policy from beginning to end; *guard.Guard is one.
type Engine interface {
	Check(ctx context.Context, in guard.Input) (guard.Result, error)
	Traps(ctx context.Context, in guard.Input) ([]guard.Trap, error)
	Ruleset() guard.Ruleset
	Policy() *policy.Pack
}

// Options are what the handlers need. Metrics and Engine are required; the
// zero value of everything else works.
type Options struct {
	Log     zerolog.Logger
	Metrics *observe.Metrics
	Engine  func() Engine                                   // the live engine; nil while there is none
	Ready   func() bool                                     // nil: ready where there is an engine
	Reload  func(context.Context) (changed bool, err error) // nil: nothing to reload
	Status  func() Status                                   // nil: no reload was tried

	Audit  *audit.Recorder         // nil: nothing is recorded
	Shadow func(store string) bool // whether decisions for store are only watched; nil: none are

	// Stopping ends when the server is about to stop: batches and streams then
	// come to their end. Nil: never.
	Stopping context.Context //nolint:containedctx // a lifetime, as of a server's base context

	// OnError is what a caller is told to do with a reply that could not be
	// judged because of a fault: verdict.Allow or verdict.Block. The zero value
	// fails open; the configuration's default does not.
	OnError verdict.Decision

	Limits Limits

	Tokens      []Token  // for the API; none: no token is needed
	AdminTokens []Token  // for the administrative calls; none: no token is needed
	Origins     []string // web origins whose pages may call
	LocalOnly   bool     // refuse requests that reach this address by a name
	Pprof       bool     // serve profiles among the administrative calls
}

// Limits bound what one request and all of them together may take. Zero
// fields have the defaults given.
type Limits struct {
	Body        int           // bytes of a body, and of a line of a batch; 256 KiB
	Concurrent  int           // checks at once; 16 a processor
	Queue       int           // checks that wait for their turn; 4 × Concurrent
	QueueWait   time.Duration // the longest wait; 100 ms
	LineTimeout time.Duration // for each line of a batch or an event stream; 10 s
	Rate        float64       // requests a second for each token, or for all callers without tokens; no limit
	Burst       int           // requests at once; twice Rate
}

// DefaultBody is the longest body in bytes, from CONTRACT.md.
const DefaultBody = 256 << 10

func (l Limits) withDefaults() Limits {
	if l.Body <= 0 {
		l.Body = DefaultBody
	}
	if l.Concurrent <= 0 {
		l.Concurrent = 16 * runtime.GOMAXPROCS(0)
	}
	if l.Queue <= 0 {
		l.Queue = 4 * l.Concurrent
	}
	if l.QueueWait <= 0 {
		l.QueueWait = 100 * time.Millisecond
	}
	if l.LineTimeout <= 0 {
		l.LineTimeout = 10 * time.Second
	}
	return l
}

// Status is what GET /v1/status tells beside the policy in force.
type Status struct {
	Version     string
	Shadow      bool // for everybody
	Started     time.Time
	ReloadAt    time.Time // the last attempt
	ReloadSince time.Time // the last success
	ReloadErr   string    // why the last attempt failed; "" where it succeeded
}

// server holds what the handlers share. It is immutable after New.
type server struct {
	Options
	buffers  sync.Pool // of *[]byte
	works    sync.Pool // of *work
	throttle *throttle
}

// New returns the handler of the API. Where admin is true it serves the
// administrative calls too.
func New(o Options, admin bool) http.Handler {
	s := newServer(o)
	r := s.router()
	r.Group(s.apiRoutes)
	if admin {
		r.Group(s.adminRoutes)
	}
	return r
}

// NewAdmin returns a handler of the administrative calls alone, for a listener
// of their own.
func NewAdmin(o Options) http.Handler {
	s := newServer(o)
	r := s.router()
	r.Group(s.adminRoutes)
	return r
}

func newServer(o Options) *server {
	o.Limits = o.Limits.withDefaults()
	if o.Stopping == nil {
		o.Stopping = context.Background()
	}
	if o.Audit == nil {
		o.Audit = audit.New(audit.Options{})
	}
	s := &server{Options: o, throttle: newThrottle(o.Limits)}
	s.buffers.New = func() any { b := make([]byte, 0, 4<<10); return &b }
	return s
}

// router returns a router with what every request passes and the probes.
func (s *server) router() chi.Router {
	r := chi.NewRouter()
	r.Use(s.enter, s.crossOrigin(), s.crossSite(), s.localName)
	r.NotFound(func(w http.ResponseWriter, r *http.Request) { s.problem(w, r, errNotFound) })
	r.MethodNotAllowed(s.methodNotAllowed)
	get(r, "/healthz", s.healthz)
	get(r, "/readyz", s.readyz)
	return r
}

func (s *server) apiRoutes(r chi.Router) {
	r.Use(s.authenticate(s.Tokens, true))
	r.Group(func(r chi.Router) {
		r.Use(s.limit)
		r.Post("/v1/check", s.check)
		r.Post("/v1/traps", s.traps)
		r.Post("/v1/feedback", s.feedback)
	})
	r.Post("/v1/check/batch", s.batch) // takes its turn line by line
	get(r, "/v1/events", s.events)
	get(r, "/v1/rules", s.listRules)
	get(r, "/v1/rules/{id}", s.getRule)
	get(r, "/v1/status", s.status)
}

func (s *server) adminRoutes(r chi.Router) {
	r.Use(s.authenticate(s.AdminTokens, false))
	r.Method(http.MethodGet, "/metrics", s.Metrics.Handler())
	r.Post("/-/reload", s.reload)
	if s.Pprof {
		r.Get("/debug/pprof/*", pprof.Index)
		r.Get("/debug/pprof/cmdline", pprof.Cmdline)
		r.Get("/debug/pprof/profile", pprof.Profile)
		r.Get("/debug/pprof/symbol", pprof.Symbol)
		r.Get("/debug/pprof/trace", pprof.Trace)
	}
}

// get routes GET and HEAD.
func get(r chi.Router, pattern string, h http.HandlerFunc) {
	r.Get(pattern, h)
	r.Head(pattern, h)
}

// methodNotAllowed answers 405 with the methods that the path has.
func (s *server) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	routes := chi.RouteContext(r.Context()).Routes
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		if routes.Match(chi.NewRouteContext(), m, r.URL.Path) {
			w.Header().Add("Allow", m)
		}
	}
	s.problem(w, r, errMethod)
}

// engine returns the live engine, or answers that there is none yet.
func (s *server) engine(w http.ResponseWriter, r *http.Request) (Engine, bool) {
	e := s.Engine()
	if e == nil {
		s.problem(w, r, errNotReady)
		return nil, false
	}
	return e, true
}

func (s *server) ready() bool {
	if s.Ready != nil {
		return s.Ready()
	}
	return s.Engine() != nil
}

func (s *server) healthz(w http.ResponseWriter, _ *http.Request) { ok(w) }

func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	if !s.ready() {
		s.problem(w, r, errNotReady)
		return
	}
	ok(w)
}

func ok(w http.ResponseWriter) {
	w.Header()["Content-Type"] = textType
	_, _ = w.Write([]byte("ok\n"))
}
