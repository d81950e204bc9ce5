package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/observe"
	"github.com/replyguard/replyguard/pkg/internal/wire"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Errors of the handlers themselves; problemFor maps them.
var (
	errNotFound     = errors.New("no such path")
	errUnknownRule  = errors.New("no such rule in the policy in force")
	errForeignRule  = errors.New("the decision has no finding of this rule")
	errMethod       = errors.New("the path has other methods, see Allow")
	errAccept       = errors.New("none of the media types that Accept admits can be had here")
	errBodyRead     = errors.New("the body could not be read to its end")
	errContentType  = errors.New("the call does not take this Content-Type")
	errBodyTooLarge = errors.New("the body is longer than the server reads")
	errNotReady     = errors.New("no policy is live, or the server is draining")
	errOverloaded   = errors.New("too many requests at once")
	errRateLimited  = errors.New("the token has used up its rate")
	errUnauthorized = errors.New("a valid bearer token is needed")
	errForbidden    = errors.New("a page of a site that is not listed may not call, nor may the server be reached by another name")
	errPanic        = errors.New("panic")
)

// refused wraps the error of a reload: the rules in force stay.
type refused struct{ err error }

func (e *refused) Error() string { return "the policy was refused: " + e.err.Error() }

func (e *refused) Unwrap() error { return e.err }

// retryAfter is what a client that is turned away is told to wait at least.
const retryAfter = time.Second

// problemFor maps err to its problem document; it is the only such mapping.
// What it does not know is an internal fault, with nothing said about it.
func problemFor(err error) apiv1.Problem {
	if e, ok := errors.AsType[*wire.Error](err); ok {
		return apiv1.Problem{Status: http.StatusBadRequest, Code: apiv1.ProblemCode(e.Code), Detail: e.Error(), Pointer: e.Pointer}
	}
	if e, ok := errors.AsType[*refused](err); ok {
		return refusal(e)
	}
	for _, known := range knownErrors() {
		if errors.Is(err, known.err) {
			p := apiv1.Problem{Status: known.status, Code: known.code, Detail: known.err.Error(), Pointer: known.pointer}
			return p
		}
	}
	return apiv1.Problem{Status: http.StatusInternalServerError, Code: apiv1.ProblemCodeInternal, Detail: "a fault inside the server; its log names the request id"}
}

// knownError is one line of the mapping.
type knownError struct {
	err     error
	status  int
	code    apiv1.ProblemCode
	pointer string
}

func knownErrors() []knownError {
	return []knownError{
		{guard.ErrEmpty, http.StatusBadRequest, apiv1.ProblemCodeMissingField, "/reply"},
		{guard.ErrNotUTF8, http.StatusBadRequest, apiv1.ProblemCodeInvalidUtf8, ""},
		{guard.ErrTooLong, http.StatusUnprocessableEntity, apiv1.ProblemCodeReplyTooLong, "/reply"},
		{guard.ErrUnknownStore, http.StatusUnprocessableEntity, apiv1.ProblemCodeUnknownStore, "/store"},
		{errUnauthorized, http.StatusUnauthorized, apiv1.ProblemCodeUnauthorized, ""},
		{errForbidden, http.StatusForbidden, apiv1.ProblemCodeForbidden, ""},
		{errNotFound, http.StatusNotFound, apiv1.ProblemCodeNotFound, ""},
		{errUnknownRule, http.StatusNotFound, apiv1.ProblemCodeUnknownRule, ""},
		{errForeignRule, http.StatusUnprocessableEntity, apiv1.ProblemCodeUnknownRule, "/rule"},
		{errMethod, http.StatusMethodNotAllowed, apiv1.ProblemCodeMethodNotAllowed, ""},
		{errAccept, http.StatusNotAcceptable, apiv1.ProblemCodeNotAcceptable, ""},
		{errBodyTooLarge, http.StatusRequestEntityTooLarge, apiv1.ProblemCodeBodyTooLarge, ""},
		{errBodyRead, http.StatusBadRequest, apiv1.ProblemCodeInvalidJson, ""},
		{errContentType, http.StatusUnsupportedMediaType, apiv1.ProblemCodeUnsupportedMediaType, ""},
		{errOverloaded, http.StatusTooManyRequests, apiv1.ProblemCodeOverloaded, ""},
		{errRateLimited, http.StatusTooManyRequests, apiv1.ProblemCodeRateLimited, ""},
		{errNotReady, http.StatusServiceUnavailable, apiv1.ProblemCodeNotReady, ""},
		{context.Canceled, http.StatusServiceUnavailable, apiv1.ProblemCodeCancelled, ""},
		{context.DeadlineExceeded, http.StatusServiceUnavailable, apiv1.ProblemCodeCancelled, ""},
	}
}

