package ctl_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/replyguard/replyguard/pkg/config"
	"github.com/replyguard/replyguard/pkg/ctl"
)

// page is a README: its text cut into prose and code.
type page struct {
	name   string
	prose  []string // one more than blocks: before, between and behind them
	blocks []*block
}

// block is what stands between two fences.
type block struct {
	info string // behind the opening fence: console, yaml …
	text string
	line int // of its first line
}

// readPages reads README.md and its Chinese twin.
func readPages(t *testing.T) []*page {
	t.Helper()
	var pages []*page
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		p := &page{name: filepath.Join("..", "..", name)}
		abs, err := filepath.Abs(p.name)
		if err != nil {
			t.Fatal(err)
		}
		p.name = abs
		b, err := os.ReadFile(p.name)
		if err != nil {
			t.Fatal(err)
		}
		p.parse(string(b))
		if len(p.blocks) < 10 {
			t.Fatalf("%s has %d code blocks", name, len(p.blocks))
		}
		pages = append(pages, p)
	}
	return pages
}

func (p *page) parse(text string) {
	const fence = "```"
	prose, code := "", (*block)(nil)
	for i, line := range strings.SplitAfter(text, "\n") {
		info, fenced := strings.CutPrefix(line, fence)
		switch {
		case fenced && code == nil:
			p.prose, prose = append(p.prose, prose), ""
			code = &block{info: strings.TrimSpace(info), line: i + 2}
		case fenced:
			p.blocks, code = append(p.blocks, code), nil
		case code != nil:
			code.text += line
		default:
			prose += line
		}
	}
	p.prose = append(p.prose, prose)
}

// save writes p back to its file.
func (p *page) save(t *testing.T) {
	t.Helper()
	var b strings.Builder
	for i, code := range p.blocks {
		fmt.Fprintf(&b, "%s```%s\n%s```\n", p.prose[i], code.info, code.text)
	}
	b.WriteString(p.prose[len(p.blocks)])
	if err := os.WriteFile(p.name, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// text returns all prose of p.
func (p *page) text() string { return strings.Join(p.prose, "") }

// all returns prose and code.
func (p *page) all() string {
	var s strings.Builder
	s.WriteString(p.text())
	for _, b := range p.blocks {
		s.WriteString(b.text)
	}
	return s.String()
}

var heading = regexp.MustCompile(`(?m)^#+ `)

// TestReadmeTwins: both pages have the same sections, in the same order with
// the same code, and the same settings.
func TestReadmeTwins(t *testing.T) {
	pages := readPages(t)
	en, zh := pages[0], pages[1]
	if got, want := len(zh.blocks), len(en.blocks); got != want {
		t.Fatalf("%d code blocks in Chinese, %d in English", got, want)
	}
	for i, b := range en.blocks {
		if diff := cmp.Diff(b.info+"\n"+b.text, zh.blocks[i].info+"\n"+zh.blocks[i].text); diff != "" {
			t.Errorf("code block %d, README.zh-CN.md:%d (-en +zh):\n%s", i+1, zh.blocks[i].line, diff)
		}
	}
	for i := range en.prose {
		want, got := heading.FindAllString(en.prose[i], -1), heading.FindAllString(zh.prose[i], -1)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("sections before code block %d (-en +zh):\n%s", i+1, diff)
		}
	}
	if diff := cmp.Diff(rows(en.text()), rows(zh.text())); diff != "" {
		t.Errorf("tables (-en +zh):\n%s", diff)
	}
	if got, want := rows(zh.text()), rows(config.Markdown()); !contains(got, want) {
		t.Errorf("README.zh-CN.md: its table of settings is not config.Markdown's:\n%s", cmp.Diff(want, got))
	}
}

// rows returns the first cell of every row of a table, and of settings the
// default beside it: what must not be translated.
func rows(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || !strings.HasPrefix(cells[1], " `") {
			continue
		}
		row := strings.TrimSpace(cells[1])
		if setting := strings.Trim(row, "`"); strings.Contains(config.Markdown(), "\n| `"+setting+"` |") {
			row += cells[2]
		}
		list = append(list, row)
	}
	return list
}

