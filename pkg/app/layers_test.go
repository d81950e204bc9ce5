package app_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/replyguard/replyguard/"

// drawing is the one direction in which packages depend on each other: each
// may import those that stand left of it, and none of its own group. The
// section Layout of pkg/guard/DESIGN.md shows the same line.
const drawing = "verdict ← text ← policy, segment, match, classify ← claim ← rule, rewrite ← guard ← wire, observe, policystore, audit ← corpus, httpapi, webui ← app ← ctl ← cmd"

// places are the folders of the packages in drawing that do not lie in pkg/.
var places = map[string]string{"cmd": "cmd/replyguard"}

// leaves import nothing of the project and may be imported by all but the
// engine.
var leaves = []string{"configs", "api/apiv1", "pkg/config", "api/apitest", "deploy/soak"}

// engine are the packages that must work without a process around them.
var engine = []string{"verdict", "text", "policy", "segment", "match", "classify", "claim", "rule", "rewrite", "guard"}

// forbidden is what the engine may not import: the world outside.
var forbidden = []string{"net/http", "os", "os/exec", "syscall", "log", "log/slog", "github.com/rs/zerolog", "github.com/prometheus/"}

// homes are libraries that only certain packages may know.
var homes = map[string][]string{
	"github.com/go-ego/gse":                {"segment"},
	"go.yaml.in/yaml/":                     {"policy", "config"},
	"github.com/agnivade/levenshtein":      {"policy", "config"},
	"github.com/knadh/koanf/":              {"config"},
	"github.com/go-chi/chi/":               {"httpapi"},
	"github.com/prometheus/":               {"observe"},
	"github.com/alecthomas/kong":           {"ctl"},
	"github.com/fsnotify/fsnotify":         {"policystore"},
	"github.com/mozillazg/go-pinyin":       {"claim", "text"},
	"github.com/getkin/kin-openapi/":       {"apitest"},
	"github.com/schollz/progressbar/":      {"ctl"},
	"gopkg.in/natefinch/lumberjack.v2":     {"app"},
	"github.com/kardianos/service":         {"ctl"},
	"github.com/rs/cors":                   {"httpapi"},
	"github.com/go-json-experiment/json":   {"wire", "httpapi", "corpus", "ctl", "audit"},
	"github.com/replyguard/replyguard/":    nil, // checked by drawing
	"golang.org/x/text/unicode/norm":       {"text"},
	"github.com/oapi-codegen/oapi-codegen": {},
}

// imports returns what the files of every package import, without tests and
// generators, by folder.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..")
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		if len(file.Comments) > 0 && strings.HasPrefix(file.Comments[0].List[0].Text, "//go:build ignore") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(rel)
		found[dir] = append(found[dir], "") // so that a package without imports is there
		for _, i := range file.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			found[dir] = append(found[dir], p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// rank returns the group of every package in drawing, by folder.
func rank() map[string]int {
	ranks := map[string]int{}
	for i, group := range strings.Split(drawing, " ← ") {
		for name := range strings.SplitSeq(group, ", ") {
			for _, dir := range []string{"pkg/" + name, "pkg/internal/" + name, places[name]} {
				ranks[dir] = i
			}
		}
	}
	return ranks
}

// TestLayers compares what the packages import with the drawing.
func TestLayers(t *testing.T) {
	ranks, all := rank(), imports(t)
	if len(all) < 10 {
		t.Fatalf("only %d packages found", len(all))
	}
	for dir, list := range all {
		leaf := slices.Contains(leaves, dir)
		mine, placed := ranks[dir]
		if !placed && !leaf {
			t.Errorf("%s has no place in the drawing", dir)
			continue
		}
		for _, imported := range list {
			other, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			theirs, drawn := ranks[other]
			switch {
			case leaf:
				t.Errorf("%s is a leaf and imports %s", dir, other)
			case slices.Contains(leaves, other):
				if slices.Contains(engine, path.Base(dir)) {
					t.Errorf("%s belongs to the engine and imports %s", dir, other)
				}
			case !drawn || theirs >= mine:
				t.Errorf("%s imports %s, which does not stand left of it", dir, other)
			}
		}
	}
}

// TestEngineIsPure: the engine knows neither the network nor files nor logs.
func TestEngineIsPure(t *testing.T) {
	for dir, list := range imports(t) {
		if !slices.Contains(engine, path.Base(dir)) {
			continue
		}
		for _, imported := range list {
			for _, bad := range forbidden {
				if imported == bad || strings.HasSuffix(bad, "/") && strings.HasPrefix(imported, bad) {
					t.Errorf("%s imports %s", dir, imported)
				}
			}
		}
	}
}

// TestLibrariesStayHome: a library that is to be exchanged one day is known in
// one place.
func TestLibrariesStayHome(t *testing.T) {
	for dir, list := range imports(t) {
		for _, imported := range list {
			for library, known := range homes {
				if strings.HasPrefix(imported, library) && known != nil && !slices.Contains(known, path.Base(dir)) {
					t.Errorf("%s imports %s, which belongs to %v", dir, imported, known)
				}
			}
		}
	}
}

// TestDrawingIsInDesign keeps the document true.
func TestDrawingIsInDesign(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "guard", "DESIGN.md"))
	if err != nil {
		t.Skip("pkg/guard/DESIGN.md is not there yet")
	}
	_, layout, found := strings.Cut(string(b), "## Layout")
	if !found {
		t.Skip("pkg/guard/DESIGN.md has no section Layout yet")
	}
	if !strings.Contains(layout, drawing) {
		t.Errorf("pkg/guard/DESIGN.md, section Layout, lacks the line\n%s", drawing)
	}
}
