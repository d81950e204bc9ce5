package observe_test

import (
	"bytes"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/observe"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func pack(rules ...string) *policy.Pack {
	p := &policy.Pack{Name: "builtin", Version: "2026.11.0", Digest: "sha256:" + strings.Repeat("0", 64)}
	for _, id := range rules {
		p.Rules = append(p.Rules, policy.Rule{ID: id})
	}
	p.Traps = []policy.Trap{{ID: "trap.invoice_probe"}}
	return p
}

// TestExposition pins names, labels, help and buckets: they are a contract.
func TestExposition(t *testing.T) {
	m := observe.New(false)
	m.SetPolicy(pack("invoice.refuse", "shipping.hard_promise"))
	m.Reloaded(time.Unix(1763700000, 0), true, nil)
	m.Check(&guard.Result{
		Decision:   verdict.Block,
		Violations: []guard.Finding{{Rule: "invoice.refuse", Decision: verdict.Block}},
		Shadowed:   []guard.Finding{{Rule: "shipping.hard_promise", Decision: verdict.Warn}},
		Traps:      []guard.Trap{{Trap: "trap.invoice_probe"}},
	}, true, 30*time.Microsecond)
	m.Check(&guard.Result{}, true, 3*time.Microsecond)
	m.CheckError(observe.ErrInvalid)
	m.Stage("claim", 2*time.Microsecond)
	m.Silenced("invoice.refuse")
	m.Feedback("invoice.refuse", "sent_rewrite")
	m.Shed(observe.ShedOverload)
	m.Begin()
	m.End("/v1/check", "POST", "200", 80*time.Microsecond)
	m.AuditQueue(3)
	m.AuditDropped(2)

	got := exposition(t, m)
	golden := filepath.Join("testdata", "exposition.txt")
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the exposition has changed; run with -update and review the difference:\n%s", diff)
	}
	problems, err := testutil.GatherAndLint(m.Registry())
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v %v", problems, err)
	}
}

// exposition returns everything m exposes, as text.
func exposition(t *testing.T, m *observe.Metrics) []byte {
	t.Helper()
	families, err := m.Registry().Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	if b.Len() == 0 {
		t.Fatal("nothing is exposed")
	}
	return b.Bytes()
}

// TestSetPolicy shows that the series of rules that are gone go, and that
// those that stay keep their counts.
func TestSetPolicy(t *testing.T) {
	m := observe.New(false)
	m.SetPolicy(pack("a.a", "b.b"))
	for _, rule := range []string{"a.a", "b.b", "not.there"} {
		m.Check(&guard.Result{Decision: verdict.Warn, Violations: []guard.Finding{{Rule: rule, Decision: verdict.Warn}}}, false, 0)
		m.Feedback(rule, "edited")
	}
	m.SetPolicy(pack("a.a", "c.c"))
	got, err := testutil.GatherAndFormat(m.Registry(), expfmt.TypeTextPlain, "replyguard_findings_total")
	if err != nil {
		t.Fatal(err)
	}
	if s := string(got); !strings.Contains(s, `decision="warn",mode="enforce",rule="a.a"} 1`) || strings.Contains(s, "b.b") || strings.Contains(s, "not.there") || !strings.Contains(s, `rule="c.c"} 0`) {
		t.Errorf("findings:\n%s", s)
	}
}

func TestReloaded(t *testing.T) {
	m := observe.New(false)
	m.Reloaded(time.Unix(100, 0), true, nil)
	m.Reloaded(time.Unix(200, 0), false, errors.New("bad file"))
	want := `# HELP replyguard_policy_last_reload_success_timestamp_seconds When the policy was last loaded, in Unix time.
# TYPE replyguard_policy_last_reload_success_timestamp_seconds gauge
replyguard_policy_last_reload_success_timestamp_seconds 100
# HELP replyguard_policy_last_reload_successful 1 where the last attempt to load the policy succeeded.
# TYPE replyguard_policy_last_reload_successful gauge
replyguard_policy_last_reload_successful 0
`
	if err := testutil.GatherAndCompare(m.Registry(), strings.NewReader(want), "replyguard_policy_last_reload_success_timestamp_seconds", "replyguard_policy_last_reload_successful"); err != nil {
		t.Error(err)
	}
}

func TestHandlerServesRuntimeMetrics(t *testing.T) {
	w := httptest.NewRecorder()
	observe.New(true).Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{"go_goroutines", "process_resident_memory_bytes", "replyguard_checks_total", "go_build_info"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the exposition lacks %s", want)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	m := observe.New(false)
	m.SetPolicy(pack("invoice.refuse"))
	r := &guard.Result{Decision: verdict.Block, Violations: []guard.Finding{{Rule: "invoice.refuse", Decision: verdict.Block}}}
	b.ReportAllocs()
	for b.Loop() {
		m.Check(r, true, time.Microsecond)
	}
}
