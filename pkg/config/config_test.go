package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/replyguard/replyguard/pkg/config"
)

var update = flag.Bool("update", false, "rewrite the generated files")

// write puts text into a file of its own and returns its name.
func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "rg.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestShippedFile: the commented file is generated from the declarations, and
// reading it gives the defaults.
func TestShippedFile(t *testing.T) {
	name := filepath.Join("..", "..", "configs", "replyguard.yaml")
	want := "# Configuration of replyguard. Everything here is the default; delete what you do not change.\n" +
		"# Environment variables go over it (REPLYGUARD_LIMITS_QUEUE over limits.queue), flags over both.\n" +
		"# Durations are written 100ms, 10s or 2m.\n\n" + config.Default().YAML(true)
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("the file is not what the declarations say; run with -update:\n%s", diff)
	}
	c, err := config.Load(config.Sources{File: name})
	if err != nil {
		t.Fatal(err)
	}
	want2 := config.Default()
	if diff := cmp.Diff(want2.YAML(false), c.YAML(false)); diff != "" {
		t.Error(diff)
	}
}

// TestReadmeTable: where the README has the table, it is the generated one.
func TestReadmeTable(t *testing.T) {
	const begin, end = "<!-- config:begin -->\n", "<!-- config:end -->"
	name := filepath.Join("..", "..", "README.md")
	b, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(b), begin) {
		t.Skip("README.md has no table of settings yet")
	}
	head, rest, _ := strings.Cut(string(b), begin)
	table, tail, ok := strings.Cut(rest, end)
	if !ok {
		t.Fatalf("README.md: %s is missing", end)
	}
	if *update {
		if err := os.WriteFile(name, []byte(head+begin+config.Markdown()+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(config.Markdown(), table); diff != "" {
		t.Errorf("the table of settings is not what the declarations say; run with -update:\n%s", diff)
	}
}

func TestLayers(t *testing.T) {
	file := write(t, "listen: 127.0.0.1:1\nlimits:\n  queue: 5\n  queue_wait: 3ms\nshadow:\n  stores: [a, b]\naudit:\n  sink: off\n  sample_allow: 0\npolicy: {platform: 1688}\n")
	c, err := config.Load(config.Sources{
		File:    file,
		Environ: []string{"REPLYGUARD_LISTEN=127.0.0.1:2", "REPLYGUARD_LIMITS_QUEUE=6", "REPLYGUARD_SERVICE_HOST=10.0.0.1", "REPLYGUARD_ACCESS_ORIGINS=https://a.example.com, https://b.example.com", "HOME=/"},
		Set:     map[string]string{"listen": "127.0.0.1:3", "policy.watch": "false"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.Listen = "127.0.0.1:3"
	want.Limits.Queue, want.Limits.QueueWait = 6, 3*time.Millisecond
	want.Shadow.Stores = []string{"a", "b"}
	want.Audit.SampleAllow = 0
	want.Policy.Platform, want.Policy.Watch = "1688", false
	want.Access.Origins = []string{"https://a.example.com", "https://b.example.com"}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

// TestAllMistakesAtOnce: one run tells everything that is wrong, and where.
func TestAllMistakesAtOnce(t *testing.T) {
	file := write(t, `listen: 0.0.0.0:8787
listn: x
on_error: maybe
limits:
  queue: many
  queue: 3
  body_bytes: 1
  queue_wait: 5 minutes
access:
  tokens: [plugin:secret]
  origins: https://a.example.com
audit: file
tls:
  cert: a.pem
shadow:
  stores: [[a]]
admin:
  pprof: true
`)
	_, err := config.Load(config.Sources{
		File:    file,
		Environ: []string{"REPLYGUARD_STOP_DRAIN=soon", "REPLYGUARD_LOG_LEVEL=loud"},
		Set:     map[string]string{"limits.quue": "1", "events.keep": "-1"},
	})
	if err == nil {
		t.Fatal("no error")
	}
	want := `FILE:2:1: there is no setting listn; did you mean listen?
FILE:3:1: on_error: want allow, block
FILE:5:10: limits.queue: want a whole number
FILE:6:3: limits.queue is set twice
FILE:7:3: limits.body_bytes: want 1024 to 16777216
FILE:8:15: limits.queue_wait: want a duration such as 100ms, 10s or 2m
FILE:10:3: access.tokens: item 1: want name:SHA-256, 64 hexadecimal digits; never the token itself
FILE:11:12: access.origins: want a list
FILE:12:8: want settings, one a line
FILE:14:3: tls.cert: tls.cert and tls.key need each other
FILE:16:11: shadow.stores: want a list of strings
FILE:18:3: admin.pprof: profiles need an address of their own: set admin.listen
environment REPLYGUARD_LOG_LEVEL: log.level: want debug, info, warn, error
environment REPLYGUARD_STOP_DRAIN: want a duration such as 100ms, 10s or 2m
setting events.keep: want 0 to 1048576
setting limits.quue: there is no such setting; did you mean limits.queue?`
	if diff := cmp.Diff(want, strings.ReplaceAll(err.Error(), file, "FILE")); diff != "" {
		t.Error(diff)
	}
}

// TestBeyondLoopback: without a token the service only listens on loopback,
// unless it is told so.
func TestBeyondLoopback(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	tests := []struct {
		set map[string]string
		ok  bool
	}{
		{map[string]string{"listen": "127.0.0.1:0"}, true},
		{map[string]string{"listen": "[::1]:0"}, true},
		{map[string]string{"listen": "localhost:0"}, true},
		{map[string]string{"listen": ":8787"}, false},
		{map[string]string{"listen": "192.168.1.5:8787"}, false},
		{map[string]string{"listen": "guard.example.com:8787"}, false},
		{map[string]string{"listen": ":8787", "access.tokens": "plugin:" + hash}, true},
		{map[string]string{"listen": ":8787", "access.insecure": "true"}, true},
		{map[string]string{"admin.listen": ":9090"}, false},
		{map[string]string{"admin.listen": ":9090", "admin.tokens": "ops:" + hash}, true},
	}
	for _, tt := range tests {
		if _, err := config.Load(config.Sources{Set: tt.set}); (err == nil) != tt.ok {
			t.Errorf("Load(%v): %v, want ok = %t", tt.set, err, tt.ok)
		}
	}
}

func TestBrokenFiles(t *testing.T) {
	for name, text := range map[string]string{"syntax": "a: [", "list": "- a", "two documents": "listen: 127.0.0.1:1\n---\nlisten: 127.0.0.1:2\n"} {
		if _, err := config.Load(config.Sources{File: write(t, text)}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := config.Load(config.Sources{File: write(t, "# nothing\n")}); err != nil {
		t.Errorf("empty file: %v", err)
	}
	if _, err := config.Load(config.Sources{File: "missing.yaml"}); err == nil {
		t.Error("missing file: no error")
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	c, err := config.Load(config.Sources{Environ: []string{"REPLYGUARD_AUDIT_HASH_KEY=sesame"}})
	if err != nil {
		t.Fatal(err)
	}
	if c.Audit.HashKey != "sesame" || strings.Contains(c.YAML(false), "sesame") {
		t.Error("the key is missing or printed")
	}
}

func FuzzFile(f *testing.F) {
	f.Add("listen: 127.0.0.1:1\n")
	f.Add("a: &a {b: *a}\n")
	f.Add("limits: {queue: 1e3}\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := config.Load(config.Sources{File: write(t, text)})
		if (c == nil) == (err == nil) {
			t.Errorf("Load = %v, %v", c, err)
		}
	})
}
