package observe

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// SetPolicy makes p the policy whose series exist: those of its rules and
// traps are created at zero, those of rules that are gone are deleted.
func (m *Metrics) SetPolicy(p *policy.Pack) {
	m.swap.Lock()
	defer m.swap.Unlock()
	next := m.series(p)
	old := m.policy.Swap(next)
	for rule := range old.rules {
		if next.rules[rule] == nil {
			gone := prometheus.Labels{"rule": rule}
			m.findings.DeletePartialMatch(gone)
			m.silenced.DeletePartialMatch(gone)
			m.feedback.DeletePartialMatch(gone)
		}
	}
	for trap := range old.traps {
		if next.traps[trap] == nil {
			m.traps.DeleteLabelValues(trap)
		}
	}
	m.info.Reset()
	m.info.WithLabelValues(p.Name, p.Version, p.Digest).Set(1)
}

func (m *Metrics) series(p *policy.Pack) *counters {
	c := &counters{
		rules: make(map[string]*ruleCounters, len(p.Rules)),
		traps: make(map[string]prometheus.Counter, len(p.Traps)),
	}
	for i := range p.Rules {
		id := p.Rules[i].ID
		c.rules[id] = m.ruleSeries(id)
		m.silenced.WithLabelValues(id)
		for _, action := range actions() {
			m.feedback.WithLabelValues(id, action)
		}
	}
	for i := range p.Traps {
		c.traps[p.Traps[i].ID] = m.traps.WithLabelValues(p.Traps[i].ID)
	}
	return c
}

// ruleSeries caches the counters of a rule; a finding is a warning or a block.
func (m *Metrics) ruleSeries(id string) *ruleCounters {
	c := new(ruleCounters)
	for d := verdict.Warn; d <= verdict.Block; d++ {
		for mode := verdict.Enforce; mode <= verdict.Shadow; mode++ {
			c[d][mode] = m.findings.WithLabelValues(id, d.String(), mode.String())
		}
	}
	return c
}

// Reloaded records an attempt to load the policy at time at. changed says
// whether another policy came into force.
func (m *Metrics) Reloaded(at time.Time, changed bool, err error) {
	switch {
	case err != nil:
		m.reloads.WithLabelValues("failure").Inc()
		m.reloadOK.Set(0)
		return
	case changed:
		m.reloads.WithLabelValues("success").Inc()
	default:
		m.reloads.WithLabelValues("unchanged").Inc()
	}
	m.reloadOK.Set(1)
	m.reloadAt.Set(float64(at.UnixMilli()) / 1000)
}
