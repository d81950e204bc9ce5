// Package guard decides whether a customer-service reply may be sent on
// Wangwang, Alibaba's chat, and proposes a wording that may be sent where it
// may not.
//
// A Guard is compiled from a policy.Pack, the rules and the lexicon that a
// supervisor writes, and judges one reply at a time:
//
//	pack, err := policy.Load(configs.Pack)
//	g, err := guard.New(pack, guard.Config{})
//	res, err := g.Check(ctx, guard.Input{Reply: "亲，小金额没有发票，可以提供收据"})
//
// Result.Decision is verdict.Block: the reply breaks invoice.refuse and
// invoice.receipt_only. Every Finding names its rule, the characters it rests
// on, the penalty on the platform asked about and one Chinese sentence for
// the agent; Result.Rewrite, where there is one, has been checked by the same
// Guard in the same context.
//
// # What a verdict rests on
//
// The reply, the conversation before it, what is known of the shop (Facts or
// the store's profile) and of the order. What is absent is unknown, never
// false: cash on delivery that nothing speaks of counts as offered, because
// refusing it is what costs points.
//
// # What is promised
//
// The same input and the same policy give the same result, byte for byte. No
// error quotes the reply. A mistake of the engine that would be a panic comes
// out of Check and Traps as an error, a *FaultError. Nothing is written, logged,
// counted or remembered: callers do that. A Guard never changes; to change
// the policy, make another one. All methods are safe for concurrent use.
//
// # What is not promised
//
// A false statement that text cannot show (已经给您发货了) is no violation
// here. Pictures, voice and files are not read. Words the lexicon does not
// have are not understood: see DESIGN.md for how a reply is read, and how to
// teach the guard a new way of saying no.
package guard
