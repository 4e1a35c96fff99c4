package vm

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/outcome"
	"synchrony/executor/sched"
	"synchrony/executor/vm"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// ran is what the runs of a session showed, round by round, and what became of wrong configurations.
type ran struct {
	Rounds  [][]trace.ProgramObservation
	Took    [][]time.Duration
	Printed [][][]string // what each run had printed when it returned: its result says the same ever after
	Refused []refusal
	Cut     []bool // by program, whether the default configuration is what it is documented to be: see asByDefault
}

// refusal is how a configuration was taken in which one field is out of range.
type refusal struct {
	Field string // that is wrong
	Named string // by the error; empty if there was none
}

// shared runs all programs of a session on one machine, which remembers what it has loaded.
type shared struct{}

func (shared) Name() string { return "vm: many runs on one machine" }

func (shared) Run(ctx context.Context, rt *sched.Runtime, s session) (ran, error) {
	machine, err := vm.New(rt, vm.ParallelConfig{Setup: s.Setup})
	if err != nil {
		return ran{}, err
	}
	var r ran
	if len(s.Rounds) > 0 {
		r.Refused = misconfigure(ctx, rt, s.workload(s.Rounds[0].Runs[0]))
	}
	for _, p := range s.Programs {
		r.Cut = append(r.Cut, asByDefault(p))
	}
	for _, round := range s.Rounds {
		runs, printed, took := runRound(ctx, rt, machine, &s, round)
		r.Rounds, r.Printed, r.Took = append(r.Rounds, runs), append(r.Printed, printed), append(r.Took, took)
	}
	return r, nil
}

// runRound makes the runs of a round at once, each with a context of its own. It returns copies of what they have printed, too, and
// how long they took.
func runRound(ctx context.Context, rt *sched.Runtime, machine *vm.ParallelVM, s *session, r round) (runs []trace.ProgramObservation, printed [][]string, took []time.Duration) {
	runs, printed, took = make([]trace.ProgramObservation, len(r.Runs)), make([][]string, len(r.Runs)), make([]time.Duration, len(r.Runs))
	one := func(i int) {
		ctx, cancel := rt.WithCancel(ctx)
		defer cancel()
		if r.Cancelled {
			cancel()
		}
		began := rt.Now()
		result, err := machine.Run(ctx, s.Programs[r.Runs[i]])
		took[i] = rt.Now() - began
		o := &runs[i]
		printed[i] = slices.Clone(result.Output)
		o.Outcome, o.Mode, o.Metrics, o.End = result.Outcome, result.Mode, result.Metrics, vm.EndOf(ctx, err)
		switch {
		case err != nil:
			o.Error = err.Error()
		case o.Outcome.Err != nil:
			o.Error = o.Outcome.Err.Error()
		}
	}
	var all sched.WaitGroup
	all.Add(rt, len(runs)-1)
	for i := 1; i < len(runs); i++ {
		rt.Go("caller", i, func() {
			defer all.Done(rt)
			one(i)
		})
	}
	one(0)
	all.Wait(rt)
	return runs, printed, took
}

// misconfigure asks for machines that there cannot be.
func misconfigure(ctx context.Context, rt *sched.Runtime, w program.Workload) []refusal {
	var all []refusal
	for _, setting := range wrongSettings {
		wrong := w.Setup
		setting.apply(&wrong)
		r := refusal{Field: setting.name}
		var refused *vm.ConfigError
		if _, err := vm.New(rt, vm.ParallelConfig{Setup: wrong}); errors.As(err, &refused) {
			r.Named = refused.Field
		}
		if _, err := vm.Analyze(w.Program, vm.ParallelConfig{Setup: wrong}); !errors.As(err, &refused) || refused.Field != setting.name {
			r.Named = ""
		}
		// Observers are told the same.
		if o, err := (vm.System{}).Run(ctx, rt, program.Workload{Program: w.Program, Setup: wrong}); err != nil || o.End != trace.ProgramRefused || o.Error == "" {
			r.Named = ""
		}
		all = append(all, r)
	}
	return all
}

