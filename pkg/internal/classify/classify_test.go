package classify

import (
	"bytes"
	"errors"
	"math"
	"testing"
)

// of returns the features of s in the family called name.
func of(name, s string) []uint32 {
	var e Evidence
	e.AddGrams(NewSeed(name), []rune(s), 3)
	return e.Hashes()
}

func examples() []Example {
	var out []Example
	for _, s := range []string{"没有发票", "发票开不了", "没有票哦", "票没有", "不开发票"} {
		out = append(out, Example{of("reply", s), true})
	}
	for _, s := range []string{"有发票的", "发票可以开", "开好了哦", "票寄出了", "放心下单"} {
		out = append(out, Example{of("reply", s), false})
	}
	return out
}

func TestFit(t *testing.T) {
	m := Fit(examples(), Params{Bits: 16, Epochs: 20})
	for _, e := range examples() {
		if p := m.ProbabilityOf(e.Hashes); (p > 0.5) != e.Positive {
			t.Errorf("an example that was fitted has the probability %.2f, positive %v", p, e.Positive)
		}
	}
	var unseen, other Evidence
	unseen.AddGrams(NewSeed("reply"), []rune("没有发票呢"), 3)
	other.AddGrams(NewSeed("buyer"), []rune("没有发票呢"), 3)
	if p, q := m.Probability(&unseen), m.Probability(&other); p < 0.8 || math.Abs(q-0.5) > 0.2 {
		t.Errorf("the same characters are %.2f likely in their own family and %.2f in another", p, q)
	}
	again := Fit(examples(), Params{Bits: 16, Epochs: 20})
	if !bytes.Equal(written(t, m), written(t, again)) {
		t.Error("the same examples give another model")
	}
}

func TestFitLabels(t *testing.T) {
	a, b := NewSeed("a"), NewSeed("b")
	var ls []Labelled
	for i, e := range examples() {
		ls = append(ls, Labelled{e.Hashes, []Seed{map[bool]Seed{true: a, false: b}[e.Positive]}})
		if i == 0 {
			ls[0].Labels = append(ls[0].Labels, b) // both are right
		}
	}
	m := FitLabels(ls, []Seed{a, b}, Params{Bits: 16, Epochs: 20})
	for _, e := range examples()[1:] {
		if x, y := m.LogOdds(e.Hashes, a), m.LogOdds(e.Hashes, b); (x > y) != e.Positive {
			t.Errorf("log odds %.1f and %.1f, want the label %v", x, y, e.Positive)
		}
	}
	first := examples()[0].Hashes
	if m.LogOdds(first, a) < 0 || m.LogOdds(first, b) < 0 {
		t.Error("of two labels that are right one is held unlikely")
	}
}

func TestEmpty(t *testing.T) {
	var e Evidence
	if p := Fit(nil, Params{Bits: 8}).Probability(&e); p != 0.5 {
		t.Errorf("no evidence of a model without examples is %.2f likely", p)
	}
}

func written(t *testing.T, m *Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadWrite(t *testing.T) {
	m := Fit(examples(), Params{Bits: 10})
	data := written(t, m)
	got, err := Read(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written(t, got), data) {
		t.Error("a model that was read is written as another")
	}
	for i, bad := range [][]byte{nil, data[:10], data[:len(data)-1], append([]byte("x"), data...), bytes.Replace(data, []byte{10, 0, 0, 0}, []byte{99, 0, 0, 0}, 1)} {
		if _, err := Read(bytes.NewReader(bad)); !errors.Is(err, ErrFormat) {
			t.Errorf("bad bytes %d: error %v", i, err)
		}
	}
	nan := bytes.Clone(data)
	copy(nan[12:], []byte{0, 0, 0xc0, 0x7f})
	if _, err := Read(bytes.NewReader(nan)); !errors.Is(err, ErrFormat) {
		t.Errorf("a bias that is no number: error %v", err)
	}
}
