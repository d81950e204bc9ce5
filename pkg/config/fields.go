package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// field declares one setting.
type field struct {
	path   string // as in the file, with dots
	to     any    // *string, *bool, *int, *float64, *time.Duration or *[]string
	unit   string // "" where the value has none
	help   string // one or more sentences
	check  func(v any) error
	secret bool // never printed
}

// section is the comment above a block of fields.
type section struct{ path, help string }

func sections() []section {
	return []section{
		{"policy", "The rules."},
		{"shadow", "Watching without interfering: decisions are counted and logged as they would have been, and callers are told allow."},
		{"limits", "What requests may take. A reply has at most 4000 code points; that is part of the contract and no setting."},
		{"access", "Who may call. Tokens are sent as \"Authorization: Bearer TOKEN\" and kept here as name:SHA-256, made with: printf %s TOKEN | sha256sum"},
		{"tls", "Both files, or none for plain HTTP. They are read again when they change."},
		{"admin", "Calls for operators: /metrics, /-/reload and profiles."},
		{"log", "The service's own log, on standard error. It never holds what was said."},
		{"audit", "The decision log: one JSON line a decision."},
		{"events", "The recent decisions kept in memory for GET /v1/events."},
		{"stop", "The end of the process, on SIGTERM or interrupt."},
	}
}

// fields declares every setting of c, in the order of the file.
func fields(c *Config) []field {
	var all []field
	for _, part := range [][]field{
		topFields(c), policyFields(c), limitFields(c), accessFields(c), adminFields(c), logFields(c), auditFields(c), stopFields(c),
	} {
		all = append(all, part...)
	}
	return all
}

func topFields(c *Config) []field {
	return []field{
		{path: "listen", to: &c.Listen, check: address, help: "Address of the API, host:port. Beyond loopback it needs access.tokens, or access.insecure."},
		{path: "on_error", to: &c.OnError, check: oneOf("allow", "block"), help: "What callers are told to do with a reply that could not be judged because of a fault: allow or block."},
	}
}

func policyFields(c *Config) []field {
	return []field{
		{path: "policy.dir", to: &c.Policy.Dir, help: "Folder with pack.yaml, lexicon/, rules/ and stores/. Empty: the built-in pack."},
		{path: "policy.watch", to: &c.Policy.Watch, help: "Reload when a file of the folder changes. SIGHUP and POST /-/reload work in any case."},
		{path: "policy.verify", to: &c.Policy.Verify, help: "Run the examples of the rules before a folder's rules take force. The built-in pack is verified when it is built."},
		{path: "policy.platform", to: &c.Policy.Platform, check: oneOf("tmall", "taobao", "1688"), help: "Platform of requests that name none: tmall, taobao or 1688."},
		{path: "shadow.all", to: &c.Shadow.All, help: "For everybody."},
		{path: "shadow.stores", to: &c.Shadow.Stores, help: "For these stores."},
	}
}

func limitFields(c *Config) []field {
	l := &c.Limits
	return []field{
		{path: "limits.body_bytes", to: &l.BodyBytes, unit: "bytes", check: between(1<<10, 16<<20), help: "Longest request body, and longest line of a batch."},
		{path: "limits.header_bytes", to: &l.HeaderBytes, unit: "bytes", check: between(1<<10, 1<<20), help: "Longest request header."},
		{path: "limits.concurrent", to: &l.Concurrent, check: between(0, 1<<16), help: "Checks at work at once. 0: 16 a processor."},
		{path: "limits.queue", to: &l.Queue, check: between(0, 1<<20), help: "Checks that may wait for their turn; further ones are answered 429 at once. 0: four times limits.concurrent."},
		{path: "limits.queue_wait", to: &l.QueueWait, unit: "duration", check: span(time.Millisecond, time.Minute), help: "Longest wait before 429."},
		{path: "limits.rate_per_second", to: &l.RatePerSecond, check: share(1e6), help: "Requests a token may send a second on average; without tokens, all callers together. 0: no limit."},
		{path: "limits.rate_burst", to: &l.RateBurst, check: between(0, 1<<20), help: "Requests a token may send at once. 0: twice limits.rate_per_second."},
		{path: "limits.read_timeout", to: &l.ReadTimeout, unit: "duration", check: span(time.Millisecond, time.Hour), help: "Time a client has to send a request. A batch has it for every line."},
		{path: "limits.write_timeout", to: &l.WriteTimeout, unit: "duration", check: span(time.Millisecond, time.Hour), help: "Time a client has to take an answer. A batch and an event stream have it for every line."},
		{path: "limits.idle_timeout", to: &l.IdleTimeout, unit: "duration", check: span(time.Millisecond, 24*time.Hour), help: "Time an unused connection stays open."},
	}
}

func accessFields(c *Config) []field {
	return []field{
		{path: "access.tokens", to: &c.Access.Tokens, check: each(token), help: "Tokens for the API, as name:SHA-256. Several, so that one can be replaced without a gap. Empty: no token is needed."},
		{path: "access.insecure", to: &c.Access.Insecure, help: "Listen beyond loopback without tokens."},
		{path: "access.origins", to: &c.Access.Origins, check: each(origin), help: "Web origins whose pages may call (CORS), such as https://web.example.com; pages on the network may then reach this loopback address."},
		{path: "tls.cert", to: &c.TLS.Cert, help: "Certificate chain, PEM."},
		{path: "tls.key", to: &c.TLS.Key, help: "Private key, PEM."},
	}
}

