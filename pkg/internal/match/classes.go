package match

import "slices"

const (
	blockBits = 7
	blockSize = 1 << blockBits
	planeSize = 0x20000 // what the table of blocks covers; the rest is rare
)

// classes numbers the runes that occur in terms from 1 on; 0 is any other.
type classes struct {
	index  []uint16           // block of every blockSize runes, up to planeSize
	blocks [][blockSize]int32 // block 0 is all zero
	rare   []rune             // the others, sorted
	first  int32              // class of rare[0]
}

// of returns the class of r.
func (c *classes) of(r rune) int32 {
	if uint32(r) < planeSize {
		return c.blocks[c.index[r>>blockBits]][r&(blockSize-1)]
	}
	if i, ok := slices.BinarySearch(c.rare, r); ok {
		return c.first + int32(i)
	}
	return 0
}

// number gives every rune of terms its class; the most frequent come first,
// which keeps the double array dense.
func number(terms [][]rune) classes {
	count := make([]int, planeSize)
	c := classes{index: make([]uint16, planeSize>>blockBits), blocks: make([][blockSize]int32, 1)}
	for _, term := range terms {
		for _, r := range term {
			if uint32(r) < planeSize {
				count[r]++
			} else {
				c.rare = append(c.rare, r)
			}
		}
	}
	var runes []rune
	for r, n := range count {
		if n > 0 {
			runes = append(runes, rune(r))
		}
	}
	slices.SortStableFunc(runes, func(a, b rune) int { return count[b] - count[a] })
	slices.Sort(c.rare)
	c.rare = slices.Compact(c.rare)
	for i, r := range runes {
		c.set(r, int32(i+1))
	}
	c.first = int32(len(runes) + 1)
	return c
}

func (c *classes) set(r rune, class int32) {
	at := &c.index[r>>blockBits]
	if *at == 0 {
		*at = uint16(len(c.blocks))
		c.blocks = append(c.blocks, [blockSize]int32{})
	}
	c.blocks[*at][r&(blockSize-1)] = class
}

// max returns the highest class.
func (c *classes) max() int32 { return c.first + int32(len(c.rare)) - 1 }
