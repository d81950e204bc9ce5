package classify

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Bounds of a model's size: 1<<bits weights of one byte each.
const (
	MinBits = 8
	MaxBits = 24
)

// A Model is a fitted classifier. It is immutable and safe for concurrent use.
type Model struct {
	bits    int
	bias    float32
	scale   float32 // of a weight of 1
	weights []int8
}

// Probability returns how likely e is of the positive kind, 0 to 1. It is the
// prior where e is empty.
func (m *Model) Probability(e *Evidence) float64 { return m.ProbabilityOf(e.hashes) }

// ProbabilityOf is Probability of the features themselves.
func (m *Model) ProbabilityOf(hashes []uint32) float64 {
	sum := 0
	shift := 32 - m.bits
	for _, h := range hashes {
		sum += int(m.weights[h>>shift])
	}
	x := float64(m.bias)
	if n := len(hashes); n > 0 {
		x += float64(m.scale) * float64(sum) / math.Sqrt(float64(n))
	}
	return Logistic(x)
}

// Weight returns the sum of the weights of e, without the bias.
func (m *Model) Weight(e *Evidence) float64 {
	sum := 0
	for _, h := range e.hashes {
		sum += int(m.weights[h>>(32-m.bits)])
	}
	return float64(m.scale) * float64(sum)
}

// Lean returns what e adds to the log odds, 0 where it is empty.
func (m *Model) Lean(e *Evidence) float64 {
	if len(e.hashes) == 0 {
		return 0
	}
	return m.Weight(e) / math.Sqrt(float64(len(e.hashes)))
}

// LogOdds returns the log odds of label, a family of features of its own in the model: what the
// features say for it, each hashed together with label.
func (m *Model) LogOdds(hashes []uint32, label Seed) float64 {
	sum := 0
	shift := 32 - m.bits
	for _, h := range hashes {
		sum += int(m.weights[under(h, label)>>shift])
	}
	x := float64(m.bias)
	if n := len(hashes); n > 0 {
		x += float64(m.scale) * float64(sum) / math.Sqrt(float64(n))
	}
	return x
}

// under returns the feature h of label.
func under(h uint32, label Seed) uint32 { return (h ^ uint32(label)) * spread }

// Logistic returns the probability whose log odds are x.
func Logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// magic begins a model file; its last byte is the version of the format and of
// the hashing.
var magic = [8]byte{'r', 'g', 'w', 'e', 'i', 'g', 'h', 1} //nolint:gochecknoglobals // a constant

// ErrFormat is what Read returns for bytes that are no model.
var ErrFormat = errors.New("not a model of this version")

// Read reads a model as Write has written it. Every error is ErrFormat or one of r.
func Read(r io.Reader) (*Model, error) {
	var head struct {
		Magic       [8]byte
		Bits        uint32
		Bias, Scale float32
	}
	if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
		return nil, noEOF(err)
	}
	switch {
	case head.Magic != magic:
		return nil, ErrFormat
	case head.Bits < MinBits || head.Bits > MaxBits || !finite(head.Bias) || !finite(head.Scale):
		return nil, fmt.Errorf("%w: %d bits", ErrFormat, head.Bits)
	}
	m := &Model{bits: int(head.Bits), bias: head.Bias, scale: head.Scale, weights: make([]int8, 1<<head.Bits)}
	buf := make([]byte, 1<<12)
	for done := 0; done < len(m.weights); {
		n, err := r.Read(buf[:min(len(buf), len(m.weights)-done)])
		for i, b := range buf[:n] {
			m.weights[done+i] = int8(b)
		}
		if done += n; err != nil && done < len(m.weights) {
			return nil, noEOF(err)
		}
	}
	return m, nil
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends too early", ErrFormat)
	}
	return err
}

func finite(f float32) bool { return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0) }

// Write writes m: a head of 20 bytes, little-endian, and one byte a weight.
func (m *Model) Write(w io.Writer) error {
	head := binary.LittleEndian.AppendUint32(append([]byte(nil), magic[:]...), uint32(m.bits))
	head = binary.LittleEndian.AppendUint32(head, math.Float32bits(m.bias))
	head = binary.LittleEndian.AppendUint32(head, math.Float32bits(m.scale))
	if _, err := w.Write(head); err != nil {
		return err
	}
	buf := make([]byte, len(m.weights))
	for i, x := range m.weights {
		buf[i] = byte(x)
	}
	_, err := w.Write(buf)
	return err
}
