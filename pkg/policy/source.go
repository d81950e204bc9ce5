package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxDepth is how deep lists and mappings may nest; the deepest place that
// means anything is a recipient in an example of a rule.
const maxDepth = 16

// file is one policy file: its text by lines, for diagnostics, and the loader
// that it reports to. Its methods read YAML nodes; they report what is wrong
// and go on with the zero value.
type file struct {
	*loader
	name string
	fetched
	lines []string

	aliased  bool // an alias was reported
	mistakes int  // reported so far
}

// fetched is a file as it is read and parsed, whatever the rest of the pack is.
type fetched struct {
	data []byte // without a byte order mark
	sum  []byte // see digest
	err  error  // of reading

	parsed *yaml.Node // see parse; nil for what open reports
	broken error      // of parsing
}

// fetch reads and parses the file called name.
func fetch(fsys fs.FS, name string) fetched {
	data, err := readFile(fsys, name)
	if err != nil {
		return fetched{err: err}
	}
	x := fetched{data: bytes.TrimPrefix(data, []byte("\uFEFF")), sum: sumOf(name, data)}
	if len(x.data) <= MaxFileBytes && utf8.Valid(x.data) {
		x.parsed, x.broken = parse(x.data)
	}
	return x
}

// open takes up the file called name. It reports a file that is missing, too
// large or not UTF-8, and then returns nil.
func (l *loader) open(name string, x fetched) *file {
	if x.err != nil {
		l.errorAt(start(name), "cannot read: %v", reason(x.err))
		return nil
	}
	l.digest.sums[name] = x.sum
	f := &file{loader: l, name: name, fetched: x, lines: splitLines(string(x.data))}
	l.files[name] = f
	if len(f.data) > MaxFileBytes {
		f.errorAt(start(f.name), "the file is larger than %d bytes", MaxFileBytes)
		return nil
	}
	if pos, ok := f.invalidUTF8(); ok {
		f.errorAt(pos, "not valid UTF-8; save the file as UTF-8")
		return nil
	}
	f.reportControls()
	return f
}

// readFile reads at most one byte more than MaxFileBytes.
func readFile(fsys fs.FS, name string) ([]byte, error) { return readUpTo(fsys, name, MaxFileBytes) }

// readUpTo reads at most one byte more than limit.
func readUpTo(fsys fs.FS, name string, limit int64) ([]byte, error) {
	r, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, limit+1))
}

// reason drops the path that a *fs.PathError repeats.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// splitLines splits as YAML does: at \n, \r\n, \r and oddBreaks.
func splitLines(s string) []string {
	if !strings.ContainsAny(s, "\r"+oddBreaks) {
		return strings.Split(s, "\n")
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	return strings.Split(s, "\n")
}

// oddBreaks are the line breaks of YAML that no editor shows as such.
const oddBreaks = "\u0085\u2028\u2029"

// pos returns where n begins, and for what YAML sees behind the last line, such
// as the document after a closing ---, that line.
func (f *file) pos(n *yaml.Node) Pos {
	switch {
	case n == nil || n.Line == 0:
		return start(f.name)
	case n.Line > len(f.lines):
		return Pos{File: f.name, Line: len(f.lines), Column: 1}
	}
	return Pos{File: f.name, Line: n.Line, Column: n.Column}
}

// inside returns the place of the rune at offset runes of scalar n's value,
// where the value stands in one line as it is, and the place of n otherwise.
func (f *file) inside(n *yaml.Node, offset int) Pos {
	p := f.pos(n)
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		p.Column++
	}
	line := []rune(f.line(p.Line))
	if p.Column-1 > len(line) || !strings.HasPrefix(string(line[p.Column-1:]), n.Value) {
		return f.pos(n)
	}
	p.Column += offset
	return p
}

// line returns line number i, from 1, or "".
func (f *file) line(i int) string {
	if i < 1 || i > len(f.lines) {
		return ""
	}
	return f.lines[i-1]
}

func (f *file) errorf(n *yaml.Node, format string, args ...any) {
	f.errorAt(f.pos(n), format, args...)
}

func (f *file) warnf(n *yaml.Node, format string, args ...any) {
	f.report(Warning, f.pos(n), format, args...)
}

func (l *loader) errorAt(p Pos, format string, args ...any) {
	l.report(Error, p, format, args...)
}

// report adds a diagnostic at p, with the source line if p's file was read.
func (l *loader) report(s Severity, p Pos, format string, args ...any) {
	d := Diagnostic{Pos: p, Severity: s, Message: fmt.Sprintf(format, args...)}
	if f := l.files[p.File]; f != nil {
		f.mistakes++
		switch {
		case f.mistakes > maxMistakes+1:
			return
		case f.mistakes > maxMistakes:
			d.Severity, d.Message = Error, "too many mistakes in this file; the rest is left out"
		}
		d.Source = f.line(p.Line)
	}
	l.diags = append(l.diags, d)
}

// start returns the beginning of the file or folder called name.
func start(name string) Pos { return Pos{File: name, Line: 1, Column: 1} }

// invalidUTF8 returns the place of the first byte that is not UTF-8.
func (f *file) invalidUTF8() (Pos, bool) {
	if utf8.Valid(f.data) {
		return Pos{}, false
	}
	for i, line := range f.lines {
		if utf8.ValidString(line) {
			continue
		}
		column := 1
		for len(line) > 0 {
			r, size := utf8.DecodeRuneInString(line)
			if r == utf8.RuneError && size == 1 {
				break
			}
			line = line[size:]
			column++
		}
		return Pos{File: f.name, Line: i + 1, Column: column}, true
	}
	return start(f.name), true
}

