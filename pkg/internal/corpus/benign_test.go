package corpus_test

import (
	"os"
	"testing"

	"github.com/replyguard/replyguard/configs"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/corpus"
	"github.com/replyguard/replyguard/pkg/policy"
)

// maxBenignWarns bounds the share of harmless replies that the guard may warn
// about; it may block none.
const maxBenignWarns = 0.02

// TestBenign runs the shipped rules over invented dialogues of many shops, in
// all of which the agent says nothing that POLICY.md objects to.
func TestBenign(t *testing.T) {
	const name = "testdata/benign.jsonl"
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dialogues, err := corpus.ReadDialogues(f, name)
	if err != nil {
		t.Fatal(err)
	}
	pack, err := policy.Load(configs.Pack)
	if err != nil {
		t.Fatal(err)
	}
	g, err := guard.New(pack, guard.Config{})
	if err != nil {
		t.Fatal(err)
	}

	tally := corpus.NewTally()
	for i := range dialogues {
		tally.Run(t.Context(), g, "", &dialogues[i], func(f *corpus.Flagged) {
			t.Logf("%s: %v by %s: %s", f.ID, f.Result.Decision, f.Result.Violations[0].Rule, f.Input.Reply)
		})
	}
	if tally.Errors > 0 {
		t.Errorf("%d of %d replies got no decision", tally.Errors, tally.Replies)
	}
	if tally.Blocks > 0 {
		t.Errorf("%d of %d harmless replies are blocked, want none", tally.Blocks, tally.Replies)
	}
	if most := int(maxBenignWarns * float64(tally.Replies)); tally.Warns > most {
		t.Errorf("%d of %d harmless replies are warned about, want at most %d", tally.Warns, tally.Replies, most)
	}
}
