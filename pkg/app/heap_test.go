package app

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestPercent(t *testing.T) {
	const mib = 1 << 20
	for live, want := range map[uint64]int{
		0: 100, 1 * mib: 100, 5 * mib: 100, 10 * mib: 50, 16 * mib: 31, 20 * mib: 25, 40 * mib: 25, 4096 * mib: 25, math.MaxUint64: 25,
	} {
		if got := percent(live); got != want {
			t.Errorf("percent(%d) = %d, want %d", live, got, want)
		}
	}
}

func TestHeap(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	current := func() int {
		p := debug.SetGCPercent(100)
		debug.SetGCPercent(p)
		return p
	}
	t.Setenv("GOGC", "")
	newHeap(false).settle()
	if p := current(); p != 100 {
		t.Errorf("in a process of others GOGC became %d", p)
	}
	h := newHeap(true)
	if p := current(); p != loadingPercent {
		t.Errorf("GOGC is %d while loading, want %d", p, loadingPercent)
	}
	h.settle()
	if p := current(); p < leastPercent || p > mostPercent || p != percent(live()) {
		t.Errorf("GOGC is %d for %d bytes", p, live())
	}
	debug.SetGCPercent(77)
	t.Setenv("GOGC", "77")
	newHeap(true).settle()
	if p := current(); p != 77 {
		t.Errorf("the operator's GOGC became %d", p)
	}
}
