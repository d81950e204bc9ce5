package ctl_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the outputs that the READMEs show")

// address is where the README's service listens.
const address = "127.0.0.1:8787"

// TestReadmeCommands runs every command of the README's console blocks, in
// order and in one folder, and compares what it prints with what the README
// shows. JSON is compared as such; ids, digests, times and counts of rules may
// differ, digests are cut short, and "…" stands for what is left out.
func TestReadmeCommands(t *testing.T) {
	sh := shell()
	if sh == "" {
		t.Skip("the commands are written for a POSIX shell")
	}
	pages := readPages(t)
	session := newSession(t, sh)
	ran := 0
	for i, b := range pages[0].blocks {
		if b.info != "console" {
			continue
		}
		text := session.block(b)
		ran += len(b.commands())
		for _, p := range pages {
			if *update && i < len(p.blocks) {
				p.blocks[i].text = text
			}
		}
	}
	session.stop()
	if ran < 20 {
		t.Errorf("only %d commands were run", ran)
	}
	if *update {
		for _, p := range pages {
			p.save(t)
		}
	}
}

// command is one line that a reader types, with what it prints.
type command struct {
	input  string // without the prompt; several lines where they are continued
	output string
	line   int
}

// heredoc finds the word that ends what a command reads from the lines below.
var heredoc = regexp.MustCompile(`<<'(\w+)'`)

// open reports whether a shell would read on after input: a quote or what
// stands behind << is not ended, or the line ends with a backslash or a pipe.
func open(input string) bool {
	if m := heredoc.FindStringSubmatch(input); m != nil {
		return !strings.HasSuffix(input, "\n"+m[1]+"\n")
	}
	return strings.Count(input, "'")%2 == 1 || strings.HasSuffix(input, "\\\n") || strings.HasSuffix(input, "|\n")
}

// commands cuts a console block into its commands.
func (b *block) commands() []command {
	var list []command
	for i, line := range strings.SplitAfter(b.text, "\n") {
		last := len(list) - 1
		switch {
		case last >= 0 && open(list[last].input):
			list[last].input += line
		case strings.HasPrefix(line, "$ "):
			list = append(list, command{input: line[2:], line: b.line + i})
		case last >= 0:
			list[last].output += line
		}
	}
	return list
}

// session is a shell in which the commands run, and the service they talk to.
type session struct {
	t       *testing.T
	sh      string
	code    int               // of the command before, for $?
	service *process          // nil before the README starts one
	ids     map[string]string // the README's ids → those of this run
	shown   map[string]string // the ids of this run → those that the README shows
	fresh   map[string]string // the README's ids → those that take their place
}

// newSession makes a folder with a copy of configs, as a clone has it.
func newSession(t *testing.T, sh string) *session {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.CopyFS("configs", os.DirFS(filepath.Join(root, "configs"))); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]string{"HOME": ".", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "LC_ALL": "C.UTF-8"} {
		t.Setenv(name, v)
	}
	return &session{t: t, sh: sh, ids: map[string]string{}, shown: map[string]string{}, fresh: map[string]string{}}
}

// block runs the commands of b and returns its text with what they printed.
func (s *session) block(b *block) string {
	s.t.Helper()
	var text strings.Builder
	for _, c := range b.commands() {
		got := s.run(c)
		shown := show(c.output, replaceAll(got, s.shown))
		same := plain(c.output) == plain(shown)
		if same {
			shown = c.output
		} else if !*update {
			s.t.Errorf("README.md:%d: %s\nprints something else (-want +got; run with -update and review):\n%s",
				c.line, firstLine(c.input), cmp.Diff(plain(c.output), plain(shown)))
		}
		s.pair(c.output, got, same)
		text.WriteString("$ " + replaceAll(c.input, s.fresh) + shown)
	}
	return text.String()
}

// run executes c and returns what it prints.
func (s *session) run(c command) string {
	s.t.Helper()
	input := strings.ReplaceAll(replaceAll(c.input, s.ids), "go run ./cmd/replyguard", "replyguard")
	if input == "kill %1\n" {
		s.stop()
		return ""
	}
	if args, ok := strings.CutPrefix(input, "replyguard serve"); ok {
		s.stop()
		s.service = serve(s.t, strings.Fields(strings.Trim(args, " &\n"))...)
		return ""
	}
	if s.service != nil {
		input = strings.ReplaceAll(input, address, strings.TrimPrefix(s.service.base, "http://"))
	}
	cmd := exec.CommandContext(s.t.Context(), s.sh, "-c", fmt.Sprintf("(exit %d)\n%s", s.code, input))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	_ = cmd.Run()
	s.code = cmd.ProcessState.ExitCode()
	return out.String()
}

// stop ends the service, if there is one.
func (s *session) stop() {
	if s.service == nil {
		return
	}
	s.service.signal(syscall.SIGTERM)
	s.service.await("stopped")
	if err := s.service.cmd.Wait(); err != nil {
		s.t.Errorf("the service: %v", err)
	}
	s.service = nil
}

var (
	ulid    = regexp.MustCompile(`\b01[0-9A-HJKMNP-TV-Z]{24}\b`)
	digest  = regexp.MustCompile(`(sha256:[0-9a-f]{12})[0-9a-f]{52}`)
	counted = regexp.MustCompile(`^ok: \d+ rules.*$`)
)

// pair notes which ids in two outputs of the same command stand for each other,
// by their order, and which of them the README goes on to show.
func (s *session) pair(want, got string, same bool) {
	old, now := ulid.FindAllString(want, -1), ulid.FindAllString(got, -1)
	for i := range min(len(old), len(now)) {
		s.ids[old[i]] = now[i]
		switch {
		case s.shown[now[i]] != "":
		case same:
			s.shown[now[i]] = old[i]
		default:
			s.shown[now[i]], s.fresh[old[i]] = now[i], now[i]
		}
	}
}

func replaceAll(text string, pairs map[string]string) string {
	return ulid.ReplaceAllStringFunc(text, func(id string) string {
		if now := pairs[id]; now != "" {
			return now
		}
		return id
	})
}

// show returns got as the README shows it in the place of want: JSON set in
// lines, and without what want leaves out.
func show(want, got string) string {
	if have, ok := parseValues(got); ok {
		wanted, _ := parseValues(want)
		var b strings.Builder
		for i, v := range have {
			if i < len(wanted) {
				v.elide(wanted[i])
			}
			b.WriteString(digest.ReplaceAllString(v.pretty(""), "$1"+more) + "\n")
		}
		return b.String()
	}
	head, tail, left := strings.Cut(want, more+"\n")
	if !left {
		return got
	}
	lines := strings.SplitAfter(got, "\n")
	first, last := strings.Count(head, "\n"), strings.Count(tail, "\n")
	if first+last+1 >= len(lines) {
		return got
	}
	return strings.Join(lines[:first], "") + more + "\n" + strings.Join(lines[len(lines)-1-last:], "")
}

// plain returns an output without what differs from run to run.
func plain(text string) string {
	if values, ok := parseValues(text); ok {
		lines := make([]string, len(values))
		for i, v := range values {
			lines[i] = v.normal()
		}
		return strings.Join(lines, "\n")
	}
	text = ulid.ReplaceAllString(text, "ID")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = counted.ReplaceAllString(line, "ok: rules and examples")
	}
	return strings.Join(lines, "\n")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
