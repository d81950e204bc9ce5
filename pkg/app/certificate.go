package app

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/replyguard/replyguard/pkg/config"
)

// certificate is a key pair that is read again when its files change. A pair
// that can't be read leaves the one before in use.
type certificate struct {
	files config.TLS
	log   zerolog.Logger

	mu     sync.Mutex
	pair   *tls.Certificate
	states [2]time.Time // of the files, when the pair was read
	looked time.Time
}

// lookAgain is how long handshakes may go on with what was last seen.
const lookAgain = time.Second

// loadCertificate reads the pair; it returns nil where none is configured.
func loadCertificate(files config.TLS, log zerolog.Logger) (*certificate, error) {
	if files.Cert == "" {
		return nil, nil //nolint:nilnil // no certificate is no mistake
	}
	c := &certificate{files: files, log: log}
	if err := c.read(c.times()); err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return c, nil
}

// config returns the settings of a server that uses c.
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current(), nil },
	}
}

// current returns the pair to use, read again where its files have changed.
func (c *certificate) current() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= lookAgain {
		c.looked = now
		if states := c.times(); states != c.states {
			if err := c.read(states); err != nil {
				c.log.Error().Err(err).Msg("the certificate's files have changed and can't be used")
			} else {
				c.log.Info().Msg("certificate loaded")
			}
		}
	}
	return c.pair
}

// read reads the pair, whose files have these states. After an error the
// states are noted too, so that it is reported once.
func (c *certificate) read(states [2]time.Time) error {
	c.states = states
	pair, err := tls.LoadX509KeyPair(c.files.Cert, c.files.Key)
	if err != nil {
		return err
	}
	c.pair = &pair
	return nil
}

// times returns when the files were last changed; zero where they are missing.
func (c *certificate) times() [2]time.Time {
	var states [2]time.Time
	for i, name := range []string{c.files.Cert, c.files.Key} {
		if info, err := os.Stat(name); err == nil {
			states[i] = info.ModTime()
		}
	}
	return states
}
