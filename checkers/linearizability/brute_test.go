package linearizability

import (
	"math/rand/v2"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/generators/choice"
	"synchrony/generators/histories"
	"synchrony/models/history"
)

// clients are those of a model's objects.
func clients(m Model) histories.Clients {
	return histories.Clients{Kinds: m.actions, Several: !m.single, Given: m.given, Sets: m.sets, Lists: m.name == ListAppend().name}
}

// TestCheckAgreesWithTheDefinition compares verdicts with all orders of the calls.
func TestCheckAgreesWithTheDefinition(t *testing.T) {
	for _, m := range Models() {
		if m.name == Barrier().name {
			continue // see TestBarrierAgreesWithTheDefinition, for its calls are not atomic
		}
		t.Run(m.Name(), func(t *testing.T) {
			wrong, n := 0, tries(2000)
			for seed := range uint64(n) {
				h := clients(m).Draw(choice.Seeded(seed))
				o := history.NewObjects(h.Initial)
				o.Sets = m.sets
				want := history.Linearizable(h, o)
				if !want {
					wrong++
				}
				if r := Check(m, h, unhurried); (r.Status == checkers.Pass) != want || r.Status == checkers.Unknown {
					t.Fatalf("seed %d: %v: %s; want linearizable: %v\n%s", seed, r.Status, r.Reason, want, history.FormatCalls(h))
				}
			}
			t.Logf("%d right, %d wrong", n-wrong, wrong)
			if wrong < n/20 || wrong > n-n/20 {
				t.Errorf("%d of %d histories were wrong: too one-sided to test anything", wrong, n)
			}
		})
	}
}

// longHistory is n calls on a few keys by three processes, with quiescent instants,
// linearizable.
func longHistory(rng *rand.Rand, m Model, n int, keys ...string) *history.Calls {
	h := &history.Calls{}
	for _, k := range keys {
		if m.given {
			h.Initial = append(h.Initial, history.Entry{Key: k, Value: history.NumberOf(100)})
		}
	}
	s := history.NewObjects(h.Initial)
	now := time.Duration(0)
	for len(h.Calls) < n {
		now += 10
		for p := range 1 + rng.IntN(3) {
			a := history.Action{
				Kind: m.actions[rng.IntN(len(m.actions))], Key: keys[rng.IntN(len(keys))], To: keys[rng.IntN(len(keys))],
				Value: history.NumberOf(int64(rng.IntN(100))), Old: history.NumberOf(int64(rng.IntN(100))), Delta: int64(rng.IntN(20)),
			}
			if a.Kind == history.AppendTo {
				a.Value = history.TextOf(string(rune('a' + rng.IntN(26))))
			}
			a, _ = s.Do(int32(p), a, 0)
			h.Calls = append(h.Calls, history.Call{
				Process: int32(p), Invoked: now, Returned: now + time.Duration(rng.IntN(11)), Actions: []history.Action{a},
			})
			now++
		}
		now += 10
	}
	return h
}

// TestEpochsDecideTheSame compares verdicts on long histories, cut and not cut.
func TestEpochsDecideTheSame(t *testing.T) {
	for _, m := range []Model{Register(), Bank(), SharedState(), ListAppend(), RWRegister(), Counter()} {
		wrong := 0
		for seed := range uint64(20) {
			rng := rand.New(rand.NewPCG(seed, 32))
			keys := []string{"x", "y"}
			if m.single {
				keys = keys[:1]
			}
			h := longHistory(rng, m, 300, keys...)
			if rng.IntN(2) == 0 { // one stale read
				for i := rng.IntN(len(h.Calls) / 2); ; i++ {
					if a := &h.Calls[i].Actions[0]; a.Kind == history.ReadKey {
						a.Value = history.NumberOf(a.Value.Number + 1)
						break
					}
				}
			}
			parts := partition(m, h)
			cut, whole := compile(m, h, parts[0], h.Initial), compile(m, h, parts[0], h.Initial)
			cut.list = cut.epochs()
			whole.list = []*epoch{{calls: whole.calls, last: true}}
			if len(cut.list) < 3 {
				t.Fatalf("%s: seed %d: %d epochs", m.name, seed, len(cut.list))
			}
			a, b := cut.check(newClock(-1), 1000), whole.check(newClock(-1), 1000)
			if a.Status != b.Status {
				t.Fatalf("%s: seed %d: cut: %v; whole: %v", m.name, seed, a.Status, b.Status)
			}
			if a.Status == checkers.Fail {
				wrong++
			}
		}
		if wrong < 5 {
			t.Errorf("%s: only %d histories were wrong", m.name, wrong)
		}
	}
}

