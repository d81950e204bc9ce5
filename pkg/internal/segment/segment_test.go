package segment

import "testing"

func TestTokensTile(t *testing.T) {
	g, err := New()
	if err != nil {
		t.Fatal(err)
	}
	runes := []rune("亲这款股票没有发票的哦abc123")
	at := 0
	for _, tok := range g.AppendTokens(nil, runes) {
		if tok.Start != at || tok.End <= tok.Start {
			t.Fatalf("token %v does not start at %d", tok, at)
		}
		at = tok.End
		t.Log(string(runes[tok.Start:tok.End]))
	}
	if at != len(runes) {
		t.Errorf("tokens end at %d, want %d", at, len(runes))
	}
}
