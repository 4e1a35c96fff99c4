package linearizability

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// streamedModels are those whose histories can be judged while they come.
func streamedModels() []Model {
	return slices.DeleteFunc(Models(), func(m Model) bool { return !m.Streams() })
}

// interleaved is histories of several objects as one.
func interleaved(list []*history.Calls) *history.Calls {
	all := &history.Calls{Untimed: true}
	n := time.Duration(len(list))
	for i, h := range list {
		key := fmt.Sprint("k", i)
		for _, e := range h.Initial {
			all.Initial = append(all.Initial, history.Entry{Key: key, Value: e.Value})
		}
		for _, c := range h.Calls {
			c.Process = c.Process*int32(n) + int32(i)
			c.Invoked = c.Invoked*n + time.Duration(i)
			if !c.Pending() {
				c.Returned = c.Returned*n + time.Duration(i)
			}
			c.Actions = slices.Clone(c.Actions)
			c.Actions[0].Key = key
			all.Calls = append(all.Calls, c)
		}
	}
	slices.SortStableFunc(all.Calls, func(x, y history.Call) int { return cmp.Compare(x.Invoked, y.Invoked) })
	return all
}

// told tells a stream of the calls of a history, in the order of their times. Some of those that never return end with an unknown outcome.
func told(t *testing.T, s *Stream, h *history.Calls, rng *rand.Rand) {
	t.Helper()
	type event struct {
		at   time.Duration
		call int
		how  int // 0: invoked, 1: returned, 2: of unknown outcome
	}
	var events []event
	for i := range h.Calls {
		c := &h.Calls[i]
		events = append(events, event{c.Invoked, i, 0})
		switch {
		case !c.Pending():
			events = append(events, event{c.Returned, i, 1})
		case rng.IntN(4) > 0:
			events = append(events, event{c.Invoked + time.Duration(rng.IntN(9)), i, 2})
		}
	}
	slices.SortStableFunc(events, func(x, y event) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.how, y.how)) })
	for _, e := range events {
		c := h.Calls[e.call]
		var err error
		switch e.how {
		case 0:
			c.Returned = history.Forever
			s.Invoked(e.call, &c, e.call+1)
		case 1:
			err = s.Ended(e.call, &c, history.Committed)
		default:
			err = s.Ended(e.call, &c, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// lockHistory is calls of clients that acquire locks, or permits, and release them; perhaps with some that return too soon.
func lockHistory(rng *rand.Rand, m Model, n int) *history.Calls {
	h := &history.Calls{}
	if m.name == "semaphore" {
		h.Initial = []history.Entry{{Key: "x", Value: history.NumberOf(int64(1 + rng.IntN(2)))}}
	}
	kinds := []history.ActionKind{m.words["acquire"], m.words["release"]}
	objects, hasty := history.NewObjects(h.Initial), rng.IntN(2)
	type client struct {
		process     int32
		call, calls int
		phase       int // 0: idle, 1: invoked, 2: done
	}
	list := make([]client, 1+rng.IntN(3))
	next := int32(len(list))
	for i := range list {
		list[i].process = int32(i)
	}
	for at := range time.Duration(8 * n) {
		switch c := &list[rng.IntN(len(list))]; {
		case c.phase == 0 && len(h.Calls) < n:
			c.call, c.phase = len(h.Calls), 1
			h.Calls = append(h.Calls, history.Call{Process: c.process, Invoked: at, Returned: history.Forever, Actions: []history.Action{{Kind: kinds[c.calls%2], Key: "x", Delta: 1}}})
			c.calls++
		case c.phase == 1:
			a, ok := objects.Do(c.process, h.Calls[c.call].Actions[0], 0)
			switch {
			case hasty > 0 && rng.IntN(15) == 0: // without an effect
				c.phase = 2
			case ok && rng.IntN(40) == 0: // its client is never told
				*c = client{process: next}
				next++
			case ok:
				h.Calls[c.call].Actions[0], c.phase = a, 2
			}
		case c.phase == 2:
			h.Calls[c.call].Returned, c.phase = at, 0
		}
	}
	return h
}

// TestStreamAgrees compares the verdicts on histories that are judged while they come, with cuts wherever they can be, with those on the whole.
func TestStreamAgrees(t *testing.T) {
	for _, m := range streamedModels() {
		t.Run(m.Name(), func(t *testing.T) {
			n := tries(80)
			counts := map[checkers.Status]int{}
			cuts, kept, calls := 0, 0, 0
			for seed := range uint64(n) {
				rng := rand.New(rand.NewPCG(seed, 77))
				var list []*history.Calls
				for range 1 + rng.IntN(3) {
					c := clientsOf{
						rng: rng, model: m, count: 1 + rng.IntN(3), again: 10 * rng.IntN(2), lose: 8 * rng.IntN(2),
						haste: 50 + 45*rng.IntN(2), wrong: 12 * rng.IntN(3) / 2,
					}
					if m.words["acquire"] != 0 || m.name == "mutex" {
						list = append(list, lockHistory(rng, m, 4+rng.IntN(20)))
					} else {
						list = append(list, c.draw(4+rng.IntN(14)))
					}
				}
				h := interleaved(list)
				s := NewStream(m, func(key string) []history.Entry {
					return slices.DeleteFunc(slices.Clone(h.Initial), func(e history.Entry) bool { return e.Key != key })
				})
				s.Between, s.most = 1+rng.IntN(4), 8
				told(t, s, h, rng)
				calls += len(h.Calls)
				kept += s.Kept()
				if s.Kept() < len(h.Calls) {
					cuts++
				}
				got, _, err := s.Check(unhurried)
				if err != nil {
					t.Fatal(err)
				}
				want := Check(m, h, unhurried)
				counts[want.Status]++
				// A search of it all may not know what a call of unknown outcome took, where a part of it tells.
				open := want.Status == checkers.Unknown && m.takes() == history.TakeAny
				if got.Status != want.Status && !open {
					t.Fatalf("seed %d: %v (%s), and as a whole %v (%s)\n%s", seed, got.Status, got.Reason, want.Status, want.Reason, history.FormatCalls(h))
				}
			}
			t.Logf("%v; %d with cuts; %d of %d calls kept", counts, cuts, kept, calls)
			if counts[checkers.Pass] < n/10 || counts[checkers.Fail] < n/20 || cuts < n/2 {
				t.Errorf("%v, %d with cuts: too one-sided to test anything", counts, cuts)
			}
		})
	}
}

// TestUnknownOutcomesAreCarriedOver: one that nobody has seen may still take effect after a cut, and one that was seen may not do so again.
func TestUnknownOutcomesAreCarriedOver(t *testing.T) {
	call := func(k history.ActionKind, value, old int64, ok bool) history.Action {
		a := history.Action{Kind: k, Key: "x", Delta: 1, OK: ok, Value: history.NumberOf(value), Old: history.NumberOf(old)}
		if k == history.AddTo {
			a.Value = history.Value{}
		}
		return a
	}
	for name, c := range map[string]struct {
		model   Model
		unknown history.Action   // is invoked first
		others  []history.Action // one after another
		want    checkers.Status
	}{
		"a comparison that failed has not seen it": {
			Register(), call(history.WriteKey, 5, 0, false),
			[]history.Action{call(history.WriteKey, 1, 0, false), call(history.CompareSet, 6, 5, false), call(history.WriteKey, 2, 0, false), call(history.ReadKey, 5, 0, false)},
			checkers.Pass,
		},
		"a write takes effect once": {
			Register(), call(history.WriteKey, 5, 0, false),
			[]history.Action{call(history.ReadKey, 5, 0, false), call(history.WriteKey, 2, 0, false), call(history.ReadKey, 2, 0, false), call(history.ReadKey, 5, 0, false)},
			checkers.Fail,
		},
		"an addition takes effect once": {
			Counter(), call(history.AddTo, 0, 0, false),
			[]history.Action{call(history.ReadKey, 1, 0, false), call(history.ReadKey, 1, 0, false), call(history.ReadKey, 2, 0, false)},
			checkers.Fail,
		},
		"an addition takes effect late": {
			Counter(), call(history.AddTo, 0, 0, false),
			[]history.Action{call(history.AddTo, 0, 0, false), call(history.ReadKey, 1, 0, false), call(history.ReadKey, 1, 0, false), call(history.ReadKey, 2, 0, false)},
			checkers.Pass,
		},
	} {
		s := NewStream(c.model, func(string) []history.Entry { return nil })
		s.Between = 1
		at := time.Duration(1)
		do := func(process int32, a history.Action, outcome history.Outcome) {
			x := history.Call{Process: process, Invoked: at, Returned: history.Forever, Actions: []history.Action{a}}
			s.Invoked(int(process), &x, int(at))
			if at++; outcome == history.Committed {
				x.Returned = at
			}
			if at++; s.Ended(int(process), &x, outcome) != nil {
				t.Errorf("%s: refused", name)
			}
		}
		do(0, c.unknown, 0)
		for _, a := range c.others {
			do(1, a, history.Committed)
		}
		if v, _, err := s.Check(unhurried); err != nil || v.Status != c.want {
			t.Errorf("%s: %v, want %v: %v", name, v, c.want, err)
		}
	}
}
