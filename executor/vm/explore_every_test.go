package vm

import (
	"context"
	"fmt"
	"testing"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// threeEach is a program whose workers do three shared operations each.
func threeEach(workers int) string {
	return fmt.Sprintf(`
	FORK_EXECUTION %d
	SHARED_READ n
	STORE_NAME seen
	LOAD_NAME worker_id
	SHARED_WRITE n
	LOAD_CONST 1
	ATOMIC_ADD n
	POP
	JOIN_WORKERS 0
	SHARED_READ n
	PRINT
`, workers)
}

// exhaust runs all schedules of a program within bounds, and returns how often each outcome came.
func exhaust(t *testing.T, w program.Workload, b sched.Bounds) (map[string]int, sched.Coverage) {
	t.Helper()
	seen := map[string]int{}
	o := sched.Options{PatientClock: true}
	e := sched.NewExplorer(o, b)
	var runner sched.Runner
	for s, ok := e.Next(); ok; s, ok = e.Next() {
		var obs trace.ProgramObservation
		var err error
		rec := runner.Run(s, o, func(rt *sched.Runtime) { obs, err = System{}.Run(context.Background(), rt, w) })
		if rec.Stuck != nil || err != nil {
			t.Fatalf("schedule %v: %v, %v", rec.Schedule, rec.Stuck, err)
		}
		seen[obs.Outcome.Text()]++
		if err := e.Ran(&rec); err != nil {
			t.Fatal(err)
		}
	}
	return seen, e.Coverage()
}

// TestEveryScheduleThereIs: all schedules of a program together have the outcomes that the specification allows, each of
// them, and no other.
func TestEveryScheduleThereIs(t *testing.T) {
	cases := map[string]string{"2 workers, 3 operations each": threeEach(2)}
	if !testing.Short() { // too long for the race detector
		cases["3 workers, 3 operations each"] = threeEach(3)
	}
	for _, name := range []string{"lost update", "compare and swap", "barrier between write and read", "broken barrier"} {
		cases[name] = racy[name]
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			p := build(t, text)
			allowed, complete, err := program.Outcomes(p, program.Limits{}, 100_000)
			if err != nil || !complete {
				t.Fatal(err, complete)
			}
			w := program.Workload{Program: p, Setup: program.Setup{Mode: program.Parallel, Workers: 2}}
			seen, c := exhaust(t, w, sched.Bounds{Preemptions: sched.Unbounded})
			if !c.Complete {
				t.Errorf("%+v", c)
			}
			for _, o := range allowed {
				if seen[o.Text()] == 0 {
					t.Errorf("allowed, and no schedule of %d has it:\n%s", c.Schedules, o.Text())
				}
				delete(seen, o.Text())
			}
			for text := range seen {
				t.Errorf("not allowed:\n%s", text)
			}
			t.Logf("%d traces, %d redundant runs, %d outcomes", c.Traces, c.Blocked, len(allowed))
		})
	}
}
