package ctl

import (
	"context"
	"maps"
	"os"
	"os/signal"
	"syscall"

	"github.com/replyguard/replyguard/pkg/app"
	"github.com/replyguard/replyguard/pkg/config"
)

// configFlags are what every verb that reads the configuration takes.
type configFlags struct {
	Config string            `short:"c" placeholder:"FILE" env:"REPLYGUARD_CONFIG" help:"YAML file; default: none, the built-in defaults."`
	Set    map[string]string `short:"s" placeholder:"PATH=VALUE" mapsep:"none" help:"Override one setting, such as limits.queue=100; repeatable."`
}

// load reads the configuration; flags of the command line go over it.
func (f *configFlags) load(e *env, over map[string]string) (*config.Config, error) {
	set := map[string]string{}
	maps.Copy(set, f.Set)
	if e.root.Policy != "" {
		set["policy.dir"] = e.root.Policy
	}
	for path, value := range over {
		if value != "" {
			set[path] = value
		}
	}
	cfg, err := config.Load(config.Sources{File: f.Config, Environ: os.Environ(), Set: set})
	return cfg, fail(ExitConfig, err)
}

type serveCmd struct {
	configFlags
	Listen string `placeholder:"ADDR" help:"Address of the API (listen); default 127.0.0.1:8787."`
}

// Run serves until the process is told to stop. SIGHUP loads the rules again.
func (c *serveCmd) Run(e *env) error {
	cfg, err := c.load(e, map[string]string{"listen": c.Listen})
	if err != nil {
		return err
	}
	return serve(e.ctx, cfg, e.Streams)
}

// serve runs the service until ctx ends.
func serve(ctx context.Context, cfg *config.Config, s Streams) error {
	log, closeLog := app.NewLog(cfg.Log, s.Err, isTerminal(s.Err))
	defer closeLog()
	a, err := app.New(ctx, cfg, app.Options{Log: log, Out: s.Out, Version: buildVersion(), OwnProcess: true})
	if err != nil {
		return fail(ExitConfig, err)
	}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	done, finish := context.WithCancel(ctx)
	defer finish()
	go func() {
		for {
			select {
			case <-hup:
				_ = a.Reload(done) // it logs what is wrong
			case <-done.Done():
				return
			}
		}
	}()
	return fail(ExitSoftware, a.Run(ctx))
}
