package ctl

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints one line for the program and one for the rules.
func (versionCmd) Run(e *env) error {
	fmt.Fprintf(e.Out, "replyguard %s %s %s/%s\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	pack, err := e.pack()
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Out, "rules %s %s %s\n", pack.Name, pack.Version, pack.Digest)
	return nil
}

// version is set by the linker for released builds.
var version string

// buildVersion returns the version that the linker set, else the module's,
// with the commit where the build recorded one.
func buildVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	v := info.Main.Version
	if v == "" {
		v = "(devel)"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 && v == "(devel)" {
			v += " " + s.Value[:12]
		}
	}
	return v
}
