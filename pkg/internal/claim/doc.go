// Package claim reads a reply, in its conversation, into claims: who says of
// what that it is or is not so. Rules judge claims, never words.
//
// # The way of a message
//
// The lexicon's automaton finds every term in the normal form (package text).
// Longest hits from the left remain; a look-alike hides what looks like it
// (QQ糖), an ordinary word hides the single characters in it (直接 and 接), a
// weak term needs support from its surroundings. Numbers join their units,
// and phones, accounts, links and the recipient's data are found by their
// form: all of them are items.
//
// Items and punctuation cut the message into clauses. Each act, and each
// answer that stands alone, is a predication with the negators and modal words
// that govern it: 不可能不给您开 is one act, negated twice. A predication
// finds its topic next to it, or in an earlier clause, or in the seller's own
// previous message, or in what the buyer asked:
//
//	小金额没有发票              {invoice, provide, negative}
//	怎么会没有发票呢            {invoice, provide, positive}
//	不需要您承担税点            {tax, charge, negative}
//	有发票吗 → 没有哦           {invoice, provide, negative, answer}
//	不能用信用卡吧 → 对的       {card, provide, negative, answer}
//	能不走支付宝吗 → 不能       {escrow, provide, positive, answer}
//	邮费我出吗 → 对的           {postage, charge, positive, answer}
//	给发票还是收据 → 后者       {receipt, provide, positive, answer}
//	                            {invoice, provide, negative, answer}
//
// # Polarity of answers
//
// A question is an open claim with an outer polarity, that of its modal word,
// and an inner one, that of what the modal word governs. 对 and 不是 keep or
// turn the outer polarity asked; 可以, 没有 and an act of their own set it.
//
// Persons in the buyer's messages are turned (我 is the buyer), and a turn that
// asks two things has two sides, which ordinals and choices pick from.
//
// A clause that repeats an unknown word of one of several questions answers that
// one; a bare answer that a later clause spells out the other way gives way to
// it; a 没有 or 不是 right before a word for something else (没有第三方, 不是摆设)
// denies that and answers nothing. A single verb taken up from a request grants it
// (划啦 to 给划掉呗). Words in quotation marks that are said to be written somewhere, or
// by somebody else, are mentioned, not said, as is what a clause calls unrelated.
//
// # What is not done
//
// There is no syntax tree and nothing learnt; package classify weighs what is read
// here a second time. A negator before a word that
// the lexicon does not have says nothing, so an unknown way of refusing is
// missed rather than invented; the fix is a term, which serves every rule.
// Only the last turn of the buyer, or an earlier question that he still waits
// for, can be answered.
//
// A Reader is immutable and safe for concurrent use. Spans count significant
// characters of the normal form; text.Text maps them to the original.
package claim
