package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// TestPrometheus lets a real Prometheus scrape the service and asks it for the
// blocked replies per rule. It needs the command prometheus, as Debian's
// package of that name brings it.
func TestPrometheus(t *testing.T) {
	bin, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("prometheus is not installed (apt-get install prometheus)")
	}
	if testing.Short() {
		t.Skip("starts a Prometheus server")
	}
	s := run(t, map[string]string{"admin.listen": "127.0.0.1:0"})
	defer s.stop()
	base := prometheus(t, bin, s.AdminAddr())
	for range 3 {
		s.check("没有发票")
	}
	s.check("有发票的")
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		value, answer := query(ctx, base, `sum by (rule) (replyguard_findings_total{decision="block"})`, "invoice.refuse")
		if value == "3" {
			break
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("Prometheus does not say 3: %s", answer)
		}
	}
	// Native histograms and rates over what started at zero.
	for _, q := range []string{
		`histogram_quantile(0.99, sum by (le) (rate(replyguard_check_duration_seconds_bucket[1m])))`,
		`replyguard_policy_last_reload_successful`,
		`sum(replyguard_checks_total)`,
	} {
		if _, answer := query(ctx, base, q, ""); !strings.Contains(answer, `"status":"success"`) {
			t.Errorf("%s: %s", q, answer)
		}
	}
}

// prometheus starts a server that scrapes target and returns its address.
func prometheus(t *testing.T, bin, target string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "prometheus.yml")
	text := fmt.Sprintf("global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n  - job_name: replyguard\n    static_configs: [{targets: [%q]}]\n", target)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0") // a free port
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), bin, "--config.file="+file, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+addr)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() { // the context has ended by now
		<-ended
		_ = cmd.Wait()
	})
	ready := make(chan bool, 1)
	go func() {
		defer close(ended)
		for in := bufio.NewScanner(stderr); in.Scan(); {
			if strings.Contains(in.Text(), "Server is ready to receive web requests") {
				ready <- true
			}
		}
		_, _ = io.Copy(io.Discard, stderr)
		close(ready)
	}()
	if !<-ready {
		t.Fatal("prometheus did not start")
	}
	return "http://" + addr
}

// query asks for q and returns the value of the series with this rule, and the
// whole answer.
func query(ctx context.Context, base, q, rule string) (value, answer string) {
	_, body, err := get(ctx, base+"/api/v1/query?query="+url.QueryEscape(q))
	if err != nil {
		return "", err.Error()
	}
	var a struct {
		Data struct {
			Result []struct {
				Metric map[string]string `json:"metric"`
				Value  []any             `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	_ = json.Unmarshal(body, &a)
	for _, r := range a.Data.Result {
		if r.Metric["rule"] == rule && len(r.Value) == 2 {
			value, _ = r.Value[1].(string)
		}
	}
	return value, string(body)
}
