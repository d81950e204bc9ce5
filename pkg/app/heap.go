package app

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// How much garbage the process lets lie. The policy is nearly all that lives,
// so what it takes is known once it is loaded, and a fixed room for garbage
// beside it keeps the process small. A policy so large that the room would be
// a small part of it gets more, so that collecting never becomes the work.
const (
	loadingPercent = 200     // GOGC while the first policy is loaded: ready sooner for a higher peak
	leastPercent   = 25      // the least GOGC while serving
	mostPercent    = 100     // the most, which is Go's default
	room           = 5 << 20 // bytes of garbage
)

// A heap sets the garbage collector of the process. The zero heap leaves it
// alone. Its methods may be called concurrently.
type heap struct {
	tune bool
	one  sync.Mutex
}

// newHeap returns the heap of a process that the service has for itself, or
// one that leaves it alone. An operator who sets GOGC has said what to do.
func newHeap(own bool) *heap {
	h := &heap{tune: own && os.Getenv("GOGC") == ""}
	if h.tune {
		debug.SetGCPercent(loadingPercent)
	}
	return h
}

// settle gives back what loading a policy has left behind, several times what
// the policy itself takes, and sets the collector to what now lives.
func (h *heap) settle() {
	h.one.Lock()
	defer h.one.Unlock()
	debug.FreeOSMemory()
	if h.tune {
		debug.SetGCPercent(percent(live()))
	}
}

// percent returns GOGC for a heap of which so many bytes live.
func percent(live uint64) int {
	return int(min(max(100*room/max(live, 1), leastPercent), mostPercent))
}

// live returns the bytes that the last collection found alive.
func live() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return s[0].Value.Uint64()
}
