package command

import (
	"cmp"
	"fmt"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties/farm"
)

// farmRunCommand is verify run on a farm.
func (a *app) farmRunCommand() *cobra.Command {
	var o runOptions
	var farmed farmOptions
	cmd := &cobra.Command{
		Use:   "run [PROPERTY…]",
		Short: "Test properties as verify run does, on many machines",
		Long: `Test properties as verify run does, on many machines: see "verify farm". The report
is that of verify run with the same seed, but for times, whatever the workers are and
whatever becomes of them.

Known counterexamples in --corpus are replayed here, where they are; cases are tested
by workers; what they find is saved here.

A campaign that was ended before it was finished goes on with the same command: the
seed must be given, then. A task that ends three workers is not judged; the case that
they were last heard to be at is saved in the folder "unjudged" of --corpus.

There is no --time: who wants to end it early ends the command. Programs in other
languages (--system) are for verify run.

Exit codes: those of verify run.`,
		Example: `  verify farm run -n 100000 --seed 7                        on this machine
  verify farm run -n 1000000 --seed 7 --server nats://farm:4222    on others
  verify work --server nats://farm:4222                     on each of those
  verify farm run S6 -n 10000 --seed 7 --jobs 2 --json result.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.words, o.jobs = args, 1 // of the farm's workers, farmed has the number
			if err := cmp.Or(farmed.check(cmd), o.complete(cmd)); err != nil {
				return err
			}
			return a.farmRun(cmd, &o, &farmed)
		},
	}
	f := cmd.Flags()
	o.outputs = a.outputFlags(f)
	o.outputs.liveFlags(f)
	o.store.flags(f)
	o.store.noneFlag(f)
	o.caseFlags(f)
	o.keepGoingFlag(f)
	farmed.flags(f)
	return cmd
}

// farmRun is verify farm run, once its options are known to be right.
func (a *app) farmRun(cmd *cobra.Command, o *runOptions, farmed *farmOptions) (err error) {
	checks, local, remove, err := a.prepare(cmd, o)
	if err != nil {
		return err
	}
	defer remove()
	began := time.Now()
	c := o.campaign(checks, a.program())
	report := o.report(cmd, c)
	// The report is that of the run on one machine, which its command repeats.
	report.Command = onOneMachine(cmd, report.Command)
	f, err := a.openFarm(cmd.Context(), farmed, report.Command, nil)
	if err != nil {
		return err
	}
	o.notes, o.farm, o.jobs = f.notes, f.shown, len(checks) // workers have tasks of all of them
	c.Runner = &farm.Runner{
		Submitter: f.Submitter, Local: local, Replays: make(chan struct{}, runtime.NumCPU()), Properties: len(checks),
		Patience: o.hangTimeout, Lookup: a.registry.Lookup,
	}
	err = a.launch(cmd, c, report, &o.campaignOptions, began)
	f.conclude(cmd.Context(), !report.Interrupted, "with --seed "+fmt.Sprint(o.seed))
	return err
}
