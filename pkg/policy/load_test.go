package policy

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// basePack is a flawless pack that tests put mistakes into.
func basePack() fstest.MapFS {
	files := map[string]string{
		"pack.yaml": "name: base\nversion: 1.0.0\n",
		"lexicon/senses.yaml": `topics: {invoice: 发票, card: 信用卡, phone: 电话, review: 评价}
acts: {provide: 提供, rate: 评价}
cues: {already: 已经, used: 使用痕迹, custom: 定制}
`,
		"lexicon/base.yaml": `- {is: topic.invoice, terms: [发票]}
- {is: topic.card, terms: [银行卡]}
- {is: act.provide, terms: [开]}
- {is: cue.already, terms: [已经]}
`,
		"lexicon/rare.yaml": `- {is: [topic.review, act.rate, cue.used, cue.custom], terms: [差评]}
`,
		"rules/invoice.yaml": `- id: invoice.refuse
  name: 拒绝提供发票
  decision: block
  when: {topic: invoice, act: provide, polarity: negative}
  reason: 拒开发票是违背承诺。
  rewrite: 可以开具发票的
  examples: {violates: "[[没有发票]]", complies: 有发票的}
`,
	}
	pack := fstest.MapFS{}
	for name, text := range files {
		pack[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return pack
}

// with returns pack with one file replaced, or deleted where text is "".
func with(pack fstest.MapFS, name, text string) fstest.MapFS {
	pack = maps.Clone(pack)
	pack[name] = &fstest.MapFile{Data: []byte(text)}
	if text == "" {
		delete(pack, name)
	}
	return pack
}

func TestBasePackIsFlawless(t *testing.T) {
	if ds := Lint(basePack()); len(ds) > 0 {
		t.Fatal(ds)
	}
	if _, err := Load(basePack()); err != nil {
		t.Fatal(err)
	}
}

// TestBad lints basePack with one file of testdata/bad put in. The first line
// of each names its place in the pack; a second line "# without <file>" takes
// a file away. What Lint says stands beside it, in the .err file.
func TestBad(t *testing.T) {
	names, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases in testdata/bad: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".yaml"), func(t *testing.T) {
			ds := Lint(badPack(t, name))
			if len(ds) == 0 {
				t.Error("no diagnostics")
			}
			golden(t, strings.TrimSuffix(name, ".yaml")+".err", ds.Error()+"\n")
		})
	}
}