// reportControls reports characters that change how a line looks or cannot be
// seen: they would make a term that never matches, or a reviewer read another
// text than the machine. The emoji joiner and variation selectors may stand.
func (f *file) reportControls() {
	p := start(f.name)
	for i, r := range string(f.data) {
		if r >= ' ' && r < '\u007F' || r > 0x3000 && r < 0xD800 { // most characters
			p.Column++
			continue
		}
		newline := r == '\n' || r == '\r' && !bytes.HasPrefix(f.data[i+1:], []byte("\n"))
		odd := strings.ContainsRune(oddBreaks, r)
		if odd || !newline && r != '\r' && hidden(r) {
			f.errorAt(p, "invisible or control character %U; delete it", r)
		}
		p.Column++
		if newline || odd {
			p.Line, p.Column = p.Line+1, 1
		}
	}
}

func hidden(r rune) bool {
	const joiner = '\u200D'
	switch {
	case r == '\t' || r == joiner:
		return false
	case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r):
		return true
	}
	return unicode.Is(unicode.Bidi_Control, r)
}

// document returns the root of the file's one document, or nil if there is
// none or it uses YAML that policy files may not use.
func (f *file) document() *yaml.Node {
	root, err := f.parsed, f.broken
	f.parsed = nil // its nodes are many times the file
	switch {
	case errors.Is(err, errSecondDocument):
		f.errorf(root, "a second document: a policy file holds one; delete the line ---")
		return nil
	case err != nil:
		f.syntax(err)
		return nil
	case root == nil || root.ShortTag() == "!!null":
		f.errorf(root, "the file is empty")
		return nil
	}
	if !f.plain(root, 0) {
		return nil
	}
	return root
}

var errSecondDocument = errors.New("second document")

// parse returns the root of the only document in data, nil where there is
// none, and with errSecondDocument the root of the second. The YAML parser
// panics on a few inputs that it takes for its own mistakes; here they are
// errors.
func parse(data []byte) (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	if err := dec.Decode(&first); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	switch err := dec.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		return nil, err
	default:
		return content(&second), errSecondDocument
	}
	return content(&first), nil
}

// content returns the root of a document node.
func content(doc *yaml.Node) *yaml.Node {
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

// syntax reports an error of the YAML parser, which names a line at best.
func (f *file) syntax(err error) {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	p := start(f.name)
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		msg = msg[len(m[0]):]
		p.Line, _ = strconv.Atoi(m[1])
	}
	for _, h := range yamlHints {
		if h.msg == msg {
			p.Line += h.lines
			msg = h.hint + " (" + msg + ")"
			break
		}
	}
	p.Line = min(max(p.Line, 1), len(f.lines))
	line := f.line(p.Line)
	p.Column += len(line) - len(strings.TrimLeft(line, " \t"))
	f.errorAt(p, "not YAML: %s", msg)
}

// yamlHints says in the words of those who write the files what the commonest
// messages of the YAML parser mean. It counts the lines of some of them from 0:
// lines corrects that.
//
//nolint:gochecknoglobals // a table
var yamlHints = []struct {
	msg   string
	lines int
	hint  string
}{
	{"did not find expected key", 1, "a line of the block that begins here does not fit: check indentation, colons and quotes"},
	{"did not find expected '-' indicator", 1, "a line of the list that begins here does not fit: check indentation, colons and quotes"},
	{"did not find expected ',' or ']'", 1, "the bracket [ in this line is not closed, or a comma is missing"},
	{"did not find expected ',' or '}'", 1, "the brace { in this line is not closed, or a comma is missing"},
	{"did not find expected node content", 1, "a value is missing, or a bracket stands where none may"},
	{"mapping values are not allowed in this context", 0, "a colon where none may stand: check the indentation, or put the text in quotes"},
	{"found unexpected end of stream", 0, "a quote in this line is not closed"},
	{"found character that cannot start any token", 0, "a text that begins with @, ` or a tab needs quotes"},
	{"did not find expected alphabetic or numeric character", 0, "a text that begins with & or * needs quotes"},
	{"did not find expected whitespace or line break", 0, "a text that begins with ! needs quotes, such as \"!cod_offered\""},
}

// plain reports anchors, aliases, merge keys, tags and too deep nesting below
// n, and whether there are none.
func (f *file) plain(n *yaml.Node, depth int) bool {
	ok := true
	bad := func(format string, args ...any) {
		f.errorf(n, format, args...)
		ok = false
	}
	switch {
	case depth > maxDepth:
		bad("nested more than %d deep", maxDepth)
		return false
	case n.Kind == yaml.AliasNode:
		if !f.aliased { // one is enough: a few lines can hold millions
			bad("alias *%s: policy files use no aliases; write the value out", n.Value)
		}
		f.aliased = true
		return false
	case n.Anchor != "":
		bad("anchor &%s: policy files use no anchors; write the value out", n.Anchor)
	case n.ShortTag() == "!!merge":
		bad("merge key <<: policy files use none; write the keys out")
	case n.Style&yaml.TaggedStyle != 0:
		bad("tag %s: policy files use no tags; put a text with ! in quotes, such as \"!cod_offered\"", n.Tag)
	}
	for _, c := range n.Content {
		ok = f.plain(c, depth+1) && ok
	}
	return ok
}
