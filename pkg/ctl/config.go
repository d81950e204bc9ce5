package ctl

import (
	"fmt"
	"io"

	"github.com/replyguard/replyguard/pkg/config"
)

type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Report every mistake in the configuration."`
	Print configPrintCmd `cmd:"" help:"Print the configuration in force, secrets masked."`
}

type configCheckCmd struct{ configFlags }

// Run exits with ExitConfig where anything is wrong.
func (c *configCheckCmd) Run(e *env) error {
	if _, err := c.load(e, nil); err != nil {
		return err
	}
	fmt.Fprintln(e.Out, "ok")
	return nil
}

type configPrintCmd struct {
	configFlags
	Defaults bool `help:"Print the defaults, commented, to start a file from."`
}

// Run prints YAML that can be read again.
func (c *configPrintCmd) Run(e *env) error {
	if c.Defaults {
		_, err := io.WriteString(e.Out, config.Default().YAML(true))
		return err
	}
	cfg, err := c.load(e, nil)
	if err != nil {
		return err
	}
	_, err = io.WriteString(e.Out, cfg.YAML(false))
	return err
}
