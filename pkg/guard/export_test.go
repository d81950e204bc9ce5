package guard

import "github.com/replyguard/replyguard/pkg/policy"

// InputOf makes the request of a rule's example.
func InputOf(e *policy.Example) (Input, error) {
	reply, _ := unmark(e.Seller)
	return exampleInput(e, reply)
}
