package claim

import (
	"fmt"
	"iter"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"github.com/replyguard/replyguard/pkg/policy"
)

// Sense is one meaning that terms, claims and patterns speak of: a declared
// topic, act or cue, a sense built into the reader, or a slot. Sense 0 is none.
type Sense uint16

// maxSenses bounds a vocabulary; Set is sized by it.
const maxSenses = 384

// Set is a set of senses. The zero Set is empty. Sets are values. Its methods are
// written out word by word, for a check calls them thousands of times.
type Set [maxSenses / 64]uint64

var _ [6]uint64 = Set{} // as many words as the methods write out

// Add puts s into the set.
func (x *Set) Add(s Sense) { x[s/64] |= 1 << (s % 64) }

// Remove takes s out of the set.
func (x *Set) Remove(s Sense) { x[s/64] &^= 1 << (s % 64) }

// Has reports whether s is in the set.
func (x *Set) Has(s Sense) bool { return x[s/64]&(1<<(s%64)) != 0 }

// Union adds every sense of y.
func (x *Set) Union(y *Set) {
	x[0] |= y[0]
	x[1] |= y[1]
	x[2] |= y[2]
	x[3] |= y[3]
	x[4] |= y[4]
	x[5] |= y[5]
}

// Meets reports whether x and y share a sense.
func (x *Set) Meets(y *Set) bool {
	return x[0]&y[0]|x[1]&y[1]|x[2]&y[2]|x[3]&y[3]|x[4]&y[4]|x[5]&y[5] != 0
}

// Holds reports whether x has every sense of y.
func (x *Set) Holds(y *Set) bool {
	return y[0]&^x[0]|y[1]&^x[1]|y[2]&^x[2]|y[3]&^x[3]|y[4]&^x[4]|y[5]&^x[5] == 0
}

// Empty reports whether the set has no sense.
func (x *Set) Empty() bool { return x[0]|x[1]|x[2]|x[3]|x[4]|x[5] == 0 }

// And returns the senses in both sets.
func (x *Set) And(y Set) Set {
	for i := range y {
		y[i] &= x[i]
	}
	return y
}

// Len returns the number of senses.
func (x *Set) Len() int {
	n := 0
	for _, w := range x {
		n += bits.OnesCount64(w)
	}
	return n
}

// First returns the lowest sense of the set, or 0.
func (x *Set) First() Sense {
	for i, w := range x {
		if w != 0 {
			return Sense(i*64 + bits.TrailingZeros64(w))
		}
	}
	return 0
}

// Each yields the senses of the set in ascending order.
func (x *Set) Each() iter.Seq[Sense] {
	return func(yield func(Sense) bool) {
		for i, w := range x {
			for w != 0 {
				if !yield(Sense(i*64 + bits.TrailingZeros64(w))) {
					return
				}
				w &= w - 1
			}
		}
	}
}

// Sum returns the sum of what of has for each sense of the set. It overflows as
// sums of hashes do.
func (x *Set) Sum(of []uint32) uint32 {
	var sum uint32
	for i, w := range x {
		for ; w != 0; w &= w - 1 {
			sum += of[i*64+bits.TrailingZeros64(w)]
		}
	}
	return sum
}

// All returns the senses of the set in ascending order.
func (x *Set) All() []Sense {
	var out []Sense
	for i, w := range x {
		for w != 0 {
			out = append(out, Sense(i*64+bits.TrailingZeros64(w)))
			w &= w - 1
		}
	}
	return out
}

// Vocab numbers every sense of a pack. It is immutable after NewVocab.
type Vocab struct {
	names  []string
	byName map[string]Sense
	topics Set
	acts   Set
	about  Set // topics and cues
	is     builtins
}

// NewVocab numbers the builtin senses, the slots and the senses that s
// declares. The order, and so every Sense, is the same for the same names.
func NewVocab(s policy.Senses) (*Vocab, error) {
	v := &Vocab{names: []string{""}, byName: map[string]Sense{}}
	for _, n := range slices.Sorted(maps.Keys(policy.Builtin())) {
		v.add(n)
	}
	for _, n := range slices.Sorted(maps.Keys(policy.Slots())) {
		v.add(n)
	}
	for _, d := range s.Topics {
		t := v.add("topic." + d.ID)
		v.topics.Add(t)
		v.about.Add(t)
	}
	for _, d := range s.Acts {
		v.acts.Add(v.add("act." + d.ID))
	}
	for _, d := range s.Cues {
		v.about.Add(v.add("cue." + d.ID))
	}
	if len(v.names) > maxSenses {
		return nil, fmt.Errorf("%d senses declared: at most %d fit", len(v.names)-1, maxSenses-1)
	}
	v.is = bindBuiltins(v)
	return v, nil
}

func (v *Vocab) add(name string) Sense {
	if s, ok := v.byName[name]; ok {
		return s
	}
	s := Sense(len(v.names))
	v.names = append(v.names, name)
	v.byName[name] = s
	if len(v.names) > maxSenses {
		return Sense(maxSenses - 1) // reported by NewVocab
	}
	return s
}

// Sense returns the sense called name, or 0.
func (v *Vocab) Sense(name string) Sense { return v.byName[name] }

// Len returns one more than the highest sense.
func (v *Vocab) Len() int { return len(v.names) }

// Name returns the name of s, or "" for 0.
func (v *Vocab) Name(s Sense) string { return v.names[s] }

// SetOf returns the set of the named senses, or an error naming the first
// that the vocabulary does not have.
func (v *Vocab) SetOf(names ...string) (Set, error) {
	var out Set
	for _, n := range names {
		s := v.byName[n]
		if s == 0 {
			return Set{}, fmt.Errorf("sense %q is not declared", n)
		}
		out.Add(s)
	}
	return out, nil
}

// Describe lists the senses of x by name, for explanations.
func (v *Vocab) Describe(x Set) string {
	var b strings.Builder
	for i, s := range x.All() {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(v.names[s])
	}
	return b.String()
}
