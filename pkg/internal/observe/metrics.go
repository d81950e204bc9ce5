// Package observe counts what the service does, for Prometheus. Names, labels
// and buckets are a public contract with a golden test. Labels come from
// bounded sets that the project owns: decisions, rules, routes, outcomes;
// never a store, an agent, an account or text.
package observe

import (
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Values of the label kind of replyguard_check_errors_total.
const (
	ErrInvalid   = "invalid"       // the request could not be read
	ErrTooLong   = "too_long"      // the reply or the body is too long
	ErrStore     = "unknown_store" // no such store profile
	ErrCancelled = "cancelled"     // the caller went away
	ErrInternal  = "internal"      // a fault; on_error decided
	ErrRefused   = "refused"       // turned away: no token, too many requests, not ready
)

// Values of the label outcome of replyguard_rewrites_total.
const (
	RewriteOffered  = "offered"
	RewriteNone     = "none"     // wanted, and no wording passes
	RewriteUnwanted = "unwanted" // the request did not want one
)

// Values of the label reason of replyguard_shed_requests_total.
const (
	ShedOverload = "overload" // too many requests at once
	ShedRate     = "rate"     // a token used up its rate
)

// Metrics are the counters of one process. Create them with New. All methods
// may be called concurrently.
type Metrics struct {
	registry *prometheus.Registry

	checks    [verdict.Block + 1]prometheus.Counter
	errors    *prometheus.CounterVec
	duration  prometheus.Observer
	stages    map[string]prometheus.Observer // by stage of a check
	findings  *prometheus.CounterVec
	silenced  *prometheus.CounterVec
	traps     *prometheus.CounterVec
	rewrites  *prometheus.CounterVec
	feedback  *prometheus.CounterVec
	inFlight  prometheus.Gauge
	http      *prometheus.HistogramVec
	requests  atomic.Pointer[map[request]prometheus.Observer] // the series of http seen, never changed in place
	shed      *prometheus.CounterVec
	info      *prometheus.GaugeVec
	reloads   *prometheus.CounterVec
	reloadOK  prometheus.Gauge
	reloadAt  prometheus.Gauge
	auditLen  prometheus.Gauge
	auditDrop prometheus.Counter
	auditLost *prometheus.CounterVec

	policy atomic.Pointer[counters] // of the policy in force
	swap   sync.Mutex               // one SetPolicy at a time, and one addition to requests
}

// request is what an HTTP request is counted by.
type request struct{ route, method, code string }

// counters are the cached series of one policy.
type counters struct {
	rules map[string]*ruleCounters
	traps map[string]prometheus.Counter
}

// ruleCounters are one rule's series by decision and mode.
type ruleCounters [verdict.Block + 1][verdict.Shadow + 1]prometheus.Counter

// stages returns the stages of a check in order; guard reports these.
func stages() []string { return []string{"conversation", "text", "match", "claim", "rule", "rewrite"} }

// actions returns what feedback can say.
func actions() []string { return []string{"sent_rewrite", "edited", "sent_anyway", "false_positive"} }

// buckets returns bounds in seconds: a check takes microseconds, a request
// with its network less than a millisecond; what takes longer is trouble.
func buckets() []float64 {
	return []float64{5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 1e-2, 5e-2, 0.25, 1}
}

// New returns metrics in a registry of their own, with the collectors of the
// Go runtime and the process where runtime is true.
func New(runtime bool) *Metrics {
	reg := prometheus.NewRegistry()
	if runtime {
		reg.MustRegister(
			collectors.NewGoCollector(),
			collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
			collectors.NewBuildInfoCollector(),
		)
	}
	m := &Metrics{registry: reg}
	f := promauto.With(reg)
	m.buildChecks(f)
	m.buildService(f)
	m.zero()
	return m
}

func (m *Metrics) buildChecks(f promauto.Factory) {
	checks := counterVec(f, "checks_total", "Replies judged, by what was decided.", "decision")
	for d := range m.checks {
		m.checks[d] = checks.WithLabelValues(verdict.Decision(d).String())
	}
	m.errors = counterVec(f, "check_errors_total", "Requests that got no decision, by reason.", "kind")
	m.duration = f.NewHistogram(histogram("check_duration_seconds", "Time the engine took for one reply."))
	m.stages = map[string]prometheus.Observer{}
	vec := f.NewHistogramVec(histogram("check_stage_duration_seconds", "Time one stage of a check took."), []string{"stage"})
	for _, stage := range stages() {
		m.stages[stage] = vec.WithLabelValues(stage)
	}
	m.findings = counterVec(f, "findings_total", "Violations found, by rule; mode shadow does not decide.", "rule", "decision", "mode")
	m.silenced = counterVec(f, "findings_silenced_total", "Findings kept quiet by an exception of the rule or by the second reading.", "rule")
	m.traps = counterVec(f, "traps_total", "Traps recognised in buyers' messages.", "trap")
	m.rewrites = counterVec(f, "rewrites_total", "Replies warned about or blocked, by whether a safer wording was offered.", "outcome")
	m.feedback = counterVec(f, "feedback_total", "What agents did with findings.", "rule", "action")
}

func (m *Metrics) buildService(f promauto.Factory) {
	m.inFlight = f.NewGauge(prometheus.GaugeOpts{Name: "replyguard_http_requests_in_flight", Help: "HTTP requests being served."})
	m.http = f.NewHistogramVec(histogram("http_request_duration_seconds", "Time one HTTP request took, by route."), []string{"route", "method", "code"})
	m.shed = counterVec(f, "shed_requests_total", "Requests turned away with 429.", "reason")
	m.info = f.NewGaugeVec(prometheus.GaugeOpts{Name: "replyguard_policy_info", Help: "The policy in force; always 1."}, []string{"name", "version", "digest"})
	m.reloads = counterVec(f, "policy_reloads_total", "Attempts to load the policy, by outcome.", "outcome")
	m.reloadOK = f.NewGauge(prometheus.GaugeOpts{Name: "replyguard_policy_last_reload_successful", Help: "1 where the last attempt to load the policy succeeded."})
	m.reloadAt = f.NewGauge(prometheus.GaugeOpts{Name: "replyguard_policy_last_reload_success_timestamp_seconds", Help: "When the policy was last loaded, in Unix time."})
	m.auditLen = f.NewGauge(prometheus.GaugeOpts{Name: "replyguard_audit_queue_length", Help: "Decisions waiting to be logged."})
	m.auditDrop = f.NewCounter(prometheus.CounterOpts{Name: "replyguard_audit_dropped_total", Help: "Decisions not logged because the queue was full or the log could not be written."})
	m.auditLost = counterVec(f, "audit_text_dropped_total", "Logged decisions without the text that the configuration asks for.", "reason")
}

// zero creates the series whose labels are known from the start, so that a
// rate over them is right from the first event on.
func (m *Metrics) zero() {
	for _, kind := range []string{ErrInvalid, ErrTooLong, ErrStore, ErrCancelled, ErrInternal, ErrRefused} {
		m.errors.WithLabelValues(kind)
	}
	for _, outcome := range []string{RewriteOffered, RewriteNone, RewriteUnwanted} {
		m.rewrites.WithLabelValues(outcome)
	}
	for _, reason := range []string{ShedOverload, ShedRate} {
		m.shed.WithLabelValues(reason)
	}
	m.auditLost.WithLabelValues("mask_failed")
	m.reloads.WithLabelValues("success")
	m.reloads.WithLabelValues("unchanged")
	m.reloads.WithLabelValues("failure")
	m.policy.Store(&counters{})
	m.requests.Store(&map[request]prometheus.Observer{})
}

func counterVec(f promauto.Factory, name, help string, labels ...string) *prometheus.CounterVec {
	return f.NewCounterVec(prometheus.CounterOpts{Name: "replyguard_" + name, Help: help}, labels)
}

// histogram has classic buckets for every Prometheus and native ones for those
// that ask for them.
func histogram(name, help string) prometheus.HistogramOpts {
	return prometheus.HistogramOpts{
		Name: "replyguard_" + name, Help: help, Buckets: buckets(),
		NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 100, NativeHistogramMinResetDuration: time.Hour,
	}
}

// Registry returns the registry, for tests and for further collectors.
func (m *Metrics) Registry() *prometheus.Registry { return m.registry }

// Handler serves the exposition.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, EnableOpenMetrics: true, MaxRequestsInFlight: 3})
}

