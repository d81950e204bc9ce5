// Package policystore holds the policy in force. It loads one completely —
// reads, validates, compiles and runs its own examples — and only then swaps a
// single pointer, so that a request sees one policy from beginning to end and
// a bad file never takes force.
package policystore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/policy"
)

// Options are what a Store needs. Files and Compile are required.
type Options struct {
	Files   func() (fs.FS, error)                       // opened anew for every load
	Compile func(*policy.Pack) (*guard.Guard, error)    // builds the engine
	Verify  bool                                        // run the pack's own examples
	Observe func(at time.Time, changed bool, err error) // told of every attempt; nil: nobody is
	Swapped func(*guard.Guard)                          // called before a guard takes force; nil: nothing
	Log     zerolog.Logger
}

// Store is the holder. Create it with New; it has no policy before the first
// Reload. All methods may be called concurrently.
type Store struct {
	o      Options
	live   atomic.Pointer[guard.Guard]
	reload sync.Mutex // one Reload at a time
	last   atomic.Pointer[Attempt]
}

// Attempt is the outcome of the last Reload.
type Attempt struct {
	At    time.Time
	Since time.Time // when the policy in force was loaded; zero before the first
	Err   error     // nil where the attempt succeeded
}

// New returns a Store without a policy.
func New(o Options) *Store {
	s := &Store{o: o}
	s.last.Store(&Attempt{})
	return s
}

// Current returns the guard in force, nil before the first successful Reload.
func (s *Store) Current() *guard.Guard { return s.live.Load() }

// Last tells of the last attempt.
func (s *Store) Last() Attempt { return *s.last.Load() }

// Reload loads the policy and puts it in force. It reports whether the digest
// differs from the policy's before. After an error the policy before stays in
// force, whatever the error is.
func (s *Store) Reload(ctx context.Context) (changed bool, err error) {
	s.reload.Lock()
	defer s.reload.Unlock()
	start := time.Now()
	changed, err = s.load(ctx)
	attempt := Attempt{At: start, Since: start, Err: err}
	if err != nil {
		attempt.Since = s.last.Load().Since
	}
	s.last.Store(&attempt)
	if s.o.Observe != nil {
		s.o.Observe(start, changed, err)
	}
	s.report(changed, err, time.Since(start))
	return changed, err
}

// load does the work of Reload.
func (s *Store) load(ctx context.Context) (bool, error) {
	pack, err := s.read()
	if err != nil {
		return false, err
	}
	old := s.live.Load()
	if old != nil && old.Policy().Digest == pack.Digest {
		return false, nil
	}
	next, err := s.o.Compile(pack)
	if err != nil {
		return false, fmt.Errorf("compile: %w", err)
	}
	if s.o.Verify {
		if problems := next.Verify(ctx); len(problems) > 0 {
			return false, &ExamplesError{Problems: problems}
		}
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if s.o.Swapped != nil {
		s.o.Swapped(next)
	}
	s.live.Store(next)
	return true, nil
}

// ExamplesError says that a pack's own examples do not come out as written.
type ExamplesError struct{ Problems []guard.Problem }

// Error lists the problems, one below the other.
func (e *ExamplesError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return fmt.Sprintf("%d examples do not come out as written:\n%s", len(lines), strings.Join(lines, "\n"))
}

// errMoving is returned where the files keep changing while they are read.
var errMoving = errors.New("the files changed while they were read")

// read loads the files until two readings agree, so that a policy is never
// half of one state and half of the next.
func (s *Store) read() (*policy.Pack, error) {
	var last *policy.Pack
	for range 4 {
		files, err := s.o.Files()
		if err != nil {
			return nil, err
		}
		pack, err := policy.Load(files)
		if err != nil {
			return nil, err
		}
		if last != nil && last.Digest == pack.Digest || immutable(files) {
			return pack, nil
		}
		last = pack
	}
	return nil, errMoving
}

// immutable reports whether files can't change while they are read; embedded
// ones can't.
func immutable(files fs.FS) bool {
	_, mutable := files.(fs.StatFS) // os.DirFS is one, embed.FS is not
	return !mutable
}

func (s *Store) report(changed bool, err error, took time.Duration) {
	if err != nil {
		if s.live.Load() != nil { // before that, it is for the caller to say why nothing starts
			s.o.Log.Error().Err(err).Msg("policy refused, the one before stays in force")
		}
		return
	}
	r := s.live.Load().Ruleset()
	s.o.Log.Info().Str("name", r.Name).Str("version", r.Version).Str("digest", r.Digest).
		Bool("changed", changed).Int64("elapsed_ms", took.Milliseconds()).Msg("policy loaded")
}
