package ctl

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/kardianos/service"

	"github.com/replyguard/replyguard/pkg/config"
)

type serviceCmd struct {
	Install   serviceInstallCmd   `cmd:"" help:"Install as a service of Windows or systemd that starts with the machine, and start it."`
	Uninstall serviceUninstallCmd `cmd:"" help:"Stop the service and take it away."`
	Run       serviceRunCmd       `cmd:"" help:"Run as the service; the service manager calls this."`
}

// serviceName is what the service manager knows the service by.
const serviceName = "replyguard"

// definition describes the service; args are those of "service run".
func definition(args []string) *service.Config {
	return &service.Config{
		Name:        serviceName,
		DisplayName: "replyguard",
		Description: "Judges customer-service replies before they are sent.",
		Arguments:   append([]string{"service", "run"}, args...),
		Option: service.KeyValue{
			"Restart":           "on-failure",
			"OnFailure":         "restart", // Windows
			"SystemdScript":     systemdUnit,
			"DelayedAutoStart":  true,
			"ReloadSignal":      "HUP",
			"LimitNOFILE":       65536,
			"SuccessExitStatus": "0",
		},
	}
}

// systemdUnit is the unit file: as unprivileged and confined as a program that
// reads files and listens can be.
const systemdUnit = `[Unit]
Description={{.Description}}
After=network.target
ConditionFileIsExecutable={{.Path|cmdEscape}}

[Service]
ExecStart={{.Path|cmdEscape}}{{range .Arguments}} {{.|cmd}}{{end}}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2
DynamicUser=yes
StateDirectory=replyguard
WorkingDirectory=/var/lib/replyguard
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
MemoryMax=256M
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
`

type serviceInstallCmd struct {
	configFlags
	Print bool `help:"Print what would be installed, and install nothing. On Linux that is the systemd unit."`
}

// Run checks the configuration first: a service that can't start is no help.
func (c *serviceInstallCmd) Run(e *env) error {
	if _, err := c.load(e, nil); err != nil {
		return err
	}
	args, err := c.arguments(e)
	if err != nil {
		return fail(ExitUsage, err)
	}
	def := definition(args)
	if c.Print {
		fmt.Fprintf(e.Out, "name %s\narguments %q\n", def.Name, def.Arguments)
		if runtime.GOOS == "linux" {
			fmt.Fprint(e.Out, systemdUnit)
		}
		return nil
	}
	s, err := service.New(new(program), def)
	if err != nil {
		return fail(ExitSoftware, err)
	}
	if err := s.Install(); err != nil {
		return fail(ExitSoftware, fmt.Errorf("install: %w", err))
	}
	if err := s.Start(); err != nil {
		return fail(ExitSoftware, fmt.Errorf("start: %w", err))
	}
	fmt.Fprintln(e.Out, "installed and started")
	return nil
}

// arguments returns the flags of "service run", with absolute paths: a service
// runs in another folder.
func (c *serviceInstallCmd) arguments(e *env) ([]string, error) {
	var args []string
	for _, f := range []struct{ flag, path string }{{"--policy", e.root.Policy}, {"--config", c.Config}} {
		if f.path == "" {
			continue
		}
		abs, err := filepath.Abs(f.path)
		if err != nil {
			return nil, err
		}
		args = append(args, f.flag, abs)
	}
	for _, path := range sortedKeys(c.Set) {
		args = append(args, "--set", path+"="+c.Set[path])
	}
	return args, nil
}

type serviceUninstallCmd struct{}

// Run stops the service, if it runs, and takes it away.
func (serviceUninstallCmd) Run(e *env) error {
	s, err := service.New(new(program), definition(nil))
	if err != nil {
		return fail(ExitSoftware, err)
	}
	_ = s.Stop() // it may not run
	if err := s.Uninstall(); err != nil {
		return fail(ExitSoftware, fmt.Errorf("uninstall: %w", err))
	}
	fmt.Fprintln(e.Out, "uninstalled")
	return nil
}

type serviceRunCmd struct{ configFlags }

// Run serves until the service manager says stop.
func (c *serviceRunCmd) Run(e *env) error {
	cfg, err := c.load(e, nil)
	if err != nil {
		return err
	}
	if service.Interactive() || runtime.GOOS != "windows" {
		return serve(e.ctx, cfg, e.Streams) // systemd speaks in signals, as a shell does
	}
	p := &program{cfg: cfg, streams: e.Streams}
	s, err := service.New(p, definition(nil))
	if err != nil {
		return fail(ExitSoftware, err)
	}
	return fail(ExitSoftware, s.Run())
}

// program is what the service manager of Windows starts and stops.
type program struct {
	cfg     *config.Config
	streams Streams

	cancel context.CancelFunc
	done   sync.WaitGroup
	err    error
}

// Start begins to serve; it must not block.
func (p *program) Start(service.Service) error {
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.done.Go(func() { p.err = serve(ctx, p.cfg, p.streams) })
	return nil
}

// Stop ends in order.
func (p *program) Stop(service.Service) error {
	p.cancel()
	p.done.Wait()
	return p.err
}
