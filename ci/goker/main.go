// Command goker runs the kernels of GoKer, the bugs of GoBench (Yuan, Yu, Hu, Yao, Chen: GoBench: A Benchmark Suite of Real-World Go Concurrency
// Bugs, CGO 2021), under verify test, all in one configuration, and writes a table of what was found:
//
//	git clone https://github.com/timmyyuan/gobench /tmp/gobench
//	go run ./ci/goker -source /tmp/gobench/gobench/goker
//
// The kernels are copied, as they are, into a module in a temporary folder. Each finding is replayed ten times, and the function
// that it is about is compared with those that the kernel's README names.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitFound = iota
	exitMissed
	exitError
)

// options are the command line.
type options struct {
	source string // the folder goker of GoBench
	verify string // the command; empty is to build it
	output string // file of the table; empty is the standard output
	seed   uint64
	times  int // replays of each finding
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := options{}
	f := flag.NewFlagSet("goker", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.source, "source", "", "`folder` gobench/goker of a clone of GoBench")
	f.StringVar(&o.verify, "verify", "", "`command` to test (default: the one of this module, built)")
	f.StringVar(&o.output, "markdown", "", "`file` for the table (default: standard output)")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the schedules")
	f.IntVar(&o.times, "times", 10, "how often each finding is replayed")
	if err := f.Parse(args); err != nil {
		return exitError
	}
	t, err := o.measure(ctx, stderr)
	if err == nil {
		err = o.write(t, stdout)
	}
	switch {
	case err != nil:
		fmt.Fprintf(stderr, "goker: %v\n", err)
		return exitError
	case t.found() < len(t.kernels):
		return exitMissed
	}
	return exitFound
}

// measure lays out the kernels, runs them, and replays what is found.
func (o *options) measure(ctx context.Context, stderr io.Writer) (*table, error) {
	if o.source == "" {
		return nil, errors.New("-source is missing: the folder gobench/goker of a clone of github.com/timmyyuan/gobench")
	}
	folder, err := os.MkdirTemp("", "goker-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	t := &table{options: o}
	if t.kernels, err = layOut(o.source, filepath.Join(folder, "module")); err != nil {
		return nil, err
	}
	v := &verifier{command: o.verify, folder: folder, stderr: stderr}
	if err := v.build(ctx); err != nil {
		return nil, err
	}
	if err := v.search(ctx, t); err != nil {
		return nil, err
	}
	for i := range t.kernels {
		if err := v.replay(ctx, &t.kernels[i], o.times); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (o *options) write(t *table, stdout io.Writer) error {
	if o.output == "" {
		_, err := io.WriteString(stdout, t.markdown())
		return err
	}
	return os.WriteFile(o.output, []byte(t.markdown()), 0o644)
}
