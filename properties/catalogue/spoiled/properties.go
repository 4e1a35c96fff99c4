package spoiled

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/spoiled"
	"synchrony/executor/synchrony"
	"synchrony/executor/vm"
	"synchrony/generators/batches"
	"synchrony/generators/programs"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
	batchproperties "synchrony/properties/catalogue/batch"
	"synchrony/properties/catalogue/checker"
	"synchrony/properties/catalogue/checks"
	vmproperties "synchrony/properties/catalogue/vm"
)

// Properties returns X5 to X8 of the checkers of this module.
func Properties() []properties.Testable {
	batches, programs := checks.Batches(), checks.Programs()
	return []properties.Testable{ofBatches(batches), ofPrograms(programs), recordedBatches(batches), recordedPrograms(programs)}
}

func ofBatches(list []checks.Listed[checkers.OfBatch]) properties.Testable {
	ended := func(o history.Outcome) func(batch.Workload, trace.Observation) bool {
		return func(_ batch.Workload, seen trace.Observation) bool { return seen.Outcome == o }
	}
	p := property("X5", "no right run of a batch is refused by any checker, and none in which one thing is changed is accepted by all",
		recorder[batch.Workload, trace.Observation]{synchrony.System{}}, batchRuns(),
		// What only S4's batches can be judged for is not asked of others: they have timers and transactions that take no time.
		refused[batch.Workload, trace.Observation]{checks.Together(list), checks.Together(list), spoiled.Batches()}, batchproperties.Codec(),
		map[string]func(batch.Workload, trace.Observation) bool{
			"a commit": ended(history.Committed), "an abort": ended(history.Aborted), "a refusal": ended(history.Refused),
			"a timeout":             ended(history.TimedOut),
			"a run without a trace": func(w batch.Workload, _ trace.Observation) bool { return w.Setup.Untraced },
		})
	p.Cause = firstCause(checks.BatchCauses)
	p.Size = func(w scheduled[batch.Workload]) int { return len(w.Workload.Batch.Transactions) }
	return p
}

func ofPrograms(list []checks.Listed[checkers.OfProgram]) properties.Testable {
	event := func(kind trace.ChunkEventKind) func(program.Workload, trace.ProgramObservation) bool {
		return func(_ program.Workload, o trace.ProgramObservation) bool {
			return slices.ContainsFunc(o.Events, func(e trace.ChunkEvent) bool { return e.Kind == kind })
		}
	}
	p := property("X6", "no right run of a program is refused by any checker, and none in which one thing is changed is accepted by all",
		recorder[program.Workload, trace.ProgramObservation]{vm.System{Accesses: true}}, programRuns(),
		refused[program.Workload, trace.ProgramObservation]{checks.Together(list), checks.All(list), spoiled.Programs()}, vmproperties.Codec(),
		map[string]func(program.Workload, trace.ProgramObservation) bool{
			"chunks that were merged": event(trace.ChunkMerge), "a failed attempt": event(trace.ChunkFail),
			"a fallback":      event(trace.ChunkFallback),
			"a fork":          func(_ program.Workload, o trace.ProgramObservation) bool { return len(o.Forks) > 0 },
			"a barrier":       func(_ program.Workload, o trace.ProgramObservation) bool { return len(o.Barriers) > 0 },
			"shared accesses": func(_ program.Workload, o trace.ProgramObservation) bool { return len(o.Calls) > 0 },
			"an error":        func(_ program.Workload, o trace.ProgramObservation) bool { return o.Outcome.Err != nil },
		})
	p.Cause = firstCause(checks.ProgramCauses)
	p.Size = func(w scheduled[program.Workload]) int { return len(w.Workload.Program.Main().Code) }
	return p
}

