package command

import (
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/reports/execution"
)

func isBatch(path string, _ []byte) bool { return filepath.Ext(path) == ".ae" }

// execBatch executes a batch on the accounts that it declares.
func (a *app) execBatch(cmd *cobra.Command, o *execOptions, path string, content []byte) (*executed, error) {
	options := synchrony.Options{
		Workers: o.workers, Timeout: o.timeout, TransactionTimeout: o.transactionTimeout,
		Trace: o.events || o.trace != "", PlanProver: planProver,
	}
	var err error
	if options.Mode, err = batch.ParseMode(o.mode); err != nil {
		return nil, wrongUse(cmd, "--mode: %v", err)
	}
	if !o.given("workers") {
		if options.Workers, err = synchrony.DefaultWorkers(os.LookupEnv); err != nil {
			return nil, err
		}
	}
	b, err := batch.Parse(path, content)
	if err != nil {
		return nil, err
	}
	result, err := synchrony.Execute(cmd.Context(), nil, synchrony.NewStore(b.Accounts), b, options)
	if result == nil { // a wrong configuration
		return nil, err
	}
	e := &execution.Execution{Batch: b, Observation: result.Observation(), Plan: execution.Plan{
		Why: result.Why(), AverageParallelism: result.AverageParallelism, SerialEstimate: result.SerialEstimate,
	}}
	e.Observation.Initial = b.Balances()
	if batch.MaxConflicts(b) <= execution.MaxPairs {
		e.Observation.Conflicts = result.Conflicts()
	}
	return &executed{
		succeeded: result.Committed,
		text:      func(w io.Writer, colour bool) error { return execution.Text(w, e, o.events, colour) },
		json:      func(w io.Writer) error { return execution.JSON(w, e) },
		trace:     func(w io.Writer) error { return execution.ChromeExecution(w, b, result.Events) },
	}, nil
}
