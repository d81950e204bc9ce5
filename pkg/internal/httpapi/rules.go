package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-json-experiment/json"

	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// listRules serves GET /v1/rules.
func (s *server) listRules(w http.ResponseWriter, r *http.Request) {
	engine, ok := s.engine(w, r)
	if !ok {
		return
	}
	pack := engine.Policy()
	list := apiv1.RuleList{Ruleset: apiRuleset(engine.Ruleset()), Rules: []apiv1.Rule{}, Traps: []apiv1.TrapRule{}}
	for i := range pack.Rules {
		list.Rules = append(list.Rules, apiRule(&pack.Rules[i]))
	}
	for _, t := range pack.Traps {
		list.Traps = append(list.Traps, apiv1.TrapRule{Id: t.ID, Name: t.Name, Advice: t.Advice, SafeReply: t.SafeReply})
	}
	slices.SortFunc(list.Rules, func(a, b apiv1.Rule) int { return strings.Compare(a.Id, b.Id) })
	slices.SortFunc(list.Traps, func(a, b apiv1.TrapRule) int { return strings.Compare(a.Id, b.Id) })
	s.writeJSON(w, r, list)
}

// getRule serves GET /v1/rules/{id}.
func (s *server) getRule(w http.ResponseWriter, r *http.Request) {
	engine, ok := s.engine(w, r)
	if !ok {
		return
	}
	id := chi.URLParam(r, "id")
	rules := engine.Policy().Rules
	at := slices.IndexFunc(rules, func(r policy.Rule) bool { return r.ID == id })
	if at < 0 {
		s.problem(w, r, errUnknownRule)
		return
	}
	s.writeJSON(w, r, apiRule(&rules[at]))
}

// writeJSON answers v with 200.
func (s *server) writeJSON(w http.ResponseWriter, r *http.Request, v any) {
	s.writeJSONStatus(w, r, http.StatusOK, v)
}

// writeJSONStatus answers v, for the calls that are not in a hurry.
func (s *server) writeJSONStatus(w http.ResponseWriter, r *http.Request, status int, v any) {
	if accept(r, mediaJSON) == "" {
		s.problem(w, r, errAccept)
		return
	}
	out, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		s.problem(w, r, err)
		return
	}
	w.Header()["Content-Type"] = jsonType
	w.Header()["Cache-Control"] = noStore
	w.WriteHeader(status)
	_, _ = w.Write(append(out, '\n'))
}

func apiRuleset(r guard.Ruleset) apiv1.Ruleset {
	return apiv1.Ruleset{Name: r.Name, Version: r.Version, Digest: r.Digest}
}

func apiRule(r *policy.Rule) apiv1.Rule {
	out := apiv1.Rule{
		Id: r.ID, Name: r.Name, Reason: r.Reason,
		Decision: apiv1.Decision(r.Decision.String()), Mode: apiv1.Mode(r.Mode.String()),
		Penalties: []apiv1.RulePenalty{},
		Examples:  apiv1.Examples{Violates: apiExamples(r.Examples.Violates), Complies: apiExamples(r.Examples.Complies)},
	}
	for _, p := range r.Penalties {
		out.Penalties = append(out.Penalties, apiPenalty(p))
	}
	return out
}

func apiPenalty(p verdict.Penalty) apiv1.RulePenalty {
	return apiv1.RulePenalty{
		Platform: string(p.Platform), Points: p.Points, Kind: p.Kind, Money: p.Money,
		Basis: p.Basis, Source: p.Source, Year: p.Year,
	}
}

func apiExamples(examples []policy.Example) []apiv1.Example {
	out := make([]apiv1.Example, 0, len(examples))
	for _, e := range examples {
		reply, spans := unmark(e.Seller)
		example := apiv1.Example{Reply: reply, Spans: spans, Messages: []apiv1.Message{}}
		for _, m := range e.Messages {
			from := apiv1.MessageFromSeller
			if m.Buyer {
				from = apiv1.MessageFromBuyer
			}
			example.Messages = append(example.Messages, apiv1.Message{From: from, Text: m.Text})
		}
		out = append(out, example)
	}
	return out
}

// unmark takes the [[ ]] of an example away and returns what stood inside as
// spans in code points.
func unmark(marked string) (reply string, spans []apiv1.Span) {
	spans = []apiv1.Span{}
	var b strings.Builder
	at := 0
	for {
		before, rest, found := strings.Cut(marked, "[[")
		inside, after, closed := strings.Cut(rest, "]]")
		if !found || !closed {
			b.WriteString(marked)
			return b.String(), spans
		}
		at += len([]rune(before))
		end := at + len([]rune(inside))
		spans = append(spans, apiv1.Span{Start: at, End: end, Text: inside})
		b.WriteString(before + inside)
		at, marked = end, after
	}
}
