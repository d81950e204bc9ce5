// Package verdict is the vocabulary in which the guard answers: decisions,
// spans, penalties and the thresholds between them. It imports nothing of the
// project and holds no behaviour beyond naming, ordering and parsing.
package verdict

import "fmt"

// Decision is what the guard advises for a reply or for one rule's finding.
// The zero value is Allow. Decisions are ordered: Allow < Warn < Block.
type Decision uint8

// The three decisions of POLICY.md.
const (
	Allow Decision = iota // nothing to object to; score 0–39
	Warn                  // depends on a fact, a promise, or poor service; score 40–79
	Block                 // a complaint with this message would be upheld; score 80–100
)

// Score bounds of the decisions, inclusive, from POLICY.md.
const (
	MinWarnScore  = 40
	MaxWarnScore  = 79
	MinBlockScore = 80
	MaxScore      = 100
)

// String returns "allow", "warn" or "block".
func (d Decision) String() string {
	switch d {
	case Allow:
		return "allow"
	case Warn:
		return "warn"
	case Block:
		return "block"
	}
	return fmt.Sprintf("Decision(%d)", uint8(d))
}

// MarshalText writes the name of d.
func (d Decision) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText accepts exactly the names that String returns.
func (d *Decision) UnmarshalText(b []byte) error {
	v, err := ParseDecision(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// ParseDecision returns the decision called s: "allow", "warn" or "block".
func ParseDecision(s string) (Decision, error) {
	for d := Allow; d <= Block; d++ {
		if d.String() == s {
			return d, nil
		}
	}
	return Allow, fmt.Errorf("decision %q: want allow, warn or block", s)
}

// Mode says whether a rule's findings count.
type Mode uint8

// Modes of a rule.
const (
	Enforce Mode = iota // findings decide
	Shadow              // findings are reported as shadowed and counted, and never decide
)

// String returns "enforce" or "shadow".
func (m Mode) String() string {
	if m == Shadow {
		return "shadow"
	}
	return "enforce"
}

// Platform is one of the marketplaces whose penalties are known.
type Platform string

// The platforms of POLICY.md.
const (
	Tmall  Platform = "tmall"
	Taobao Platform = "taobao"
	B1688  Platform = "1688"
)

// ParsePlatform returns the platform called s.
func ParsePlatform(s string) (Platform, error) {
	switch p := Platform(s); p {
	case Tmall, Taobao, B1688:
		return p, nil
	}
	return "", fmt.Errorf("platform %q: want tmall, taobao or 1688", s)
}

// Offsets is the unit in which spans of the original reply are given.
type Offsets uint8

// Offset units of CONTRACT.md.
const (
	CodePoint Offsets = iota // Unicode code points, the default
	UTF16                    // UTF-16 code units, as JavaScript counts
	Byte                     // bytes of UTF-8
)

// ParseOffsets returns the unit called s: "codepoint", "utf16" or "byte".
func ParseOffsets(s string) (Offsets, error) {
	switch s {
	case "codepoint":
		return CodePoint, nil
	case "utf16":
		return UTF16, nil
	case "byte":
		return Byte, nil
	}
	return CodePoint, fmt.Errorf("offsets %q: want codepoint, utf16 or byte", s)
}

// Span is a half-open range [Start, End) of the original reply.
// Its unit is the one the request asked for.
type Span struct {
	Start, End int
}

// Penalty is what one source says a violation costs on one platform.
type Penalty struct {
	Platform Platform // the platform the figure is for
	Points   int      // violation points
	Kind     string   // "general" or "serious"
	Money    string   // further payment in words, in CNY; empty where there is none
	Basis    string   // the violation's name in the platform's rules, such as 违背承诺
	Source   string   // the document the figure comes from
	Year     int      // the document's year
}

// Exposure says which penalty node a message would reach for a shop whose
// points so far are known.
type Exposure struct {
	Kind        string // "general" or "serious"
	Before      int    // points so far
	After       int    // points when this message is upheld
	Node        int    // the node reached or crossed; 0 where none is
	Consequence string // what follows at that node, in Chinese; empty where none is
}
