package httpapi_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/pkg/internal/httpapi"
	"github.com/replyguard/replyguard/pkg/internal/observe"
)

// instant is an engine that takes no time.
type instant struct{ *fakeEngine }

// discard is a response writer that keeps nothing.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// BenchmarkCheck measures everything of a check but the engine, the network
// and net/http: routing, decoding, encoding, metrics and the access line.
func BenchmarkCheck(b *testing.B) {
	m := observe.New(false)
	engine := newEngine()
	m.SetPolicy(engine.Policy())
	h := httpapi.New(httpapi.Options{
		Log: zerolog.New(io.Discard).With().Timestamp().Logger(), Metrics: m,
		Engine: func() httpapi.Engine { return instant{engine} },
	}, true)
	for name, body := range map[string]string{
		"bare": `{"reply":"亲您好，这款是纯棉的面料，夏天穿很透气"}`,
		"chat": `{"reply":"亲，没有发票","platform":"tmall","conversation":{"id":"c-1","agent":"小美","messages":[{"from":"buyer","text":"有发票吗","at":"2026-11-21T10:00:00+08:00"}]},"order":{"amount":"9.30","status":"paid"}}`,
	} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/v1/check", nil)
			r.Header.Set("Content-Type", "application/json")
			r.ContentLength = int64(len(body))
			b.ReportAllocs()
			for b.Loop() {
				r.Body = io.NopCloser(strings.NewReader(body))
				h.ServeHTTP(discard{http.Header{}}, r)
			}
		})
	}
}
