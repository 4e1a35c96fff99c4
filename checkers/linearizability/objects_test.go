package linearizability

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// thing is the meaning of the actions on locks and collections once more, as plain as can be.
type thing struct {
	elements []int
	holder   int32 // 0: free; else the process, from 1
	times    int   // how often it has the lock
	token    int
	permits  int
}

func listOf(n int) history.Value { return history.ListOf([]string{strconv.Itoa(n)}) }

// do executes an action of a process, if that is possible, and returns it with its result.
func (o *thing) do(process int32, a history.Action, next int) (history.Action, bool) {
	take := func(at int) (history.Action, bool) {
		if len(o.elements) == 0 {
			a.Value = history.Value{}
			return a, true
		}
		a.Value = listOf(o.elements[at])
		o.elements = slices.Delete(slices.Clone(o.elements), at, at+1)
		return a, true
	}
	give := func(ok bool) (history.Action, bool) {
		if ok {
			if o.times--; o.times == 0 {
				o.holder = 0
			}
		}
		return a, ok
	}
	acquire := func(ok bool) (history.Action, bool) {
		if ok {
			o.holder, o.times = process+1, o.times+1
		}
		return a, ok
	}
	switch a.Kind {
	case history.AppendTo, history.PutIn, history.AddMember:
		n, _ := strconv.Atoi(a.Value.Elements()[0])
		if a.Kind != history.AddMember || !slices.Contains(o.elements, n) {
			o.elements = append(slices.Clone(o.elements), n)
		}
		return a, true
	case history.ReadKey:
		words := make([]string, len(o.elements))
		for i, n := range slices.Sorted(slices.Values(o.elements)) {
			words[i] = strconv.Itoa(n)
		}
		a.Value = history.ListOf(words)
		return a, true
	case history.TakeFirst:
		return take(0)
	case history.TakeLast:
		return take(len(o.elements) - 1)
	case history.TakeLeast:
		if len(o.elements) == 0 {
			return take(0)
		}
		return take(slices.Index(o.elements, slices.Min(o.elements)))
	case history.TakeAny:
		return take(next % max(1, len(o.elements)))
	case history.Lock, history.LockOwned:
		return acquire(o.holder == 0)
	case history.LockAgain:
		return acquire(o.holder == 0 || o.holder == process+1 && o.times < 2)
	case history.LockFenced:
		if a.Value.Kind == history.Absent {
			a.Value = history.NumberOf(int64(o.token + 1 + next%2))
		}
		ok := o.holder == 0 && int(a.Value.Number) > o.token
		if ok {
			o.token = int(a.Value.Number)
		}
		return acquire(ok)
	case history.Unlock:
		return give(o.holder != 0)
	case history.UnlockOwned, history.UnlockAgain:
		return give(o.holder == process+1)
	case history.TakePermits:
		if o.permits < int(a.Delta) {
			return a, false
		}
		o.permits -= int(a.Delta)
	default: // GivePermits
		o.permits += int(a.Delta)
	}
	return a, true
}

// playable tries all orders of all calls, with each pending one in it or not.
func playable(h *history.Calls, o thing, done []bool) bool {
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
		choices := 1
		if c.Actions[0].Kind == history.TakeAny || c.Actions[0].Kind == history.LockFenced {
			choices = max(1, len(o.elements)) + 1
		}
		for choice := range choices {
			next := o
			got, ok := next.do(c.Process, c.Actions[0], choice)
			if !ok || !c.Pending() && got.String() != c.Actions[0].String() {
				continue
			}
			done[i] = true
			if playable(h, next, done) {
				return true
			}
			done[i] = false
		}
	}
	return finished
}

// randomObject plays calls on an object that errs now and then.
func randomObject(rng *rand.Rand, m Model) *history.Calls {
	h := &history.Calls{}
	o := thing{}
	if m.name == "semaphore" {
		o.permits = 2
		h.Initial = []history.Entry{{Key: "x", Value: history.NumberOf(2)}}
	}
	wrong := rng.IntN(2) * 40
	var free [3]time.Duration
	now := time.Duration(0)
	for i := range 3 + rng.IntN(5) {
		p := rng.IntN(len(free))
		if free[p] == history.Forever {
			continue
		}
		now = max(now+time.Duration(rng.IntN(4)), free[p])
		a := history.Action{Kind: m.actions[rng.IntN(len(m.actions))], Key: "x"}
		switch a.Kind {
		case history.AppendTo, history.PutIn, history.AddMember:
			a.Value = listOf(rng.IntN(4 + i%9))
		case history.TakePermits, history.GivePermits:
			a.Delta = 1 + int64(rng.IntN(2))
		}
		before := o
		got, ok := o.do(int32(p), a, rng.IntN(4))
		switch {
		case rng.IntN(100) < wrong && got.Value.Kind == history.List && a.Kind != history.AppendTo && a.Kind != history.PutIn && a.Kind != history.AddMember:
			got.Value = listOf(rng.IntN(4))
		case rng.IntN(100) < wrong:
			o = before // its effect is lost, or it was not possible
		case !ok:
			continue
		}
		c := history.Call{Process: int32(p), Invoked: now, Returned: now + time.Duration(rng.IntN(8)), Actions: []history.Action{got}}
		if a.Kind == history.LockFenced && got.Value.Kind == history.Absent {
			continue
		}
		if rng.IntN(10) == 0 && a.Kind != history.TakeAny && a.Kind != history.LockFenced { // whose result would be open
			c.Returned = history.Forever
		}
		free[p] = c.Returned
		h.Calls = append(h.Calls, c)
	}
	return h
}

// TestObjectsAgreeWithTheirDefinitions compares locks and collections with all orders of their calls.
func TestObjectsAgreeWithTheirDefinitions(t *testing.T) {
	for _, m := range slices.Concat(collections(), locks()) {
		t.Run(m.Name(), func(t *testing.T) {
			wrong := 0
			for seed := range uint64(1500) {
				h := randomObject(rand.New(rand.NewPCG(seed, 35)), m)
				start := thing{}
				if m.name == "semaphore" {
					start.permits = 2
				}
				want := playable(h, start, make([]bool, len(h.Calls)))
				if !want {
					wrong++
				}
				if r := Check(m, h, unhurried); (r.Status == checkers.Pass) != want || r.Status == checkers.Unknown {
					t.Fatalf("seed %d: %v: %s; want linearizable: %v\n%s", seed, r.Status, r.Reason, want, history.FormatCalls(h))
				}
			}
			if wrong < 100 || wrong > 1400 {
				t.Errorf("%d of 1500 histories were wrong: too one-sided to test anything", wrong)
			}
		})
	}
}

// TestUnknownTake: of an element that a call of unknown outcome may have taken, nothing is said.
func TestUnknownTake(t *testing.T) {
	h := &history.Calls{}
	for i, a := range []history.Action{
		{Kind: history.PutIn, Key: "x", Value: listOf(1)}, {Kind: history.TakeAny, Key: "x"}, {Kind: history.TakeAny, Key: "x"},
	} {
		h.Calls = append(h.Calls, history.Call{Process: int32(i), Invoked: time.Duration(10 * i), Returned: time.Duration(10*i + 5), Actions: []history.Action{a}})
	}
	for i, want := range []checkers.Status{checkers.Fail, checkers.Unknown} {
		if i == 1 {
			h.Calls[1].Returned = history.Forever
		}
		m, err := Lookup("unordered-queue")
		if err != nil {
			t.Fatal(err)
		}
		if r := Check(m, h, unhurried); r.Status != want {
			t.Errorf("%v, want %v: %s", r.Status, want, fmt.Sprint(r.Reason))
		}
	}
}
