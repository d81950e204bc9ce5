package policy

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// brackets says what an example's reply must hold.
type brackets uint8

const (
	mustMark  brackets = iota // evidence is marked: violates
	noMarks                   // complies
	buyerOnly                 // examples of traps, which have no reply
)

// examples returns a reader of the examples of rule r.
func (f *file) examples(r *Rule) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.object(n, "examples",
			need("violates", f.exampleList(&r.Examples.Violates, "violates", r.ID, mustMark)),
			need("complies", f.exampleList(&r.Examples.Complies, "complies", r.ID, noMarks)))
	}
}

func (f *file) exampleList(dst *[]Example, what, rule string, b brackets) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.eachOrOne(n, what, func(c *yaml.Node) {
			e := Example{Pos: f.pos(c)}
			if f.example(&e, c, rule, b) {
				*dst = append(*dst, e)
			}
		})
	}
}

func (f *file) example(e *Example, n *yaml.Node, rule string, b brackets) bool {
	if n.Kind == yaml.ScalarNode {
		return f.shortExample(e, n, b)
	}
	hasReply := valueOf(n, "reply") != ""
	reply := func(v *yaml.Node) {
		f.str(&e.Seller, "reply")(v)
		f.checkBrackets(v, e.Seller, b)
	}
	turn := func(buyer bool) func(*yaml.Node) {
		return func(v *yaml.Node) {
			if !buyer && !hasReply && b != buyerOnly {
				reply(v)
				return
			}
			f.message(&e.Messages, v, buyer)
		}
	}
	keys := []key{
		may("messages", func(v *yaml.Node) { f.messages(&e.Messages, v) }),
		may("buyer", turn(true)),
		may("seller", turn(false)),
		may("facts", f.record(&e.Facts, "facts", factShape())),
		may("order", f.record(&e.Order, "order", orderShape())),
		may("chat", f.record(&e.Chat, "chat", chatShape())),
		may("platform", f.platform(&e.Platform)),
	}
	if b != buyerOnly {
		keys = append(keys, may("reply", reply), may("also", f.ruleRefs(&e.Also, "also", rule)))
	}
	if b == mustMark {
		keys = append(keys, may("decision", f.optionalDecision(&e.Decision)))
	}
	if !f.object(n, "the example", keys...) {
		return false
	}
	f.checkTurns(n, b)
	return true
}

// shortExample reads an example that is nothing but a text: the reply, or the
// buyer's message in a trap's example.
func (f *file) shortExample(e *Example, n *yaml.Node, b brackets) bool {
	if b == buyerOnly {
		f.message(&e.Messages, n, true)
		return len(e.Messages) > 0
	}
	f.str(&e.Seller, "example")(n)
	f.checkBrackets(n, e.Seller, b)
	return e.Seller != ""
}

// checkTurns reports examples that say nothing or say it twice.
func (f *file) checkTurns(n *yaml.Node, b brackets) {
	messages, buyer, seller := hasKey(n, "messages"), hasKey(n, "buyer"), hasKey(n, "seller")
	reply := hasKey(n, "reply")
	switch {
	case messages && (buyer || seller && (reply || b == buyerOnly)):
		f.errorf(n, "the example has messages besides buyer or seller; write all turns below messages")
	case b != buyerOnly && !reply && !seller:
		f.errorf(n, "the example has no reply")
	case b == buyerOnly && !messages && !buyer && !hasKey(n, "order"):
		f.errorf(n, "a trap's example needs messages or an order")
	}
}

// messages reads a list of {buyer: …} and {seller: …}.
func (f *file) messages(dst *[]ExampleMessage, n *yaml.Node) {
	f.each(n, "messages", func(c *yaml.Node) {
		if c.Kind == yaml.MappingNode && len(c.Content) != 2 {
			f.errorf(c, "a message has one key, buyer or seller")
			return
		}
		f.object(c, "the message",
			may("buyer", func(v *yaml.Node) { f.message(dst, v, true) }),
			may("seller", func(v *yaml.Node) { f.message(dst, v, false) }))
	})
}

func (f *file) message(dst *[]ExampleMessage, n *yaml.Node, buyer bool) {
	var s string
	f.str(&s, "message")(n)
	if s == "" {
		return
	}
	if i := strings.Index(s, "[["); i >= 0 {
		f.errorAt(f.inside(n, runes(s[:i])), "[[ ]] marks evidence in the reply, not in a message")
	}
	*dst = append(*dst, ExampleMessage{Buyer: buyer, Text: s})
}

// checkBrackets reports marks in text that are not in pairs, are empty, are
// missing or must not be there.
func (f *file) checkBrackets(n *yaml.Node, text string, b brackets) {
	at, open, marks := 0, -1, 0
	bad := func(format string) { f.errorAt(f.inside(n, runes(text[:at])), "%s", format) }
	for at < len(text) {
		i := nextMark(text[at:])
		if i < 0 {
			break
		}
		at += i
		switch {
		case text[at] == '[' && open >= 0:
			bad("[[ inside [[ ]]: evidence cannot be nested")
			return
		case text[at] == '[':
			open = at
		case open < 0:
			bad("]] without [[ before it")
			return
		case strings.TrimSpace(text[open+2:at]) == "":
			bad("[[ ]] marks nothing")
			return
		default:
			open = -1
			marks++
		}
		at += 2
	}
	switch {
	case open >= 0:
		at = open
		bad("[[ without ]] after it")
	case text == "":
	case marks == 0 && b == mustMark:
		f.errorf(n, "mark the evidence of the violation with [[ ]]")
	case marks > 0 && b == noMarks:
		at = strings.Index(text, "[[")
		bad("a complying example has no evidence: delete [[ ]]")
	}
}

// nextMark returns the index of the first [[ or ]] in s, or -1.
func nextMark(s string) int {
	i, j := strings.Index(s, "[["), strings.Index(s, "]]")
	if i < 0 || j >= 0 && j < i {
		return j
	}
	return i
}

func runes(s string) int { return utf8.RuneCountInString(s) }