func badPack(t *testing.T, name string) fs.FS {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitN(string(data), "\n", 3)
	pack := with(basePack(), strings.TrimPrefix(lines[0], "# "), string(data))
	if without, ok := strings.CutPrefix(lines[1], "# without "); ok {
		delete(pack, without)
	}
	return pack
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestFiles covers mistakes that are not in the text of one file.
func TestFiles(t *testing.T) {
	tests := []struct {
		name string
		pack fs.FS
		want string // in the diagnostics
	}{
		{"nothing", fstest.MapFS{}, "pack.yaml:1:1: cannot read: file does not exist"},
		{"no senses", with(basePack(), "lexicon/senses.yaml", ""), "lexicon/senses.yaml:1:1: cannot read: file does not exist"},
		{"no lexicon", with(with(basePack(), "lexicon/base.yaml", ""), "lexicon/rare.yaml", ""), "lexicon:1:1: the pack has no lexicon"},
		{"no rules", with(basePack(), "rules/invoice.yaml", ""), "rules:1:1: the pack has no rules"},
		{"only traps", with(with(basePack(), "rules/invoice.yaml", ""), "rules/traps.yaml", "[]"), "rules:1:1: the pack has no rules"},
		{"empty file", with(basePack(), "rules/card.yaml", "\n"), "rules/card.yaml:1:1: the file is empty"},
		{"wrong extension", with(basePack(), "rules/card.yml", "x"), "rules/card.yml:1:1: warning: this file is not read: rename it to end in .yaml"},
		{"not UTF-8", with(basePack(), "rules/card.yaml", "# \n- id: 卡\xb7\xa2"), "rules/card.yaml:2:8: not valid UTF-8; save the file as UTF-8\n | - id: 卡��\n |         ^"},
		{"too large", with(basePack(), "lexicon/big.yaml", strings.Repeat("#", MaxFileBytes+1)), "lexicon/big.yaml:1:1: the file is larger than 1048576 bytes"},
		{"folder for a file", fstest.MapFS{"pack.yaml/x": {}}, "pack.yaml:1:1: cannot read: "},
		{"file for a folder", with(basePack(), "traps", "x"), "traps:1:1: cannot read the folder: not implemented"},
		{"two profiles", with(with(basePack(), "stores/a.yaml", "id: a"), "stores/b.yaml", "id: a"), `stores/b.yaml:1:5: store "a" has two profiles; the other is in stores/a.yaml`},
		{"too many rules", with(basePack(), "rules/many.yaml", manyRules(MaxRules)), "the pack has more than 2000 rules"},
		{"too many patterns", with(basePack(), "rules/many.yaml", manyRules(1, MaxPatterns+1)), "rule many.r0 has 65 patterns; at most 64"},
		{"too many trap patterns", with(basePack(), "traps/x.yaml", manyTrapPatterns(MaxPatterns+1)), "trap trap.x has 65 patterns; at most 64"},
		{"too many terms", manyTerms(basePack(), MaxTerms), "the pack has more than 200000 terms"},
		{"long list", with(basePack(), "lexicon/x.yaml", strings.Repeat("- 1\n", MaxList+1)), "lexicon/x.yaml:1:1: the lexicon: the list has 10001 elements; at most 10000"},
		{"too many mistakes", with(basePack(), "lexicon/x.yaml", strings.Repeat("- 1\n", maxMistakes+9)), "lexicon/x.yaml:1001:3: too many mistakes in this file; the rest is left out"},
		{"unreadable store", with(basePack(), "stores/a.yaml", "]"), "stores/a.yaml:1:1: not YAML: "},
		{"parser panic", with(basePack(), "lexicon/x.yaml", "#\n  - !"), "lexicon/x.yaml:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ds := Lint(tt.pack)
			if got := ds.Error(); !strings.Contains(got, tt.want) {
				t.Errorf("Lint = %s\nwant %s", got, tt.want)
			}
			pack, err := Load(tt.pack)
			if failed := err != nil; failed != (len(ds.Errors()) > 0) || failed != (pack == nil) {
				t.Errorf("Load = %v, %v; Lint has %d errors", pack != nil, err, len(ds.Errors()))
			}
		})
	}
}

// manyRules returns n rules with so many patterns each.
func manyRules(n int, patterns ...int) string {
	when := "{topic: card}"
	if len(patterns) > 0 {
		when = "[" + strings.Repeat("{topic: card},", patterns[0]) + "]"
	}
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "- {id: many.r%d, name: 多, decision: warn, when: %s, reason: 多, no_rewrite: 无, "+
			"examples: {violates: \"[[多]]\", complies: 少}}\n", i, when)
	}
	return b.String()
}

func manyTrapPatterns(n int) string {
	return "- {id: trap.x, name: 多, advice: 多, safe_reply: 好, examples: {is: 多, is_not: 少}, when: [" +
		strings.Repeat("{topic: card},", n) + "]}\n"
}

// manyTerms adds n terms in files below the size limit.
func manyTerms(pack fstest.MapFS, n int) fstest.MapFS {
	const perFile = MaxList
	for from := 0; from < n; from += perFile {
		var b strings.Builder
		b.WriteString("- is: topic.card\n  terms:\n")
		for i := from; i < min(from+perFile, n); i++ {
			fmt.Fprintf(&b, "  - 词%d\n", i)
		}
		pack = with(pack, fmt.Sprintf("lexicon/many%d.yaml", from), b.String())
	}
	return pack
}

func TestGoodPack(t *testing.T) {
	good := os.DirFS("testdata/good")
	if ds := Lint(good); len(ds) > 0 {
		t.Errorf("Lint: %v", ds)
	}
	pack, err := Load(good)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/good.golden", dump(pack))
	again, err := Load(good)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(pack, again); diff != "" {
		t.Errorf("a second Load differs:\n%s", diff)
	}
}