// Check counts the result of one check that took d. wanted says whether the
// request wanted a rewrite.
func (m *Metrics) Check(r *guard.Result, wanted bool, d time.Duration) {
	m.checks[r.Decision].Inc()
	m.duration.Observe(d.Seconds())
	if r.Decision == verdict.Allow && len(r.Shadowed) == 0 && len(r.Traps) == 0 {
		return
	}
	series := m.policy.Load()
	for i := range r.Violations {
		series.finding(&r.Violations[i], verdict.Enforce)
	}
	for i := range r.Shadowed {
		series.finding(&r.Shadowed[i], verdict.Shadow)
	}
	for i := range r.Traps {
		if c := series.traps[r.Traps[i].Trap]; c != nil {
			c.Inc()
		}
	}
	if r.Decision != verdict.Allow {
		m.rewrites.WithLabelValues(rewriteOutcome(r, wanted)).Inc()
	}
}

// finding counts f. A finding of a policy that is no longer in force is not
// counted: its series are gone.
func (c *counters) finding(f *guard.Finding, mode verdict.Mode) {
	if rule := c.rules[f.Rule]; rule != nil {
		rule[f.Decision][mode].Inc()
	}
}

func rewriteOutcome(r *guard.Result, wanted bool) string {
	switch {
	case r.Rewrite != nil:
		return RewriteOffered
	case wanted:
		return RewriteNone
	default:
		return RewriteUnwanted
	}
}

