package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/document"
	"synchrony/properties/farm"
	"synchrony/properties/mutants"
)

// farmMutantsCommand is what has the commands about mutants that work on many machines.
func (a *app) farmMutantsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mutants",
		Short: "Break the systems on purpose as verify mutants does, on many machines",
		Long: `Break the systems on purpose as verify mutants does, on many machines: see "verify
farm". The table is that of verify mutants with the same seed, but for times.

Each worker builds mutants from its own copy of the program's source, which is found at
or above its working directory, or named by --source of verify work: one whose source,
or go command, is another is refused. How strategies compare (verify mutants
strategies) is found out on one machine.`,
		Example: `  verify farm mutants run                                           on this machine
  verify farm mutants auto --sample 2000 --server nats://farm:4222  on others
  verify work --server nats://farm:4222 --source ~/verify           on each of those`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return wrongUse(cmd, "which mutants? verify farm mutants run or auto")
			case args[0] == "strategies":
				return wrongUse(cmd, "verify mutants strategies does not run on a farm")
			}
			return whichMutants(cmd, args)
		},
	}
	cmd.AddCommand(a.farmMutantsRunCommand(), a.farmMutantsAutoCommand())
	return cmd
}

// farmMutantsRunCommand is verify mutants run on a farm.
func (a *app) farmMutantsRunCommand() *cobra.Command {
	var o mutantsRunOptions
	var farmed farmOptions
	cmd := &cobra.Command{
		Use:   "run [NAME…]",
		Short: "Break the systems in known ways as verify mutants run does, on many machines",
		Long: `Break the systems in known ways, and see who notices, as verify mutants run does, on
many machines: see "verify farm mutants". A task is a mutant. One that ends three workers
is ended by an error.

A run that was ended before it was finished goes on with the same command. There is no
--time: who wants to end it early ends the command.

Exit codes: those of verify mutants run.`,
		Example: `  verify farm mutants run                                   on this machine
  verify farm mutants run --server nats://farm:4222 --json kills.json
  verify work --server nats://farm:4222 --source ~/verify   on each other machine`,
		ValidArgsFunction: mutantNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.words, o.jobs, o.farm = args, tasksAtOnce, &farmed
			if err := cmp.Or(o.check(cmd), farmed.check(cmd)); err != nil {
				return err
			}
			return a.runMutants(cmd, &o)
		},
	}
	f := cmd.Flags()
	o.flags(f)
	o.caseFlags(f)
	farmed.flags(f)
	return cmd
}

// tasksAtOnce is how many tasks of a campaign are handed out at once, but for those of properties, which divide theirs themselves.
const tasksAtOnce = 1024

// mutantsKind is the kind of requests that try mutants.
const mutantsKind = "mutants"

// mutantsSetting is what those have in common.
type mutantsSetting struct {
	Seed       uint64 `json:"seed"`
	Iterations int    `json:"iterations"`
}

// settings are those of the judge.
func (a *app) settings(s mutantsSetting) mutants.Settings {
	budget := mutants.Budget{Seed: s.Seed, Iterations: s.Iterations, Patience: mutantPatience, Time: mutantTime}
	return mutants.Settings{Budget: budget, Others: a.neighbours}
}

// mutantRequest asks to try a mutant, by name, or to run a property on the program as it is, with so many cases.
type mutantRequest struct {
	Mutant string `json:"mutant,omitempty"`
	Fit    string `json:"fit,omitempty"`
	Cases  int    `json:"cases,omitempty"`
}

// farmedMutants is a mutants.Judge whose mutants are tried by workers.
type farmedMutants struct{ *campaignOnFarm }

// unheard is told how far a task is of which nothing is shown but its end.
func unheard(properties.Progress) {}

// Fit implements [mutants.Judge].
func (j farmedMutants) Fit(ctx context.Context, property string, cases int) (o mutants.Outcome, err error) {
	err = j.Ask(ctx, property+" on the program as it is", property, mutantRequest{Fit: property, Cases: cases}, &o, unheard)
	if err == nil {
		err = o.Check()
	}
	return o, err
}

// Try implements [mutants.Judge].
func (j farmedMutants) Try(ctx context.Context, m *mutants.Mutant) (r mutants.Record, err error) {
	err = j.Ask(ctx, "mutant "+m.Name, m.Name, mutantRequest{Mutant: m.Name}, &r, unheard)
	r.Mutant = m
	if err == nil {
		err = r.Check()
	}
	return r, err
}

// mutantHandler tries mutants for a campaign on a farm.
type mutantHandler struct {
	*mutants.Bench // which knows its sources, and closes its workspace
	all            []*mutants.Mutant
}

// openMutants builds the program as it is, for a campaign of this setting, from the source in a folder.
func (a *app) openMutants(ctx context.Context, source string, setting json.RawMessage) (farm.Handler, error) {
	var s mutantsSetting
	if err := document.Read(setting, &s); err != nil {
		return nil, err
	}
	all, err := mutants.All()
	if err != nil {
		return nil, err
	}
	workspace, err := (&mutantOptions{source: source}).workspace()
	if err != nil {
		return nil, err
	}
	bench, err := mutants.NewBench(ctx, workspace, a.settings(s))
	if err != nil {
		return nil, errors.Join(err, workspace.Close())
	}
	return &mutantHandler{bench, all}, nil
}

// Handle implements [farm.Handler].
func (h *mutantHandler) Handle(ctx context.Context, request json.RawMessage, _ farm.Fetch, _ func(properties.Progress)) (any, error) {
	var q mutantRequest
	if err := document.Read(request, &q); err != nil {
		return nil, err
	}
	if q.Fit != "" {
		return h.Fit(ctx, q.Fit, q.Cases)
	}
	m := mutants.Find(h.all, q.Mutant)
	if m == nil {
		return nil, fmt.Errorf("there is no mutant %q", q.Mutant)
	}
	return h.Try(ctx, m)
}
