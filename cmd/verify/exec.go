package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/reports"
)

// execOptions is the command line of verify exec.
type execOptions struct {
	workers            int
	timeout            time.Duration
	transactionTimeout time.Duration
	mode               string
	trace              string
	events             bool
	json               bool
}

// execCommand runs one batch.
func (a *app) execCommand() *cobra.Command {
	var o execOptions
	cmd := &cobra.Command{
		Use:   "exec FILE",
		Short: "Execute one batch, and show what it did",
		Long: `Execute the atomic batch in a file (*.ae) on the accounts that it declares, and
show the outcome, the balances, the parallel groups and the conflicts.

Exit codes: 0 committed; 1 not committed: a transaction failed, there is a cycle
of dependencies, or a timeout has passed; 2 bad input.`,
		Example: `  verify exec transfers.ae
  verify exec transfers.ae --workers 2 --mode parallel --events
  verify exec transfers.ae --trace events.json   then open it in ui.perfetto.dev`,
		Args: exactlyOne("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			options, err := o.complete(cmd)
			if err != nil {
				return err
			}
			return a.exec(cmd.Context(), &o, options, args[0])
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.workers, "workers", synchrony.DefaultPool, "size of the worker pool (default also by "+synchrony.WorkersEnv+")")
	f.DurationVar(&o.timeout, "timeout", 0, "of the batch (default: 30s, or 10 times the estimated serial time if that is longer)")
	f.DurationVar(&o.transactionTimeout, "transaction-timeout", 0, "of each transaction (default: none)")
	f.StringVar(&o.mode, "mode", batch.Auto.String(), "auto, parallel, serial or blocking (a goroutine for each ready transaction)")
	f.StringVar(&o.trace, "trace", "", "write the events as Chrome trace-event JSON to this `file`; - is standard output, instead of the result")
	f.BoolVar(&o.events, "events", false, "show the events, too")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	return cmd
}

// complete checks the options, and makes the executor's of them.
func (o *execOptions) complete(cmd *cobra.Command) (synchrony.Options, error) {
	given := cmd.Flags().Changed
	out := synchrony.Options{
		Workers: o.workers, Timeout: o.timeout, TransactionTimeout: o.transactionTimeout,
		Trace: o.events || o.trace != "",
	}
	var err error
	switch {
	case given("timeout") && o.timeout <= 0:
		return out, wrongUse(cmd, "--timeout is %v, and must be more than 0", o.timeout)
	case given("transaction-timeout") && o.transactionTimeout <= 0:
		return out, wrongUse(cmd, "--transaction-timeout is %v, and must be more than 0", o.transactionTimeout)
	case o.trace == "-" && o.json:
		return out, wrongUse(cmd, "--trace - and --json both want standard output")
	}
	if out.Mode, err = batch.ParseMode(o.mode); err != nil {
		return out, wrongUse(cmd, "--mode: %v", err)
	}
	if !given("workers") {
		out.Workers, err = synchrony.DefaultWorkers()
	}
	return out, err
}

// exec is verify exec, once its options are known to be right.
func (a *app) exec(ctx context.Context, o *execOptions, options synchrony.Options, path string) error {
	if ext := filepath.Ext(path); ext != ".ae" {
		return fmt.Errorf("%s: a file to execute must be a batch, whose name ends in .ae, not in %q", path, ext)
	}
	if err := checkOutput(o.trace); err != nil {
		return err
	}
	source, err := os.ReadFile(path)
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return fmt.Errorf("cannot read %s: %w", path, pathErr.Err)
	}
	if err != nil {
		return err
	}
	b, err := batch.Parse(path, source)
	if err != nil {
		return err
	}
	store := synchrony.NewStore(b.Accounts)
	result, err := synchrony.Execute(ctx, nil, store, b, options)
	if result == nil { // a wrong configuration
		return err
	}
	e := &reports.Execution{Batch: b, Before: b.Balances(), Result: result}
	if err := a.showExecution(e, o); err != nil {
		return err
	}
	if !result.Committed {
		return exit(exitViolated)
	}
	return nil
}

func (a *app) showExecution(e *reports.Execution, o *execOptions) error {
	if o.trace != "" {
		err := a.writeOutput(o.trace, func(w io.Writer) error {
			return reports.ChromeExecution(w, e.Batch, e.Result.Events)
		})
		if err != nil || o.trace == "-" {
			return err
		}
	}
	if o.json {
		return reports.ExecutionJSON(a.stdout, e)
	}
	return reports.ExecutionText(a.stdout, e, o.events, wantsColour(a.stdout))
}
