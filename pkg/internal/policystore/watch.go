package policystore

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long the files must be quiet before a changed folder is read:
// editors and deployments write several files one after the other.
const settle = 250 * time.Millisecond

// Watch reloads whenever something changes below dir, until ctx ends. It
// follows the way Kubernetes updates mounted files, by swapping a symbolic
// link, because it watches folders and not files. What changed between the last
// load and the call is noticed too. Failed reloads are reported by Reload; the
// error of Watch says that watching itself was not possible.
func (s *Store) Watch(ctx context.Context, dir string) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	defer w.Close()
	if err := watchAll(w, dir); err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	timer := time.NewTimer(settle) // what changed before the watch began is not announced: look
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-w.Events:
			if !ok {
				return nil
			}
			timer.Reset(settle)
		case err, ok := <-w.Errors:
			if !ok {
				return nil
			}
			s.o.Log.Warn().Err(err).Msg("watching the policy files")
			timer.Reset(settle) // events may be lost: look
		case <-timer.C:
			// Folders may have come, gone or been swapped.
			if err := watchAll(w, dir); err != nil {
				s.o.Log.Warn().Err(err).Msg("watching the policy files")
			}
			_, _ = s.Reload(ctx)
		}
	}
}

// watchAll watches dir and every folder below it, through symbolic links.
func watchAll(w *fsnotify.Watcher, dir string) error {
	if err := w.Add(dir); err != nil {
		return err
	}
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // it was there a moment ago; the event of its going follows
		}
		if d.Type()&fs.ModeSymlink != 0 {
			if target, err := filepath.EvalSymlinks(path); err == nil {
				_ = w.Add(target) // a mounted folder's link to its current state
			}
			return nil
		}
		if d.IsDir() {
			return w.Add(path)
		}
		return nil
	})
}
