package ctl

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

type feedbackCmd struct {
	Export feedbackExportCmd `cmd:"" help:"Turn replies that agents called false positives into candidate examples for the rule files."`
}

type feedbackExportCmd struct {
	Files []string `arg:"" name:"file" help:"Decision logs (audit.sink); - is standard input."`
	Rule  []string `placeholder:"ID" help:"Only these rules."`
}

// logLine is what the export reads of a line of the decision log.
type logLine struct {
	Kind   string   `json:"kind"`
	ID     string   `json:"id"`
	Text   string   `json:"text"`
	Action string   `json:"action"`
	Rules  rulesRef `json:"rules"`
}

// rulesRef is a list of rule ids, or of findings.
type rulesRef []string

// UnmarshalJSON reads both forms.
func (r *rulesRef) UnmarshalJSON(b []byte) error {
	var ids []string
	if json.Unmarshal(b, &ids) == nil {
		*r = ids
		return nil
	}
	var findings []struct {
		Rule string `json:"rule"`
	}
	if err := json.Unmarshal(b, &findings); err != nil {
		return err
	}
	for _, f := range findings {
		*r = append(*r, f.Rule)
	}
	return nil
}

// Run prints YAML: under each rule, the replies to look at and to paste below
// examples.complies. The text is there only where the log keeps it.
func (c *feedbackExportCmd) Run(e *env) error {
	texts, reported, err := c.read(e)
	if err != nil {
		return err
	}
	missing := 0
	for _, rule := range sortedKeys(reported) {
		if len(c.Rule) > 0 && !slices.Contains(c.Rule, rule) {
			continue
		}
		fmt.Fprintf(e.Out, "# %s: called false positives by agents; read each before it goes to examples.complies\n- id: %s\n  complies:\n", rule, rule)
		for _, id := range reported[rule] {
			if texts[id] == "" {
				missing++
				fmt.Fprintf(e.Out, "    # %s: the log has no text\n", id)
				continue
			}
			fmt.Fprintf(e.Out, "    - %s # %s\n", strconv.Quote(texts[id]), id)
		}
	}
	if missing > 0 {
		fmt.Fprintf(e.Err, "replyguard: %d decisions are logged without text; audit.text masked or full keeps it\n", missing)
	}
	return nil
}

// read returns the texts by decision, and the decisions by rule that were
// called false positives, in the order of the log.
func (c *feedbackExportCmd) read(e *env) (texts map[string]string, reported map[string][]string, err error) {
	texts, reported = map[string]string{}, map[string][]string{}
	for _, name := range c.Files {
		in, done, err := e.open(name)
		if err != nil {
			return nil, nil, err
		}
		s := bufio.NewScanner(in)
		s.Buffer(nil, 1<<20)
		for n := 1; s.Scan(); n++ {
			var l logLine
			if err := json.Unmarshal(s.Bytes(), &l); err != nil {
				done()
				return nil, nil, fail(ExitData, fmt.Errorf("%s:%d: no line of a decision log", name, n))
			}
			if l.Kind == "decision" {
				texts[l.ID] = l.Text
			}
			if l.Kind == "feedback" && l.Action == "false_positive" {
				for _, rule := range l.Rules {
					if !slices.Contains(reported[rule], l.ID) {
						reported[rule] = append(reported[rule], l.ID)
					}
				}
			}
		}
		done()
		if err := s.Err(); err != nil {
			return nil, nil, fail(ExitData, fmt.Errorf("%s: %w", name, err))
		}
	}
	return texts, reported, nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// open opens the file called name, or standard input for "-". done closes it.
func (e *env) open(name string) (in io.Reader, done func(), err error) {
	if name == "-" {
		return e.In, func() {}, nil
	}
	f, err := os.Open(name) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, nil, fail(ExitNoInput, err)
	}
	if !strings.HasSuffix(name, ".gz") {
		return f, func() { _ = f.Close() }, nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, nil, fail(ExitData, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close()))
	}
	return z, func() { _, _ = z.Close(), f.Close() }, nil
}
