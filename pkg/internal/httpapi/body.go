package httpapi

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// Media types of the contract.
const (
	mediaJSON   = "application/json"
	mediaText   = "text/plain"
	mediaNDJSON = "application/x-ndjson"
	mediaEvents = "text/event-stream"
)

// Header values that every answer shares. They are never changed.
//
//nolint:gochecknoglobals // constants, but Go has none of this type
var (
	jsonType    = []string{"application/json"}
	textType    = []string{"text/plain; charset=utf-8"}
	problemType = []string{"application/problem+json"}
	noStore     = []string{"no-store"}
)

// buffer borrows an empty buffer; release gives it back.
func (s *server) buffer() *[]byte {
	b, ok := s.buffers.Get().(*[]byte)
	if !ok {
		return new([]byte)
	}
	*b = (*b)[:0]
	return b
}

// maxKept is the longest buffer that is kept for another request.
const maxKept = 64 << 10

// release gives b back, unless it has grown so far that keeping it would keep
// the memory of the largest request.
func (s *server) release(b *[]byte) {
	if cap(*b) <= maxKept {
		s.buffers.Put(b)
	}
}

// readBody reads the whole body of r into dst. The error is errBodyTooLarge
// or what the connection said.
func (s *server) readBody(w http.ResponseWriter, r *http.Request, dst *[]byte) error {
	if r.ContentLength > int64(s.Limits.Body) {
		return errBodyTooLarge
	}
	body := r.Body
	if r.ContentLength < 0 { // else net/http reads no more than was announced
		body = http.MaxBytesReader(w, body, int64(s.Limits.Body))
	}
	b := *dst
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := body.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		*dst = b
		if err == nil {
			continue
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return errBodyTooLarge
		}
		return errBodyRead
	}
}

// contentType returns the one of offers that the body of r is, or "". JSON is
// assumed where the header is absent, and text must be UTF-8.
func contentType(r *http.Request, offers ...string) string {
	given := r.Header["Content-Type"]
	if len(given) == 0 {
		return offers[0]
	}
	if given[0] == offers[0] { // the common case, without parsing
		return offers[0]
	}
	media, params, err := mime.ParseMediaType(given[0])
	if err != nil || len(given) > 1 {
		return ""
	}
	if cs, has := params["charset"]; has && !strings.EqualFold(cs, "utf-8") {
		return ""
	}
	for _, offer := range offers {
		if media == offer {
			return offer
		}
	}
	return ""
}

// accept returns the one of offers that the Accept header of r prefers, the
// first of equals, and "" where it admits none.
func accept(r *http.Request, offers ...string) string {
	given := r.Header["Accept"]
	if len(given) == 0 || given[0] == "*/*" || given[0] == "" {
		return offers[0]
	}
	best, bestQ := "", 0.0
	for _, offer := range offers {
		if q := quality(given, offer); q > bestQ {
			best, bestQ = offer, q
		}
	}
	return best
}
