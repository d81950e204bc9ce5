package guard

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/replyguard/replyguard/pkg/internal/classify"
	"github.com/replyguard/replyguard/pkg/policy"
)

// Weights are what the second reading has learnt: how likely a reply is to be
// blocked, and by which rule. They are immutable.
type Weights struct {
	Block *classify.Model // probability of a block
	Which *classify.Model // log odds of each rule, given a block
	Rules []string        // the ids that Which tells apart
}

// maxRuleID bounds an id in a file of weights, in bytes.
const maxRuleID = 100

// openWeights reads the weights of a pack; it returns nil for a pack without.
func openWeights(p *policy.Second) (*Weights, error) {
	if p == nil {
		return nil, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(p.Weights))
	if err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	w, err := ReadWeights(z)
	if err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	return w, nil
}

// ReadWeights reads what Write has written.
func ReadWeights(r io.Reader) (*Weights, error) {
	var n uint32
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil || n > policy.MaxRules {
		return nil, classify.ErrFormat
	}
	w := &Weights{}
	for range n {
		var size uint32
		if err := binary.Read(r, binary.LittleEndian, &size); err != nil || size > maxRuleID {
			return nil, classify.ErrFormat
		}
		id := make([]byte, size)
		if _, err := io.ReadFull(r, id); err != nil {
			return nil, classify.ErrFormat
		}
		w.Rules = append(w.Rules, string(id))
	}
	var err error
	if w.Block, err = classify.Read(r); err != nil {
		return nil, err
	}
	w.Which, err = classify.Read(r)
	return w, err
}

// Write writes w: the number of rules and each id with its length in bytes, as
// little-endian words of four bytes, and the two models.
func (w *Weights) Write(out io.Writer) error {
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(w.Rules)))
	for _, id := range w.Rules {
		head = append(binary.LittleEndian.AppendUint32(head, uint32(len(id))), id...)
	}
	_, err := out.Write(head)
	return errors.Join(err, w.Block.Write(out), w.Which.Write(out))
}

// RuleSeed is the label of a rule in Weights.Which.
func RuleSeed(id string) classify.Seed { return classify.NewSeed("rule").String(id) }
