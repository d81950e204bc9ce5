package app_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/pkg/app"
	"github.com/replyguard/replyguard/pkg/config"
)

// plain is a polite reply of 30 characters without any finding.
const plain = "亲您好，这款是纯棉的面料，夏天穿很透气，您平时穿什么尺码呢"

// refusal is a reply with findings, a rewrite and a trap.
const refusal = "亲，小金额没有发票，可以提供收据，下次累积一起开吧"

// client is a connection that sends the same request again and again, as
// cheaply as can be, so that what is measured is the server.
type client struct {
	conn    net.Conn
	in      *bufio.Reader
	request []byte
}

func dial(b *testing.B, addr, body string) *client {
	b.Helper()
	conn, err := new(net.Dialer).DialContext(b.Context(), "tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	return &client{conn: conn, in: bufio.NewReader(conn), request: fmt.Appendf(nil,
		"POST /v1/check HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)}
}

// call sends the request and reads the answer.
func (c *client) call() error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	length := 0
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
			return fmt.Errorf("status line %q", line)
		}
		if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(v))); err != nil {
				return err
			}
		}
		if len(line) == 2 {
			_, err := c.in.Discard(length)
			return err
		}
	}
}

// floor serves what no service can go below: chi, a body read, fixed bytes, on
// a server with the timeouts that the service has.
func floor(b *testing.B) string {
	b.Helper()
	r := chi.NewRouter()
	answer := bytes.Repeat([]byte("x"), 300)
	r.Post("/v1/check", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(answer)
	})
	l, err := new(net.ListenConfig).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	limits := config.Default().Limits
	s := &http.Server{
		Handler: r, ReadHeaderTimeout: limits.ReadTimeout,
		ReadTimeout: limits.ReadTimeout, WriteTimeout: limits.WriteTimeout, IdleTimeout: limits.IdleTimeout,
	}
	go func() { _ = s.Serve(l) }()
	b.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

// full serves the service as it ships: built-in rules, metrics, access lines.
func full(b *testing.B) string {
	b.Helper()
	cfg, err := config.Load(config.Sources{Set: map[string]string{"listen": "127.0.0.1:0"}})
	if err != nil {
		b.Fatal(err)
	}
	a, err := app.New(b.Context(), cfg, app.Options{Log: zerolog.New(io.Discard).With().Timestamp().Logger()})
	if err != nil {
		b.Fatal(err)
	}
	if err := a.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = a.Stop() })
	return a.Addr()
}

// BenchmarkHTTP measures whole calls over loopback, one after the other on one
// connection. The metric of-floor is the share of the floor's requests a
// second that the service reaches, both measured in turns in the same run.
func BenchmarkHTTP(b *testing.B) {
	base, service := floor(b), full(b)
	for name, reply := range map[string]string{"plain": plain, "refusal": refusal} {
		b.Run(name, func(b *testing.B) {
			body := fmt.Sprintf(`{"reply":%q}`, reply)
			least, ours := dial(b, base, body), dial(b, service, body)
			var spent [2]time.Duration
			const turn = 50
			rounds := 0
			for b.Loop() {
				for i, c := range []*client{least, ours} {
					begin := time.Now()
					for range turn {
						if err := c.call(); err != nil {
							b.Fatal(err)
						}
					}
					spent[i] += time.Since(begin)
				}
				rounds++
			}
			n := float64(rounds * turn)
			b.ReportMetric(float64(spent[0].Microseconds())/n, "floor-µs/req")
			b.ReportMetric(float64(spent[1].Microseconds())/n, "µs/req")
			b.ReportMetric(float64(spent[0])/float64(spent[1]), "of-floor")
			b.ReportMetric(0, "ns/op")
		})
	}
}
