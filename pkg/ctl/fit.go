package ctl

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/internal/classify"
	"github.com/replyguard/replyguard/pkg/verdict"
)

type rulesFitCmd struct {
	Files  []string `arg:"" name:"file" help:"Files of labelled cases, one JSON object a line, as for eval; .gz is unpacked."`
	Out    string   `required:"" placeholder:"FILE" help:"Write the weights here, as gzip."`
	Bits   int      `default:"20" help:"The model of blocks has 2 to this number of weights of a byte each."`
	Epochs int      `default:"6" help:"Times that every case is seen."`
	Rate   float64  `default:"1" help:"Rate of learning."`
}

// Help is printed below the flags.
func (rulesFitCmd) Help() string {
	return `Learns the weights of the second reading: how likely a reply is to be blocked, and by which rule. The same cases, rules and lexicon give the same file. A case with the reply and the conversation of an earlier one is left out. Name the file in pack.yaml, second_reading.`
}

// Run fits both models and writes them. Nothing is written where a case cannot be
// read.
func (c *rulesFitCmd) Run(e *env) error {
	if c.Bits < classify.MinBits || c.Bits > classify.MaxBits || c.Epochs < 1 || c.Rate <= 0 {
		return fail(ExitUsage, fmt.Errorf("want %d to %d bits, an epoch or more and a rate above 0", classify.MinBits, classify.MaxBits))
	}
	g, err := e.guard()
	if err != nil {
		return err
	}
	t := training{seen: map[string]bool{}, known: map[string]bool{}}
	for i := range g.Policy().Rules {
		if r := &g.Policy().Rules[i]; r.Decision == verdict.Block {
			t.weights.Rules = append(t.weights.Rules, r.ID)
			t.labels = append(t.labels, guard.RuleSeed(r.ID))
			t.known[r.ID] = true
		}
	}
	t.anchor(e, g)
	for _, name := range c.Files {
		if err := t.read(e, g, name); err != nil {
			return err
		}
	}
	if t.blocks == 0 || t.blocks == len(t.examples) {
		return fail(ExitData, fmt.Errorf("%d of %d cases are to be blocked; both kinds are needed", t.blocks, len(t.examples)))
	}
	p := classify.Params{Bits: c.Bits, Epochs: c.Epochs, Rate: c.Rate}
	t.weights.Block = classify.Fit(t.examples, p)
	t.weights.Which = classify.FitLabels(t.labelled, t.labels, p)
	if err := t.write(c.Out); err != nil {
		return fail(ExitNoInput, err)
	}
	fmt.Fprintf(e.Out, "fitted to %d cases, %d of them to be blocked: %s\n", len(t.examples), t.blocks, c.Out)
	return nil
}

// training gathers what the models are fitted to.
type training struct {
	examples []classify.Example
	labelled []classify.Labelled
	labels   []classify.Seed
	known    map[string]bool // ids of the rules that block
	seen     map[string]bool
	blocks   int
	weights  guard.Weights
}

// read takes up the cases of the file called name.
func (t *training) read(e *env, g *guard.Guard, name string) error {
	cases, err := e.readCases(name)
	if err != nil {
		return err
	}
	for i := range cases {
		cs := &cases[i]
		if t.again(&cs.Input) {
			continue
		}
		hashes, err := g.Evidence(cs.Input)
		if err != nil {
			return fail(ExitData, fmt.Errorf("%s: case %s: %w", name, cs.ID, err))
		}
		t.add(hashes, cs.Expect.Decision == verdict.Block, cs.Expect.Rules)
	}
	return nil
}

// again reports whether in has the reply and the conversation of an earlier case.
func (t *training) again(in *guard.Input) bool {
	said := []string{in.Reply}
	for i := range in.Conversation.Messages {
		said = append(said, in.Conversation.Messages[i].Text)
	}
	key := strings.Join(said, "\n")
	before := t.seen[key]
	t.seen[key] = true
	return before
}

// anchor takes up what the policy says of itself.
func (t *training) anchor(e *env, g *guard.Guard) {
	for _, a := range g.Anchors(e.ctx) {
		if hashes, err := g.Evidence(a.Input); err == nil {
			t.add(hashes, len(a.Rules) > 0, a.Rules)
		}
	}
}

func (t *training) add(hashes []uint32, block bool, rules []string) {
	t.examples = append(t.examples, classify.Example{Hashes: hashes, Positive: block})
	if !block {
		return
	}
	t.blocks++
	l := classify.Labelled{Hashes: hashes}
	for _, id := range rules {
		if t.known[id] {
			l.Labels = append(l.Labels, guard.RuleSeed(id))
		}
	}
	t.labelled = append(t.labelled, l)
}

func (t *training) write(name string) error {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := errors.Join(t.weights.Write(z), z.Close()); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o644) //nolint:gosec // weights are no secret
}
