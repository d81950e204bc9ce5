package classify

import (
	"math"
	"math/rand/v2"
	"slices"
)

// An Example is evidence of a known kind.
type Example struct {
	Hashes   []uint32
	Positive bool
}

// Params are how a model is fitted. The zero value of a field means its default.
type Params struct {
	Bits   int     // the model has 1<<Bits weights; 21
	Epochs int     // times that every example is seen; 8
	Rate   float64 // of learning; 1
	Decay  float64 // what draws weights to zero at each step; 1e-6
	Floor  float64 // weights nearer to zero, as a share of what a byte reaches to, become zero; 0.004
	Runs   int     // times that all is learnt anew, in other orders; the model is their mean; 5
}

func (p Params) orDefaults() Params {
	if p.Bits == 0 {
		p.Bits = 21
	}
	if p.Epochs == 0 {
		p.Epochs = 8
	}
	if p.Rate == 0 {
		p.Rate = 1
	}
	if p.Decay == 0 {
		p.Decay = 1e-6
	}
	if p.Floor == 0 {
		p.Floor = 0.004
	}
	if p.Runs == 0 {
		p.Runs = 5
	}
	p.Bits = min(max(p.Bits, MinBits), MaxBits)
	return p
}

// Fit learns a model from examples, in which both kinds count alike. The same
// examples in the same order and the same parameters give the same model.
func Fit(examples []Example, p Params) *Model {
	rare := balance(examples)
	return mean(p, func(f *fitting) {
		f.epochs(len(examples), func(i int) { f.step(&examples[i], rare) })
	})
}

// mean returns the mean of the models that are learnt in several orders: the order
// of the examples alone moves one of a hundred verdicts on replies that are none of
// them.
func mean(p Params, learn func(*fitting)) *Model {
	sum := newFitting(p)
	n := sum.p.Runs
	for run := range n {
		f := newFitting(p)
		f.run = uint64(run)
		learn(f)
		for i, w := range f.weights {
			sum.weights[i] += w / float32(n)
		}
		sum.bias += f.bias / float64(n)
	}
	return sum.model()
}

// balance returns how much more a positive example is to count than another, so
// that both kinds count alike: the probabilities are then those of an even prior,
// whatever the share of either among the examples.
func balance(examples []Example) float64 {
	positive := 0
	for i := range examples {
		if examples[i].Positive {
			positive++
		}
	}
	if positive == 0 {
		return 1
	}
	return float64(len(examples)-positive) / float64(positive)
}

// A Labelled is evidence with the labels that are right for it.
type Labelled struct {
	Hashes []uint32
	Labels []Seed
}

// FitLabels learns a model whose LogOdds tell labels apart. Every example is one
// for each of its labels, and one against each other of labels.
func FitLabels(examples []Labelled, labels []Seed, p Params) *Model {
	var e Example
	return mean(p, func(f *fitting) {
		f.epochs(len(examples), func(i int) {
			for _, l := range labels {
				e.Hashes, e.Positive = e.Hashes[:0], slices.Contains(examples[i].Labels, l)
				for _, h := range examples[i].Hashes {
					e.Hashes = append(e.Hashes, under(h, l))
				}
				f.step(&e, 1)
			}
		})
	})
}

// A fitting is a model while it is learnt.
type fitting struct {
	shift   int
	weights []float32
	seen    []float32 // the sum of the squared gradients of each weight
	bias    float64
	p       Params
	run     uint64 // in which of the orders
}

func newFitting(p Params) *fitting {
	p = p.orDefaults()
	return &fitting{shift: 32 - p.Bits, weights: make([]float32, 1<<p.Bits), seen: make([]float32, 1<<p.Bits), p: p}
}

// epochs calls learn with each of n examples, as often as there are epochs and each
// time in another order, which is the same in every run.
func (f *fitting) epochs(n int, learn func(i int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	rng := rand.New(rand.NewPCG(1, 2+f.run)) //nolint:gosec // a fixed order, not a secret
	for range f.p.Epochs {
		rng.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			learn(i)
		}
	}
}

// step moves the weights of one example against the gradient of its log loss, which
// counts weight times if it is positive.
func (f *fitting) step(e *Example, weight float64) {
	if len(e.Hashes) == 0 {
		return
	}
	norm := 1 / math.Sqrt(float64(len(e.Hashes)))
	sum := 0.0
	for _, h := range e.Hashes {
		sum += float64(f.weights[h>>f.shift])
	}
	miss := Logistic(f.bias + sum*norm)
	if e.Positive {
		miss = (miss - 1) * weight
	}
	const tiny = 1e-6
	slope, decay := float32(miss*norm), float32(f.p.Decay)
	for _, h := range e.Hashes {
		w := &f.weights[h>>f.shift]
		g := slope + decay**w
		s := &f.seen[h>>f.shift]
		*s += g * g
		*w -= float32(f.p.Rate) * g / float32(math.Sqrt(float64(*s)+tiny))
	}
	f.bias -= 0.02 * miss
}

// model rounds the weights to a byte each.
func (f *fitting) model() *Model {
	most := f.reach()
	m := &Model{bits: f.p.Bits, bias: float32(f.bias), scale: float32(most / math.MaxInt8), weights: make([]int8, len(f.weights))}
	if most == 0 {
		return m
	}
	for i, w := range f.weights {
		if math.Abs(float64(w)) >= f.p.Floor*most {
			m.weights[i] = int8(math.Round(max(-1, min(1, float64(w)/most)) * math.MaxInt8))
		}
	}
	return m
}

// reach returns the size of weight that a byte is to reach to: ten times the root
// of the mean square, which the few that are larger are cut down to.
func (f *fitting) reach() float64 {
	sum, n := 0.0, 0
	for _, w := range f.weights {
		if w != 0 {
			sum += float64(w) * float64(w)
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return 10 * math.Sqrt(sum/float64(n))
}
