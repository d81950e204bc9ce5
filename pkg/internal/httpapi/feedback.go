package httpapi

import (
	"net/http"
	"time"

	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/internal/wire"
)

// feedback serves POST /v1/feedback.
func (s *server) feedback(w http.ResponseWriter, r *http.Request) {
	if contentType(r, mediaJSON) == "" {
		s.problem(w, r, errContentType)
		return
	}
	body := s.buffer()
	defer s.release(body)
	if err := s.readBody(w, r, body); err != nil {
		s.problem(w, r, err)
		return
	}
	f, err := wire.DecodeFeedback(*body)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	if engine := s.Engine(); f.Rule != "" && engine != nil && !hasRule(engine, f.Rule) {
		s.problem(w, r, errForeignRule)
		return
	}
	rules, known, foreign := s.Audit.Feedback(f.Id, string(f.Action), f.Rule, time.Now())
	if foreign {
		s.problem(w, r, errForeignRule)
		return
	}
	for _, rule := range rules {
		s.Metrics.Feedback(rule, string(f.Action))
	}
	s.writeJSONStatus(w, r, http.StatusAccepted, apiv1.FeedbackAnswer{Known: known, Rules: append([]string{}, rules...)})
}

// hasRule reports whether the policy in force has a rule called id.
func hasRule(e Engine, id string) bool {
	rules := e.Policy().Rules
	for i := range rules {
		if rules[i].ID == id {
			return true
		}
	}
	return false
}
