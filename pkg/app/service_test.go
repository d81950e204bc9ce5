package app_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// TestDecisionLog: every block is in the file when Stop has returned, without
// what was said, and with it masked where that is asked for.
func TestDecisionLog(t *testing.T) {
	for text, want := range map[string]string{"off": "", "masked": "没有发票，加〔号码〕", "full": "没有发票，加13800138000"} {
		path := filepath.Join(t.TempDir(), "decisions.jsonl")
		s := run(t, map[string]string{"audit.sink": "file", "audit.path": path, "audit.text": text, "audit.sample_allow": "1", "audit.hash_key": "k"})
		for range 20 {
			s.check("没有发票，加13800138000")
		}
		s.check("您好")
		c := s.check("没有发票，加13800138000")
		if status, body, err := post(t.Context(), s.base+"/v1/feedback", `{"id":"`+c.Id+`","action":"false_positive"}`); status != 202 || err != nil {
			t.Errorf("feedback: %d %s %v", status, body, err)
		}
		s.stop()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(b)), "\n")
		if len(lines) != 23 {
			t.Fatalf("%d lines, want 23", len(lines))
		}
		var line map[string]any
		if err := json.Unmarshal([]byte(lines[21]), &line); err != nil {
			t.Fatal(err)
		}
		got, _ := line["text"].(string)
		if got != want || line["decision"] != "block" || line["id"] != c.Id || line["kind"] != "decision" {
			t.Errorf("text %s: %s", text, lines[21])
		}
		if !strings.Contains(lines[22], `"kind":"feedback"`) || !strings.Contains(lines[22], `"rules":["invoice.refuse"]`) {
			t.Errorf("feedback: %s", lines[22])
		}
		if strings.Contains(s.log.String(), "没有") {
			t.Error("the service's log holds a reply")
		}
	}
}

func TestDecisionLogToStdout(t *testing.T) {
	s := run(t, map[string]string{"audit.sink": "stdout"})
	s.check("没有发票")
	s.stop()
	if out := s.out.String(); strings.Count(out, "\n") != 1 || !strings.Contains(out, `"kind":"decision"`) {
		t.Errorf("stdout: %s", out)
	}
}

// TestShadowStores: what is watched is told allow, and counted as it would
// have been.
func TestShadowStores(t *testing.T) {
	s := run(t, map[string]string{"shadow.all": "true"})
	defer s.stop()
	if c := s.check("没有发票"); c.Decision != "allow" {
		t.Errorf("answer = %+v", c)
	}
	if !s.metric(`replyguard_checks_total{decision="block"} 1`) {
		t.Error("the block is not counted")
	}
	if _, body, _ := get(t.Context(), s.base+"/v1/status"); !strings.Contains(string(body), `"shadow":true`) {
		t.Errorf("status: %s", body)
	}
}

func TestTokensOfTheConfiguration(t *testing.T) {
	sum := sha256.Sum256([]byte("sesame"))
	hash := hex.EncodeToString(sum[:])
	s := run(t, map[string]string{"access.tokens": "old:" + strings.Repeat("0", 64) + ",new:" + hash, "admin.tokens": "ops:" + hash})
	defer s.stop()
	if status, _, _ := get(t.Context(), s.base+"/v1/rules"); status != 401 {
		t.Errorf("without a token: %d", status)
	}
	for _, path := range []string{"/v1/rules", "/metrics"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer sesame")
		if status, _, err := do(r); status != 200 || err != nil {
			t.Errorf("%s with the token: %d %v", path, status, err)
		}
	}
}

// events opens the event stream of s and closes it with the test.
func events(t *testing.T, s *service) *bufio.Reader {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.base+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Body.Close() })
	return bufio.NewReader(a.Body)
}

// outlast returns when a request begun now has met the limit on reading it: the
// server has closed its connection, so that every limit of the same length
// that began before is over too.
func outlast(t *testing.T, s *service) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /v1/check HTTP/1.1\r\nHost: replyguard\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took < 100*time.Millisecond {
		t.Fatalf("the server closed after %s, before any limit", took)
	}
}

// TestStopEndsStreams: an open event stream and an open batch do not hold up
// the end of the service.
func TestStopEndsStreams(t *testing.T) {
	s := run(t, nil)
	in := events(t, s)
	if line, err := in.ReadString('\n'); err != nil || line != ": ready\n" {
		t.Fatalf("%q %v", line, err)
	}
	begin := time.Now()
	s.stop()
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("stopping took %s", took)
	}
}

// TestStreamOutlastsTimeouts: the limits on reading a request and writing an
// answer do not end a stream that is alive.
func TestStreamOutlastsTimeouts(t *testing.T) {
	s := run(t, map[string]string{"limits.read_timeout": "150ms", "limits.write_timeout": "150ms"})
	defer s.stop()
	in := events(t, s)
	for _, want := range []string{": ready", "", "event: decision"} {
		if want == "event: decision" {
			outlast(t, s)
			s.check("没有发票")
		}
		if line, err := in.ReadString('\n'); err != nil || strings.TrimSpace(line) != want {
			t.Fatalf("%q, %v; want %q", line, err, want)
		}
	}
}

// pair writes a self-signed certificate for 127.0.0.1 with this serial number.
func pair(t *testing.T, dir string, serial int64) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "replyguard test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCertificateReload serves TLS, takes a new certificate without a restart
// and keeps it where the next one is broken.
func TestCertificateReload(t *testing.T) {
	dir := t.TempDir()
	pair(t, dir, 1)
	s := run(t, map[string]string{"tls.cert": filepath.Join(dir, "cert.pem"), "tls.key": filepath.Join(dir, "key.pem")})
	defer s.stop()
	serial := func() int64 {
		t.Helper()
		d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}
		c, err := d.DialContext(t.Context(), "tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if n := serial(); n != 1 {
		t.Fatalf("serial %d, want 1", n)
	}
	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+s.Addr()+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := client.Do(r)
	if err != nil || a.StatusCode != http.StatusOK || a.Proto != "HTTP/2.0" {
		t.Fatalf("over TLS: %v %v", a, err)
	}
	_ = a.Body.Close()
	client.CloseIdleConnections()

	pair(t, dir, 2)
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(filepath.Join(dir, "key.pem"), later, later); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for serial() != 2 && time.Now().Before(deadline) {
		<-tick.C
	}
	if n := serial(); n != 2 {
		t.Fatalf("serial %d after the change, want 2: %s", n, s.log)
	}
	if err := os.WriteFile(filepath.Join(dir, "cert.pem"), []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(s.log.String(), "can't be used") && time.Now().Before(deadline) {
		if n := serial(); n != 2 {
			t.Fatalf("serial %d with a broken file, want 2", n)
		}
		<-tick.C
	}
	if !strings.Contains(s.log.String(), "can't be used") {
		t.Error("the broken file was not reported")
	}
}
