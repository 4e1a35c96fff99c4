// Command benchcompare measures the benchmarks of the working tree beside those of
// another revision, and fails if one has become slower, or allocates more, for real:
//
//	make bench-compare BASE=main
//
// A machine is never quiet, so it does three things against noise. The two revisions
// take turns, so that what disturbs one disturbs the other. A difference counts only
// if benchstat finds it significant (Mann-Whitney U test) and it is larger than a
// threshold. And what counts is measured once more: only what is confirmed by samples
// of its own is a regression.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitFine = iota
	exitRegression
	exitError
)

// options are the command line.
type options struct {
	root      string   // of the working tree
	base      string   // revision to compare with
	bench     string   // regular expression of benchmarks
	benchtime string   // of each measurement, as go test has it
	count     int      // measurements of each benchmark
	benchstat []string // the command
	packages  []string
	rule      rule
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err == nil {
		var worse []change
		if worse, err = compare(ctx, o, stdout, stderr); err == nil {
			return report(worse, o, stdout)
		}
	}
	if !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stderr, "benchcompare: %v\n", err)
	}
	return exitError
}

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("benchcompare", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.root, "C", ".", "`folder` of the working tree")
	f.StringVar(&o.base, "base", "", "`revision` to compare with")
	f.StringVar(&o.bench, "bench", ".", "`regexp` of benchmarks")
	f.StringVar(&o.benchtime, "benchtime", "100ms", "how long, or often as 10x, each is run each time")
	f.IntVar(&o.count, "count", 10, "how often each is run; fewer than 6 can show little")
	f.Float64Var(&o.rule.threshold, "threshold", 10, "how many `percent` worse is worse")
	f.Float64Var(&o.rule.alpha, "alpha", 0.01, "`probability` under which a difference is no chance")
	units := f.String("units", "sec/op,allocs/op", "`list` of what decides; B/op spreads what is allocated once over as many operations as there was time for")
	benchstat := f.String("benchstat", "go tool -modfile=tools/go.mod benchstat", "`command` that compares")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	o.packages, o.rule.units, o.benchstat = f.Args(), strings.Split(*units, ","), strings.Fields(*benchstat)
	switch {
	case o.base == "":
		return nil, errors.New("compared with what? -base names a revision")
	case o.count < 1:
		return nil, fmt.Errorf("-count is %d, and must be at least 1", o.count)
	case len(o.packages) == 0:
		return nil, errors.New("which packages?")
	}
	return o, nil
}

// compare measures both revisions, and what is worse once more. It returns what is
// worse both times.
func compare(ctx context.Context, o *options, stdout, stderr io.Writer) (worse []change, err error) {
	b, err := build(ctx, o, stderr)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.remove()) }()
	suspects, err := b.sample(ctx, o, o.bench, stdout, stderr)
	if err != nil || len(suspects) == 0 {
		return nil, err
	}
	fmt.Fprintf(stdout, "\nWorse, perhaps; measured once more:\n")
	again, err := b.sample(ctx, o, expression(suspects), stdout, stderr)
	if err != nil {
		return nil, err
	}
	for _, c := range again {
		if slices.ContainsFunc(suspects, func(s change) bool { return s.id() == c.id() }) {
			worse = append(worse, c)
		}
	}
	return worse, nil
}

// report prints the verdict, and returns the exit code.
func report(worse []change, o *options, stdout io.Writer) int {
	if len(worse) == 0 {
		fmt.Fprintf(stdout, "\nno regression against %s\n", o.base)
		return exitFine
	}
	fmt.Fprintf(stdout, "\nworse than %s, twice:\n", o.base)
	for _, c := range worse {
		fmt.Fprintf(stdout, "  %s\n", c)
	}
	return exitRegression
}
