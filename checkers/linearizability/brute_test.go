package linearizability

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// store is the meaning of actions once more, over a map and as plain as can be.
type store map[string]history.Value

// apply executes an action and returns it with the results that it has.
func (s store) apply(a history.Action) history.Action {
	set := func(key string, v history.Value) {
		if v == (history.Value{}) {
			delete(s, key)
		} else {
			s[key] = v
		}
	}
	switch a.Kind {
	case history.ReadKey:
		a.Value = s[a.Key]
	case history.WriteKey:
		set(a.Key, a.Value)
	case history.DeleteKey:
		delete(s, a.Key)
	case history.HasKey:
		_, a.OK = s[a.Key]
	case history.CompareSet:
		if a.OK = s[a.Key] == a.Old; a.OK {
			set(a.Key, a.Value)
		}
	case history.AddTo:
		a.Value = history.NumberOf(s[a.Key].Number + a.Delta)
		s[a.Key] = a.Value
	case history.AppendTo:
		s[a.Key] = history.TextOf(s[a.Key].Text + a.Value.Text)
	case history.Transfer:
		if a.OK = a.Delta >= 0 && s[a.Key].Number >= a.Delta; a.OK {
			s[a.Key] = history.NumberOf(s[a.Key].Number - a.Delta)
			s[a.To] = history.NumberOf(s[a.To].Number + a.Delta)
		}
	case history.JoinAll:
		a.OK = s[a.Key].Number == 0
	case history.TakeAll:
		a.State = nil
		for _, k := range slices.Sorted(maps.Keys(s)) {
			a.State = append(a.State, history.Entry{Key: k, Value: s[k]})
		}
	case history.ClearAll:
		clear(s)
	}
	return a
}

// linearizable tries all orders of all calls, with each pending one in it or not.
func linearizable(h *history.Calls) bool {
	s := store{}
	for _, e := range h.Initial {
		s[e.Key] = e.Value
	}
	return extend(h, s, make([]bool, len(h.Calls)))
}

func extend(h *history.Calls, s store, done []bool) bool {
	finished := true
	for i := range h.Calls {
		c := &h.Calls[i]
		if done[i] {
			continue
		}
		finished = finished && c.Pending()
		if !first(h, c, done) {
			continue
		}
		next, ok := maps.Clone(s), true
		for _, a := range c.Actions {
			gaveUp := a.Kind == history.JoinAll && !a.OK // says nothing
			if got := next.apply(a); !c.Pending() && !gaveUp && got.String() != a.String() {
				ok = false
			}
		}
		if ok {
			done[i] = true
			if extend(h, next, done) {
				return true
			}
			done[i] = false
		}
	}
	return finished
}

// first reports whether no call that is to be done had returned before c was
// invoked, or is an earlier one of its process.
func first(h *history.Calls, c *history.Call, done []bool) bool {
	own := true // those of its process so far come before it
	for i := range h.Calls {
		own = own && &h.Calls[i] != c
		if !done[i] && (h.Calls[i].Returned < c.Invoked || own && h.Calls[i].Process == c.Process) {
			return false
		}
	}
	return true
}

// randomCalls plays concurrent calls of a model on a store that errs now and then.
func randomCalls(rng *rand.Rand, m Model) *history.Calls {
	keys := []string{"x", "y"}
	h := &history.Calls{}
	s := store{}
	if m.given || rng.IntN(2) == 0 {
		for _, k := range keys {
			v := history.NumberOf(int64(rng.IntN(3)))
			if m.texts() {
				v = history.TextOf("t")
			}
			h.Initial = append(h.Initial, history.Entry{Key: k, Value: v})
			s[k] = v
		}
	}
	value := func() history.Value {
		if m.texts() {
			return history.TextOf(string(rune('a' + rng.IntN(3))))
		}
		return history.NumberOf(int64(rng.IntN(3)))
	}
	wrong := rng.IntN(2) * 40
	var free [3]time.Duration
	now := time.Duration(0)
	for range 2 + rng.IntN(6) {
		p := rng.IntN(len(free))
		if free[p] == history.Forever {
			continue
		}
		now = max(now+time.Duration(rng.IntN(4)), free[p])
		c := history.Call{Process: int32(p), Invoked: now, Returned: now + time.Duration(rng.IntN(8))}
		before := maps.Clone(s)
		actions := 1
		if !m.single {
			actions += rng.IntN(2)
		}
		for range actions {
			a := history.Action{
				Kind: m.actions[rng.IntN(len(m.actions))], Key: keys[rng.IntN(2)], To: keys[rng.IntN(2)],
				Value: value(), Old: value(), Delta: int64(rng.IntN(3)),
			}
			if rng.IntN(100) < wrong {
				a = before.apply(a) // its effect is lost, or its result is wrong
				if rng.IntN(2) == 0 {
					a.OK = !a.OK
					if a.Kind == history.ReadKey || a.Kind == history.AddTo {
						a.Value = value()
					}
				}
				c.Actions = append(c.Actions, a)
			} else {
				c.Actions = append(c.Actions, s.apply(a))
			}
		}
		if rng.IntN(8) == 0 {
			c.Returned = history.Forever
			if rng.IntN(2) == 0 {
				s = before
			}
		}
		free[p] = c.Returned
		h.Calls = append(h.Calls, c)
	}
	return h
}

func TestCheckAgreesWithTheDefinition(t *testing.T) {
	for _, m := range Models() {
		if m.name == Barrier().name || m.words != nil {
			continue // see TestBarrierAgreesWithTheDefinition, for its calls are not atomic, and TestObjectsAgreeWithTheirDefinitions
		}
		t.Run(m.Name(), func(t *testing.T) {
			wrong := 0
			for seed := range uint64(3000) {
				h := randomCalls(rand.New(rand.NewPCG(seed, 31)), m)
				want := linearizable(h)
				if !want {
					wrong++
				}
				if r := Check(m, h, unhurried); (r.Status == checkers.Pass) != want || r.Status == checkers.Unknown {
					t.Fatalf("seed %d: %v: %s; want linearizable: %v\n%s", seed, r.Status, r.Reason, want, history.FormatCalls(h))
				}
			}
			if wrong < 200 || wrong > 2800 {
				t.Errorf("%d of 3000 histories were wrong: too one-sided to test anything", wrong)
			}
		})
	}
}

// longHistory is n calls on a few keys by three processes, with quiescent instants,
// linearizable.
func longHistory(rng *rand.Rand, m Model, n int, keys ...string) *history.Calls {
	h := &history.Calls{}
	s := store{}
	for _, k := range keys {
		if m.given {
			h.Initial = append(h.Initial, history.Entry{Key: k, Value: history.NumberOf(100)})
			s[k] = history.NumberOf(100)
		}
	}
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
			h.Calls = append(h.Calls, history.Call{
				Process: int32(p), Invoked: now, Returned: now + time.Duration(rng.IntN(11)), Actions: []history.Action{s.apply(a)},
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
	for i := range 40 {
		h.Calls = append(h.Calls, history.Call{Process: int32(i), Returned: 10, Actions: []history.Action{{Kind: history.AddTo, Key: "x", Delta: 1, Value: history.NumberOf(99)}}})
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

// texts reports whether values are texts.
func (m Model) texts() bool { return slices.Contains(m.actions, history.AppendTo) }