// contains reports whether part stands in list, in one piece.
func contains(list, part []string) bool {
	for i := range list {
		if len(list)-i >= len(part) && slices.Equal(list[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// TestReadmeVerbs: every verb of the command line stands in the README, and
// every exit code with its number.
func TestReadmeVerbs(t *testing.T) {
	var help bytes.Buffer
	if code := ctl.Run(t.Context(), []string{"--help"}, ctl.Streams{In: strings.NewReader(""), Out: &help, Err: &help}); code != 0 {
		t.Fatalf("--help: %d", code)
	}
	_, list, _ := strings.Cut(help.String(), "Commands:\n")
	verbs := regexp.MustCompile(`(?m)^  (\w+(?: \w+)?)  `).FindAllStringSubmatch(list, -1)
	if len(verbs) < 10 {
		t.Fatalf("%d verbs in the help:\n%s", len(verbs), help.String())
	}
	for _, p := range readPages(t) {
		text := p.all()
		for _, v := range verbs {
			if !strings.Contains(text, "`"+v[1]) && !strings.Contains(text, "replyguard "+v[1]) {
				t.Errorf("%s: the verb %q is missing", filepath.Base(p.name), v[1])
			}
		}
		for _, code := range []int{ctl.ExitAllow, ctl.ExitWarn, ctl.ExitBlock, ctl.ExitUsage, ctl.ExitData, ctl.ExitNoInput, ctl.ExitSoftware, ctl.ExitConfig} {
			if !strings.Contains(text, "\n| `"+strconv.Itoa(code)+"` |") {
				t.Errorf("%s: the exit code %d is missing", filepath.Base(p.name), code)
			}
		}
	}
}

// TestReadmeMetrics: the README names the metrics that are exposed, all of
// them and no other, with their labels.
func TestReadmeMetrics(t *testing.T) {
	p := serve(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.base+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	exposed := map[string]bool{"replyguard_http_request_duration_seconds": true} // without a request, without a series
	for _, m := range regexp.MustCompile(`(?m)^# HELP (replyguard_\w+) `).FindAllSubmatch(b, -1) {
		exposed[string(m[1])] = true
	}
	for _, page := range readPages(t) {
		named := map[string]bool{}
		for _, m := range regexp.MustCompile("(?m)^\\| `(replyguard_\\w+)").FindAllStringSubmatch(page.text(), -1) {
			named[m[1]] = true
		}
		if diff := cmp.Diff(exposed, named); diff != "" {
			t.Errorf("%s (-exposed +named):\n%s", filepath.Base(page.name), diff)
		}
	}
}

// TestReadmeDependencies: the README gives a reason for every module that the
// code imports itself, and for no other.
func TestReadmeDependencies(t *testing.T) {
	want := imported(t)
	if len(want) < 10 {
		t.Fatalf("%d modules are imported", len(want))
	}
	for _, p := range readPages(t) {
		got := map[string]bool{}
		for _, m := range regexp.MustCompile("(?m)^\\| `([a-z]+\\.[a-z.]+/[^` ]+)` \\|").FindAllStringSubmatch(p.text(), -1) {
			got[m[1]] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-imported +listed):\n%s", filepath.Base(p.name), diff)
		}
	}
}

// imported returns the modules of go.mod that files of this project import,
// and those of its tools.
func imported(t *testing.T) map[string]bool {
	t.Helper()
	root := filepath.Join("..", "..")
	b, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	var modules []string
	for _, m := range regexp.MustCompile(`(?m)^(?:require)?\s+(\S+) v`).FindAllSubmatch(b, -1) {
		modules = append(modules, string(m[1]))
	}
	found := map[string]bool{}
	use := func(path string) {
		best := ""
		for _, m := range modules {
			if (path == m || strings.HasPrefix(path, m+"/")) && len(m) > len(best) {
				best = m
			}
		}
		if best != "" {
			found[best] = true
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^tool (\S+)`).FindAllSubmatch(b, -1) {
		use(string(m[1]))
	}
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil || ignored(f) {
			return err
		}
		for _, i := range f.Imports {
			use(strings.Trim(i.Path.Value, `"`))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// ignored reports whether f is no part of the build, as generators are.
func ignored(f *ast.File) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if c.Text == "//go:build ignore" {
				return true
			}
		}
	}
	return false
}

// TestReadmeLinks: what the README links to in the tree is there.
func TestReadmeLinks(t *testing.T) {
	for _, p := range readPages(t) {
		links := regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`).FindAllStringSubmatch(p.text(), -1)
		if len(links) == 0 {
			t.Errorf("%s has no links", p.name)
		}
		for _, l := range links {
			if strings.Contains(l[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(l[1]))); err != nil {
				t.Errorf("%s: %v", filepath.Base(p.name), err)
			}
		}
	}
}
