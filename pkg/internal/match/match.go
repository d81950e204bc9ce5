// Package match finds every term of a lexicon in a text, in one pass.
//
// It is an Aho–Corasick automaton over runes. A hit is reported for every
// occurrence of every term, overlapping ones and ones inside others included;
// which of them count is the reader's business. Hits come ordered by their
// end, and among those with the same end the longest comes first.
//
// Matching is by rune, exactly: both sides have to be in the normal form of
// package text. What stood between the runes is not looked at.
package match

import (
	"fmt"
	"slices"
)

// A Hit is one occurrence of a term.
type Hit struct {
	Term       int32 // the term's index in what Compile was given
	Start, End int32 // rune indexes into the text, half open
}

// An Automaton finds the terms that it was compiled from. It is immutable and
// safe for concurrent use. The zero Automaton finds nothing.
type Automaton struct {
	classes classes
	nodes   []node   // the double array; node 0 is the root
	outputs []output // 0 is unused
}

// A node is a state of the automaton: a prefix of a term. The child by class
// c is at base+c if that node's check is this node.
type node struct {
	base, check int32
	fail        int32 // the longest proper suffix that is a prefix of a term
	output      int32 // the first of the terms that end here, 0 for none
}

// An output is a term that ends in a state, and the next shorter one.
type output struct {
	term, length, next int32
}

// Compile builds the automaton of terms, which it does not keep. A hit's Term
// is the index in terms. An empty term or one that occurs twice is an error,
// which names it by its index. No terms make an automaton that finds nothing.
func Compile(terms [][]rune) (*Automaton, error) {
	if len(terms) == 0 {
		return &Automaton{}, nil
	}
	order := make([]int32, len(terms))
	for i := range terms {
		if len(terms[i]) == 0 {
			return nil, fmt.Errorf("term %d is empty", i)
		}
		order[i] = int32(i)
	}
	b := newBuilder(terms)
	b.sort(order)
	for k := 1; k < len(order); k++ {
		if i, j := order[k-1], order[k]; slices.Equal(terms[i], terms[j]) {
			return nil, fmt.Errorf("term %d is the same as term %d", j, i)
		}
	}
	b.order = order
	return b.build(), nil
}

// AppendHits appends every occurrence of every term in runes to dst, ordered
// by End, then longest first. It allocates only where dst has no room.
func (a *Automaton) AppendHits(dst []Hit, runes []rune) []Hit {
	nodes := a.nodes
	if len(nodes) == 0 {
		return dst
	}
	state := int32(0)
	for i, r := range runes {
		c := a.classes.of(r)
		if c == 0 { // in no term
			state = 0
			continue
		}
		for {
			next := nodes[state].base + c
			if uint(next) < uint(len(nodes)) && nodes[next].check == state {
				state = next
				break
			}
			if state == 0 {
				break
			}
			state = nodes[state].fail
		}
		for o := nodes[state].output; o != 0; {
			out := &a.outputs[o]
			dst = append(dst, Hit{Term: out.term, Start: int32(i+1) - out.length, End: int32(i + 1)})
			o = out.next
		}
	}
	return dst
}
