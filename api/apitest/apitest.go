// Package apitest checks HTTP messages against api/openapi.yaml. Only tests
// import it.
package apitest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// Spec is the loaded and validated contract.
type Spec struct {
	doc    *openapi3.T
	router routers.Router
}

// Dir returns the folder api of the source tree.
func Dir() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(file))
}

// Load reads and validates api/openapi.yaml.
func Load() (*Spec, error) {
	b, err := os.ReadFile(filepath.Join(Dir(), "openapi.yaml"))
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(b)
	if err != nil {
		return nil, err
	}
	doc.Servers = nil // any address
	for _, text := range []string{"application/x-ndjson", "text/event-stream", "text/html"} {
		openapi3filter.RegisterBodyDecoder(text, openapi3filter.PlainBodyDecoder)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		return nil, err
	}
	return &Spec{doc: doc, router: router}, nil
}

// Paths returns every "METHOD path" of the contract.
func (s *Spec) Paths() []string {
	var out []string
	for path, item := range s.doc.Paths.Map() {
		for method := range item.Operations() {
			out = append(out, method+" "+path)
		}
	}
	return out
}

// Schema checks that JSON document b fits the component schema called name.
func (s *Spec) Schema(name string, value any) error {
	ref := s.doc.Components.Schemas[name]
	if ref == nil {
		return fmt.Errorf("no schema %s", name)
	}
	return ref.Value.VisitJSON(value, openapi3.EnableJSONSchema2020(), openapi3.EnableFormatValidation())
}

// Request checks r, whose body is body.
func (s *Spec) Request(r *http.Request, body []byte) error {
	in, err := s.input(r, body)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateRequest(r.Context(), in)
}

// Response checks the answer to r: that the contract lists its status and
// media type, and that the body fits.
func (s *Spec) Response(r *http.Request, status int, header http.Header, body []byte) error {
	in, err := s.input(r, nil)
	if err != nil {
		return err
	}
	listed := in.Route.Operation.Responses.Status(status)
	if listed == nil {
		return fmt.Errorf("%s %s: status %d is not in the contract", r.Method, in.Route.Path, status)
	}
	if len(body) > 0 && listed.Value.Content.Get(header.Get("Content-Type")) == nil {
		return fmt.Errorf("%s %s: status %d with %q is not in the contract", r.Method, in.Route.Path, status, header.Get("Content-Type"))
	}
	return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in,
		Status:                 status,
		Header:                 header,
		Body:                   io.NopCloser(bytes.NewReader(body)),
		Options:                in.Options,
	})
}

func (s *Spec) input(r *http.Request, body []byte) (*openapi3filter.RequestValidationInput, error) {
	route, params, err := s.router.FindRoute(r)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s %s", r.Method, r.URL.Path), err)
	}
	if body != nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			MultiError:            true,
			IncludeResponseStatus: true,
			AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
		},
	}, nil
}
