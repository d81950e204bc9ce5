package httpapi

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/internal/audit"
	"github.com/replyguard/replyguard/pkg/internal/wire"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Bounds of GET /v1/events.
const (
	defaultEvents = 100
	maxEvents     = 1000
	heartbeat     = 15 * time.Second // of a stream in which nothing happens
)

// events serves GET /v1/events, as a page or as a stream.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	filter, err := eventFilter(q)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	switch accept(r, mediaJSON, mediaEvents) {
	case mediaEvents:
		s.streamEvents(w, r, filter)
	case mediaJSON:
		s.pageEvents(w, r, filter, q)
	default:
		s.problem(w, r, errAccept)
	}
}

func (s *server) pageEvents(w http.ResponseWriter, r *http.Request, filter audit.Filter, q url.Values) {
	limit := defaultEvents
	if v := q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > maxEvents {
			s.problem(w, r, &wire.Error{Code: wire.CodeInvalidField, Detail: "the query parameter limit must be 1 to 1000"})
			return
		}
		limit = n
	}
	events, next := s.Audit.Recent(filter, q.Get("before"), limit)
	list := apiv1.EventList{Events: make([]apiv1.Event, 0, len(events)), Next: next}
	for _, e := range events {
		list.Events = append(list.Events, apiEvent(e))
	}
	s.writeJSON(w, r, list)
}

// streamEvents sends every event from now on, until the client goes, falls
// behind, or the server stops.
func (s *server) streamEvents(w http.ResponseWriter, r *http.Request, filter audit.Filter) {
	events, cancel := s.Audit.Subscribe(filter)
	defer cancel()
	h := w.Header()
	h.Set("Content-Type", mediaEvents)
	h["Cache-Control"] = noStore
	w.WriteHeader(http.StatusOK)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	out := newStream(w, s.Limits.LineTimeout)
	if out.send([]byte(": ready\n\n")) != nil {
		return
	}
	for {
		var chunk []byte
		select {
		case <-r.Context().Done():
			return
		case <-s.Stopping.Done():
			return
		case e, open := <-events:
			if !open {
				return
			}
			chunk = appendEvent(nil, e)
		case <-beat.C:
			chunk = []byte(": still here\n\n")
		}
		if out.send(chunk) != nil {
			return
		}
	}
}

// appendEvent appends e in the form of a stream.
func appendEvent(dst []byte, e *audit.Event) []byte {
	data, err := json.Marshal(apiEvent(e))
	if err != nil {
		return dst
	}
	dst = append(dst, "event: decision\nid: "+e.ID+"\ndata: "...)
	dst = append(dst, data...)
	return append(dst, "\n\n"...)
}

func eventFilter(q url.Values) (audit.Filter, error) {
	f := audit.Filter{Rule: q.Get("rule"), Store: q.Get("store")}
	if v := q.Get("decision"); v != "" {
		d, err := verdict.ParseDecision(v)
		if err != nil {
			return f, &wire.Error{Code: wire.CodeInvalidField, Detail: "the query parameter decision must be allow, warn or block"}
		}
		f.Decision = &d
	}
	return f, nil
}

func apiEvent(e *audit.Event) apiv1.Event {
	out := apiv1.Event{
		Id: e.ID, At: e.At, Digest: e.Digest, Platform: e.Platform, Store: e.Store,
		Conversation: e.Conversation, Agent: e.Agent,
		Decision: apiv1.Decision(e.Decision.String()), Enforced: apiv1.Decision(e.Enforced.String()), Score: e.Score,
		Rules: make([]apiv1.EventRule, 0, len(e.Rules)), Traps: append([]string{}, e.Traps...),
		Rewrite: e.Rewrite, ElapsedUs: int(e.Elapsed.Microseconds()), Text: e.Text,
	}
	for i := range e.Rules {
		r := &e.Rules[i]
		rule := apiv1.EventRule{
			Rule: r.Rule, Decision: apiv1.Decision(r.Decision.String()), Score: r.Score,
			Mode: apiv1.Mode(r.Mode.String()), Spans: make([]apiv1.Range, 0, len(r.Spans)),
		}
		for _, span := range r.Spans {
			rule.Spans = append(rule.Spans, apiv1.Range{Start: span.Start, End: span.End})
		}
		out.Rules = append(out.Rules, rule)
	}
	return out
}
