package corpus_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/corpus"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// scripted answers every reply with what stands under it.
type scripted map[string]guard.Result

func (s scripted) Check(_ context.Context, in guard.Input) (guard.Result, error) {
	r, ok := s[in.Reply]
	if !ok {
		return r, errors.New("unknown reply")
	}
	return r, nil
}

func found(d verdict.Decision, rules ...string) guard.Result {
	r := guard.Result{Decision: d, Score: 90}
	for _, rule := range rules {
		r.Violations = append(r.Violations, guard.Finding{Rule: rule, Decision: d})
	}
	return r
}

const labelled = `{"id":"1","request":{"reply":"hit"},"expect":{"decision":"block","rules":["a.a"],"also":["b.b"]},"tags":["rule","a.a"]}
{"id":"2","request":{"reply":"miss"},"expect":{"decision":"block","rules":["a.a","b.b"],"also":[]},"tags":["rule","a.a"]}

{"id":"3","request":{"reply":"false"},"expect":{"decision":"allow","rules":[],"also":[],"traps":[]},"tags":["free","c.c"]}
{"id":"4","request":{"reply":"fine"},"expect":{"decision":"allow","rules":[],"traps":["trap.x","trap.y"]},"tags":["free","c.c"]}
{"id":"5","request":{"reply":"warned"},"expect":{"decision":"warn","rules":["c.c"]},"tags":["free","c.c"]}
{"id":"6","request":{"reply":"broken"},"expect":{"decision":"warn","rules":["c.c"]},"tags":["free","c.c"]}
`

func figures(t *testing.T) (*corpus.Figures, []corpus.Outcome) {
	t.Helper()
	fine := found(verdict.Allow)
	fine.Traps = []guard.Trap{{Trap: "trap.x"}, {Trap: "trap.z"}}
	wrong := found(verdict.Block, "c.c")
	wrong.Traps = []guard.Trap{{Trap: "trap.x"}}
	g := scripted{
		"hit":  found(verdict.Block, "a.a", "b.b"),
		"miss": found(verdict.Block, "a.a", "d.d", "d.d"),
		"fine": fine, "false": wrong, "warned": found(verdict.Warn, "c.c"),
	}
	cases, err := corpus.ReadCases(strings.NewReader(labelled), "cases")
	if err != nil {
		t.Fatal(err)
	}
	f := corpus.NewFigures()
	var outcomes []corpus.Outcome
	for i := range cases {
		o := corpus.Run(t.Context(), g, &cases[i])
		f.Add(&o)
		outcomes = append(outcomes, o)
	}
	return f, outcomes
}

func TestFigures(t *testing.T) {
	got, outcomes := figures(t)
	want := &corpus.Figures{
		Cases: 6, Errors: 1,
		Accuracy: corpus.Share{N: 4, Of: 6}, Exact: corpus.Share{N: 3, Of: 6},
		BlockRecall: corpus.Share{N: 2, Of: 2}, BlockPrecision: corpus.Share{N: 2, Of: 3},
		WarnRecall: corpus.Share{N: 1, Of: 2}, WarnPrecision: corpus.Share{N: 1, Of: 1},
		FalseBlocks: corpus.Share{N: 1, Of: 2}, FalseWarns: corpus.Share{N: 0, Of: 2},
		TrapRecall: corpus.Share{N: 1, Of: 2}, FalseTraps: corpus.Share{N: 1, Of: 1},
		RewriteOffered: corpus.Share{N: 0, Of: 3},
		Confusion:      [3][3]int{{1, 0, 1}, {0, 1, 0}, {0, 0, 2}},
		Rules: map[string]*corpus.RuleFigures{
			"a.a": {Expected: 2, Hits: 2}, "b.b": {Expected: 1, Misses: 1},
			"c.c": {Expected: 2, Hits: 1, Misses: 1, False: 1}, "d.d": {False: 1},
		},
		Tags: map[string]*corpus.Share{"rule": {N: 2, Of: 2}, "free": {N: 2, Of: 4}, "a.a": {N: 2, Of: 2}, "c.c": {N: 2, Of: 4}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var failed []string
	for i := range outcomes {
		if outcomes[i].Failed() {
			failed = append(failed, outcomes[i].Case.ID)
		}
	}
	if diff := cmp.Diff([]string{"2", "3", "4", "6"}, failed); diff != "" {
		t.Error(diff)
	}
}

// TestFiguresHoldNoText: the summary can be shown where the cases can't.
func TestFiguresHoldNoText(t *testing.T) {
	f, _ := figures(t)
	var b bytes.Buffer
	corpus.WriteFigures(&b, f)
	for _, text := range []string{"hit", "miss ", "fine", "warned", "broken"} {
		if strings.Contains(strings.ReplaceAll(strings.ReplaceAll(b.String(), "hits", ""), "missed", ""), text) {
			t.Errorf("the figures hold the reply %q:\n%s", text, b.String())
		}
	}
}

func TestReadCasesErrors(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "no id": `{"request":{"reply":"a"},"expect":{"decision":"allow"}}`, "decision": `{"id":"1","request":{"reply":"a"},"expect":{"decision":"maybe"}}`,
		"request": `{"id":"1","request":{"Reply":"a"},"expect":{"decision":"allow"}}`, "json": `{`,
	} {
		if _, err := corpus.ReadCases(strings.NewReader(text), name); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestShareOfNothing(t *testing.T) {
	if s := (corpus.Share{}); s.Value() != 1 || s.String() != "– (0)" {
		t.Errorf("%v %s", s.Value(), s)
	}
}
