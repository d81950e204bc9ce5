package classify

// Evidence is a bag of features. The zero Evidence is empty. It is used by one
// goroutine.
type Evidence struct {
	hashes []uint32
}

// FNV-1a, of which a feature is the finished hash.
const (
	offset = 2166136261
	prime  = 16777619
	spread = 2654435761 // 2 to the 32 by the golden ratio (Knuth, TAOCP 3, 6.4)
)

// A Seed begins a family of features, so that the same characters in a reply and
// in a question are different evidence.
type Seed uint32

// NewSeed returns the seed of the family called name.
func NewSeed(name string) Seed { return Seed(offset).String(name) }

// String returns the seed of what s adds to h.
func (h Seed) String(s string) Seed {
	for i := range len(s) {
		h = (h ^ Seed(s[i])) * prime
	}
	return h
}

// Uint returns the seed of what n adds to h. It takes n at once, for there are
// hundreds of features in a reply: the multiplier is that of Knuth's hashing, and
// what it leaves in the high bits is folded into the low ones.
func (h Seed) Uint(n uint32) Seed {
	h = (h ^ Seed(n)) * spread
	return h ^ h>>15
}

// Reset empties e and keeps its memory.
func (e *Evidence) Reset() { e.hashes = e.hashes[:0] }

// Len returns the number of features, with repetitions.
func (e *Evidence) Len() int { return len(e.hashes) }

// Hashes returns the features. They are valid until Reset.
func (e *Evidence) Hashes() []uint32 { return e.hashes }

// Add adds the feature h.
func (e *Evidence) Add(h Seed) {
	e.hashes = append(e.hashes, uint32(h)*spread)
}

// AddGrams adds a feature of the family for each run of 1 to n characters.
func (e *Evidence) AddGrams(family Seed, runes []rune, n int) {
	for i := range runes {
		h := family
		for _, r := range runes[i:min(i+n, len(runes))] {
			h = h.Uint(uint32(r))
			e.Add(h)
		}
	}
}
