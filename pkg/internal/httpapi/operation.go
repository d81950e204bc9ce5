package httpapi

import (
	"net/http"

	"github.com/replyguard/replyguard/api/apiv1"
)

// reload serves POST /-/reload.
func (s *server) reload(w http.ResponseWriter, r *http.Request) {
	changed := false
	if s.Reload != nil {
		var err error
		if changed, err = s.Reload(r.Context()); err != nil {
			s.problem(w, r, &refused{err})
			return
		}
	}
	engine, ok := s.engine(w, r)
	if !ok {
		return
	}
	s.writeJSON(w, r, apiv1.ReloadAnswer{Changed: changed, Ruleset: apiRuleset(engine.Ruleset())})
}

// status serves GET /v1/status.
func (s *server) status(w http.ResponseWriter, r *http.Request) {
	engine, ok := s.engine(w, r)
	if !ok {
		return
	}
	var st Status
	if s.Status != nil {
		st = s.Status()
	}
	s.writeJSON(w, r, apiv1.Status{
		Version: st.Version, Shadow: st.Shadow, Ready: s.ready(), StartedAt: st.Started, Ruleset: apiRuleset(engine.Ruleset()),
		Reload: apiv1.ReloadStatus{Ok: st.ReloadErr == "", At: st.ReloadAt, Since: st.ReloadSince, Error: st.ReloadErr},
	})
}
