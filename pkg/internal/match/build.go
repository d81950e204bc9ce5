package match

import (
	"cmp"
	"slices"
)

// free marks a node of the double array that no state uses.
const free = -1

// patience is how many free nodes are tried before the search for room gives
// up on all that it has passed, which bounds the time at the price of holes.
const patience = 32

// A builder turns terms into an automaton: it lays out the tree of their
// prefixes breadth first, then links every state to its longest suffix.
type builder struct {
	classes classes
	terms   [][]int32 // terms as classes
	order   []int32   // terms sorted
	nodes   []node
	outputs []output
	tail    int32 // the last free node

	// hints are where the search for room begins, by the number of children:
	// before it, all is taken or patience has run out.
	hints [16]int32
}

// A span is the state at node, whose prefix is the first depth classes of
// order[lo:hi].
type span struct {
	node, depth int32
	lo, hi      int32
}

func newBuilder(terms [][]rune) *builder {
	b := &builder{classes: number(terms), terms: make([][]int32, len(terms))}
	total := 0
	for _, term := range terms {
		total += len(term)
	}
	all := make([]int32, 0, total)
	b.nodes = make([]node, 0, total) // about as many as are needed; build cuts it to size
	for i, term := range terms {
		from := len(all)
		for _, r := range term {
			all = append(all, b.classes.of(r))
		}
		b.terms[i] = all[from:len(all):len(all)]
	}
	return b
}

// sort orders terms by their classes, equal ones by their index.
func (b *builder) sort(order []int32) {
	// Most terms differ in what fits into one word: three classes of 21 bits.
	heads := make([]uint64, len(b.terms))
	for i, term := range b.terms {
		for j := range 3 {
			heads[i] <<= 21
			if j < len(term) {
				heads[i] |= uint64(term[j])
			}
		}
	}
	slices.SortFunc(order, func(i, j int32) int {
		if heads[i] != heads[j] {
			return cmp.Compare(heads[i], heads[j])
		}
		return cmp.Or(slices.Compare(b.terms[i], b.terms[j]), int(i-j))
	})
}

func (b *builder) build() *Automaton {
	b.outputs = []output{{}}
	b.nodes = append(b.nodes[:0], node{check: free}) // the root, which is nobody's child
	b.grow(int(b.classes.max()) + 2)
	level, next := []span{{hi: int32(len(b.order))}}, []span(nil)
	for len(level) > 0 {
		for _, s := range level {
			from := len(next)
			next = b.place(s, next)
			for _, c := range next[from:] {
				b.link(s, c)
			}
		}
		level, next = next, level[:0]
	}
	b.clear()
	return &Automaton{classes: b.classes, nodes: slices.Clone(b.nodes), outputs: slices.Clone(b.outputs)} // of the right size
}

// class returns the class by which term order[i] goes on from depth.
func (b *builder) class(i, depth int32) int32 { return b.terms[b.order[i]][depth] }

// place gives the children of s their nodes and appends them to dst. A term
// that ends in s is sorted before those that go on.
func (b *builder) place(s span, dst []span) []span {
	lo, from := s.lo, len(dst)
	if int(s.depth) == len(b.terms[b.order[lo]]) {
		lo++
	}
	for i := lo; i < s.hi; {
		j := i + 1
		for j < s.hi && b.class(j, s.depth) == b.class(i, s.depth) {
			j++
		}
		dst = append(dst, span{node: b.class(i, s.depth), depth: s.depth + 1, lo: i, hi: j})
		i = j
	}
	children := dst[from:]
	if len(children) == 0 {
		return dst
	}
	base := b.room(children)
	b.nodes[s.node].base = base
	for i := range children {
		children[i].node += base
		b.take(children[i].node, s.node)
	}
	return dst
}

// room returns a base at which all children, whose node is still their class,
// find a free node.
func (b *builder) room(children []span) int32 {
	first := children[0].node
	for _, c := range children {
		first = min(first, c.node)
	}
	hint := &b.hints[min(len(children), len(b.hints)-1)]
	*hint = b.freeFrom(max(*hint, 1)) // 0 is the root
	at := b.freeFrom(max(*hint, first))
	for tries := 1; ; tries++ {
		if base := at - first; b.fits(base, children) {
			if tries > patience {
				*hint = at
			}
			return base
		}
		at = b.freeAfter(at)
	}
}

// freeFrom returns the first free node from at on.
func (b *builder) freeFrom(at int32) int32 {
	for ; int(at) < len(b.nodes); at++ {
		if b.nodes[at].check == free {
			return at
		}
	}
	b.grow(int(at) + 1)
	return at
}

// freeAfter returns the next free node after the free node at.
func (b *builder) freeAfter(at int32) int32 {
	if b.nodes[at].base == 0 {
		b.grow(len(b.nodes) + 1)
	}
	return b.nodes[at].base
}

func (b *builder) fits(base int32, children []span) bool {
	for _, c := range children {
		at := base + c.node
		b.grow(int(at) + 1)
		if b.nodes[at].check != free {
			return false
		}
	}
	return true
}

// grow makes the array at least n nodes long. Free nodes are a list, forth by
// base and back by fail; 0, which is the root and never free, ends it.
func (b *builder) grow(n int) {
	for at := int32(len(b.nodes)); int(at) < n; at++ {
		b.nodes = append(b.nodes, node{check: free, fail: b.tail})
		if b.tail != 0 {
			b.nodes[b.tail].base = at
		}
		b.tail = at
	}
}

// take makes the free node at a state below parent.
func (b *builder) take(at, parent int32) {
	next, prev := b.nodes[at].base, b.nodes[at].fail
	if next != 0 {
		b.nodes[next].fail = prev
	} else {
		b.tail = prev
	}
	if prev != 0 {
		b.nodes[prev].base = next
	}
	b.nodes[at] = node{check: parent}
}

// clear empties the nodes that stayed free.
func (b *builder) clear() {
	for i := 1; i < len(b.nodes); i++ {
		if b.nodes[i].check == free {
			b.nodes[i] = node{check: free}
		}
	}
}

// link sets the suffix and the outputs of c, a child of s. Every shorter
// state is linked already.
func (b *builder) link(s, c span) {
	n := &b.nodes[c.node]
	class := c.node - b.nodes[s.node].base
	if s.depth > 0 {
		n.fail = b.suffix(b.nodes[s.node].fail, class)
	}
	n.output = b.nodes[n.fail].output
	if term := b.order[c.lo]; int(c.depth) == len(b.terms[term]) {
		b.outputs = append(b.outputs, output{term: term, length: c.depth, next: n.output})
		n.output = int32(len(b.outputs) - 1)
	}
}

// suffix returns the state that class leads to from state or from the first of
// its suffixes that has such a child.
func (b *builder) suffix(state, class int32) int32 {
	for {
		next := b.nodes[state].base + class
		if int(next) < len(b.nodes) && b.nodes[next].check == state {
			return next
		}
		if state == 0 {
			return 0
		}
		state = b.nodes[state].fail
	}
}
