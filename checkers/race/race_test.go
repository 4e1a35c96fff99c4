package race

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/internal/simulate"
	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// naiveRaces decides by brute force whether steps have a race: it builds the
// happens-before relation as a matrix, from pairs of steps, and looks at every
// pair of accesses. It knows spawn, begin, end, join, locks and atomics.
func naiveRaces(steps []schedule.Step) bool {
	n := len(steps)
	before := make([][]bool, n)
	for i := range before {
		before[i] = make([]bool, n)
	}
	for j, y := range steps {
		for i := range j {
			x := steps[i]
			before[i][j] = x.Task == y.Task || synchronises(steps, i, j)
		}
	}
	for k := range n {
		for i := range k {
			if !before[i][k] {
				continue
			}
			for j := k + 1; j < n; j++ {
				before[i][j] = before[i][j] || before[k][j]
			}
		}
	}
	for j, y := range steps {
		for i := range j {
			x := steps[i]
			if x.Object == y.Object && !before[i][j] && accesses(x.Op) && accesses(y.Op) &&
				(plain(x.Op) || plain(y.Op)) && (changes(x.Op) || changes(y.Op)) {
				return true
			}
		}
	}
	return false
}

func plain(op schedule.Op) bool { return op == schedule.OpRead || op == schedule.OpWrite }

func accesses(op schedule.Op) bool {
	return plain(op) || op == schedule.OpLoad || op == schedule.OpStore || op == schedule.OpRMW
}

// synchronises reports whether step i synchronises with step j by itself.
func synchronises(steps []schedule.Step, i, j int) bool {
	x, y := steps[i], steps[j]
	if x.Object != y.Object {
		return false
	}
	switch y.Op {
	case schedule.OpBegin:
		return x.Op == schedule.OpSpawn
	case schedule.OpJoin:
		return x.Op == schedule.OpDone
	case schedule.OpLock:
		return x.Op == schedule.OpUnlock
	case schedule.OpLoad, schedule.OpRMW:
		if x.Op != schedule.OpStore && x.Op != schedule.OpRMW {
			return false
		}
		for _, s := range steps[i+1 : j] { // a store in between hides x
			if s.Object == x.Object && s.Op == schedule.OpStore {
				return false
			}
		}
		return true
	default:
		return false
	}
}

// randomSteps plays tasks that lock, unlock, access and count at random.
func randomSteps(rng *rand.Rand) []schedule.Step {
	tasks := 2 + rng.IntN(3)
	var steps []schedule.Step
	add := func(task int, op schedule.Op, class schedule.Class, index int) {
		steps = append(steps, schedule.Step{Task: int32(task), Op: op, Object: schedule.Object{Class: class, Index: int32(index)}})
	}
	begun := make([]bool, tasks)
	begun[0] = true
	spawned := 1
	holder := []int{-1, -1}
	for range 4 + rng.IntN(30) {
		t := rng.IntN(tasks)
		if !begun[t] {
			if t < spawned {
				add(t, schedule.OpBegin, schedule.ClassTask, t)
				begun[t] = true
			}
			continue
		}
		switch rng.IntN(9) {
		case 0:
			if spawned < tasks {
				add(t, schedule.OpSpawn, schedule.ClassTask, spawned)
				spawned++
			}
		case 1, 2:
			add(t, schedule.OpRead, schedule.ClassCell, rng.IntN(2))
		case 3:
			add(t, schedule.OpWrite, schedule.ClassCell, rng.IntN(2))
		case 4:
			add(t, schedule.OpLoad, schedule.ClassAtomic, 0)
		case 5:
			add(t, schedule.OpStore, schedule.ClassAtomic, 0)
		case 6:
			add(t, schedule.OpRMW, schedule.ClassAtomic, 0)
		default:
			if m := rng.IntN(2); holder[m] < 0 {
				add(t, schedule.OpLock, schedule.ClassMutex, m)
				holder[m] = t
			} else if holder[m] == t {
				add(t, schedule.OpUnlock, schedule.ClassMutex, m)
				holder[m] = -1
			}
		}
	}
	return steps
}

func TestHappensBeforeAgreesWithBruteForce(t *testing.T) {
	b := &batch.Batch{Accounts: []batch.Account{{Name: "a"}, {Name: "b"}}}
	races := 0
	for seed := range uint64(4000) {
		steps := randomSteps(rand.New(rand.NewPCG(seed, 9)))
		v := checkSteps(b, &trace.Observation{Steps: steps})
		want := naiveRaces(steps)
		if (v.Status == checkers.Fail) != want {
			t.Fatalf("seed %d: %v %s, want a race: %v\n%s", seed, v.Status, v.Reason, want, trace.Format(trace.Observation{Steps: steps}, b))
		}
		if want {
			races++
		}
	}
	if races < 400 || races > 3600 {
		t.Errorf("%d of 4000 runs had a race: too one-sided to test anything", races)
	}
}

// TestUnsynchronisedRunsAreCaught drops all that a task waits for from right runs
// in which two workers share an account.
func TestUnsynchronisedRunsAreCaught(t *testing.T) {
	caught := 0
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 2))
		w, o := simulate.Run(rng, simulate.Options{Transactions: 20, Accounts: 4, Workers: 3, Readers: 20, Steps: true})
		if v := New().Check(w, o); v.Status != checkers.Pass {
			t.Fatalf("seed %d: %s: %s", seed, v.Rule, v.Reason)
		}
		o.Steps = slices.DeleteFunc(slices.Clone(o.Steps), func(s schedule.Step) bool { return s.Op == schedule.OpRMW })
		if v := New().Check(w, o); v.Rule == "read-write race" || v.Rule == "write-write race" {
			caught++
		}
	}
	if caught < 50 {
		t.Errorf("%d of 60 unsynchronised runs were caught", caught)
	}
}

// TestSwappedEventsAreCaught changes what one event of a right run says.
func TestSwappedEventsAreCaught(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 5))
		w, o := simulate.Run(rng, simulate.Options{Transactions: 10, Accounts: 3, Workers: 3, Readers: 20})
		o.Events = slices.Clone(o.Events)
		i := rng.IntN(len(o.Events))
		for o.Events[i].Kind != trace.Read {
			i = (i + 1) % len(o.Events)
		}
		o.Events[i].Old++
		if v := New().Check(w, o); v.Status != checkers.Fail || v.Rule != "wrong value" {
			t.Fatalf("seed %d: %v %s: %s", seed, v.Status, v.Rule, v.Reason)
		}
	}
}

func BenchmarkSteps(b *testing.B) {
	for _, tasks := range []int{4, 16} {
		_, o := simulate.Run(rand.New(rand.NewPCG(1, 1)), simulate.Options{Transactions: 20_000, Accounts: 1000, Workers: tasks, Readers: 30, Steps: true})
		b.Run(fmt.Sprintf("tasks=%d", tasks), func(b *testing.B) {
			for b.Loop() {
				checkSteps(&batch.Batch{}, &o)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(o.Steps)), "ns/step")
		})
	}
}
