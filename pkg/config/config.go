// Package config reads the configuration of the service: one strict YAML file,
// environment variables over it, command-line settings over both. Every
// mistake is reported at once, each with the place it comes from.
//
// Every field is declared once, in fields.go, with its default, unit and
// meaning; the commented file configs/replyguard.yaml and the table of the
// README are generated from there.
package config

import "time"

// Config is the whole configuration. A Config that Load returned is valid; it
// is plain data and must not be changed once shared.
type Config struct {
	Listen  string
	OnError string
	Policy  Policy
	Shadow  Shadow
	Limits  Limits
	Access  Access
	TLS     TLS
	Admin   Admin
	Log     Log
	Audit   Audit
	Events  Events
	Stop    Stop
}

// Policy says where the rules come from.
type Policy struct {
	Dir      string
	Watch    bool
	Verify   bool
	Platform string
}

// Shadow says for whom decisions are only counted and logged.
type Shadow struct {
	All    bool
	Stores []string
}

// Limits bound what requests may take.
type Limits struct {
	BodyBytes     int
	HeaderBytes   int
	Concurrent    int
	Queue         int
	QueueWait     time.Duration
	RatePerSecond float64
	RateBurst     int
	ReadTimeout   time.Duration
	WriteTimeout  time.Duration
	IdleTimeout   time.Duration
}

// Access says who may call.
type Access struct {
	Tokens   []string // name:sha256-hex
	Insecure bool
	Origins  []string
}

// TLS names the certificate.
type TLS struct {
	Cert, Key string
}

// Admin is about the calls for operators.
type Admin struct {
	Listen string
	Tokens []string // name:sha256-hex
	Pprof  bool
}

// Log is about the service's own log.
type Log struct {
	Level  string
	Format string
	Path   string
	Access bool
}

// Audit is about the decision log.
type Audit struct {
	Sink        string
	Path        string
	MaxMB       int
	MaxFiles    int
	MaxDays     int
	Compress    bool
	Text        string
	SampleAllow float64
	Queue       int
	HashKey     string
}

// Events is about the decisions kept in memory.
type Events struct {
	Keep int
}

// Stop is about the end of the process.
type Stop struct {
	Drain   time.Duration
	Timeout time.Duration
}

// Default returns the configuration without any file, variable or flag.
func Default() *Config {
	return &Config{
		Listen:  "127.0.0.1:8787",
		OnError: "block",
		Policy:  Policy{Watch: true, Verify: true, Platform: "tmall"},
		Limits: Limits{
			BodyBytes: 256 << 10, HeaderBytes: 16 << 10,
			QueueWait:   100 * time.Millisecond,
			ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		},
		Log:    Log{Level: "info", Format: "auto", Access: true},
		Audit:  Audit{Sink: "off", Path: "replyguard-decisions.jsonl", MaxMB: 100, MaxFiles: 10, MaxDays: 90, Compress: true, Text: "off", SampleAllow: 0.01, Queue: 4096},
		Events: Events{Keep: 1000},
		Stop:   Stop{Timeout: 10 * time.Second},
	}
}