// TestLenientText has the same pack as Windows editors save it.
func TestLenientText(t *testing.T) {
	want, err := Load(basePack())
	if err != nil {
		t.Fatal(err)
	}
	pack := basePack()
	for name, f := range pack {
		text := strings.ReplaceAll(string(f.Data), "\n", "\r\n")
		pack[name] = &fstest.MapFile{Data: []byte("\uFEFF" + text)}
	}
	got, err := Load(pack)
	if err != nil {
		t.Fatal(err)
	}
	got.Digest = want.Digest
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("with BOM and CRLF (-want +got):\n%s", diff)
	}
}

func TestDigest(t *testing.T) {
	digest := func(pack fs.FS) string {
		t.Helper()
		p, err := Load(pack)
		if err != nil {
			t.Fatal(err)
		}
		return p.Digest
	}
	base := digest(basePack())
	const want = "sha256:"
	if base != digest(basePack()) || !strings.HasPrefix(base, want) || len(base) != len(want)+64 {
		t.Errorf("digest %s is not stable or not of the form %s<64 hex digits>", base, want)
	}
	pack := basePack()
	seen := map[string]string{base: "base"}
	for what, changed := range map[string]fs.FS{
		"comment":    with(pack, "pack.yaml", string(pack["pack.yaml"].Data)+"#\n"),
		"renamed":    with(with(pack, "lexicon/rare.yaml", ""), "lexicon/seldom.yaml", string(pack["lexicon/rare.yaml"].Data)),
		"added file": with(pack, "stores/a.yaml", "id: a"),
		"spellings":  with(pack, "lexicon/spellings.yaml", "票: piao"),
	} {
		d := digest(changed)
		if other, same := seen[d]; same {
			t.Errorf("digests of %s and %s are the same", what, other)
		}
		seen[d] = what
	}
	if got := digest(with(pack, "README.md", "x")); got != base {
		t.Error("a file that is not read changes the digest")
	}
	if got := digest(with(pack, "rules/.#invoice.yaml", "x")); got != base {
		t.Error("a hidden file changes the digest")
	}
}

func TestErrorIsTyped(t *testing.T) {
	_, err := Load(fstest.MapFS{})
	if !errors.Is(err, ErrPack) {
		t.Errorf("errors.Is(%v, ErrPack) = false", err)
	}
	ds, ok := errors.AsType[Diagnostics](err)
	if !ok || len(ds) == 0 || len(ds.Warnings()) > 0 {
		t.Errorf("Load error = %#v, want Diagnostics with errors only", err)
	}
	if err := (Diagnostics{{Severity: Warning}}).Err(); err != nil {
		t.Errorf("a warning is an error: %v", err)
	}
}

// FuzzLoad replaces one file of a pack by any bytes: nothing may panic, and
// whatever is wrong has a place in a file.
func FuzzLoad(f *testing.F) {
	targets := []string{"pack.yaml", "lexicon/senses.yaml", "lexicon/spellings.yaml", "lexicon/base.yaml", "rules/invoice.yaml", "rules/traps.yaml", "stores/a.yaml"}
	for i, name := range targets {
		if file := basePack()[name]; file != nil {
			f.Add(uint8(i), file.Data)
		}
	}
	seeds, _ := filepath.Glob("testdata/*/*.yaml")
	more, _ := filepath.Glob("testdata/good/*/*.yaml")
	for _, name := range append(seeds, more...) {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for i, target := range targets {
			if bytes.HasPrefix(data, []byte("# "+filepath.Dir(target))) || strings.HasSuffix(name, target) {
				f.Add(uint8(i), data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, i uint8, data []byte) {
		fsys := with(basePack(), targets[int(i)%len(targets)], string(data))
		ds := Lint(fsys)
		for _, d := range ds {
			lines := 1
			if file := fsys[d.File]; file != nil {
				lines = len(splitLines(string(file.Data)))
			}
			if d.File == "" || d.Line < 1 || d.Line > lines || d.Column < 1 || d.Message == "" {
				t.Errorf("diagnostic without a place: %+v", d)
			}
			if len(strings.Split(d.String(), "\n")) > 3 {
				t.Errorf("diagnostic of more than three lines: %q", d.String())
			}
		}
		pack, err := Load(fsys)
		if (err == nil) != (len(ds.Errors()) == 0) || (err == nil) != (pack != nil) {
			t.Errorf("Load = %v, %v, but Lint has %d errors", pack != nil, err, len(ds.Errors()))
		}
	})
}
