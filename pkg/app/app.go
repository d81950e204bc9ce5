// Package app is the service as a whole: it wires the policy, the handlers,
// the metrics and the logs together and runs them from start to stop. It never
// ends the process and touches no global state, so tests run it in-process.
package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/configs"
	"github.com/replyguard/replyguard/pkg/config"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/audit"
	"github.com/replyguard/replyguard/pkg/internal/httpapi"
	"github.com/replyguard/replyguard/pkg/internal/observe"
	"github.com/replyguard/replyguard/pkg/internal/policystore"
	"github.com/replyguard/replyguard/pkg/internal/segment"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Options are what the service takes from its surroundings.
type Options struct {
	Log     zerolog.Logger
	Out     io.Writer // decision log with sink stdout; nil: os.Stdout
	Version string

	// OwnProcess says that nothing else runs in this process: the garbage
	// collector is then set to what the policy takes, unless GOGC is set.
	OwnProcess bool
}

// App is one service. Create it with New, run it with Run; or Start and Stop
// it, each once.
type App struct {
	cfg     *config.Config
	log     zerolog.Logger
	version string
	started time.Time
	heap    *heap

	metrics *observe.Metrics
	store   *policystore.Store
	audit   *audit.Recorder
	tls     *certificate // nil: plain HTTP
	api     *listener
	admin   *listener // nil where the API serves the administrative calls

	draining atomic.Bool
	failed   chan error      // of a server that ended by itself
	life     context.Context //nolint:containedctx // from New to the end of Stop's drain
	cancel   context.CancelFunc
	workers  sync.WaitGroup
}

// listener is one address with its server.
type listener struct {
	server *http.Server
	net.Listener
}

// New loads the policy and builds everything, so that what is wrong shows
// before anything listens. The error may be policy.Diagnostics.
func New(ctx context.Context, cfg *config.Config, o Options) (*App, error) {
	a := &App{cfg: cfg, log: o.Log, version: o.Version, started: time.Now(), heap: newHeap(o.OwnProcess), metrics: observe.New(true), failed: make(chan error, 2)}
	dictionary := sync.OnceValues(segment.New)
	go func() { _, _ = dictionary() }() // while the rules are read; compiling them waits for it
	var err error
	if a.tls, err = loadCertificate(cfg.TLS, a.log); err != nil {
		return nil, err
	}
	a.store = policystore.New(policystore.Options{
		Files: a.files,
		Compile: func(p *policy.Pack) (*guard.Guard, error) {
			words, err := dictionary()
			if err != nil {
				return nil, fmt.Errorf("dictionary: %w", err)
			}
			return guard.New(p, guard.Config{
				DefaultPlatform: verdict.Platform(cfg.Policy.Platform), Observe: a.metrics.Stage, Segmenter: words,
			})
		},
		Verify:  cfg.Policy.Verify && cfg.Policy.Dir != "",
		Observe: a.reloaded,
		Swapped: func(g *guard.Guard) { a.metrics.SetPolicy(g.Policy()) },
		Log:     a.log,
	})
	if _, err := a.store.Reload(ctx); err != nil {
		return nil, err
	}
	a.heap.settle() // before requests come, and so that the service is small when it is ready
	a.audit = newRecorder(cfg, o.Out, a.metrics)
	a.life, a.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return a, nil
}

// reloaded is told of every attempt to load the policy.
func (a *App) reloaded(at time.Time, changed bool, err error) {
	a.metrics.Reloaded(at, changed, err)
	if a.life != nil { // for the first, see New; one that changes nothing leaves garbage too
		go a.heap.settle()
	}
}

// files opens the policy files anew.
func (a *App) files() (fs.FS, error) {
	if a.cfg.Policy.Dir == "" {
		return configs.Pack, nil
	}
	info, err := os.Stat(a.cfg.Policy.Dir)
	if err != nil {
		return nil, fmt.Errorf("policy folder: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("policy folder: %s is a file", a.cfg.Policy.Dir)
	}
	return os.DirFS(a.cfg.Policy.Dir), nil
}

// Run starts the service, waits until ctx ends or a server fails, and stops
// it. It returns nil after an orderly stop.
func (a *App) Run(ctx context.Context) error {
	if err := a.Start(ctx); err != nil {
		return errors.Join(err, a.audit.Close())
	}
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-a.failed:
	}
	return errors.Join(failure, a.Stop())
}

// Start opens the addresses and serves. When it returns nil, requests are
// answered. ctx bounds the opening alone.
func (a *App) Start(ctx context.Context) error {
	if err := a.listen(ctx); err != nil {
		a.cancel()
		return err
	}
	a.serve(a.api)
	if a.admin != nil {
		a.serve(a.admin)
	}
	if dir := a.cfg.Policy.Dir; dir != "" && a.cfg.Policy.Watch {
		a.workers.Go(func() {
			if err := a.store.Watch(a.life, dir); err != nil {
				a.log.Error().Err(err).Msg("changed files will not be noticed")
			}
		})
	}
	a.log.Info().Str("listen", a.Addr()).Str("admin", a.AdminAddr()).Str("version", a.version).
		Int64("startup_ms", time.Since(a.started).Milliseconds()).Msg("serving")
	return nil
}

