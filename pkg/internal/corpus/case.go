// Package corpus reads labelled cases and unlabelled dialogues, runs them
// through a guard and says how it did. It prints nothing and reads no files by
// itself: callers hand it readers and get figures.
package corpus

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/wire"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// maxLine bounds one line of a case or dialogue file, in bytes.
const maxLine = 4 << 20

// ErrNoCases is returned where a file holds nothing to run, so that an empty
// file is never taken for a perfect score.
var ErrNoCases = errors.New("no cases")

// Case is one labelled reply.
type Case struct {
	ID     string
	Input  guard.Input
	Expect Expect
	Tags   []string // Tags[1] is the rule that the case probes
	Note   string
}

// Probes returns the rule that c is about, or "".
func (c *Case) Probes() string {
	if len(c.Tags) < 2 {
		return ""
	}
	return c.Tags[1]
}

// Expect is what POLICY.md says about a case.
type Expect struct {
	Decision       verdict.Decision `json:"decision"`
	Rules          []string         `json:"rules"`            // all must be reported
	Also           []string         `json:"also"`             // may be reported
	Traps          *[]string        `json:"traps"`            // nil: not judged; empty: none may be reported
	RewriteMustNot []string         `json:"rewrite_must_not"` // fragments a rewrite may not hold
}

// ReadCases reads one case a line from r. name is the file's name for errors,
// which give the line and never quote it. A duplicate id is an error.
func ReadCases(r io.Reader, name string) ([]Case, error) {
	var cases []Case
	seen := map[string]bool{}
	err := eachLine(r, name, func(line []byte) error {
		c, err := parseCase(line)
		if err != nil {
			return err
		}
		if seen[c.ID] {
			return fmt.Errorf("the id %s occurs twice", c.ID)
		}
		seen[c.ID] = true
		cases = append(cases, c)
		return nil
	})
	if err == nil && len(cases) == 0 {
		err = fmt.Errorf("%s: %w", name, ErrNoCases)
	}
	return cases, err
}

func parseCase(line []byte) (Case, error) {
	var raw struct {
		ID      string         `json:"id"`
		Request jsontext.Value `json:"request"`
		Expect  Expect         `json:"expect"`
		Tags    []string       `json:"tags"`
		Note    string         `json:"note"`
	}
	if err := json.Unmarshal(line, &raw); err != nil {
		return Case{}, err
	}
	if raw.ID == "" {
		return Case{}, errors.New("the id is missing")
	}
	in, err := wire.DecodeCheck(raw.Request)
	if err != nil {
		return Case{}, fmt.Errorf("request: %w", err)
	}
	return Case{ID: raw.ID, Input: in, Expect: raw.Expect, Tags: raw.Tags, Note: raw.Note}, nil
}

// eachLine calls f for every line of r that is not blank.
func eachLine(r io.Reader, name string, f func(line []byte) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 64<<10), maxLine)
	for n := 1; s.Scan(); n++ {
		if len(s.Bytes()) == 0 {
			continue
		}
		if err := f(s.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
