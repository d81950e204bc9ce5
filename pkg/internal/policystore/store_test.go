package policystore_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/policystore"
	"github.com/replyguard/replyguard/pkg/policy"
)

// files returns the small policy of package app with another version.
func files(t *testing.T, version string) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	root := os.DirFS(filepath.Join("..", "..", "app", "testdata", "policy"))
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(root, name)
		m[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m["pack.yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil, "name: small\nversion: %q\n", version)}
	return m
}

func compile(p *policy.Pack) (*guard.Guard, error) { return guard.New(p, guard.Config{}) }

// TestWatchLate notices what changed after the load and before the watch began.
func TestWatchLate(t *testing.T) {
	current := files(t, "1")
	loaded := make(chan bool, 2)
	s := policystore.New(policystore.Options{
		Files: func() (fs.FS, error) { return current, nil }, Compile: compile, Log: zerolog.Nop(),
		Observe: func(_ time.Time, changed bool, _ error) { loaded <- changed },
	})
	if _, err := s.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-loaded
	current = files(t, "2")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	done := make(chan error, 1)
	go func() { done <- s.Watch(ctx, t.TempDir()) }()
	select {
	case <-loaded:
	case <-ctx.Done():
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if v := s.Current().Ruleset().Version; v != "2" {
		t.Errorf("version %s is in force, want what changed before the watch", v)
	}
}

func TestReload(t *testing.T) {
	current := files(t, "1")
	var seen []string
	s := policystore.New(policystore.Options{
		Files: func() (fs.FS, error) { return current, nil }, Compile: compile, Verify: true, Log: zerolog.Nop(),
		Observe: func(_ time.Time, changed bool, err error) { seen = append(seen, fmt.Sprint(changed, err != nil)) },
	})
	if s.Current() != nil {
		t.Error("a policy before the first load")
	}
	must := func(want bool) {
		t.Helper()
		if changed, err := s.Reload(t.Context()); err != nil || changed != want {
			t.Errorf("Reload = %t, %v; want %t", changed, err, want)
		}
	}
	must(true)
	first := s.Current()
	must(false)
	if s.Current() != first {
		t.Error("an unchanged policy was compiled again")
	}
	current = files(t, "2")
	must(true)
	since := s.Last().Since
	current = fstest.MapFS{}
	if _, err := s.Reload(t.Context()); err == nil || s.Current().Ruleset().Version != "2" || s.Last().Err == nil || !s.Last().Since.Equal(since) {
		t.Errorf("a bad policy: %v, %+v", err, s.Last())
	}
	if got := fmt.Sprint(seen); got != "[true false false false true false false true]" {
		t.Errorf("observed %s", got)
	}
}

func TestReloadRefusesFailingExamples(t *testing.T) {
	bad := files(t, "1")
	rules := string(bad["rules/invoice.yaml"].Data)
	bad["rules/invoice.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(rules, `["有发票的"]`, `["没有发票"]`, 1))}
	for verify, want := range map[bool]bool{true: false, false: true} {
		s := policystore.New(policystore.Options{Files: func() (fs.FS, error) { return bad, nil }, Compile: compile, Verify: verify, Log: zerolog.Nop()})
		_, err := s.Reload(t.Context())
		if (err == nil) != want {
			t.Errorf("verify %t: %v", verify, err)
		}
		if _, is := errors.AsType[*policystore.ExamplesError](err); is == want {
			t.Errorf("verify %t: the error is a %T", verify, err)
		}
	}
}

// TestReloadOfMovingFiles: a policy that is read while it is written is not
// half of one state and half of the next.
func TestReloadOfMovingFiles(t *testing.T) {
	n := 0
	s := policystore.New(policystore.Options{
		Files:   func() (fs.FS, error) { n++; return files(t, fmt.Sprint(n)), nil },
		Compile: compile, Log: zerolog.Nop(),
	})
	if _, err := s.Reload(t.Context()); err == nil || s.Current() != nil {
		t.Errorf("files that never settle were taken: %v", err)
	}
	n = 0
	s = policystore.New(policystore.Options{
		Files:   func() (fs.FS, error) { n++; return files(t, fmt.Sprint(min(n, 3))), nil },
		Compile: compile, Log: zerolog.Nop(),
	})
	if _, err := s.Reload(t.Context()); err != nil || s.Current().Ruleset().Version != "3" {
		t.Errorf("files that settled were refused: %v", err)
	}
}

func TestReloadEndsWithItsContext(t *testing.T) {
	s := policystore.New(policystore.Options{Files: func() (fs.FS, error) { return files(t, "1"), nil }, Compile: compile, Log: zerolog.Nop()})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Reload(ctx); !errors.Is(err, context.Canceled) || s.Current() != nil {
		t.Errorf("Reload = %v", err)
	}
}
