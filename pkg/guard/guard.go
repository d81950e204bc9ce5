package guard

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/rule"
	"github.com/replyguard/replyguard/pkg/internal/segment"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Errors that Check and Traps return for input that cannot be judged.
// None of them quotes the input.
var (
	ErrEmpty        = errors.New("reply is empty")
	ErrTooLong      = errors.New("reply is longer than 4000 code points")
	ErrNotUTF8      = errors.New("text is not valid UTF-8")
	ErrUnknownStore = errors.New("store has no profile in this policy")
)

// Config configures a Guard. The zero Config is usable.
type Config struct {
	DefaultPlatform verdict.Platform // empty: tmall
	Observe         StageObserver    // nil: nobody is told
	Segmenter       *segment.GSE     // nil: New opens one
	Now             func() time.Time // nil: time.Now; used only to measure stages
}

// A StageObserver is told how long a stage of a check took: conversation,
// text, match, claim, rule or rewrite. One check of sixteen is timed. It is
// called synchronously, by many goroutines at once, and must not block.
type StageObserver func(stage string, d time.Duration)

// Guard checks replies against one compiled policy. It is immutable after New
// and safe for concurrent use; replace it to change policy.
type Guard struct {
	pack   *policy.Pack
	cfg    Config
	base   *engine
	stores map[string]*profile
	checks atomic.Uint64 // checks begun, to time one of many
	pool   sync.Pool     // of *situation
}

// New compiles pack. The error names the first thing that only compiling can
// find; policy.Load has reported everything else before.
func New(pack *policy.Pack, cfg Config) (*Guard, error) {
	if cfg.DefaultPlatform == "" {
		cfg.DefaultPlatform = verdict.Tmall
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Segmenter == nil {
		seg, err := segment.New()
		if err != nil {
			return nil, fmt.Errorf("segmenter: %w", err)
		}
		cfg.Segmenter = seg
	}
	g := &Guard{pack: pack, cfg: cfg, stores: map[string]*profile{}}
	weights := inBackground(func() (*Weights, error) { return openWeights(pack.Second) }) // unpacked while the lexicon is compiled
	var err error
	if g.base, err = newEngine(pack, pack.Lexicon, pack.Rules, cfg.Segmenter); err != nil {
		return nil, err
	}
	for i := range pack.Stores {
		p, err := g.profile(&pack.Stores[i])
		if err != nil {
			return nil, fmt.Errorf("store %s: %w", pack.Stores[i].ID, err)
		}
		g.stores[pack.Stores[i].ID] = p
	}
	w, err := weights()
	if err != nil {
		return nil, fmt.Errorf("second reading: %w", err)
	}
	g.secondReading(w)
	g.pack = withoutLexicon(pack)
	return g, nil
}

// inBackground begins f and returns what waits for it.
func inBackground[T any](f func() (T, error)) func() (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		v, err := f()
		done <- answer{v, err}
	}()
	return func() (T, error) {
		a := <-done
		return a.value, a.err
	}
}

// withoutLexicon returns a copy of pack that holds no entries.
func withoutLexicon(pack *policy.Pack) *policy.Pack {
	lean := *pack
	lean.Lexicon = nil
	if pack.Second != nil {
		second := *pack.Second
		second.Weights = nil
		lean.Second = &second
	}
	lean.Stores = slices.Clone(pack.Stores)
	for i := range lean.Stores {
		lean.Stores[i].Lexicon = nil
	}
	return &lean
}

// An engine is one lexicon and one set of rules, compiled together.
type engine struct {
	vocab   *claim.Vocab
	reader  *claim.Reader
	rules   []policy.Rule
	program *rule.Program
	tests   []test          // the rules' conditions, by index
	named   map[string]test // all conditions, by name
	traps   []trap
	style   *styling // how replies are rewritten
	seeds   []uint32 // by sense: what it adds to evidence
	second  *second  // nil: no second reading
}

func newEngine(pack *policy.Pack, lexicon []policy.Entry, rules []policy.Rule, seg segment.Segmenter) (*engine, error) {
	v, err := claim.NewVocab(pack.Senses)
	if err != nil {
		return nil, err
	}
	lex, err := claim.CompileLexicon(v, lexicon, pack.Spell, segment.Words())
	if err != nil {
		return nil, err
	}
	e := &engine{named: tests(), vocab: v, seeds: senseSeeds(v), reader: claim.NewReader(lex, seg), rules: rules}
	if e.program, err = rule.Compile(v, rules); err != nil {
		return nil, err
	}
	if e.traps, err = compileTraps(e.program, pack.Traps); err != nil {
		return nil, err
	}
	if e.tests, err = bindConditions(e.program.Conditions()); err != nil {
		return nil, err
	}
	e.style, err = newStyling(e, pack.Senses)
	return e, err
}

// secondReading binds w, if there are any, to every engine.
func (g *Guard) secondReading(w *Weights) {
	if w == nil {
		return
	}
	engines := []*engine{g.base}
	for _, p := range g.stores {
		engines = append(engines, p.engine)
	}
	for _, e := range engines {
		e.second = newSecond(w, g.pack.Second, e.vocab, e.rules)
	}
}

// Ruleset identifies the policy.
func (g *Guard) Ruleset() Ruleset {
	return Ruleset{Name: g.pack.Name, Version: g.pack.Version, Digest: g.pack.Digest}
}

// Policy returns the pack that was compiled, without the entries of its
// lexicon and of the stores' own: they live on in compiled form, in a fraction
// of the memory. It must not be changed.
func (g *Guard) Policy() *policy.Pack { return g.pack }
