package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/document"
	"synchrony/properties/farm"
	"synchrony/properties/mutants"
	"synchrony/properties/mutants/auto"
)

// farmMutantsAutoCommand is verify mutants auto on a farm.
func (a *app) farmMutantsAutoCommand() *cobra.Command {
	var o mutantsAutoOptions
	var farmed farmOptions
	cmd := &cobra.Command{
		Use:   "auto",
		Short: "Break the systems in every small way as verify mutants auto does, on many machines",
		Long: `Break the systems in every small way, and count who notices, as verify mutants auto
does, on many machines: see "verify farm mutants". Mutants are drawn here, and by each
worker for itself; a task is one of them. One that ends three workers is not tested.

A run that was ended before it was finished goes on with the same command. There is no
--time: who wants to end it early ends the command.

Exit codes: those of verify mutants auto.`,
		Example: `  verify farm mutants auto --sample 200                              on this machine
  verify farm mutants auto --sample 2000 --server nats://farm:4222   on others
  verify work --server nats://farm:4222 --source ~/verify            on each of those`,
		Args: unnamed,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.jobs, o.farm = tasksAtOnce, &farmed
			if err := cmp.Or(o.check(cmd), farmed.check(cmd)); err != nil {
				return err
			}
			return a.autoMutants(cmd, &o)
		},
	}
	o.drawFlags(cmd.Flags())
	farmed.flags(cmd.Flags())
	return cmd
}

// autoKind is the kind of requests that test automatic mutants.
const autoKind = "automatic mutants"

// autoSetting is what those have in common: how the mutants are drawn.
type autoSetting struct {
	Packages []string `json:"packages"`
	Sample   int      `json:"sample"`
	Seed     uint64   `json:"seed"`
}

// autoRequest asks to test a mutant, by its number among those that were drawn, or the program as it is as hard as those of a package.
type autoRequest struct {
	Mutant   int    `json:"mutant,omitempty"` // from 1
	Baseline string `json:"baseline,omitempty"`
}

// autoReply is what came of it.
type autoReply struct {
	Result *auto.Result     `json:"result,omitempty"`
	Unfit  *auto.UnfitError `json:"unfit,omitempty"` // of a baseline that does not pass
}

// farmedAuto is an auto.Judge whose mutants are tested by workers.
type farmedAuto struct {
	*campaignOnFarm
	drawn []*auto.Mutant
}

// Baseline implements [auto.Judge].
func (j *farmedAuto) Baseline(ctx context.Context, folder string) error {
	var reply autoReply
	if err := j.Ask(ctx, "the program as it is, as hard as "+folder, folder, autoRequest{Baseline: folder}, &reply, unheard); err != nil {
		return err
	}
	if reply.Unfit != nil {
		return reply.Unfit
	}
	return nil
}

// Test implements [auto.Judge].
func (j *farmedAuto) Test(ctx context.Context, m *auto.Mutant) (auto.Result, error) {
	var reply autoReply
	i := slices.Index(j.drawn, m)
	if err := j.Ask(ctx, "mutant "+m.Name(), m.Path, autoRequest{Mutant: i + 1}, &reply, unheard); err != nil {
		return auto.Result{}, err
	}
	r := reply.Result
	if r == nil || r.Name != m.Name() || !slices.Contains([]auto.Verdict{auto.Killed, auto.Survived, auto.Listed}, r.Verdict) {
		return auto.Result{}, fmt.Errorf("the answer to mutant %s cannot be true: it is about another one, or has no verdict", m.Name())
	}
	return *r, nil
}

// autoHandler tests automatic mutants for a campaign on a farm.
type autoHandler struct {
	*mutants.Workspace // which knows its sources
	tester             *auto.Tester
	drawn              []*auto.Mutant
}

// openAuto draws the mutants of a campaign of this setting, from the source in a folder.
func (a *app) openAuto(ctx context.Context, source string, setting json.RawMessage) (farm.Handler, error) {
	var s autoSetting
	if err := document.Read(setting, &s); err != nil {
		return nil, err
	}
	workspace, err := (&mutantOptions{source: source}).workspace()
	if err != nil {
		return nil, err
	}
	from, drawn, err := s.draw(ctx, workspace)
	if err != nil {
		return nil, errors.Join(err, workspace.Close())
	}
	tester, err := a.tester(workspace, from.Schemata(drawn))
	if err != nil {
		return nil, errors.Join(err, workspace.Close())
	}
	return &autoHandler{workspace, tester, drawn}, nil
}

// Handle implements [farm.Handler].
func (h *autoHandler) Handle(ctx context.Context, request json.RawMessage, _ farm.Fetch, _ func(properties.Progress)) (any, error) {
	var q autoRequest
	if err := document.Read(request, &q); err != nil {
		return nil, err
	}
	if q.Baseline != "" {
		var unfit *auto.UnfitError
		err := h.tester.Baseline(ctx, q.Baseline)
		if errors.As(err, &unfit) {
			err = nil
		}
		return autoReply{Unfit: unfit}, err
	}
	if q.Mutant < 1 || q.Mutant > len(h.drawn) {
		return nil, fmt.Errorf("there is no mutant %d of %d", q.Mutant, len(h.drawn))
	}
	r, err := h.tester.Test(ctx, h.drawn[q.Mutant-1])
	return autoReply{Result: &r}, err
}