// refusal lists every mistake of the files, so that whoever reloads need not
// look into the log.
func refusal(e *refused) apiv1.Problem {
	p := apiv1.Problem{
		Status: http.StatusInternalServerError, Code: apiv1.ProblemCodePolicyRefused,
		Detail: "the policy files were refused; the rules in force stay",
	}
	if ds, ok := errors.AsType[policy.Diagnostics](e.err); ok {
		for _, d := range ds {
			p.Errors = append(p.Errors, d.String())
		}
	} else {
		p.Errors = []string{e.err.Error()}
	}
	return p
}

// problem answers err.
func (s *server) problem(w http.ResponseWriter, r *http.Request, err error) {
	c := callOf(w)
	p := s.complete(problemFor(err), c, judges(r))
	h := w.Header()
	switch p.Code {
	case apiv1.ProblemCodeOverloaded, apiv1.ProblemCodeRateLimited:
		h.Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
	case apiv1.ProblemCodeUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="replyguard"`)
	case apiv1.ProblemCodeInternal:
		if p.OnError != "" {
			h.Set("Replyguard-On-Error", string(p.OnError))
		}
		if !errors.Is(err, errPanic) { // that one was logged with its stack
			s.logFault(c, err)
		}
	default:
	}
	h["Content-Type"] = problemType
	h["Cache-Control"] = noStore
	w.WriteHeader(p.Status)
	_, _ = w.Write(appendProblem(nil, &p)) //nolint:gosec // JSON, and labelled as such
}

// logFault logs the type of an error that has no problem document of its own;
// its text might quote the request. A panic of the engine is logged like one
// of a handler.
func (s *server) logFault(c *call, err error) {
	if f, ok := errors.AsType[*guard.FaultError](err); ok {
		s.logStack(c, f.Cause, f.Stack)
		return
	}
	s.Log.Error().Str("request_id", c.id).Str("error", fmt.Sprintf("%T", err)).Msg("internal fault")
}

// complete fills in what every problem carries. A check that failed because of
// a fault carries what the configuration says to do with its reply.
func (s *server) complete(p apiv1.Problem, c *call, judging bool) apiv1.Problem {
	p.Type, p.Title, p.RequestId = apiv1.AboutBlank, http.StatusText(p.Status), c.id
	c.code = string(p.Code)
	if !judging {
		return p
	}
	s.Metrics.CheckError(errorKind(p.Code))
	if p.Code == apiv1.ProblemCodeInternal {
		p.Decision, p.OnError = apiv1.DecisionBlock, apiv1.OnErrorBlock
		if s.OnError == verdict.Allow {
			p.Decision, p.OnError = apiv1.DecisionAllow, apiv1.OnErrorAllow
		}
		c.decision = string(p.Decision)
	}
	return p
}

// judges reports whether r asks for a verdict.
func judges(r *http.Request) bool {
	switch r.URL.Path {
	case "/v1/check", "/v1/check/batch":
		return r.Method == http.MethodPost
	}
	return false
}

// errorKind returns the metric label of a problem of a check.
func errorKind(code apiv1.ProblemCode) string {
	switch code {
	case apiv1.ProblemCodeInternal:
		return observe.ErrInternal
	case apiv1.ProblemCodeReplyTooLong, apiv1.ProblemCodeBodyTooLarge:
		return observe.ErrTooLong
	case apiv1.ProblemCodeUnknownStore:
		return observe.ErrStore
	case apiv1.ProblemCodeCancelled:
		return observe.ErrCancelled
	case apiv1.ProblemCodeNotReady, apiv1.ProblemCodeOverloaded, apiv1.ProblemCodeRateLimited, apiv1.ProblemCodeUnauthorized, apiv1.ProblemCodeForbidden:
		return observe.ErrRefused
	default:
		return observe.ErrInvalid
	}
}

// appendProblem appends p as JSON.
func appendProblem(dst []byte, p *apiv1.Problem) []byte {
	out, err := json.Marshal(p, json.Deterministic(true))
	if err != nil { // strings only; cannot happen
		return append(dst, `{"type":"about:blank","title":"Internal Server Error","status":500,"code":"internal","request_id":""}`...)
	}
	return append(dst, out...)
}
