package httpapi

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/internal/observe"
)

// batch serves POST /v1/check/batch: one answer for every line, in order, as
// the lines arrive. The next line is read when the answer before it has been
// taken by the connection, so that a client that does not read is not read
// from. Every line sees one policy; a reload in between takes force with the
// next line.
func (s *server) batch(w http.ResponseWriter, r *http.Request) {
	switch {
	case contentType(r, mediaNDJSON) == "":
		s.problem(w, r, errContentType)
		return
	case accept(r, mediaNDJSON) == "":
		s.problem(w, r, errAccept)
		return
	}
	out := newStream(w, s.Limits.LineTimeout)
	_ = out.c.EnableFullDuplex() // HTTP/1 needs to be told; HTTP/2 does so anyway
	h := w.Header()
	h.Set("Content-Type", mediaNDJSON)
	h["Cache-Control"] = noStore
	w.WriteHeader(http.StatusOK)
	in := bufio.NewReaderSize(r.Body, 32<<10)
	// The end of the server ends the wait for a further line.
	defer context.AfterFunc(s.Stopping, out.interrupt)()
	for {
		out.reading()
		if s.Stopping.Err() != nil || r.Context().Err() != nil {
			return
		}
		line, err := readLine(in, s.Limits.Body)
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		answer := s.batchLine(r, callOf(w), line, err)
		// More lines at hand: their answers may travel together.
		if in.Buffered() > 0 {
			err = out.write(answer)
		} else {
			err = out.send(answer)
		}
		if err != nil {
			return
		}
	}
}

// batchLine judges one line and returns its answer: of the check, or a problem
// in its place. A panic is answered in place too.
func (s *server) batchLine(r *http.Request, c *call, line []byte, err error) (answer []byte) {
	defer func() {
		if p := recover(); p != nil {
			s.logPanic(c, p)
			answer = s.batchProblem(c, errPanic)
		}
	}()
	if err != nil {
		return s.batchProblem(c, err)
	}
	engine := s.Engine()
	if engine == nil {
		return s.batchProblem(c, errNotReady)
	}
	k := s.work()
	err = k.decoder.Check(&k.in, line)
	if err == nil {
		err = s.batchCheck(r, engine, k)
	}
	if err != nil {
		answer = s.batchProblem(c, err)
	} else {
		answer = append(k.encoder.AppendAnswer(nil, &k.answer), '\n')
	}
	s.done(k)
	return answer
}

// batchCheck judges k.in when it is its turn. A batch waits longer than a person
// would: for its turn, until the client goes.
func (s *server) batchCheck(r *http.Request, engine Engine, k *work) error {
	if !s.throttle.await(r.Context()) {
		s.Metrics.Shed(observe.ShedOverload)
		return errOverloaded
	}
	defer s.throttle.leave()
	return s.judge(r.Context(), engine, k)
}

// batchProblem returns the problem document for err as a line.
func (s *server) batchProblem(c *call, err error) []byte {
	p := s.complete(problemFor(err), c, true)
	if p.Code == apiv1.ProblemCodeInternal && !errors.Is(err, errPanic) {
		s.logFault(c, err)
	}
	c.code = "" // the request as a whole has no problem
	return append(appendProblem(nil, &p), '\n')
}

// readLine reads up to a line end. A line longer than limit is skipped whole
// and answered with errBodyTooLarge. The last line needs no line end; after it
// the error is io.EOF, and so it is where the connection breaks.
func readLine(in *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	tooLong := false
	for {
		part, err := in.ReadSlice('\n')
		if !tooLong {
			line = append(line, part...)
		}
		if len(line) > limit+1 {
			line, tooLong = nil, true
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && len(line) == 0 && !tooLong:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, io.EOF // a line that was cut off is not judged
		case tooLong:
			return nil, errBodyTooLarge
		}
		return bytes.TrimSuffix(line, []byte("\n")), nil
	}
}
