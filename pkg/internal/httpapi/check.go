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

// check serves POST /v1/check.
func (s *server) check(w http.ResponseWriter, r *http.Request) {
	engine, ok := s.engine(w, r)
	if !ok {
		return
	}
	as := accept(r, mediaJSON, mediaText)
	if as == "" {
		s.problem(w, r, errAccept)
		return
	}
	failOn, err := failOn(r)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	body := s.buffer()
	defer s.release(body)
	in, err := s.readCheck(w, r, body)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	if as == mediaText {
		in.Options.Offsets = verdict.Byte // to mark the spans
	}
	a, err := s.judge(r.Context(), engine, &in)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	callOf(w).judged(&a)
	s.answer(w, as, failOn, &in, &a)
}

// judge checks in, and counts and records the decision as the policy makes it.
// Where decisions are only watched, the answer says allow.
func (s *server) judge(ctx context.Context, engine Engine, in *guard.Input) (wire.Answer, error) {
	start := time.Now()
	result, err := engine.Check(ctx, *in)
	if err != nil {
		return wire.Answer{}, err
	}
	elapsed := time.Since(start)
	s.Metrics.Check(&result, !in.Options.NoRewrite, elapsed)
	for _, q := range result.Silenced {
		s.Metrics.Silenced(q.Rule)
	}
	told := &result
	if s.Shadow != nil && result.Decision != verdict.Allow && s.Shadow(in.Store) {
		told = watched(&result)
	}
	a := wire.Answer{ID: newID(start), Result: told, Explain: in.Options.Explain, Elapsed: elapsed}
	s.Audit.Record(a.ID, start, in, &result, told.Decision, elapsed)
	return a, nil
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

// answer writes a in media type as, with 422 from decision failOn on.
func (s *server) answer(w http.ResponseWriter, as string, failOn verdict.Decision, in *guard.Input, a *wire.Answer) {
	out := s.buffer()
	defer s.release(out)
	h := w.Header()
	h["Cache-Control"] = noStore
	if as == mediaText {
		h["Content-Type"] = textType
		*out = wire.Printer{}.AppendAnswer(*out, in.Reply, a.Result)
	} else {
		h["Content-Type"] = jsonType
		*out = append(wire.AppendAnswer(*out, *a), '\n')
	}
	if failOn != verdict.Allow && a.Result.Decision >= failOn {
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	_, _ = w.Write(*out)
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

// readCheck reads a check request, from JSON or from bare text, through body.
func (s *server) readCheck(w http.ResponseWriter, r *http.Request, body *[]byte) (guard.Input, error) {
	kind := contentType(r, mediaJSON, mediaText)
	if kind == "" {
		return guard.Input{}, errContentType
	}
	if err := s.readBody(w, r, body); err != nil {
		return guard.Input{}, err
	}
	if kind == mediaJSON {
		return wire.DecodeCheck(*body)
	}
	return textInput(r, *body)
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
