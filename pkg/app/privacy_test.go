package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// invented are the numbers that stand for real ones in examples and tests.
var invented = regexp.MustCompile(`^1[3-9][089]0013[0-9]000$`)

// mobile is a Chinese mobile number that stands alone.
var mobile = regexp.MustCompile(`(?:^|[^0-9A-Za-z])(1[3-9][0-9]{9})(?:[^0-9A-Za-z]|$)`)

// identity is a Chinese identity card number.
var identity = regexp.MustCompile(`(?:^|[^0-9A-Za-z])([1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx])(?:[^0-9A-Za-z]|$)`)

// mail is a mail address outside the domains that are reserved for examples.
var mail = regexp.MustCompile(`[A-Za-z0-9._-]{3,}@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}`)

// TestNoPersonalData walks every file of the project that may hold text and
// looks for numbers and addresses that might belong to somebody.
func TestNoPersonalData(t *testing.T) {
	read := 0
	for _, top := range []string{"api", "configs", "deploy", "pkg", "README.md", "README.zh-CN.md"} {
		err := filepath.WalkDir(filepath.Join("..", "..", top), func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				if os.IsNotExist(err) {
					return nil
				}
				return err
			}
			if d.IsDir() || !textual(name) {
				return nil
			}
			b, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			read++
			for i, line := range strings.Split(string(b), "\n") {
				personal(t, name, i+1, line)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 20 {
		t.Fatalf("only %d files were read", read)
	}
}

func textual(name string) bool {
	switch filepath.Ext(name) {
	case ".go", ".yaml", ".yml", ".json", ".jsonl", ".txt", ".txtar", ".md", ".golden", ".err", ".html", ".js":
		return !strings.HasSuffix(name, "privacy_test.go")
	}
	return strings.Contains(name, "testdata"+string(filepath.Separator)+"fuzz")
}

func personal(t *testing.T, name string, line int, text string) {
	t.Helper()
	for _, m := range mobile.FindAllStringSubmatch(text, -1) {
		if !invented.MatchString(m[1]) && !sequence(m[1]) {
			t.Errorf("%s:%d: a mobile number that may be somebody's: use 13800138000", name, line)
		}
	}
	if identity.MatchString(text) {
		t.Errorf("%s:%d: an identity number", name, line)
	}
	for _, m := range mail.FindAllString(text, -1) {
		if !strings.HasSuffix(m, "example.com") && !strings.HasSuffix(m, "example.org") {
			t.Errorf("%s:%d: a mail address outside example.com", name, line)
		}
	}
}

// sequence reports whether the last eight digits of n are a run or a
// repetition, which no operator gives out for long.
func sequence(n string) bool {
	tail := n[3:]
	return strings.Contains("0123456789012345678", tail) || strings.Contains("9876543210987654321", tail) ||
		strings.Count(tail, tail[:1]) == len(tail) || tail[:4] == tail[4:]
}