// TestEveryEndOfAnEpoch has an epoch that can end in several states, of which only the
// least likely lets the next one be explained.
func TestEveryEndOfAnEpoch(t *testing.T) {
	for want := range 6 {
		h := &history.Calls{}
		call := func(from, to int, a history.Action) {
			h.Calls = append(h.Calls, history.Call{Process: int32(len(h.Calls)), Invoked: time.Duration(from), Returned: time.Duration(to), Actions: []history.Action{a}})
		}
		for i := range epochCalls {
			call(i*10, i*10+100, history.Action{Kind: history.ReadKey, Key: "y"})
		}
		for i := range 5 {
			call(900, 1000, history.Action{Kind: history.WriteKey, Key: "x", Value: history.NumberOf(int64(i))})
		}
		for i := range 2 * epochCalls {
			call(2000+i*10, 2005+i*10, history.Action{Kind: history.ReadKey, Key: "y"})
		}
		call(9000, 9001, history.Action{Kind: history.ReadKey, Key: "x", Value: history.NumberOf(int64(want))})
		r := Check(SharedState(), h, unhurried)
		if (r.Status == checkers.Pass) != (want < 5) {
			t.Errorf("%d: %v: %s", want, r.Status, r.Reason)
		}
	}
}

func TestBoundsAreUnknown(t *testing.T) {
	h := &history.Calls{}
	for i := range 40 { // of different numbers: else they would take no search
		h.Calls = append(h.Calls, history.Call{Process: int32(i), Returned: 10, Actions: []history.Action{{Kind: history.AddTo, Key: "x", Delta: int64(1 + i%2), Value: history.NumberOf(99)}}})
	}
	if r := Check(Counter(), h, Options{MaxCalls: 10}); r.Status != checkers.Unknown {
		t.Errorf("too many calls: %v", r.Verdict)
	}
	// Forty concurrent additions of which none has its sum: more orders than time.
	for i := range h.Calls {
		h.Calls[i].Actions[0].Value = history.NumberOf(int64(i%20) + 1)
	}
	if r := Check(Counter(), h, Options{Timeout: time.Nanosecond}); r.Status == checkers.Pass {
		t.Errorf("no time: %v", r.Verdict)
	}
}

// TestArray compares the persistent array with copies, in any order of use.
func TestArray(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 33))
		size := 1 + rng.IntN(5)
		versions := []*array[cell]{newArray(make([]cell, size))}
		copies := [][5]cell{{}}
		for range 60 {
			from := rng.IntN(len(versions))
			i, v := rng.IntN(size), cell{history.Number, int64(rng.IntN(3))}
			next := copies[from]
			next[i] = v
			versions = append(versions, versions[from].with(int32(i), v))
			copies = append(copies, next)
			x, y := rng.IntN(len(versions)), rng.IntN(len(versions))
			if versions[x].equal(versions[y]) != (copies[x] == copies[y]) {
				t.Fatalf("seed %d: versions %d and %d: %v %v", seed, x, y, copies[x], copies[y])
			}
			z := rng.IntN(len(versions))
			for k := range size {
				if got := versions[z].at(int32(k)); got != copies[z][k] {
					t.Fatalf("seed %d: version %d at %d: %v, want %v", seed, z, k, got, copies[z][k])
				}
			}
		}
	}
}
