//go:build race

package sched_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// raceEnv asks the test binary to run one program of racy, for its report.
const raceEnv = "SCHED_RACE_PROGRAM"

// noiseEnv asks for real goroutines, disturbed at random.
const noiseEnv = "SCHED_RACE_NOISE"

// TestRaceDetector checks that the race detector sees a controlled run, and one of disturbed goroutines, as it would
// a run of goroutines: it reports unordered accesses, though one task runs
// at a time, and none that the primitives order. It runs this binary once
// per program, for a report fails the process.
func TestRaceDetector(t *testing.T) {
	if name := os.Getenv(raceEnv); name != "" {
		for seed := range uint64(20) {
			if os.Getenv(noiseEnv) != "" {
				racy[name].main(sched.NewNoisy(seed))
			} else {
				sched.Run(sched.POS(seed), sched.Options{}, func(rt *sched.Runtime) { racy[name].main(rt) })
			}
		}
		return
	}
	for name, program := range racy {
		for _, mode := range []string{"controlled", "noise"} {
			if mode == "noise" && program.unjoined {
				continue
			}
			t.Run(name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				cmd := exec.Command(os.Args[0], "-test.run=^TestRaceDetector$")
				cmd.Env = append(os.Environ(), raceEnv+"="+name)
				if mode == "noise" {
					cmd.Env = append(cmd.Env, noiseEnv+"=yes")
				}
				out, err := cmd.CombinedOutput()
				switch found := strings.Contains(string(out), "DATA RACE"); {
				case found != program.race:
					t.Errorf("race reported: %v, want %v\n%s", found, program.race, out)
				case (err != nil) != program.race:
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}

var racy = map[string]struct {
	race     bool
	main     func(*sched.Runtime)
	unjoined bool // main returns before the tasks have ended
}{
	"no order": {true, func(rt *sched.Runtime) {
		n := 0
		pair(rt, func(int) { n++ })
	}, false},
	"yields do not order": {true, func(rt *sched.Runtime) {
		n := 0
		pair(rt, func(int) {
			rt.Yield(schedule.OpRMW, user)
			n++
			rt.Yield(schedule.OpRMW, user)
		})
	}, false},
	"one side locks": {true, func(rt *sched.Runtime) {
		var mu sched.Mutex
		n := 0
		pair(rt, func(w int) {
			if w == 0 {
				mu.Lock(rt)
				defer mu.Unlock(rt)
			}
			n++
		})
	}, false},
	"two locks": {true, func(rt *sched.Runtime) {
		var mu [2]sched.Mutex
		n := 0
		pair(rt, func(w int) {
			mu[w].Lock(rt)
			n++
			mu[w].Unlock(rt)
		})
	}, false},
	"after the spawn": {true, func(rt *sched.Runtime) {
		n := 0
		rt.Go("worker", 0, func() { n++ })
		n++
	}, true},
	"timers": {true, func(rt *sched.Runtime) {
		n := 0
		rt.AfterFunc(1, func() { n++ })
		rt.AfterFunc(1, func() { n++ })
	}, true},
	"a mutex orders": {false, func(rt *sched.Runtime) {
		var mu sched.Mutex
		n := 0
		pair(rt, func(int) {
			mu.Lock(rt)
			n++
			mu.Unlock(rt)
		})
	}, false},
	"the rest orders": {false, func(rt *sched.Runtime) {
		n := 0
		pass := func(next func(f func())) func() {
			return func() { n++; next(func() { n++ }) }
		}
		pass(func(f func()) { rt.Go("worker", 0, f) })()
		var wg sched.WaitGroup
		wg.Add(rt, 1)
		m := 0
		rt.AfterFunc(0, func() { m++; wg.Done(rt) })
		wg.Wait(rt)
		m++
		ctx, cancel := rt.WithCancel(context.Background())
		rt.OnDone(ctx, func() { m++ })
		m++
		cancel()
	}, true},
	"an atomic orders": {false, func(rt *sched.Runtime) {
		var flag sched.Int64
		n := 0
		pair(rt, func(w int) {
			if w == 0 {
				n++
				flag.Store(rt, 1)
				return
			}
			for flag.Load(rt) == 0 {
				rt.Spin(user)
			}
			n++
		})
	}, false},
	"a signal orders": {false, func(rt *sched.Runtime) {
		var mu sched.Mutex
		c := sched.Cond{L: &mu}
		n := 0
		mu.Lock(rt)
		rt.Go("worker", 0, func() {
			mu.Lock(rt)
			mu.Unlock(rt)
			n++
			c.Broadcast(rt)
		})
		c.Wait(rt)
		n++
		mu.Unlock(rt)
	}, true},
}
