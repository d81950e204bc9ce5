package audit

import (
	"strings"
	"sync"

	"github.com/replyguard/replyguard/pkg/verdict"
)

// Filter chooses events. The zero Filter lets all through.
type Filter struct {
	Decision *verdict.Decision // nil: any
	Rule     string            // a rule, or a family where it holds no dot; "": any
	Store    string            // "": any
}

// Passes reports whether e passes f.
func (f *Filter) Passes(e *Event) bool {
	switch {
	case f.Decision != nil && e.Decision != *f.Decision, f.Store != "" && e.Store != f.Store:
		return false
	case f.Rule == "":
		return true
	}
	for i := range e.Rules {
		id := e.Rules[i].Rule
		if id == f.Rule || !strings.Contains(f.Rule, ".") && strings.HasPrefix(id, f.Rule+".") {
			return true
		}
	}
	return false
}

// memory keeps the last events and hands new ones to subscribers.
type memory struct {
	mu     sync.Mutex
	ring   []*Event // at next stands the oldest, once it is full
	next   int
	subs   map[*subscription]struct{}
	closed bool
}

// subscription is one reader of new events.
type subscription struct {
	filter Filter
	events chan *Event
}

// lag is how many events a subscriber may be behind before it is cut off.
const lag = 256

func newMemory(keep int) *memory {
	return &memory{ring: make([]*Event, max(0, keep)), subs: map[*subscription]struct{}{}}
}

// keeps reports whether anybody wants events.
func (m *memory) keeps() bool {
	if len(m.ring) > 0 {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.subs) > 0
}

func (m *memory) add(e *Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.ring) > 0 {
		m.ring[m.next] = e
		m.next = (m.next + 1) % len(m.ring)
	}
	for s := range m.subs {
		if !s.filter.Passes(e) {
			continue
		}
		select {
		case s.events <- e:
		default:
			m.drop(s)
		}
	}
}

// drop ends s; the lock is held.
func (m *memory) drop(s *subscription) {
	if _, there := m.subs[s]; there {
		delete(m.subs, s)
		close(s.events)
	}
}

// newest calls visit for every event, newest first, until it returns false.
// The lock is held.
func (m *memory) newest(visit func(*Event) bool) {
	for i := range m.ring {
		e := m.ring[(m.next-1-i+2*len(m.ring))%len(m.ring)]
		if e == nil || !visit(e) {
			return
		}
	}
}

func (m *memory) find(id string) *Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found *Event
	m.newest(func(e *Event) bool {
		if e.ID == id {
			found = e
		}
		return found == nil
	})
	return found
}

func (m *memory) recent(f Filter, before string, limit int) (events []*Event, next string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	skipping := before != ""
	m.newest(func(e *Event) bool {
		switch {
		case skipping:
			skipping = e.ID != before
		case f.Passes(e):
			if len(events) == limit {
				next = events[limit-1].ID
				return false
			}
			events = append(events, e)
		}
		return true
	})
	return events, next
}

func (m *memory) subscribe(f Filter) (<-chan *Event, func()) {
	s := &subscription{filter: f, events: make(chan *Event, lag)}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		close(s.events)
		return s.events, func() {}
	}
	m.subs[s] = struct{}{}
	return s.events, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.drop(s)
	}
}

func (m *memory) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	for s := range m.subs {
		m.drop(s)
	}
}
