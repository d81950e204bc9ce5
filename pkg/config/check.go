package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// oneOf accepts exactly the names.
func oneOf(names ...string) func(any) error {
	return func(v any) error {
		if s, ok := v.(string); !ok || !slices.Contains(names, s) {
			return fmt.Errorf("want %s", strings.Join(names, ", "))
		}
		return nil
	}
}

// between accepts whole numbers from low to high.
func between(low, high int) func(any) error {
	return func(v any) error {
		if n, ok := v.(int); !ok || n < low || n > high {
			return fmt.Errorf("want %d to %d", low, high)
		}
		return nil
	}
}

// share accepts numbers from 0 to high.
func share(high float64) func(any) error {
	return func(v any) error {
		if f, ok := v.(float64); !ok || !(f >= 0 && f <= high) { // so that NaN is refused
			return fmt.Errorf("want 0 to %g", high)
		}
		return nil
	}
}

// span accepts durations from low to high.
func span(low, high time.Duration) func(any) error {
	return func(v any) error {
		if d, ok := v.(time.Duration); !ok || d < low || d > high {
			return fmt.Errorf("want %s to %s", low, high)
		}
		return nil
	}
}

// each checks every item of a list.
func each(check func(string) error) func(any) error {
	return func(v any) error {
		items, ok := v.([]string)
		if !ok {
			return errors.New("want a list")
		}
		var errs []error
		for i, item := range items {
			if err := check(item); err != nil {
				errs = append(errs, fmt.Errorf("item %d: %w", i+1, err))
			}
		}
		return errors.Join(errs...)
	}
}

// optional accepts the empty string and what check accepts.
func optional(check func(any) error) func(any) error {
	return func(v any) error {
		if v == "" {
			return nil
		}
		return check(v)
	}
}

// address accepts host:port.
func address(v any) error {
	s, ok := v.(string)
	if !ok {
		return errors.New("want host:port")
	}
	if _, err := net.ResolveTCPAddr("tcp", hostless(s)); err != nil {
		return errors.New("want host:port, such as 127.0.0.1:8787")
	}
	return nil
}

// hostless takes the host of an address away, so that checking it needs no
// name server.
func hostless(s string) string {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return s
	}
	return ":" + port
}

// token accepts name:SHA-256 in hexadecimal digits.
func token(s string) error {
	name, sum, found := strings.Cut(s, ":")
	raw, err := hex.DecodeString(sum)
	if !found || name == "" || err != nil || len(raw) != 32 {
		return errors.New("want name:SHA-256, 64 hexadecimal digits; never the token itself")
	}
	return nil
}

// origin accepts a web origin.
func origin(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		return errors.New("want an origin such as https://web.example.com, without a path")
	}
	return nil
}

// IsLoopback reports whether address, a valid host:port, can only be reached
// from this machine.
func IsLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// relations checks what concerns several settings. It returns mistakes with
// the path of the setting to change.
func relations(c *Config) map[string]string {
	bad := map[string]string{}
	if !IsLoopback(c.Listen) && len(c.Access.Tokens) == 0 && !c.Access.Insecure {
		bad["listen"] = "this address can be reached from other machines: set access.tokens, or access.insecure to allow it without"
	}
	if c.Admin.Listen != "" && !IsLoopback(c.Admin.Listen) && len(c.Admin.Tokens) == 0 && !c.Access.Insecure {
		bad["admin.listen"] = "this address can be reached from other machines: set admin.tokens, or access.insecure to allow it without"
	}
	if c.Admin.Pprof && c.Admin.Listen == "" {
		bad["admin.pprof"] = "profiles need an address of their own: set admin.listen"
	}
	if c.Admin.Listen != "" && c.Admin.Listen == c.Listen && !strings.HasSuffix(c.Listen, ":0") {
		bad["admin.listen"] = "the address is the same as listen"
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		bad["tls.cert"] = "tls.cert and tls.key need each other"
	}
	if c.Audit.Sink == "file" && c.Audit.Path == "" {
		bad["audit.path"] = "sink file needs a path"
	}
	return bad
}
