// Command replyguard judges customer-service replies before they are sent.
// Run "replyguard --help" for its verbs and exit codes.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/replyguard/replyguard/pkg/ctl"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	return ctl.Run(ctx, os.Args[1:], ctl.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}