// asByDefault reports whether a configuration that leaves the sizes of chunks out cuts a program as the documented ones do.
func asByDefault(p *program.Program) bool {
	none, noneErr := vm.Analyze(p, vm.ParallelConfig{})
	told, toldErr := vm.Analyze(p, vm.ParallelConfig{Setup: program.Setup{ChunkSize: program.DefaultChunkSize, MinChunkSize: program.DefaultMinChunkSize}})
	return (noneErr == nil) == (toldErr == nil) && reflect.DeepEqual(none, told)
}

// wrongSettings put one field out of range each; the name is what the error must call it.
var wrongSettings = []struct {
	name  string
	apply func(*program.Setup)
}{
	{"workers", func(s *program.Setup) { s.Workers = -1 }},
	{"chunk size", func(s *program.Setup) { s.ChunkSize = -1 }},
	{"minimum chunk size", func(s *program.Setup) { s.MinChunkSize = -1 }},
	{"timeout", func(s *program.Setup) { s.Timeout = -1 }},
	{"queue size", func(s *program.Setup) { s.QueueSize = -1 }},
	{"step limit", func(s *program.Setup) { s.Limits.Steps = -1 }},
	{"memory limit", func(s *program.Setup) { s.Limits.Memory = -1 }},
	{"call depth", func(s *program.Setup) { s.Limits.CallDepth = -1 }},
	{"worker limit", func(s *program.Setup) { s.Limits.Workers = -1 }},
	{"time limit", func(s *program.Setup) { s.Limits.Time = -1 }},
	{"mode", func(s *program.Setup) { s.Mode = program.Sequential + 1 }},
}

// eachAsAlone decides V15. Each program has a checker of its own, as far as they go: a checker remembers what is due for one.
type eachAsAlone struct{ alone []checker }

func newEachAsAlone() eachAsAlone {
	const kept = 8
	c := eachAsAlone{make([]checker, kept)}
	for i := range c.alone {
		c.alone[i] = outcome.Programs()
	}
	return c
}

func (eachAsAlone) Name() string { return "each as alone" }

func (c eachAsAlone) Check(s session, r ran) checkers.Verdict {
	for _, f := range r.Refused {
		if f.Named != f.Field {
			return checkers.Failed("wrong configuration", fmt.Sprintf("a %s out of range was taken for %q", f.Field, f.Named))
		}
	}
	if i := slices.Index(r.Cut, false); i >= 0 {
		return checkers.Failed("wrong configuration", fmt.Sprintf("program %d is cut otherwise by a configuration that leaves the sizes of chunks out than by one with the documented sizes", i))
	}
	for k, runs := range r.Rounds {
		for i, o := range runs {
			number := s.Rounds[k].Runs[i]
			w := s.workload(number)
			if s.Rounds[k].Cancelled {
				w.Setup.CancelAfter = 1
			}
			if v := c.alone[number%len(c.alone)].Check(w, o); v.Status != checkers.Pass {
				v.Reason = fmt.Sprintf("program %d, run %d of %d at once in round %d: %s", number, i+1, len(runs), k+1, v.Reason)
				return v
			}
			if k < len(r.Printed) && !slices.Equal(r.Printed[k][i], o.Outcome.Output) {
				return checkers.Failed("changed result", fmt.Sprintf("program %d, run %d of %d at once in round %d: it returned that %q was printed, and when all runs were over its result said %q",
					number, i+1, len(runs), k+1, r.Printed[k][i], o.Outcome.Output))
			}
			if k < len(r.Took) && (o.Metrics.Total < 0 || o.Metrics.Total > r.Took[k][i]) {
				return checkers.Failed("wrong time", fmt.Sprintf("program %d, run %d of %d at once in round %d: it says that it took %v, and it took %v",
					number, i+1, len(runs), k+1, o.Metrics.Total, r.Took[k][i]))
			}
			// No fault is drawn.
			calm := !s.Rounds[k].Cancelled && s.Setup.Timeout == 0 && o.Outcome.Steps < s.Setup.Limits.Steps/2
			if m := o.Metrics; calm && (m.Failed > 0 || m.Fallbacks > 0) {
				return checkers.Failed("fallback without a reason", fmt.Sprintf("program %d, run %d of %d at once in round %d: %d attempts failed, and the run fell back %d times: %q",
					number, i+1, len(runs), k+1, m.Failed, m.Fallbacks, m.Errors))
			}
		}
	}
	return checkers.Passed()
}

