package ctl_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// standIns returns commands that the README uses and this machine may lack.
func standIns() map[string]func() {
	self := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	if _, err := exec.LookPath("curl"); err != nil || self == "curl" {
		return map[string]func(){"curl": func() { os.Exit(curl(os.Args[1:])) }} //nolint:forbidigo // the main of a process
	}
	return nil
}

// curl does what the README asks of curl, where there is none.
func curl(args []string) int {
	method, url, body, fails, out := http.MethodGet, "", "", false, os.Stdout
	header := http.Header{"Accept": {"*/*"}}
	for i := 0; i < len(args); i++ {
		next := func() string { i++; return args[i] }
		switch args[i] {
		case "-s":
		case "-sf":
			fails = true
		case "-o":
			next()
			out = nil
		case "-X":
			method = next()
		case "-H":
			name, v, _ := strings.Cut(next(), ": ")
			header.Set(name, v)
		case "--json", "-d", "--data-binary":
			if args[i] == "--json" {
				header.Set("Content-Type", "application/json")
				header.Set("Accept", "application/json")
			}
			method, body = http.MethodPost, next()
		default:
			url = "http://" + args[i]
		}
	}
	if body == "@-" {
		b, _ := io.ReadAll(os.Stdin)
		body = string(b)
	}
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	r.Header = header
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 7
	}
	defer a.Body.Close()
	if fails && a.StatusCode >= http.StatusBadRequest {
		return 22
	}
	if out != nil {
		_, _ = io.Copy(out, a.Body)
	}
	return 0
}

// shell returns the shell that runs the README's lines, "" where there is none.
func shell() string {
	if runtime.GOOS == "windows" {
		return ""
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		return ""
	}
	return sh
}
