package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/models/text"
	"synchrony/properties"
)

// watchInterval is how often --watch looks at the files.
const watchInterval = 500 * time.Millisecond

// watch builds this program anew and runs it whenever a file changes that the properties' code is made of, until it is interrupted: at first all
// that were asked for, then those that the change reaches. It is an error only if nothing can be watched.
func (a *app) watch(cmd *cobra.Command, o *runOptions) error {
	checks, err := a.selected(cmd, o.words)
	if err != nil {
		return err
	}
	main := buildPath()
	if main == "" {
		return errors.New("--watch cannot build this program anew, as it does not know its package: build it with go build PACKAGE, and run that")
	}
	r, err := reachOf(cmd.Context(), checks)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "verify-watch-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) // what was built may stay, if it must
	program := filepath.Join(folder, filepath.Base(os.Args[0]))
	flags := givenFlags(cmd, "watch", "since")
	fmt.Fprintf(a.stderr, "verify: watching %s; Ctrl-C ends\n", text.Plural(len(r.packages), "package"))
	w := &watcher{
		stamps: func() (map[string]stamp, error) {
			if again, err := reachOf(cmd.Context(), checks); err == nil { // else it does not compile just now
				r = again
			}
			return r.stamps()
		},
		look: func() (map[string]stamp, error) { return r.stamps() },
		wait: func() bool { return pause(cmd.Context(), watchInterval) },
		run: func(files []string) bool {
			ids := idsOf(checks)
			if files != nil {
				ids = r.reached(checks, files)
				fmt.Fprintf(a.stderr, "verify: %s changed: %s\n", brief(r.root, files), cmp.Or(strings.Join(ids, " "), "no property is made of that"))
			}
			return len(ids) == 0 || a.rebuilt(cmd.Context(), r.root, main, program, slices.Concat([]string{cmd.Name()}, flags, ids))
		},
	}
	return w.loop()
}

// watcher runs something again whenever files have changed.
type watcher struct {
	stamps func() (map[string]stamp, error) // of the files there are to watch, which may be others than before
	look   func() (map[string]stamp, error) // at the same files
	wait   func() bool                      // for a while; false is that it is over
	run    func(changed []string) bool      // nil is the first time; false is that it could not, and is to be told of these files again
}

// loop runs until it is over. What changes while something runs is seen when that has ended. What has changed since the last run that there was
// is told together: a program that does not build is mended in another file than the one that was changed first.
func (w *watcher) loop() error {
	for begun, changed := false, []string(nil); ; {
		last, err := w.stamps()
		if err != nil {
			return err
		}
		if w.run(changed) {
			begun, changed = true, nil
		}
		now, err := w.settled(last)
		if now == nil || err != nil {
			return err
		}
		if begun { // else all is still to be run
			changed = slices.Concat(changed, differing(last, now))
			slices.Sort(changed)
			changed = slices.Compact(changed)
		}
	}
}

// settled waits until files differ from what they were, and twice are the same, as many may be written together. It returns nil when it is over.
func (w *watcher) settled(last map[string]stamp) (now map[string]stamp, err error) {
	for w.wait() {
		again, err := w.look()
		if err != nil {
			return nil, err
		}
		if maps.Equal(again, now) && !maps.Equal(now, last) {
			return now, nil
		}
		now = again
	}
	return nil, nil
}

// differing are the files whose stamps are not the same, in order of name.
func differing(a, b map[string]stamp) (files []string) {
	for f, s := range a {
		if b[f] != s {
			files = append(files, f)
		}
	}
	for f := range b {
		if _, known := a[f]; !known {
			files = append(files, f)
		}
	}
	slices.Sort(files)
	return files
}

// pause waits, and reports whether ctx is still not done.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// rebuilt builds the program and runs it, and reports whether it could be built; what goes wrong is told, and the next change may mend it.
func (a *app) rebuilt(ctx context.Context, root, main, program string, args []string) bool {
	build := exec.CommandContext(ctx, "go", "build", "-o", program, main)
	build.Dir, build.Stdout, build.Stderr = root, a.stderr, a.stderr
	if err := build.Run(); err != nil {
		if ctx.Err() == nil {
			fmt.Fprintf(a.stderr, "verify: it does not build: %v\n", err)
		}
		return false
	}
	run := exec.CommandContext(ctx, program, args...)
	run.Cancel = func() error { return run.Process.Signal(syscall.SIGTERM) } // so that it ends with what it has
	run.Stdin, run.Stdout, run.Stderr = a.stdin, a.stdout, a.stderr
	var failed *exec.ExitError
	if err := run.Run(); err != nil && !errors.As(err, &failed) {
		fmt.Fprintf(a.stderr, "verify: %v\n", err)
	}
	return true
}

// givenFlags are the flags of a command line, but for some, as arguments.
func givenFlags(cmd *cobra.Command, but ...string) (args []string) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch values, several := f.Value.(pflag.SliceValue); {
		case slices.Contains(but, f.Name):
		case several:
			for _, v := range values.GetSlice() {
				args = append(args, "--"+f.Name+"="+v)
			}
		default:
			args = append(args, "--"+f.Name+"="+f.Value.String())
		}
	})
	return args
}

// brief names files, the first of many.
func brief(root string, files []string) string {
	name := files[0]
	if rel, err := filepath.Rel(root, name); err == nil {
		name = rel
	}
	if len(files) == 1 {
		return name
	}
	return fmt.Sprintf("%s and %s", name, text.Plural(len(files)-1, "other file"))
}

// idsOf are the IDs of properties.
func idsOf(checks []properties.Testable) (ids []string) {
	for _, c := range checks {
		ids = append(ids, c.Info().ID)
	}
	return ids
}
