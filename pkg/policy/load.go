package policy

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/replyguard/replyguard/pkg/internal/text"
)

// Limits on a pack. They are part of the format: what is beyond them is
// reported, never cut off. Of one file's mistakes the first maxMistakes are.
const (
	MaxFileBytes = 1 << 20 // bytes of one file

	MaxWeightsBytes = 8 << 20 // bytes of the file of weights, as gzip
	MaxList         = 10_000  // elements of one list
	MaxRules        = 2000    // rules of a pack, traps not counted
	MaxTerms        = 200_000 // terms and look-alikes of a pack, all stores included
	MaxPatterns     = 64      // patterns of one rule or trap, when and unless together
	MaxTerm         = 32      // code points of one term
	MaxWeight       = 20      // a pattern's weight lies between -MaxWeight and MaxWeight

	maxMistakes = 1000
)

// Load reads a pack from the files below fsys:
//
//	pack.yaml               name, version and the second reading, whose weights are
//	                        a file of their own
//	lexicon/senses.yaml     the declared topics, acts and cues
//	lexicon/spellings.yaml  look- and sound-alikes of characters, optional
//	lexicon/*.yaml          lists of entries
//	rules/<family>.yaml     lists of rules
//	rules/traps.yaml, traps/*.yaml  lists of traps
//	stores/*.yaml           one store profile each
//
// Files whose names begin with a dot and folders below these are not read.
//
// The pack is complete and consistent, or Load returns a nil Pack and
// Diagnostics with every error of every file; warnings are left to Lint. The
// same files give the same Pack. Load does not judge the examples: that takes
// a compiled guard.
func Load(fsys fs.FS) (*Pack, error) {
	l := load(fsys)
	if err := l.diags.Err(); err != nil {
		return nil, err
	}
	return l.pack, nil
}

// Lint returns all errors and warnings of the pack below fsys, in order of
// file, line and column. It is empty for a flawless pack.
func Lint(fsys fs.FS) Diagnostics { return load(fsys).diags }

// loader gathers a pack. Files are read in the order in which they build on
// each other, so that a name can be checked where it is read; names that may
// be defined later wait in refs.
type loader struct {
	fsys   fs.FS
	pack   *Pack
	files  map[string]*file // those read, by name
	diags  Diagnostics
	digest digest

	lost  bool // something was unreadable since the last stage began
	index index
	refs  []ref
	terms int       // terms and look-alikes read
	text  text.Text // of the term that was folded last
}

// index knows what was defined and where. A stage that lost definitions because
// it could not read them leaves its part nil, and checks against that part are
// skipped: one mistake is to be reported once.
type index struct {
	senses map[string]Pos  // full ids of the declared senses
	meant  map[string]bool // full ids that some term of the shipped lexicon has
	terms  map[string]Pos  // folded texts of the shipped lexicon
	rules  map[string]Pos  // rule ids
	traps  map[string]Pos
	stores map[string]Pos
}

// ref is a rule id that stands in a file and must be defined somewhere.
type ref struct {
	file *file
	node *yaml.Node
	what string // "over", "also"
	from string // the rule that refers, or ""
}

func load(fsys fs.FS) *loader {
	l := &loader{fsys: fsys, pack: &Pack{}, files: map[string]*file{}, digest: newDigest()}
	l.readPack("pack.yaml")
	l.index.senses = map[string]Pos{}
	if !l.stage(func() { l.readSenses("lexicon/senses.yaml") }) {
		l.index.senses = nil
	}
	l.readSpellings("lexicon/spellings.yaml")
	l.index.meant, l.index.terms = map[string]bool{}, map[string]Pos{}
	if !l.stage(l.readLexicon) {
		l.index.meant = nil
	}
	l.warnUnusedSenses()
	l.index.rules, l.index.traps = map[string]Pos{}, map[string]Pos{}
	complete := l.stage(l.readRules)
	l.readTraps()
	l.index.stores = map[string]Pos{}
	l.readStores()
	if complete {
		l.resolve()
	}
	l.pack.Digest = l.digest.String()
	l.diags = l.diags.sort()
	return l
}

// stage runs read and reports whether it could read all definitions, which may
// well be wrong.
func (l *loader) stage(read func()) bool {
	l.lost = false
	read()
	return !l.lost
}

// names returns the policy files in folder dir, sorted. A file that looks like
// one and would not be read is warned of.
func (l *loader) names(dir string) []string {
	entries, err := fs.ReadDir(l.fsys, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		l.errorAt(start(dir), "cannot read the folder: %v", reason(err))
	}
	var names []string
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case e.IsDir() || strings.HasPrefix(e.Name(), "."):
		case path.Ext(name) == ".yaml":
			names = append(names, name)
		case strings.EqualFold(path.Ext(name), ".yml"), strings.EqualFold(path.Ext(name), ".yaml"):
			l.report(Warning, start(name), "this file is not read: rename it to end in .yaml")
		}
	}
	slices.Sort(names)
	return names
}