// CheckError counts a request without a decision; kind is one of the Err
// constants.
func (m *Metrics) CheckError(kind string) { m.errors.WithLabelValues(kind).Inc() }

// Stage observes one stage of a check. It is a guard.StageObserver. Stages that
// guard does not have are ignored.
func (m *Metrics) Stage(stage string, d time.Duration) {
	if o := m.stages[stage]; o != nil {
		o.Observe(d.Seconds())
	}
}

// Silenced counts a finding of rule that an exception kept quiet.
func (m *Metrics) Silenced(rule string) {
	if m.policy.Load().rules[rule] != nil {
		m.silenced.WithLabelValues(rule).Inc()
	}
}

// Feedback counts what an agent did with a finding of rule. It ignores rules
// that are not in the policy.
func (m *Metrics) Feedback(rule, action string) {
	if m.policy.Load().rules[rule] != nil {
		m.feedback.WithLabelValues(rule, action).Inc()
	}
}

// Shed counts a request that was turned away; reason is a Shed constant.
func (m *Metrics) Shed(reason string) { m.shed.WithLabelValues(reason).Inc() }

// Begin counts a request in; End counts it out.
func (m *Metrics) Begin() { m.inFlight.Inc() }

// End counts a request that Begin counted in. route is the pattern, never the
// path.
func (m *Metrics) End(route, method, code string, d time.Duration) {
	m.inFlight.Dec()
	r := request{route, method, code}
	if o, ok := (*m.requests.Load())[r]; ok {
		o.Observe(d.Seconds())
		return
	}
	m.request(r).Observe(d.Seconds())
}

// request returns the series of r and keeps it at hand: looking it up by its
// labels costs as much as ten observations.
func (m *Metrics) request(r request) prometheus.Observer {
	m.swap.Lock()
	defer m.swap.Unlock()
	o := m.http.WithLabelValues(r.route, r.method, r.code)
	more := maps.Clone(*m.requests.Load())
	more[r] = o
	m.requests.Store(&more)
	return o
}

// AuditQueue sets the length of the decision log's queue.
func (m *Metrics) AuditQueue(n int) { m.auditLen.Set(float64(n)) }

// AuditDropped counts decisions that the log lost.
func (m *Metrics) AuditDropped(n int) { m.auditDrop.Add(float64(n)) }

// AuditTextDropped counts a logged decision whose text could not be masked.
func (m *Metrics) AuditTextDropped() { m.auditLost.WithLabelValues("mask_failed").Inc() }
