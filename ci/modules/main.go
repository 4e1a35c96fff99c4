// Command modules runs verify test on well-known modules, as the module proxy serves them, and writes what it found as a table:
//
//	go run ./ci/modules -work DIR -page docs/measured/modules.md
//
// modules.txt lists the modules. Each is downloaded by the go command, copied to where it may be written, and all its tests are searched;
// every counterexample is replayed ten times. Whether a finding is the tested code's fault is told by reading that code: judged.txt says it.
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
	"regexp"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "modules: %v\n", err)
		os.Exit(1)
	}
}

// options are the command line.
type options struct {
	lists   string // folder of modules.txt and judged.txt
	work    string // folder of copies and results
	page    string // file whose table is written; empty prints it
	verify  []string
	only    *regexp.Regexp
	summary bool // make the table of what is there
}

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("modules", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.lists, "lists", "ci/modules", "`folder` of modules.txt and judged.txt")
	f.StringVar(&o.work, "work", "", "`folder` of the copies and the results; a module whose result is there is not searched again")
	f.StringVar(&o.page, "page", "", "Markdown `file` whose table is written (default: print it)")
	f.BoolVar(&o.summary, "summary", false, "search nothing, and make the table of the results that are there")
	verify := f.String("verify", "go run ./cmd/verify", "the `command`")
	only := f.String("only", "", "only modules that match this `regexp`")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("%q: no arguments are taken; modules.txt lists the modules", f.Arg(0))
	}
	if o.work == "" {
		return nil, errors.New("where to work? -work names a folder, which is kept")
	}
	if o.verify = strings.Fields(*verify); len(o.verify) == 0 {
		return nil, errors.New("-verify names no command")
	}
	var err error
	if o.only, err = regexp.Compile(*only); err != nil {
		return nil, fmt.Errorf("-only: %w", err)
	}
	if o.work, err = filepath.Abs(o.work); err != nil {
		return nil, err
	}
	return o, nil
}

// run is the whole program.
func run(ctx context.Context, args []string, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	modules, err := readModules(filepath.Join(o.lists, "modules.txt"))
	if err != nil {
		return err
	}
	judged, err := readJudged(filepath.Join(o.lists, "judged.txt"))
	if err != nil {
		return err
	}
	var results []*result
	for _, m := range modules {
		r, err := o.result(ctx, m, stderr)
		if err != nil {
			return fmt.Errorf("%s: %w", m, err)
		}
		if r != nil {
			results = append(results, r)
		}
	}
	return writePage(o.page, table(results, judged))
}

// result is what a module's search came to: read, if it was searched before. It is nil if it is not wanted.
func (o *options) result(ctx context.Context, m module, stderr io.Writer) (*result, error) {
	file := filepath.Join(o.work, m.folder()+".result.json")
	if r, err := readResult(file); err == nil || !errors.Is(err, os.ErrNotExist) {
		return r, err
	}
	if o.summary || !o.only.MatchString(m.String()) {
		return nil, nil
	}
	dir, err := o.fetch(ctx, m)
	if err != nil {
		return nil, err
	}
	r, err := o.search(ctx, m, dir)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(stderr, "%s: %d tests, %d findings, %.0f s %s\n", m, len(r.Tests), len(r.findings()), r.Seconds, r.Error)
	return r, r.write(file)
}