// racing draws sessions that run one program again and again which prints what the order of its workers decides: another thing each time.
func racing() *rapid.Generator[session] {
	return rapid.Custom(func(t *rapid.T) session {
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		x := b.variable("x")
		b.forked(racingPrints, func() {
			b.push(program.Int(1))
			b.emit(program.AtomicAdd, x, 0)
			b.emit(program.Print, 0, 0)
		})
		s := session{Programs: []*program.Program{b.built()}, Setup: program.Setup{
			Mode: program.Parallel, Workers: 2, ChunkSize: 2, MinChunkSize: 1, Limits: program.Limits{Steps: variantSteps},
		}}
		for range 2 {
			s.Rounds = append(s.Rounds, round{Runs: make([]int, rapid.IntRange(1, 2).Draw(t, "at once"))})
		}
		return s
	})
}

// failingWithin draws sessions that run one program again and again which fails in a call within calls, which a machine must have left when it runs it again.
func failingWithin() *rapid.Generator[session] {
	return rapid.Custom(func(t *rapid.T) session {
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		depth := int64(rapid.IntRange(0, 3).Draw(t, "depth"))
		f := b.recursive(func() { b.push(program.String("no number")); b.emit(program.Neg, 0, 0) })
		b.push(program.Int(depth))
		b.emit(program.CallFuncConst, f, 1)
		b.emit(program.Pop, 0, 0)
		return session{
			Programs: []*program.Program{b.built()}, Rounds: []round{{Runs: []int{0}}, {Runs: []int{0}}},
			Setup: program.Setup{
				Mode:    rapid.SampledFrom([]program.Mode{program.Sequential, program.Parallel, program.Auto}).Draw(t, "mode"),
				Workers: 2, ChunkSize: 2, MinChunkSize: 1, Limits: program.Limits{Steps: variantSteps},
			},
		}
	})
}

// racingPrints is how many lines such a program prints: each of its workers one.
const racingPrints = 3

// atOnce is V15.
func atOnce() properties.Testable {
	type seen = properties.Condition[session, ran]
	some := func(name string, holds func(trace.ProgramObservation) bool) seen {
		return seen{Name: name, Holds: func(_ session, r ran) bool {
			return slices.ContainsFunc(r.Rounds, func(runs []trace.ProgramObservation) bool { return slices.ContainsFunc(runs, holds) })
		}}
	}
	return &properties.Property[session, ran]{
		ID: "V15", Group: Group, Statement: "runs on one machine, at once and one after another, give what each gives alone, and no machine has a configuration out of range",
		Source: properties.Here(0), System: shared{}, Generator: sessions(false), Codec: sessionCodec,
		Size: func(s session) int {
			n := len(s.Rounds)
			for _, p := range s.Programs {
				n += instructions(p)
			}
			return n
		},
		Real:     func(s session) bool { return s.Setup.Timeout == 0 },
		Large:    func(s session) bool { return len(s.Rounds) > 2 || s.Setup.Limits.Steps == lastingSteps },
		Checkers: []checkers.Checker[session, ran]{newEachAsAlone()},
		Sometimes: []seen{
			some("a parallel run", func(o trace.ProgramObservation) bool { return o.Mode == program.Parallel }),
			some("a run that was cancelled or timed out", func(o trace.ProgramObservation) bool {
				return o.End == trace.ProgramCancelled || o.End == trace.ProgramTimedOut
			}),
			{Name: "several programs", Holds: func(s session, _ ran) bool { return len(s.Programs) > 1 }},
			seen{Name: "more programs than a machine remembers", Holds: func(s session, _ ran) bool { return len(s.Programs) > 64 }}.DrawnBy(sessions(true)),
			some("a result that the order of workers decides", func(o trace.ProgramObservation) bool { return len(o.Outcome.Output) == racingPrints }).DrawnBy(racing()),
			some("an error within calls", func(o trace.ProgramObservation) bool {
				return o.Outcome.Err != nil && o.Outcome.Err.Function > 0
			}).DrawnBy(failingWithin()),
		},
		Classify: func(s session, _ ran) []string {
			if len(s.Programs) == 0 {
				return nil
			}
			return programs.Classify(s.workload(0))
		},
	}
}