func adminFields(c *Config) []field {
	return []field{
		{path: "admin.listen", to: &c.Admin.Listen, check: optional(address), help: "Address of their own. Empty: they are served beside the API."},
		{path: "admin.tokens", to: &c.Admin.Tokens, check: each(token), help: "Tokens for them, as name:SHA-256. Empty: no token is needed on loopback, and they are not served beyond it."},
		{path: "admin.pprof", to: &c.Admin.Pprof, help: "Serve /debug/pprof/ too. Only on an address of their own."},
	}
}

func logFields(c *Config) []field {
	return []field{
		{path: "log.level", to: &c.Log.Level, check: oneOf("debug", "info", "warn", "error"), help: "Least level: debug, info, warn or error."},
		{path: "log.format", to: &c.Log.Format, check: oneOf("auto", "json", "console"), help: "json, console (for people), or auto: console on a terminal."},
		{path: "log.path", to: &c.Log.Path, help: "File to write to in place of standard error, rotated at 100 MB with 5 kept. A service of Windows has no standard error."},
		{path: "log.access", to: &c.Log.Access, help: "Write a line for every request."},
	}
}

func auditFields(c *Config) []field {
	a := &c.Audit
	return []field{
		{path: "audit.sink", to: &a.Sink, check: oneOf("off", "stdout", "file"), help: "off, stdout or file."},
		{path: "audit.path", to: &a.Path, help: "The file, for sink file."},
		{path: "audit.max_mb", to: &a.MaxMB, unit: "MB", check: between(1, 1<<20), help: "Size at which the file is rotated."},
		{path: "audit.max_files", to: &a.MaxFiles, check: between(0, 1<<16), help: "Rotated files kept. 0: all."},
		{path: "audit.max_days", to: &a.MaxDays, check: between(0, 1<<16), help: "Days that rotated files are kept. 0: for ever."},
		{path: "audit.compress", to: &a.Compress, help: "Compress rotated files."},
		{path: "audit.text", to: &a.Text, check: oneOf("off", "masked", "full"), help: "The reply's text in the log and in events: off; masked, with numbers, ids, addresses and names replaced; or full."},
		{path: "audit.sample_allow", to: &a.SampleAllow, check: share(1), help: "Share of the allowed replies that is logged, 0 to 1. Every warning and block is."},
		{path: "audit.queue", to: &a.Queue, check: between(1, 1<<20), help: "Decisions that may wait to be written; further ones are dropped and counted. Writing never delays an answer."},
		{path: "audit.hash_key", to: &a.HashKey, secret: true, help: "Key of the hashes that stand for conversations and agents. Empty: a new one for every start, so that hashes can't be compared over restarts. Better given as an environment variable."},
		{path: "events.keep", to: &c.Events.Keep, check: between(0, 1<<20), help: "Decisions kept. 0: none."},
	}
}

func stopFields(c *Config) []field {
	return []field{
		{path: "stop.drain", to: &c.Stop.Drain, unit: "duration", check: span(0, 10*time.Minute), help: "Time to answer on while /readyz already says no, so that load balancers notice."},
		{path: "stop.timeout", to: &c.Stop.Timeout, unit: "duration", check: span(0, 10*time.Minute), help: "Time that requests at work then have to finish."},
	}
}

// EnvName returns the environment variable of the setting called path.
func EnvName(path string) string {
	return "REPLYGUARD_" + strings.ToUpper(strings.ReplaceAll(path, ".", "_"))
}

// parse reads text, from the environment or the command line, as a value of
// f's type. Lists are separated by commas.
func (f *field) parse(text string) (any, error) {
	text = strings.TrimSpace(text)
	switch f.to.(type) {
	case *string:
		return text, nil
	case *bool:
		v, err := strconv.ParseBool(text)
		return v, want(err, "true or false")
	case *int:
		v, err := strconv.Atoi(text)
		return v, want(err, "a whole number")
	case *float64:
		v, err := strconv.ParseFloat(text, 64)
		return v, want(err, "a number")
	case *time.Duration:
		v, err := time.ParseDuration(text)
		return v, want(err, "a duration such as 100ms, 10s or 2m")
	case *[]string:
		return splitList(text), nil
	}
	return nil, fmt.Errorf("settings of type %T are not supported", f.to)
}

// want replaces err, if there is one, by what was wanted.
func want(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("want %s", what)
}

func splitList(text string) []string {
	list := []string{}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// set stores v, a value of f's type.
func (f *field) set(v any) error {
	ok := true
	switch to := f.to.(type) {
	case *string:
		*to, ok = v.(string)
	case *bool:
		*to, ok = v.(bool)
	case *int:
		*to, ok = v.(int)
	case *float64:
		*to, ok = v.(float64)
	case *time.Duration:
		*to, ok = v.(time.Duration)
	case *[]string:
		*to, ok = v.([]string)
	}
	if !ok {
		return fmt.Errorf("%s: a value of type %T", f.path, v)
	}
	return nil
}

// get returns the stored value.
func (f *field) get() any {
	switch to := f.to.(type) {
	case *string:
		return *to
	case *bool:
		return *to
	case *int:
		return *to
	case *float64:
		return *to
	case *time.Duration:
		return *to
	case *[]string:
		return *to
	}
	return nil
}
