package guard_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/replyguard/replyguard/configs"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/policy"
)

// faulty is a request whose reply and conversation bring conditions into play.
func faulty() guard.Input {
	return guard.Input{
		Reply:        "亲，小金额没有发票，可以提供收据，不支持货到付款",
		Conversation: guard.Conversation{Messages: []guard.Message{{Text: "在吗"}, {Text: "有发票吗，可以货到付款吗"}}},
	}
}

// wantFault checks that err tells of a fault and of nothing else.
func wantFault(t *testing.T, err error, runtimeError bool) {
	t.Helper()
	f, ok := errors.AsType[*guard.FaultError](err)
	if !ok || !errors.Is(err, guard.ErrInternal) {
		t.Fatalf("error %v, want a fault", err)
	}
	if (f.Cause != nil) != runtimeError || len(f.Stack) == 0 {
		t.Errorf("cause %v and %d bytes of stack", f.Cause, len(f.Stack))
	}
	if strings.Contains(err.Error(), "发票") || strings.Contains(string(f.Stack), "发票") {
		t.Error("the fault quotes the request")
	}
}

// TestFault panics at every stage of a check and in its conditions, and looks
// at whether the same guard judges as before afterwards.
func TestFault(t *testing.T) {
	pack, err := policy.Load(configs.Pack)
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range []string{"conversation", "text", "match", "claim", "rule", "rewrite"} {
		fail := false
		g, err := guard.New(pack, guard.Config{Observe: func(s string, _ time.Duration) {
			if fail && s == stage {
				fail = false
				panic("was said: " + faulty().Reply)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		want, err := g.Check(t.Context(), faulty())
		if err != nil {
			t.Fatal(err)
		}
		fail = true
		for range 20 { // one of sixteen is timed and so fails
			got, err := g.Check(t.Context(), faulty())
			if err != nil {
				wantFault(t, err, false)
				if d := cmp.Diff(guard.Result{}, got, cmp.AllowUnexported(guard.Rewrite{})); d != "" {
					t.Errorf("%s: a failed check has a result: %s", stage, d)
				}
				continue
			}
			if d := cmp.Diff(want, got, cmp.AllowUnexported(guard.Rewrite{})); d != "" {
				t.Errorf("%s: the check after a fault differs: %s", stage, d)
			}
		}
		if fail {
			t.Errorf("%s: nothing failed", stage)
		}
	}
}

// TestFaultInConditions panics where rules and traps ask for facts.
func TestFaultInConditions(t *testing.T) {
	var none []int
	for name, f := range map[string]func(){
		"value":   func() { panic("was said: " + faulty().Reply) },
		"runtime": func() { none[0]++ },
	} {
		g := builtin(t)
		guard.Break(g, f)
		_, err := g.Check(t.Context(), faulty())
		wantFault(t, err, name == "runtime")
		_, err = g.Traps(t.Context(), faulty())
		wantFault(t, err, name == "runtime")
	}
}
