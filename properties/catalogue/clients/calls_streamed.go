package clients

import (
	"cmp"
	"slices"
	"time"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/generators/choice"
	"synchrony/models/history"
	"synchrony/properties"
)

// streamed is the verdict of a checker that is told the calls one after another, in the order of their times, and forgets what came before wherever it can.
// Of those that never return, two of three end with an unknown outcome.
func streamed(m linearizability.Model, h *history.Calls, o linearizability.Options) (checkers.Verdict, error) {
	s, err := streamOf(m, h)
	if err != nil {
		return checkers.Verdict{}, err
	}
	v, _, err := s.Check(o)
	return v, err
}

// streamOf is a stream that has been told all calls.
func streamOf(m linearizability.Model, h *history.Calls) (*linearizability.Stream, error) {
	s := linearizability.NewStream(m, func(key string) []history.Entry {
		return slices.DeleteFunc(slices.Clone(h.Initial), func(e history.Entry) bool { return e.Key != key })
	})
	s.Between = 1
	type event struct {
		at      time.Duration
		call    int
		ends    bool
		outcome history.Outcome
	}
	var events []event
	for i := range h.Calls {
		c := &h.Calls[i]
		events = append(events, event{at: c.Invoked, call: i})
		switch {
		case !c.Pending():
			events = append(events, event{c.Returned, i, true, history.Committed})
		case i%3 > 0:
			events = append(events, event{c.Invoked + time.Duration(i%2), i, true, 0})
		}
	}
	slices.SortStableFunc(events, func(x, y event) int {
		switch order := cmp.Compare(x.at, y.at); {
		case order != 0 || x.ends == y.ends:
			return order
		case x.ends:
			return 1
		}
		return -1
	})
	for _, e := range events {
		c := h.Calls[e.call]
		if !e.ends {
			c.Returned = history.Forever
			s.Invoked(e.call, &c, e.call+1)
			continue
		}
		if err := s.Ended(e.call, &c, e.outcome); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// streams reports whether a history can be judged while it is read: its calls are each on an object of its own, and done at once.
func streams(c called) bool {
	return !several(c.Model) && c.Model != "barrier" && c.Model != "join" && declarationOf(c.Model) == nil && !c.Untimed && misfit(c) < 0
}

// sometimes is that a history of a model is judged while it is read which is special.
func sometimes(name, model string, special func(called) bool, g *rapid.Generator[sheet]) properties.Condition[sheet, []blamed] {
	return properties.Condition[sheet, []blamed]{Name: name, Generator: g, Holds: func(cs sheet, bs []blamed) bool {
		for i, c := range cs {
			if c.Model == model && bs[i].Streamed != nil && special(c) {
				return true
			}
		}
		return false
	}}
}

// summed is a wrong history of a counter whose additions all tell the sum, one after another, of which a read behind them all sees one more than there are.
func summed() properties.Condition[sheet, []blamed] {
	draw := rapid.Custom(func(t *rapid.T) sheet {
		s := choice.From(t)
		c := called{Model: "counter", Calls: &history.Calls{}}
		n, unit := 1+choice.Below(s, 5), []int64{1, 2, -1}[choice.Below(s, 3)]
		for i := range n {
			c.Calls.Calls = append(c.Calls.Calls, history.Call{
				Process: int32(i), Invoked: time.Duration(i * choice.Below(s, 2)), Returned: time.Duration(i + n),
				Actions: []history.Action{{Kind: history.AddTo, Key: "x", Delta: unit, Value: history.NumberOf(unit * int64(i+1))}},
			})
		}
		c.Calls.Calls = append(c.Calls.Calls, history.Call{
			Invoked: time.Duration(3 * n), Returned: time.Duration(3*n + 1), Actions: []history.Action{{Kind: history.ReadKey, Key: "x", Value: history.NumberOf(unit * int64(n+1))}},
		})
		return sheet{c}
	})
	return sometimes("counter: a read of more than all sums that additions tell", "counter", func(c called) bool {
		adds, last := 0, len(c.Calls.Calls)-1
		for i := range c.Calls.Calls[:max(last, 0)] {
			if a := c.Calls.Calls[i].Actions[0]; a.Kind == history.AddTo && a.Value.Kind == history.Number && a.Value.Number == a.Delta*int64(i+1) {
				adds++
			}
		}
		return last > 0 && adds == last && !c.right()
	}, draw)
}

// hidden is a call behind one whose outcome is not known: see hiddenBehind.
func hidden() properties.Condition[sheet, []blamed] {
	return sometimes("kv: a call that tells all behind one of unknown outcome that tells nothing", "kv", hiddenBehind, rapid.Custom(func(t *rapid.T) sheet {
		const tries, some = 100, 4
		g := callsOf("kv")
		var cs sheet
		for i := 0; i < tries && len(cs) < some; i++ {
			if c := g.Draw(t, "calls"); hiddenBehind(c) || i == tries-1 {
				cs = append(cs, c)
			}
		}
		return cs
	}))
}

// hiddenBehind reports whether a call that ran alone, and tells what a key has, comes behind one of unknown outcome that tells of no value which a read could name.
func hiddenBehind(c called) bool {
	for i := range c.Calls.Calls {
		x := &c.Calls.Calls[i]
		if a := x.Actions[0]; !x.Pending() || i%3 == 0 || a.Kind != history.DeleteKey && a.Kind != history.AppendTo {
			continue
		}
		behind := slices.IndexFunc(c.Calls.Calls[i+1:], func(y history.Call) bool {
			return y.Actions[0].Key == x.Actions[0].Key && !y.Pending() && y.Invoked > x.Invoked+1 && slices.Contains([]history.ActionKind{history.ReadKey, history.WriteKey}, y.Actions[0].Kind) &&
				!slices.ContainsFunc(c.Calls.Calls, func(z history.Call) bool {
					return z.Actions[0].Key == y.Actions[0].Key && !z.Pending() && (z.Invoked != y.Invoked || z.Process != y.Process) && z.Invoked <= y.Returned && z.Returned >= y.Invoked
				})
		})
		if behind >= 0 {
			return true
		}
	}
	return false
}

// judgeStreamed holds the verdict on calls that were told one after another to what is right.
func judgeStreamed(right bool, v checkers.Verdict) checkers.Verdict {
	switch {
	case v.Status == checkers.Unknown:
		return checkers.Failed("undecided", "of a history that can be decided nothing was decided while it was read", v.Reason)
	case right && v.Status == checkers.Fail:
		return checkers.Failed("refused", "an order of the calls explains all of them, and the history was refused while it was read", v.Reason)
	case !right && v.Status == checkers.Pass:
		return checkers.Failed("accepted", "no order of the calls explains all of them, and the history was accepted while it was read")
	}
	return checkers.Passed()
}
