package httpapi

import (
	"net/http"
	"time"
)

// stream writes to a client that takes its time: each piece has a deadline of
// its own in place of the server's for the whole answer.
type stream struct {
	w       http.ResponseWriter
	c       *http.ResponseController
	timeout time.Duration
}

func newStream(w http.ResponseWriter, timeout time.Duration) *stream {
	return &stream{w: w, c: http.NewResponseController(w), timeout: timeout}
}

// reading gives the client until the deadline to send the next piece.
func (s *stream) reading() {
	_ = s.c.SetReadDeadline(time.Now().Add(s.timeout)) // recorders of tests have none
}

// interrupt ends a wait of the reader.
func (s *stream) interrupt() { _ = s.c.SetReadDeadline(time.Now()) }

// write sends b without waiting for more.
func (s *stream) write(b []byte) error {
	_ = s.c.SetWriteDeadline(time.Now().Add(s.timeout))
	_, err := s.w.Write(b) //nolint:gosec // JSON lines and events, labelled as such
	return err
}

// send sends b and everything before it at once.
func (s *stream) send(b []byte) error {
	if err := s.write(b); err != nil {
		return err
	}
	return s.c.Flush()
}
