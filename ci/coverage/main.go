// Command coverage says which blocks of the executors and of the checkers verify run alone does not reach, and why:
//
//	go run ./ci/coverage -page docs/measured/coverage.md
//
// It builds verify so that it counts the blocks of these packages, and runs it; its child processes count, too. Each block that no
// property reaches has to be on the list unreached.txt, with the reason. So there are two findings: a block that is neither reached
// nor listed, for which an input is missing that a generator should draw; and one that is listed, and reached or gone.
//
// Exit codes: 0 the list is as it should be; 1 it is not; 2 nothing was measured.
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
	exitFine = iota
	exitFindings
	exitError
)

// options are the command line.
type options struct {
	root    string // of the module
	list    string // file of the unreached blocks
	page    string // file whose figures are written; empty is none
	profile string // file of a profile that was measured before; empty is to measure
	prune   bool   // take from the list what is reached or gone
	keep    string // file in which the profile is kept; empty is nowhere
	cases   int
	seed    uint64
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err == nil {
		var found int
		if found, err = o.compare(ctx, stdout, stderr); err == nil {
			if found > 0 {
				return exitFindings
			}
			return exitFine
		}
	}
	if !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stderr, "coverage: %v\n", err)
	}
	return exitError
}

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("coverage", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.root, "C", ".", "`folder` of the module")
	f.StringVar(&o.list, "list", "ci/coverage/unreached.txt", "`file` of the blocks that are not reached, with the reasons, from the module's folder")
	f.BoolVar(&o.prune, "prune", false, "take from the list what is reached or gone")
	f.StringVar(&o.page, "page", "", "Markdown `file` whose figures are written")
	f.StringVar(&o.profile, "profile", "", "`file` of a profile that -keep has kept: nothing is run")
	f.StringVar(&o.keep, "keep", "", "`file` in which the profile is kept, as go tool cover reads it")
	f.IntVar(&o.cases, "n", 200, "cases for each property")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the cases")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("%q: no arguments are taken", f.Arg(0))
	}
	return o, nil
}

// compare holds the list against what is measured, and says how many findings there are.
func (o *options) compare(ctx context.Context, stdout, stderr io.Writer) (int, error) {
	list, content, err := o.readList()
	if err != nil {
		return 0, err
	}
	profile := o.profile
	if profile == "" {
		m, err := newMeasurement(o, stderr)
		if err != nil {
			return 0, err
		}
		defer m.remove()
		if profile, err = m.profile(ctx); err != nil {
			return 0, err
		}
	}
	blocks, err := readBlocks(o.root, profile)
	if err != nil {
		return 0, err
	}
	missing := unreached(blocks)
	if o.prune {
		content = prune(content, func(key string) bool { return has(missing, key) })
		if err := os.WriteFile(filepath.Join(o.root, o.list), []byte(content), 0o666); err != nil {
			return 0, err
		}
		if list, _, err = o.readList(); err != nil {
			return 0, err
		}
	}
	found := report(stdout, missing, list)
	if o.page != "" && found == 0 {
		err = generated.Write(o.page, table(blocks, missing, list))
	}
	return found, err
}
