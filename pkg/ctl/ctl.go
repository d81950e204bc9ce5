// Package ctl is the body of the replyguard command: it parses arguments, runs
// one verb and returns an exit code. It takes its streams as arguments and
// never ends the process, so tests run it in-process.
package ctl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
	"golang.org/x/term"
)

// Exit codes. Below 64 they tell the worst decision, from 64 on what went
// wrong, numbered as in sysexits.h.
const (
	ExitAllow    = 0  // every reply may be sent; or the verb succeeded
	ExitWarn     = 1  // at least one reply needs a second look; or a figure missed its bound
	ExitBlock    = 2  // at least one reply must not be sent
	ExitUsage    = 64 // the command line is wrong
	ExitData     = 65 // input data can't be read or judged
	ExitNoInput  = 66 // an input file can't be opened
	ExitSoftware = 70 // a fault inside the program
	ExitConfig   = 78 // configuration or rule files are wrong
)

const description = `Judges customer-service replies before they are sent.

Exit codes: 0 allow or success, 1 warn or a bound missed, 2 block, 64 usage, 65 bad data, 66 no input, 70 internal fault, 78 configuration or rule files.`

// Streams are the standard streams of a run.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// env is what every verb is handed.
type env struct {
	Streams
	ctx  context.Context //nolint:containedctx // kong binds one value for the run of one verb
	root *commands
}

// commands is the command line.
type commands struct {
	Policy string `name:"policy" placeholder:"DIR" env:"REPLYGUARD_POLICY_DIR" help:"Folder with pack.yaml, lexicon/, rules/ and stores/; default: the built-in pack."`
	Color  string `enum:"auto,always,never" default:"auto" help:"Colour the output: auto, always or never."`

	Serve    serveCmd    `cmd:"" help:"Run the HTTP service."`
	Check    checkCmd    `cmd:"" help:"Judge replies from the arguments or standard input."`
	Eval     evalCmd     `cmd:"" help:"Score the guard on labelled cases."`
	Rewrite  rewriteCmd  `cmd:"" help:"Print a wording of a reply that may be sent."`
	Corpus   corpusCmd   `cmd:"" help:"Count what the guard says of unlabelled dialogues."`
	Rules    rulesCmd    `cmd:"" help:"Work on the rule files."`
	Config   configCmd   `cmd:"" help:"Look at the configuration of the service."`
	Feedback feedbackCmd `cmd:"" help:"Work with what agents report."`
	Service  serviceCmd  `cmd:"" help:"Run as a service of Windows or systemd."`
	Version  versionCmd  `cmd:"" help:"Print the version of the program and of the built-in rules."`
}

// exit is the way a verb ends the run with a code of its own.
type exit struct {
	code int
	err  error // nil: nothing to say
}

func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// fail wraps err with an exit code; a nil err stays nil.
func fail(code int, err error) error {
	if err == nil {
		return nil
	}
	return &exit{code: code, err: err}
}

// Run executes the command line args and returns the exit code.
func Run(ctx context.Context, args []string, s Streams) (code int) {
	var root commands
	type stop struct{ code int }
	defer func() {
		if r := recover(); r != nil {
			st, ok := r.(stop)
			if !ok {
				panic(r)
			}
			code = st.code
		}
	}()
	parser, err := kong.New(&root,
		kong.Name("replyguard"),
		kong.Description(description),
		kong.Writers(s.Out, s.Err),
		kong.Exit(func(code int) { panic(stop{code}) }), // --help; kong expects no return
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintln(s.Err, "replyguard:", err)
		return ExitSoftware
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(s.Err, "replyguard:", err)
		return ExitUsage
	}
	return report(s.Err, parsed.Run(&env{Streams: s, ctx: ctx, root: &root}))
}

// report prints err and returns its exit code.
func report(w io.Writer, err error) int {
	if err == nil {
		return ExitAllow
	}
	code := ExitSoftware
	if e, ok := errors.AsType[*exit](err); ok {
		code, err = e.code, e.err
	}
	if err != nil {
		fmt.Fprintln(w, "replyguard:", err)
	}
	return code
}

// isTerminal reports whether a person reads or writes stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colored reports whether output to w is to be coloured.
func (e *env) colored(w io.Writer) bool {
	switch e.root.Color {
	case "always":
		return true
	case "never":
		return false
	}
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
