package vm

import (
	"fmt"
	"testing"

	"synchrony/executor/sched"
	"synchrony/models/program"
)

// racy programs have several outcomes; every schedule must give one that the specification allows.
var racy = map[string]string{
	"lost update": `
	FORK_EXECUTION 2
	SHARED_READ n
	LOAD_CONST 1
	EQ
	JUMP_IF_TRUE skip
	LOAD_CONST 1
	SHARED_WRITE n
	LOAD_NAME worker_id
	STORE_NAME who
skip:
	NOP
	JOIN_WORKERS 0
`,
	"compare and swap": `
	FORK_EXECUTION 3
	LOAD_CONST nil
	LOAD_NAME worker_id
	ATOMIC_CAS winner
	STORE_NAME won
	JOIN_WORKERS 0
	SHARED_READ winner
	PRINT
`,
	"barrier between write and read": `
	FORK_EXECUTION 2
	LOAD_CONST 1
	ATOMIC_ADD n
	POP
	BARRIER_SYNC 7
	SHARED_READ n
	STORE_NAME seen
	BARRIER_SYNC 8
	JOIN_WORKERS 0
`,
	"broken barrier": `
	FORK_EXECUTION 2
	LOAD_NAME worker_id
	JUMP_IF_TRUE skip
	BARRIER_SYNC 1
skip:
	NOP
	JOIN_WORKERS 0
`,
	"timeout": `
	FORK_EXECUTION 2
	LOAD_CONST 1
	ATOMIC_ADD n
	POP
	JOIN_WORKERS 10
`,
	"nested": `
	FORK_EXECUTION 2
	LOAD_NAME worker_id
	STORE_NAME outer
	FORK_EXECUTION 2
	LOAD_NAME outer
	LOAD_NAME worker_id
	ADD
	ATOMIC_ADD n
	STORE_NAME last
	BARRIER_SYNC 0
	JOIN_WORKERS 0
	BARRIER_SYNC 0
	JOIN_WORKERS 0
`,
}

func TestRacyOutcomesAreAllowed(t *testing.T) {
	for name, text := range racy {
		for _, mode := range []program.Mode{program.Parallel, program.Auto, program.Sequential} {
			t.Run(fmt.Sprint(name, mode), func(t *testing.T) {
				p := build(t, text)
				outcomes, complete, err := program.Outcomes(p, program.Limits{}, 100_000)
				if err != nil || !complete {
					t.Fatal(err, complete)
				}
				allowed := make(map[string]bool)
				for _, o := range outcomes {
					allowed[o.Text()] = true
				}
				seen := make(map[string]bool)
				w := program.Workload{Program: p, Setup: program.Setup{Mode: mode, Workers: 2}}
				try := func(s sched.Strategy) sched.Record {
					o, rec, err := impatient(w, s)
					if err != nil || rec.Stuck != nil {
						t.Fatal(err, rec.Stuck)
					}
					if !allowed[o.Outcome.Text()] {
						t.Fatalf("not allowed:\n%s\nallowed are %d, the first:\n%s", o.Outcome.Text(), len(allowed), outcomes[0].Text())
					}
					seen[o.Outcome.Text()] = true
					return rec
				}
				base := try(sched.Default()).Clone()
				for d := range sched.SingleDeviations(base) {
					try(sched.Deviate(deviations(d)))
				}
				for seed := range 300 {
					try(sched.POS(uint64(seed)))
				}
				if mode == program.Parallel && len(seen) < len(allowed) && len(allowed) <= 4 {
					t.Errorf("%d of %d allowed outcomes were seen", len(seen), len(allowed))
				}
				t.Logf("%d of %d allowed outcomes", len(seen), len(allowed))
			})
		}
	}
}