// exists reports whether there is a file called name.
func (l *loader) exists(name string) bool {
	_, err := fs.Stat(l.fsys, name)
	return !errors.Is(err, fs.ErrNotExist)
}

// root opens and parses the file called name. Both results are nil where it
// cannot be used, which was reported.
func (l *loader) root(name string) (*file, *yaml.Node) {
	return l.use(name, fetch(l.fsys, name))
}

// roots yields what root returns for the files called names, in order, without
// those that cannot be used. While one is being read the next is parsed: that
// is half of the work, and the other half does not wait for it.
func (l *loader) roots(names []string) iter.Seq2[*file, *yaml.Node] {
	return func(yield func(*file, *yaml.Node) bool) {
		ahead, stop := make(chan fetched), make(chan struct{})
		defer close(stop)
		go func() {
			for _, name := range names {
				select {
				case ahead <- fetch(l.fsys, name):
				case <-stop:
					return
				}
			}
		}()
		for _, name := range names {
			if f, n := l.use(name, <-ahead); f != nil && !yield(f, n) {
				return
			}
		}
	}
}

// use is root for a file that has been fetched.
func (l *loader) use(name string, x fetched) (*file, *yaml.Node) {
	if f := l.open(name, x); f != nil {
		if n := f.document(); n != nil {
			return f, n
		}
	}
	l.lost = true
	return nil, nil
}

// readPack reads name and version of the pack.
func (l *loader) readPack(name string) {
	f, n := l.root(name)
	if f == nil {
		return
	}
	f.object(n, "the pack",
		need("name", f.str(&l.pack.Name, "name")),
		need("version", f.str(&l.pack.Version, "version")),
		may("second_reading", f.second(&l.pack.Second)))
}

// second returns a reader of the second reading and of its file of weights.
func (f *file) second(dst **Second) func(*yaml.Node) {
	return func(n *yaml.Node) {
		x := &Second{}
		var name string
		if !f.object(n, "the second reading",
			need("weights", f.str(&name, "weights")),
			need("withhold", f.share(&x.Withhold, "withhold")),
			need("raise", f.share(&x.Raise, "raise")),
			may("everyday", f.ruleRefs(&x.Everyday, "everyday", "")),
			may("veiled", f.ruleRefs(&x.Veiled, "veiled", "")),
			may("leave", f.ruleRefs(&x.Leave, "leave", ""))) {
			return
		}
		if x.Raise > 0 && x.Withhold >= x.Raise {
			f.errorf(n, "withhold: want less than raise, %v, not %v", x.Raise, x.Withhold)
			return
		}
		data, err := readUpTo(f.fsys, name, MaxWeightsBytes)
		switch {
		case err != nil:
			f.errorf(n, "weights: cannot read %s: %v", name, reason(err))
			return
		case len(data) > MaxWeightsBytes:
			f.errorf(n, "weights: %s is larger than %d bytes", name, MaxWeightsBytes)
			return
		}
		f.digest.sums[name] = sumOf(name, data)
		x.Weights = data
		*dst = x
	}
}

// resolve reports references to rules that are not defined.
func (l *loader) resolve() {
	for _, r := range l.refs {
		id := r.node.Value
		switch {
		case id == r.from && id != "":
			r.file.errorf(r.node, "%s: rule %s refers to itself", r.what, id)
		case l.index.rules[id] == Pos{}:
			r.file.errorf(r.node, "%s: unknown rule %q%s", r.what, id, suggest(id, l.ruleIDs()))
		case r.what == "over" && l.replaces(id, r.from, map[string]bool{}):
			r.file.errorf(r.node, "over: rules %s and %s replace each other", r.from, id)
		}
	}
}

// replaces reports whether the rule called special stands over general, be it
// through others. seen are the rules looked at.
func (l *loader) replaces(special, general string, seen map[string]bool) bool {
	seen[special] = true
	for _, r := range l.refs {
		if r.what != "over" || r.from != special {
			continue
		}
		if r.node.Value == general || !seen[r.node.Value] && l.replaces(r.node.Value, general, seen) {
			return true
		}
	}
	return false
}

func (l *loader) ruleIDs() []string {
	ids := make([]string, len(l.pack.Rules))
	for i, r := range l.pack.Rules {
		ids[i] = r.ID
	}
	return ids
}

// digest is a hash over files that changes when a name or a byte changes. Each
// part is preceded by its length, so that no two sets of files hash alike.
type digest struct {
	sums map[string][]byte // per file
}

func newDigest() digest { return digest{sums: map[string][]byte{}} }

// sumOf returns the sum of one file.
func sumOf(name string, data []byte) []byte {
	h := sha256.New()
	writePart(h, []byte(name))
	writePart(h, data)
	return h.Sum(nil)
}

func (d digest) String() string {
	names := make([]string, 0, len(d.sums))
	for name := range d.sums {
		names = append(names, name)
	}
	slices.Sort(names)
	h := sha256.New()
	for _, name := range names {
		writePart(h, d.sums[name])
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

func writePart(h hash.Hash, b []byte) {
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
	h.Write(b)
}
