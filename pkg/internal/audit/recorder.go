package audit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	mathrand "math/rand/v2"
	"slices"
	"time"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Text says how much of a reply is recorded.
type Text uint8

// The settings of audit.text.
const (
	TextOff    Text = iota // nothing
	TextMasked             // with numbers, ids, addresses and names replaced
	TextFull               // as it is
)

// ParseText returns the setting called s: "off", "masked" or "full". Anything
// else is TextOff.
func ParseText(s string) Text {
	switch s {
	case "masked":
		return TextMasked
	case "full":
		return TextFull
	}
	return TextOff
}

// Observer is told what the log does; *observe.Metrics is one.
type Observer interface {
	AuditQueue(n int)
	AuditDropped(n int)
	AuditTextDropped()
}

// Options configure a Recorder. The zero value records nothing.
type Options struct {
	Sink        io.Writer // decision log; nil: none. Closed by Close where it is an io.Closer
	Text        Text
	SampleAllow float64  // share of the allowed replies that is logged
	Queue       int      // decisions that may wait for the sink; 0: 1
	HashKey     []byte   // empty: a random one
	Keep        int      // decisions kept in memory
	Observer    Observer // nil: nobody is told
}

// Recorder records decisions. Create it with New. All methods may be called
// concurrently.
type Recorder struct {
	o      Options
	key    []byte
	memory *memory
	log    *journal // nil where there is no sink
}

// New returns a Recorder; Close ends it.
func New(o Options) *Recorder {
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	r := &Recorder{o: o, key: o.HashKey, memory: newMemory(o.Keep)}
	if len(r.key) == 0 {
		r.key = make([]byte, 32)
		_, _ = rand.Read(r.key) // never fails
	}
	if o.Sink != nil {
		r.log = newJournal(o.Sink, max(1, o.Queue), o.Observer)
	}
	return r
}

// Record records that the policy said result about in, and that the caller was
// told enforced. It does not block, and keeps nothing of in or result but
// copies.
func (r *Recorder) Record(id string, at time.Time, in *guard.Input, result *guard.Result, enforced verdict.Decision, elapsed time.Duration) {
	logged := r.log != nil && (result.Decision != verdict.Allow || len(result.Shadowed) > 0 || r.o.SampleAllow > 0 && mathrand.Float64() < r.o.SampleAllow) //nolint:gosec // a sample, no secret
	if !logged && !r.memory.keeps() {
		return
	}
	e := r.event(id, at, in, result, enforced, elapsed)
	r.memory.add(e)
	if logged {
		r.log.put(line{event: e})
	}
}

func (r *Recorder) event(id string, at time.Time, in *guard.Input, result *guard.Result, enforced verdict.Decision, elapsed time.Duration) *Event {
	e := &Event{
		ID: id, At: at, Digest: result.Ruleset.Digest,
		Platform: string(in.Platform), Store: in.Store,
		Conversation: r.hash(in.Conversation.ID), Agent: r.hash(in.Conversation.Agent),
		Decision: result.Decision, Enforced: enforced, Score: result.Score,
		Rewrite: result.Rewrite != nil, Elapsed: elapsed,
	}
	if n := len(result.Violations) + len(result.Shadowed); n > 0 {
		e.Rules = rulesOf(make([]Rule, 0, n), result.Violations, verdict.Enforce, in.Reply, in.Options.Offsets)
		e.Rules = rulesOf(e.Rules, result.Shadowed, verdict.Shadow, in.Reply, in.Options.Offsets)
	}
	for i := range result.Traps {
		e.Traps = append(e.Traps, result.Traps[i].Trap)
	}
	e.Text = r.text(in)
	return e
}

// text returns what may be kept of the reply. Where masking fails that is
// nothing, and it is counted.
func (r *Recorder) text(in *guard.Input) string {
	switch r.o.Text {
	case TextFull:
		return in.Reply
	case TextMasked:
		masked, ok := mask(in)
		if !ok {
			r.o.Observer.AuditTextDropped()
		}
		return masked
	case TextOff:
	}
	return ""
}

// hash returns a keyed hash of s in 16 hexadecimal digits, "" for "".
func (r *Recorder) hash(s string) string {
	if s == "" {
		return ""
	}
	h := hmac.New(sha256.New, r.key)
	_, _ = io.WriteString(h, s)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Feedback records what an agent did with the decision called id. rule is the
// finding it is about; "" stands for all of the decision. known is false where
// the decision is no longer in memory, and foreign is true where it is and has
// no such finding: then nothing is recorded.
func (r *Recorder) Feedback(id, action, rule string, at time.Time) (rules []string, known, foreign bool) {
	e := r.memory.find(id)
	if e != nil {
		for i := range e.Rules {
			rules = append(rules, e.Rules[i].Rule)
		}
	}
	if rule != "" {
		if e != nil && !slices.Contains(rules, rule) {
			return nil, true, true
		}
		rules = []string{rule}
	}
	if r.log != nil {
		r.log.put(line{feedback: &Feedback{ID: id, At: at, Action: action, Rules: rules, Known: e != nil}})
	}
	return rules, e != nil, false
}

// Recent returns up to limit events that pass f, newest first, that are older
// than the one called before; "" begins at the newest. next is the before of
// the next page, "" at the end.
func (r *Recorder) Recent(f Filter, before string, limit int) (events []*Event, next string) {
	return r.memory.recent(f, before, limit)
}

// Subscribe returns a channel of the events that pass f from now on. The
// channel is closed when its reader does not keep up, or at Close. cancel ends
// the subscription.
func (r *Recorder) Subscribe(f Filter) (events <-chan *Event, cancel func()) {
	return r.memory.subscribe(f)
}

// Close ends the subscriptions, writes what waits for the sink and closes it.
func (r *Recorder) Close() error {
	r.memory.close()
	if r.log != nil {
		return r.log.close()
	}
	return nil
}

// nobody is the Observer that ignores everything.
type nobody struct{}

// AuditQueue does nothing.
func (nobody) AuditQueue(int) {}

// AuditDropped does nothing.
func (nobody) AuditDropped(int) {}

// AuditTextDropped does nothing.
func (nobody) AuditTextDropped() {}
