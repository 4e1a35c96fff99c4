package vm

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

var _ executor.System[program.Workload, trace.ProgramObservation] = System{}

// underControl runs a workload under a strategy.
func underControl(w program.Workload, s sched.Strategy, accesses bool) (o trace.ProgramObservation, rec sched.Record, err error) {
	rec = sched.Run(s, sched.Options{PatientClock: true}, func(rt *sched.Runtime) {
		o, err = System{Accesses: accesses}.Run(context.Background(), rt, w)
	})
	return o, rec, err
}

// impatient is underControl with a clock that may advance although tasks can run.
func impatient(w program.Workload, s sched.Strategy) (o trace.ProgramObservation, rec sched.Record, err error) {
	rec = sched.Run(s, sched.Options{}, func(rt *sched.Runtime) {
		o, err = System{}.Run(context.Background(), rt, w)
	})
	return o, rec, err
}

func deviations(d ...schedule.Deviation) []schedule.Deviation { return d }

func drawFaults(t *rapid.T) []program.Fault {
	var faults []program.Fault
	for range rapid.IntRange(0, 4).Draw(t, "faults") {
		faults = append(faults, program.Fault{
			Kind:    program.FaultKind(rapid.IntRange(1, 3).Draw(t, "kind")),
			Chunk:   rapid.IntRange(0, 5).Draw(t, "chunk"),
			Attempt: rapid.IntRange(0, 2).Draw(t, "attempt"),
			After:   int64(rapid.IntRange(0, 5).Draw(t, "after")),
		})
	}
	return faults
}

func TestEverySchedule(t *testing.T) {
	var runs, retried, fallbacks int
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		c := drawConfig(t)
		c.Faults = drawFaults(t)
		c.Retries = rapid.IntRange(0, 2).Draw(t, "retries") - 1
		w := program.Workload{Program: p, Setup: c.Setup}
		want, err := program.Run(p, c.Limits)
		if err != nil {
			t.Fatal(err)
		}
		accesses := rapid.Bool().Draw(t, "accesses")
		check := func(s sched.Strategy) sched.Record {
			o, rec, err := underControl(w, s, accesses)
			if rec.Stuck != nil || err != nil {
				t.Fatalf("%+v: %v %v\n%s", c.Setup, rec.Stuck, err, program.Disassemble(p))
			}
			if o.End != trace.ProgramRan {
				t.Fatalf("%+v: %v %s\n%s", c.Setup, o.End, o.Error, program.Disassemble(p))
			}
			if diff := want.Diff(o.Outcome); diff != "" {
				t.Fatalf("specification (-) and %+v (+) differ:\n%s%s", c.Setup, diff, program.Disassemble(p))
			}
			runs++
			retried += o.Metrics.Retried
			fallbacks += o.Metrics.Fallbacks
			return rec
		}
		base := check(sched.Default())
		n := 0
		for d := range sched.SingleDeviations(base.Clone()) {
			if n++; n%7 == 0 && n < 140 {
				check(sched.Deviate([]schedule.Deviation{d}))
			}
		}
		for seed := range 5 {
			check(sched.POS(uint64(seed)))
		}
	})
	t.Logf("%d runs, %d retries, %d fallbacks", runs, retried, fallbacks)
}
