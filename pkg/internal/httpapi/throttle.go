package httpapi

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/replyguard/replyguard/pkg/internal/observe"
)

// throttle lets a bounded number of requests work at once and a bounded number
// wait a bounded time. What is beyond is shed, so that those who are served
// are served quickly.
type throttle struct {
	slots   chan struct{} // holds one element a request at work
	waiting atomic.Int64
	queue   int64
	wait    time.Duration
}

func newThrottle(l Limits) *throttle {
	return &throttle{slots: make(chan struct{}, l.Concurrent), queue: int64(l.Queue), wait: l.QueueWait}
}

// enter waits for a slot and reports whether it got one; leave gives it back.
func (t *throttle) enter(ctx context.Context) bool {
	select {
	case t.slots <- struct{}{}:
		return true
	default:
	}
	if t.waiting.Add(1) > t.queue {
		t.waiting.Add(-1)
		return false
	}
	defer t.waiting.Add(-1)
	timer := time.NewTimer(t.wait)
	defer timer.Stop()
	select {
	case t.slots <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// await waits for a slot as long as ctx lasts, and reports whether it got one.
func (t *throttle) await(ctx context.Context) bool {
	select {
	case t.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (t *throttle) leave() { <-t.slots }

// limit sheds what the throttle does not let in.
func (s *server) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.throttle.enter(r.Context()) {
			s.Metrics.Shed(observe.ShedOverload)
			s.problem(w, r, errOverloaded)
			return
		}
		defer s.throttle.leave()
		next.ServeHTTP(w, r)
	})
}
