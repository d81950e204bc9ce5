package ctl_test

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/replyguard/replyguard/pkg/ctl"
)

// TestMain lets the test binary stand in for the command: as replyguard in
// scripts, and as a process of its own.
func TestMain(m *testing.M) {
	commands := map[string]func(){"replyguard": func() {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		code := ctl.Run(ctx, os.Args[1:], ctl.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
		stop()
		os.Exit(code) //nolint:forbidigo // this is the main of a process
	}}
	maps.Copy(commands, standIns())
	testscript.Main(m, commands)
}

func policyDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "app", "testdata", "policy"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestScripts runs testdata/script: the command line as people use it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "REPLYGUARD_POLICY_DIR="+policyDir(t))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits runs a command and checks its exit code: exits CODE replyguard ...
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		_, _ = fmt.Sscanf(err.Error(), "exit status %d", &code)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d (%v), want %s", code, err, args[0])
	}
}

// process is a running "replyguard serve".
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	base string
	logs chan string // its log, line by line; closed at its end
}

// serve starts the command as a process and waits until it serves.
func serve(t *testing.T, args ...string) *process {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals to send")
	}
	bin, err := exec.LookPath("replyguard") // what testscript.Main has put there
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, logs: make(chan string, 1000)}
	p.cmd = exec.CommandContext(t.Context(), bin, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.logs)
		for s := bufio.NewScanner(stderr); s.Scan(); {
			p.logs <- s.Text()
		}
	}()
	line := p.await("serving")
	p.base = "http://" + line["listen"].(string)
	return p
}

// await reads the log until a line with this message.
func (p *process) await(message string) map[string]any {
	p.t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		select {
		case text, open := <-p.logs:
			if !open {
				p.t.Fatalf("the process ended without %q", message)
			}
			var line map[string]any
			if json.Unmarshal([]byte(text), &line) == nil && line["message"] == message {
				return line
			}
		case <-timeout:
			p.t.Fatalf("no line %q", message)
		}
	}
}

// TestServeSignals: SIGHUP loads the rules again, SIGTERM ends the process in
// order, with exit code 0.
func TestServeSignals(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(policyDir(t))); err != nil {
		t.Fatal(err)
	}
	p := serve(t, "--policy", dir, "-s", "policy.watch=false")
	name := filepath.Join(dir, "pack.yaml")
	if err := os.WriteFile(name, []byte("name: other\nversion: \"2\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	if line := p.await("policy loaded"); line["version"] != "2" || line["changed"] != true {
		t.Errorf("reload: %v", line)
	}
	if err := os.WriteFile(name, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	if line := p.await("policy refused, the one before stays in force"); !strings.Contains(line["error"].(string), "pack.yaml:1:1") {
		t.Errorf("reload: %v", line)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.base+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("readyz: %v %v", a, err)
	}
	_ = a.Body.Close()
	p.signal(syscall.SIGTERM)
	p.await("stopped")
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}