func property[W, O any](id, statement string, s recorder[W, O], g *rapid.Generator[W], c refused[W, O], codec properties.Codec[W],
	sometimes map[string]func(W, O) bool,
) *properties.Property[scheduled[W], recording[O]] {
	p := &properties.Property[scheduled[W], recording[O]]{
		ID: id, Group: checker.Group, Statement: statement, Source: properties.Here(1), Unscheduled: true,
		System: s, Generator: underSchedule(g), Codec: underScheduleCodec(codec),
		Checkers: []checkers.Checker[scheduled[W], recording[O]]{c},
	}
	for _, name := range slices.Sorted(maps.Keys(sometimes)) {
		p.Sometimes = append(p.Sometimes, properties.Condition[scheduled[W], recording[O]]{
			Name: name, Holds: func(w scheduled[W], r recording[O]) bool { return sometimes[name](w.Workload, r.Seen) },
		})
	}
	p.Classify = func(w scheduled[W], r recording[O]) []string {
		var labels []string
		for _, c := range p.Sometimes {
			if c.Holds(w, r) {
				labels = append(labels, "recorded: "+c.Name)
			}
		}
		return labels
	}
	return p
}

// firstCause is what is wrong first in a run that was recorded, if the run itself is.
func firstCause[W, O any](causes func() []checkers.Checker[W, O]) func(scheduled[W], recording[O]) *properties.Cause {
	return func(w scheduled[W], r recording[O]) *properties.Cause {
		if r.Stuck != "" {
			return nil
		}
		return properties.FirstCause(causes(), w.Workload, r.Seen)
	}
}

// batchRuns draws batches that end in all ways.
func batchRuns() *rapid.Generator[batch.Workload] {
	o := batches.Anything()
	o.Failures, o.Mints, o.Cycles, o.Panics, o.Attestations, o.Misconfigured, o.Untraced = 16, 6, 8, 4, 8, 6, 12
	o.Work, o.Timeouts, o.Cancels, o.LargeTransactions = 40, 25, 16, 0
	return rapid.Map(batches.Workloads(o), func(d batches.Drawn) batch.Workload { return d.Workload })
}

// programRuns draws programs of all sorts whose runs can be judged soon.
func programRuns() *rapid.Generator[program.Workload] {
	o := programs.AnyProgram()
	o.Forks, o.Barriers, o.Shared, o.Faults, o.Retries, o.Limits, o.RunLimit = 8, 8, 6, 40, 50, 8, 5
	o.Racy, o.JoinLimit, o.LargeStatements, o.MaxForkWorkers = 0, 0, 0, 4
	return rapid.Map(vmproperties.Workloads(o), reread)
}

// reread is a workload as it is when its text has been read, which has lines: what is replayed is the same then.
func reread(w program.Workload) program.Workload {
	if back, err := program.ParseWorkload("program.zxasm", []byte(w.Format())); err == nil {
		return *back
	}
	return w
}

// underSchedule adds a schedule to a workload.
func underSchedule[W any](g *rapid.Generator[W]) *rapid.Generator[scheduled[W]] {
	return rapid.Custom(func(t *rapid.T) scheduled[W] {
		return scheduled[W]{g.Draw(t, "workload"), rapid.Uint64Range(0, 1<<20).Draw(t, "seed")}
	})
}

// seedFile has the seed in decimal.
const seedFile = "seed"

func underScheduleCodec[W any](c properties.Codec[W]) properties.Codec[scheduled[W]] {
	return properties.Codec[scheduled[W]]{
		Format: func(w scheduled[W]) ([]txtar.File, error) {
			files, err := c.Format(w.Workload)
			return append(files, txtar.File{Name: seedFile, Data: fmt.Appendf(nil, "%d\n", w.Seed)}), err
		},
		Parse: func(files []txtar.File) (w scheduled[W], err error) {
			last := len(files) - 1
			if last < 0 || files[last].Name != seedFile {
				return w, fmt.Errorf("the last file must be %q", seedFile)
			}
			if w.Seed, err = strconv.ParseUint(strings.TrimSpace(string(files[last].Data)), 10, 64); err != nil {
				return w, fmt.Errorf("%s: expected a whole number, found %q", seedFile, strings.TrimSpace(string(files[last].Data)))
			}
			w.Workload, err = c.Parse(files[:last])
			return w, err
		},
	}
}
