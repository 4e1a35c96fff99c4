package clients

import (
	"cmp"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/models/history"
)

// streamed is the verdict of a checker that is told the calls one after another, in the order of their times, and forgets what came before wherever it can.
// Of those that never return, two of three end with an unknown outcome.
func streamed(m linearizability.Model, h *history.Calls, o linearizability.Options) (checkers.Verdict, error) {
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
			return checkers.Verdict{}, err
		}
	}
	v, _, err := s.Check(o)
	return v, err
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
