package guard

import "github.com/replyguard/replyguard/pkg/policy"

// InputOf makes the request of a rule's example.
func InputOf(e *policy.Example) (Input, error) {
	reply, _ := unmark(e.Seller)
	return exampleInput(e, reply)
}

// Break makes every condition that rules ask for call f, so that what the
// engine does in the middle of a check can be chosen.
func Break(g *Guard, f func()) {
	for i := range g.base.tests {
		g.base.tests[i] = func(*situation) bool { f(); return false }
	}
}