// listen opens the addresses and builds their servers.
func (a *App) listen(ctx context.Context) error {
	o, err := a.options()
	if err != nil {
		return err
	}
	separate := a.cfg.Admin.Listen != ""
	beside := !separate && (len(a.cfg.Admin.Tokens) > 0 || config.IsLoopback(a.cfg.Listen))
	if a.api, err = a.open(ctx, a.cfg.Listen, httpapi.New(o, beside)); err != nil {
		return err
	}
	if !separate {
		return nil
	}
	if a.admin, err = a.open(ctx, a.cfg.Admin.Listen, httpapi.NewAdmin(o)); err != nil {
		return errors.Join(err, a.api.Close())
	}
	return nil
}

// options are what the handlers need.
func (a *App) options() (httpapi.Options, error) {
	tokens, err := parseTokens(a.cfg.Access.Tokens)
	if err != nil {
		return httpapi.Options{}, err
	}
	adminTokens, err := parseTokens(a.cfg.Admin.Tokens)
	if err != nil {
		return httpapi.Options{}, err
	}
	onError := verdict.Block
	if a.cfg.OnError == "allow" {
		onError = verdict.Allow
	}
	log := a.log
	if !a.cfg.Log.Access {
		log = log.Level(zerolog.WarnLevel)
	}
	l := a.cfg.Limits
	return httpapi.Options{
		Log: log, Metrics: a.metrics, OnError: onError,
		Engine: a.engine,
		Ready:  func() bool { return !a.draining.Load() && a.store.Current() != nil },
		Reload: a.store.Reload,
		Status: a.status,
		Limits: httpapi.Limits{
			Body: l.BodyBytes, Concurrent: l.Concurrent, Queue: l.Queue, QueueWait: l.QueueWait,
			LineTimeout: l.ReadTimeout, Rate: l.RatePerSecond, Burst: l.RateBurst,
		},
		Audit:       a.audit,
		Shadow:      func(store string) bool { return a.cfg.Shadow.All || slices.Contains(a.cfg.Shadow.Stores, store) },
		Stopping:    a.life,
		Tokens:      tokens,
		AdminTokens: adminTokens,
		Origins:     a.cfg.Access.Origins,
		LocalOnly:   config.IsLoopback(a.cfg.Listen) && len(tokens) == 0,
		Pprof:       a.cfg.Admin.Pprof,
	}, nil
}

// parseTokens reads the tokens of the configuration.
func parseTokens(list []string) ([]httpapi.Token, error) {
	tokens := make([]httpapi.Token, 0, len(list))
	for _, s := range list {
		t, err := httpapi.ParseToken(s)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
	}
	return tokens, nil
}

// engine returns the guard in force; a nil guard becomes a nil interface.
func (a *App) engine() httpapi.Engine {
	if g := a.store.Current(); g != nil {
		return g
	}
	return nil
}

func (a *App) status() httpapi.Status {
	last := a.store.Last()
	s := httpapi.Status{Version: a.version, Shadow: a.cfg.Shadow.All, Started: a.started, ReloadAt: last.At, ReloadSince: last.Since}
	if last.Err != nil {
		s.ReloadErr = last.Err.Error()
	}
	return s
}

// open listens on address and builds the server for h.
func (a *App) open(ctx context.Context, address string, h http.Handler) (*listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if a.tls != nil {
		l = tls.NewListener(l, a.tls.config())
	}
	limits := a.cfg.Limits
	return &listener{
		Listener: l,
		server: &http.Server{
			Handler:           h,
			ReadHeaderTimeout: limits.ReadTimeout,
			ReadTimeout:       limits.ReadTimeout,
			WriteTimeout:      limits.WriteTimeout,
			IdleTimeout:       limits.IdleTimeout,
			MaxHeaderBytes:    limits.HeaderBytes,
			ErrorLog:          slog.NewLogLogger(zerolog.NewSlogHandler(a.log), slog.LevelWarn),
		},
	}, nil
}

// serve answers on l until Stop.
func (a *App) serve(l *listener) {
	a.workers.Go(func() {
		if err := l.server.Serve(l.Listener); !errors.Is(err, http.ErrServerClosed) {
			a.failed <- fmt.Errorf("serve %s: %w", l.Addr(), err)
		}
	})
}

// Stop takes the service down in order: not ready, a pause for load balancers
// to notice, then no new requests, the running ones to their end, everything
// flushed. It takes at most stop.drain and stop.timeout.
func (a *App) Stop() error {
	a.draining.Store(true)
	a.log.Info().Msg("stopping")
	if d := a.cfg.Stop.Drain; d > 0 {
		<-time.After(d)
	}
	a.cancel() // batches and streams come to their end
	ctx, cancel := context.WithTimeout(context.Background(), a.cfg.Stop.Timeout)
	defer cancel()
	err := a.api.stop(ctx)
	if a.admin != nil {
		err = errors.Join(err, a.admin.stop(ctx))
	}
	a.workers.Wait()
	err = errors.Join(err, a.audit.Close())
	a.log.Info().Err(err).Msg("stopped")
	return err
}

// stop lets running requests finish until ctx ends, then cuts them off.
func (l *listener) stop(ctx context.Context) error {
	err := l.server.Shutdown(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("requests on %s were cut off: %w", l.Addr(), err), l.server.Close())
	}
	return nil
}

// Reload loads the policy again; see policystore.Store.Reload.
func (a *App) Reload(ctx context.Context) error {
	_, err := a.store.Reload(ctx)
	return err
}

// Addr returns the address of the API, with the port that was chosen for
// port 0. It may be called once Start has returned.
func (a *App) Addr() string { return a.api.Addr().String() }

// AdminAddr returns the address of the administrative calls.
func (a *App) AdminAddr() string {
	if a.admin == nil {
		return a.Addr()
	}
	return a.admin.Addr().String()
}
