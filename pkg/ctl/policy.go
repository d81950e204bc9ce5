package ctl

import (
	"errors"
	"io/fs"
	"os"

	"github.com/replyguard/replyguard/configs"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/policy"
)

// policyFS returns the files of the pack: the folder of --policy, or the
// built-in ones.
func (e *env) policyFS() (fs.FS, error) {
	if e.root.Policy == "" {
		return configs.Pack, nil
	}
	info, err := os.Stat(e.root.Policy)
	if err == nil && !info.IsDir() {
		err = errors.New(e.root.Policy + " is not a folder")
	}
	if err != nil {
		return nil, fail(ExitConfig, err)
	}
	return os.DirFS(e.root.Policy), nil
}

// pack loads the policy files.
func (e *env) pack() (*policy.Pack, error) {
	files, err := e.policyFS()
	if err != nil {
		return nil, err
	}
	pack, err := policy.Load(files)
	return pack, fail(ExitConfig, err)
}

// guard loads and compiles the policy.
func (e *env) guard() (*guard.Guard, error) {
	pack, err := e.pack()
	if err != nil {
		return nil, err
	}
	g, err := guard.New(pack, guard.Config{})
	return g, fail(ExitConfig, err)
}
