package httpapi

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/wire"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// A work is the memory of one check, kept in a pool. It holds what was said
// only while the request lasts.
type work struct {
	body    []byte
	decoder wire.Decoder
	encoder wire.Encoder
	in      guard.Input
	result  guard.Result
	answer  wire.Answer
	out     []byte
}

// work borrows a work; done gives it back. One that a panic passed through is
// not given back.
func (s *server) work() *work {
	k, ok := s.works.Get().(*work)
	if !ok {
		return &work{body: make([]byte, 0, 4<<10), out: make([]byte, 0, 4<<10)}
	}
	return k
}

func (s *server) done(k *work) {
	k.in, k.result, k.answer = guard.Input{}, guard.Result{}, wire.Answer{}
	if k.body, k.out = k.body[:0], k.out[:0]; cap(k.body) <= maxKept && cap(k.out) <= maxKept {
		s.works.Put(k)
	}
}

// check serves POST /v1/check.
func (s *server) check(w http.ResponseWriter, r *http.Request) {
	k := s.work()
	if err := s.checkIn(w, r, k); err != nil {
		s.problem(w, r, err)
	}
	s.done(k)
}

// checkIn reads, judges and answers r in the memory of k. After an error
// nothing has been answered.
func (s *server) checkIn(w http.ResponseWriter, r *http.Request, k *work) error {
	engine := s.Engine()
	if engine == nil {
		return errNotReady
	}
	as := accept(r, mediaJSON, mediaText)
	if as == "" {
		return errAccept
	}
	failOn, err := failOn(r)
	if err != nil {
		return err
	}
	if err := s.readCheck(w, r, k); err != nil {
		return err
	}
	if as == mediaText {
		k.in.Options.Offsets = verdict.Byte // to mark the spans
	}
	if err := s.judge(r.Context(), engine, k); err != nil {
		return err
	}
	callOf(w).judged(&k.answer)
	answer(w, as, failOn, k)
	return nil
}

// judge checks k.in and makes k.answer, and counts and records the decision as
// the policy makes it. Where decisions are only watched, the answer says allow.
func (s *server) judge(ctx context.Context, engine Engine, k *work) error {
	start := time.Now()
	var err error
	if k.result, err = engine.Check(ctx, k.in); err != nil {
		return err
	}
	elapsed := time.Since(start)
	s.Metrics.Check(&k.result, !k.in.Options.NoRewrite, elapsed)
	for _, q := range k.result.Silenced {
		s.Metrics.Silenced(q.Rule)
	}
	told := &k.result
	if s.Shadow != nil && told.Decision != verdict.Allow && s.Shadow(k.in.Store) {
		told = watched(told)
	}
	k.answer = wire.Answer{ID: newID(start), Result: told, Explain: k.in.Options.Explain, Elapsed: elapsed}
	s.Audit.Record(k.answer.ID, start, &k.in, &k.result, told.Decision, elapsed)
	return nil
}

// watched returns r as it is told where decisions are only watched: allowed,
// with its findings among the shadowed ones.
func watched(r *guard.Result) *guard.Result {
	return &guard.Result{
		Shadowed: slices.Concat(r.Violations, r.Shadowed),
		Traps:    r.Traps,
		Ruleset:  r.Ruleset,
	}
}

// answer writes k.answer in media type as, with 422 from decision failOn on.
func answer(w http.ResponseWriter, as string, failOn verdict.Decision, k *work) {
	h := w.Header()
	h["Cache-Control"] = noStore
	if as == mediaText {
		h["Content-Type"] = textType
		k.out = wire.Printer{}.AppendAnswer(k.out, k.in.Reply, k.answer.Result)
	} else {
		h["Content-Type"] = jsonType
		k.out = append(k.encoder.AppendAnswer(k.out, &k.answer), '\n')
	}
	if failOn != verdict.Allow && k.answer.Result.Decision >= failOn {
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	_, _ = w.Write(k.out)
}

// failOn returns the decision from which on the status is to be 422, Allow
// where the query does not say.
func failOn(r *http.Request) (verdict.Decision, error) {
	if r.URL.RawQuery == "" {
		return verdict.Allow, nil
	}
	switch v := r.URL.Query().Get("fail_on"); v {
	case "":
		return verdict.Allow, nil
	case "warn":
		return verdict.Warn, nil
	case "block":
		return verdict.Block, nil
	}
	return verdict.Allow, &wire.Error{Code: wire.CodeInvalidField, Detail: "the query parameter fail_on must be warn or block"}
}

// readCheck reads a check request, from JSON or from bare text, into k.in.
func (s *server) readCheck(w http.ResponseWriter, r *http.Request, k *work) error {
	kind := contentType(r, mediaJSON, mediaText)
	if kind == "" {
		return errContentType
	}
	err := s.readBody(w, r, &k.body)
	if err != nil {
		return err
	}
	if kind == mediaJSON {
		return k.decoder.Check(&k.in, k.body)
	}
	k.in, err = textInput(r, k.body)
	return err
}

// textInput makes a request of a bare reply. One line end that a shell has put
// behind it does not belong to it.
func textInput(r *http.Request, body []byte) (guard.Input, error) {
	body = bytes.TrimSuffix(bytes.TrimSuffix(body, []byte("\n")), []byte("\r"))
	in := guard.Input{Reply: string(body)}
	if r.URL.RawQuery == "" {
		return in, nil
	}
	q := r.URL.Query()
	in.Store = q.Get("store")
	if p := q.Get("platform"); p != "" {
		platform, err := verdict.ParsePlatform(p)
		if err != nil {
			return in, &wire.Error{Code: wire.CodeInvalidField, Detail: "the query parameter platform must be tmall, taobao or 1688"}
		}
		in.Platform = platform
	}
	if buyer := q.Get("buyer"); buyer != "" {
		in.Conversation.Messages = []guard.Message{{From: guard.Buyer, Text: buyer}}
	}
	return in, nil
}

// traps serves POST /v1/traps.
func (s *server) traps(w http.ResponseWriter, r *http.Request) {
	engine, ok := s.engine(w, r)
	if !ok {
		return
	}
	body := s.buffer()
	defer s.release(body)
	in, err := s.readTraps(w, r, body)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	traps, err := engine.Traps(r.Context(), in)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	out := s.buffer()
	defer s.release(out)
	*out = append(wire.AppendTrapsAnswer(*out, newID(time.Now()), traps, engine.Ruleset()), '\n')
	w.Header()["Content-Type"] = jsonType
	w.Header()["Cache-Control"] = noStore
	_, _ = w.Write(*out)
}

func (s *server) readTraps(w http.ResponseWriter, r *http.Request, body *[]byte) (guard.Input, error) {
	switch {
	case accept(r, mediaJSON) == "":
		return guard.Input{}, errAccept
	case contentType(r, mediaJSON) == "":
		return guard.Input{}, errContentType
	}
	if err := s.readBody(w, r, body); err != nil {
		return guard.Input{}, err
	}
	return wire.DecodeTraps(*body)
}
