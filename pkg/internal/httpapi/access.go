package httpapi

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/rs/cors"
	"golang.org/x/time/rate"

	"github.com/replyguard/replyguard/pkg/internal/observe"
)

// Token is a bearer token that is accepted. The token itself is known to its
// owner alone.
type Token struct {
	Name string
	hash [sha256.Size]byte
}

// ParseToken reads "name:SHA-256" with the hash in hexadecimal digits.
func ParseToken(s string) (Token, error) {
	name, sum, _ := strings.Cut(s, ":")
	raw, err := hex.DecodeString(sum)
	if err != nil || len(raw) != sha256.Size || name == "" {
		return Token{}, fmt.Errorf("token %q: want name:SHA-256", name)
	}
	t := Token{Name: name}
	copy(t.hash[:], raw)
	return t, nil
}

// find returns the one of tokens that r carries, nil where it carries none of
// them. It takes the same time whichever it is.
func find(r *http.Request, tokens []Token) *Token {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	hash := sha256.Sum256([]byte(strings.TrimSpace(given)))
	var found *Token
	for i := range tokens {
		if subtle.ConstantTimeCompare(hash[:], tokens[i].hash[:]) == 1 {
			found = &tokens[i]
		}
	}
	return found
}

// authenticate lets in who carries one of tokens; without tokens, everybody.
// It keeps each token, or all callers together, to their rate.
func (s *server) authenticate(tokens []Token, limited bool) func(http.Handler) http.Handler {
	rates := s.limiters(tokens, limited)
	return func(next http.Handler) http.Handler {
		if len(tokens) == 0 && rates == nil {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			name := ""
			if len(tokens) > 0 {
				t := find(r, tokens)
				if t == nil {
					s.problem(w, r, errUnauthorized)
					return
				}
				name = t.Name
				callOf(w).token = name
			}
			if l := rates[name]; l != nil && !l.Allow() {
				s.Metrics.Shed(observe.ShedRate)
				s.problem(w, r, errRateLimited)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// limiters returns a limiter by token name; "" stands for all callers where
// there are no tokens. It is nil where there is no limit.
func (s *server) limiters(tokens []Token, limited bool) map[string]*rate.Limiter {
	l := s.Limits
	if !limited || l.Rate <= 0 {
		return nil
	}
	burst := l.Burst
	if burst <= 0 {
		burst = max(1, int(2*l.Rate))
	}
	rates := map[string]*rate.Limiter{"": rate.NewLimiter(rate.Limit(l.Rate), burst)}
	for i := range tokens {
		rates[tokens[i].Name] = rate.NewLimiter(rate.Limit(l.Rate), burst)
	}
	return rates
}

// crossOrigin lets pages of the listed origins call, also from the network to
// this loopback address, for which browsers ask in a preflight of its own.
func (s *server) crossOrigin() func(http.Handler) http.Handler {
	if len(s.Origins) == 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	return cors.New(cors.Options{
		AllowedOrigins:      s.Origins,
		AllowedMethods:      []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders:      []string{"Authorization", "Content-Type", "Accept", "X-Request-Id"},
		ExposedHeaders:      []string{"X-Request-Id", "Retry-After", "Replyguard-On-Error"},
		AllowPrivateNetwork: true,
		MaxAge:              600,
	}).Handler
}

// crossSite turns away what a page of another, unlisted site sends in the name
// of whoever is looking at it: any page may send requests to a loopback
// address, and without tokens they would be recorded like the agent's own.
func (s *server) crossSite() func(http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	for _, o := range s.Origins {
		_ = protection.AddTrustedOrigin(o) // the configuration has checked it
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.problem(w, r, errForbidden)
	}))
	return protection.Handler
}

// localName turns away requests that came here by a name: a page whose own
// name is made to point at this address could read everything. Addresses and
// localhost are let in.
func (s *server) localName(next http.Handler) http.Handler {
	if !s.LocalOnly {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLocalName(r.Host) {
			s.problem(w, r, errForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isLocalName reports whether host, with or without a port, is an address or
// localhost.
func isLocalName(host string) bool {
	if strings.Contains(host, ":") { // else there is no port to cut off
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
	}
	if host == "" || strings.EqualFold(host, "localhost") {
		return true
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}
