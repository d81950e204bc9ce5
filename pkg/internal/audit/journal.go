package audit

import (
	"io"
	"sync"
	"sync/atomic"

	"github.com/rs/zerolog"
)

// line is what waits to be written: one of the two.
type line struct {
	event    *Event
	feedback *Feedback
}

// journal writes lines to a sink, one after the other, from a bounded queue.
type journal struct {
	sink     *countedWriter
	log      zerolog.Logger
	queue    chan line
	observer Observer

	mu     sync.RWMutex // held for reading while putting, so that close can wait
	closed bool
	done   chan struct{}
}

func newJournal(sink io.Writer, queue int, o Observer) *journal {
	w := &countedWriter{w: sink}
	j := &journal{sink: w, log: zerolog.New(w), queue: make(chan line, queue), observer: o, done: make(chan struct{})}
	go j.run()
	return j
}

// put queues l, or drops and counts it where the queue is full.
func (j *journal) put(l line) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.closed {
		j.observer.AuditDropped(1)
		return
	}
	select {
	case j.queue <- l:
	default:
		j.observer.AuditDropped(1)
	}
}

// run writes until the queue is closed and empty.
func (j *journal) run() {
	defer close(j.done)
	for l := range j.queue {
		j.observer.AuditQueue(len(j.queue))
		j.write(l)
		if n := j.sink.failed.Swap(0); n > 0 {
			j.observer.AuditDropped(int(n))
		}
	}
}

func (j *journal) write(l line) {
	if l.event != nil {
		j.log.Log().Str("kind", "decision").EmbedObject(l.event).Send()
	}
	if l.feedback != nil {
		j.log.Log().Str("kind", "feedback").EmbedObject(l.feedback).Send()
	}
}

// close writes what waits and closes the sink.
func (j *journal) close() error {
	j.mu.Lock()
	if !j.closed {
		j.closed = true
		close(j.queue)
	}
	j.mu.Unlock()
	<-j.done
	if c, ok := j.sink.w.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// countedWriter counts the writes that fail; zerolog has no other place for
// their errors than a global one.
type countedWriter struct {
	w      io.Writer
	failed atomic.Int64
}

// Write reports success even where it fails.
func (c *countedWriter) Write(p []byte) (int, error) {
	if _, err := c.w.Write(p); err != nil {
		c.failed.Add(1)
	}
	return len(p), nil
}
