package race

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/internal/simulate"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// naiveRaces decides by brute force whether steps have a race: it builds the
// happens-before relation as a matrix, from pairs of steps, and looks at every
// pair of accesses. It knows spawn, begin, end, join, locks and atomics.
func naiveRaces(steps []trace.Step) bool {
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

func plain(op trace.Op) bool { return op == trace.OpRead || op == trace.OpWrite }

func accesses(op trace.Op) bool {
	return plain(op) || op == trace.OpLoad || op == trace.OpStore || op == trace.OpRMW
}

// synchronises reports whether step i synchronises with step j by itself.
func synchronises(steps []trace.Step, i, j int) bool {
	x, y := steps[i], steps[j]
	if x.Object != y.Object {
		return false
	}
	switch y.Op {
	case trace.OpBegin:
		return x.Op == trace.OpSpawn
	case trace.OpJoin:
		return x.Op == trace.OpDone
	case trace.OpLock:
		return x.Op == trace.OpUnlock
	case trace.OpLoad, trace.OpRMW:
		if x.Op != trace.OpStore && x.Op != trace.OpRMW {
			return false
		}
		for _, s := range steps[i+1 : j] { // a store in between hides x
			if s.Object == x.Object && s.Op == trace.OpStore {
				return false
			}
		}
		return true
	default:
		return false
	}
}

// randomSteps plays tasks that lock, unlock, access and count at random.
func randomSteps(rng *rand.Rand) []trace.Step {
	tasks := 2 + rng.IntN(3)
	var steps []trace.Step
	add := func(task int, op trace.Op, class trace.Class, index int) {
		steps = append(steps, trace.Step{Task: int32(task), Op: op, Object: trace.Object{Class: class, Index: int32(index)}})
	}
	begun := make([]bool, tasks)
	begun[0] = true
	spawned := 1
	holder := []int{-1, -1}
	for range 4 + rng.IntN(30) {
		t := rng.IntN(tasks)
		if !begun[t] {
			if t < spawned {
				add(t, trace.OpBegin, trace.ClassTask, t)
				begun[t] = true
			}
			continue
		}
		switch rng.IntN(9) {
		case 0:
			if spawned < tasks {
				add(t, trace.OpSpawn, trace.ClassTask, spawned)
				spawned++
			}
		case 1, 2:
			add(t, trace.OpRead, trace.ClassCell, rng.IntN(2))
		case 3:
			add(t, trace.OpWrite, trace.ClassCell, rng.IntN(2))
		case 4:
			add(t, trace.OpLoad, trace.ClassAtomic, 0)
		case 5:
			add(t, trace.OpStore, trace.ClassAtomic, 0)
		case 6:
			add(t, trace.OpRMW, trace.ClassAtomic, 0)
		default:
			if m := rng.IntN(2); holder[m] < 0 {
				add(t, trace.OpLock, trace.ClassMutex, m)
				holder[m] = t
			} else if holder[m] == t {
				add(t, trace.OpUnlock, trace.ClassMutex, m)
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
		v := checkSteps(b, steps)
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
		o.Steps = slices.DeleteFunc(slices.Clone(o.Steps), func(s trace.Step) bool { return s.Op == trace.OpRMW })
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
				checkSteps(&batch.Batch{}, o.Steps)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(o.Steps)), "ns/step")
		})
	}
}
