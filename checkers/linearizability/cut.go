package linearizability

import (
	"slices"

	"synchrony/checkers"
	"synchrony/models/history"
)

// A cut of an object's calls is an instant at which none is under way, and after which the calls before it matter no more, except for what is carried over: the states
// that the object can be in, and calls of unknown outcome that can still take effect. A history can be explained exactly if its calls before the cut can, and what is carried
// over with the calls after it can. So all that the object can be then must be carried over; each of these says why it is all:
//
//   - A call that ran alone, and whose result is a state (a read, a write), leaves that state, whatever came before.
//   - Additions to a counter or a set leave the sum of them, whatever their order.
//   - Of a collection whose elements are put there once, those are left that nobody took: the calls that put them there are carried over themselves, and with them all orders in
//     which they may be there. An element that was put there and taken before the cut hinders none after it: see [collection]. In a stack it may have told the order of others, so that these must
//     have been pushed one after another.
//   - Of locks, a search finds all states.
//
// A call of unknown outcome whose value nobody has seen can take effect at any later time, or never; and what can be explained if it has taken effect can be
// explained if it has not yet, so that it is enough to carry it over as one that has not. One whose value was seen has taken effect.

// after is what is carried over.
type after struct {
	begins  []history.Value
	carried []*streamedCall
}

// mayCut reports whether there can be a cut at an instant at which no call on the object is under way, and which call tells the state, if it takes one.
func (s *Stream) mayCut(o *streamed) (by *streamedCall, ok bool) {
	has := func(k history.ActionKind) bool { return slices.Contains(s.model.actions, k) }
	told := false
	if o.alone != nil {
		_, told = tells(&o.alone.Actions[0])
	}
	switch {
	case s.model.takes() != 0, s.model.sets:
		return nil, true
	case told:
		return o.alone, true
	case has(history.WriteKey):
		return nil, false
	default: // counters and locks
		return nil, o.unknown == 0
	}
}

// takes is how the elements of the model's collections are taken; 0 if it has none.
func (m Model) takes() history.ActionKind {
	for _, k := range []history.ActionKind{history.TakeFirst, history.TakeLast, history.TakeAny, history.TakeLeast} {
		if slices.Contains(m.actions, k) {
			return k
		}
	}
	return 0
}

// tells is the state that an action leaves if no other is under way meanwhile; false if its result does not tell.
func tells(a *history.Action) (history.Value, bool) {
	switch a.Kind {
	case history.ReadKey, history.WriteKey:
		return a.Value, true
	case history.CompareSet:
		return a.Value, a.OK
	case history.DeleteKey:
		return history.Value{}, true
	case history.HasKey:
		return history.Value{}, !a.OK
	case history.AddTo:
		return a.Value, a.Value.Kind == history.Number
	default:
		return history.Value{}, false
	}
}

// judgeCut judges the calls before a cut, and finds what is carried over; nothing if there can be no cut now. Unknown means that there will be none.
func (s *Stream) judgeCut(o *streamed, calls []*streamedCall) (*after, checkers.Status) {
	switch {
	case s.model.takes() != 0:
		return s.cutCollection(o, calls)
	case s.model.sets:
		return s.cutSet(o, calls)
	case slices.Contains(s.model.actions, history.WriteKey):
		return s.cutRegister(o, calls)
	case slices.Contains(s.model.actions, history.AddTo):
		return s.cutCounter(o, calls)
	default:
		return s.cutSearched(o, calls)
	}
}

// cutSteps bounds a search before a cut: in steps of the model, besides some for each call; and cutCalls in calls.
const (
	cutSteps = 20_000
	cutCalls = 2000
)

// decide judges calls, and takes note of a failure. With only set, no search is tried.
func (s *Stream) decide(o *streamed, calls []*streamedCall, only bool) checkers.Status {
	x, lines := s.piece(o, calls)
	if len(x.part) == 0 {
		return checkers.Pass
	}
	status, refuted := x.monitored(s.model)
	switch {
	case status == checkers.Fail:
		s.fail(o, &x, lines, x.space(s.model).refuted(x.h, refuted))
	case status == checkers.Unknown && !only:
		s.search = true
		p := x.space(s.model)
		p.steps = cutSteps + 40*int64(len(calls))
		r := p.check(newClock(-1), cutCalls)
		if status = r.Status; status == checkers.Fail {
			r.Searched = true
			s.fail(o, &x, lines, r)
		}
	}
	return status
}

// pendingOf are those of some calls whose outcome is not known, and the others.
func pendingOf(calls []*streamedCall) (unknown, others []*streamedCall) {
	for _, x := range calls {
		if x.Pending() {
			unknown = append(unknown, x)
		} else {
			others = append(others, x)
		}
	}
	return unknown, others
}

// cutRegister is a cut of registers and of a key-value store: after a call that tells the state.
func (s *Stream) cutRegister(o *streamed, calls []*streamedCall) (*after, checkers.Status) {
	value, _ := tells(&o.by.Actions[0])
	next := &after{begins: []history.Value{value}}
	unknown, others := pendingOf(calls)
	if len(unknown) == 0 {
		return next, s.decide(o, calls, false)
	}
	seen := map[history.Value]bool{}
	for _, x := range others {
		switch a := &x.Actions[0]; {
		case a.Kind == history.ReadKey:
			seen[a.Value] = true
		case a.Kind == history.CompareSet && a.OK:
			seen[a.Old] = true
		}
	}
	for more := true; more; { // what a call that took effect replaced was there
		more = false
		for _, x := range unknown {
			if a := &x.Actions[0]; a.Kind == history.CompareSet && seen[a.Value] && !seen[a.Old] {
				seen[a.Old], more = true, true
			}
		}
	}
	judged := slices.DeleteFunc(slices.Clone(calls), func(x *streamedCall) bool { return x.Pending() && !seen[x.Actions[0].Value] })
	for _, x := range unknown {
		if a := &x.Actions[0]; a.Kind != history.WriteKey && a.Kind != history.CompareSet {
			return nil, checkers.Unknown
		} else if !seen[a.Value] {
			next.carried = append(next.carried, x)
		}
	}
	return next, s.decide(o, judged, true)
}

// cutSet is a cut of a set to which elements are added.
func (s *Stream) cutSet(o *streamed, calls []*streamedCall) (*after, checkers.Status) {
	members := map[string]bool{}
	for _, e := range o.begins[0].Elements() {
		members[e] = true
	}
	unknown, others := pendingOf(calls)
	for _, x := range others {
		a := &x.Actions[0]
		if a.Kind == history.AddMember || len(unknown) > 0 { // what was read has elements of additions of unknown outcome
			for _, e := range a.Value.Elements() {
				members[e] = true
			}
		}
	}
	next := &after{}
	for _, x := range unknown {
		if !members[x.Actions[0].Value.Elements()[0]] {
			next.carried = append(next.carried, x)
		}
	}
	if next.begins = []history.Value{{}}; len(members) > 0 {
		list := make([]string, 0, len(members))
		for e := range members {
			list = append(list, e)
		}
		slices.Sort(list)
		next.begins[0] = history.ListOf(list)
	}
	return next, s.decide(o, calls, true)
}

// cutCounter is a cut of a counter: after a call that tells the sum, or of additions that are all known.
func (s *Stream) cutCounter(o *streamed, calls []*streamedCall) (*after, checkers.Status) {
	sum, added := cell{o.begins[0].Kind, o.begins[0].Number}, false
	unit, same, fits := int64(0), true, true
	unknown, others := pendingOf(calls)
	for _, x := range calls {
		switch a := &x.Actions[0]; a.Kind {
		case history.AddTo:
			same = same && a.Delta != 0 && (unit == 0 || unit == a.Delta)
			unit = a.Delta
		case history.CompareSet:
			same = false
			fits = fits && o.by != nil
		}
	}
	for _, x := range others {
		if a := &x.Actions[0]; a.Kind == history.AddTo {
			next, ok := add(sum, a.Delta)
			sum, added, fits = next, true, fits && (ok || o.by != nil)
		}
	}
	next := &after{begins: []history.Value{{Kind: sum.kind, Number: sum.number}}}
	if !added {
		next.begins[0] = o.begins[0]
	}
	if o.by != nil {
		next.begins[0], _ = tells(&o.by.Actions[0])
	}
	if len(unknown) == 0 {
		if !fits {
			return nil, checkers.Pass
		}
		return next, s.decide(o, calls, false)
	}
	if !same || o.by == nil {
		return nil, checkers.Unknown
	}
	// All additions are of one number, so that only how many of those of unknown outcome took effect is of interest.
	status := s.decide(o, calls, true)
	took := (next.begins[0].Number - sum.number) / unit
	if status == checkers.Pass && (took < 0 || took > int64(len(unknown))) {
		return nil, checkers.Unknown
	}
	if status == checkers.Pass {
		next.carried = unknown[took:]
	}
	return next, status
}

// cutCollection is a cut of a queue or a stack.
func (s *Stream) cutCollection(o *streamed, calls []*streamedCall) (*after, checkers.Status) {
	taken := map[history.Value]bool{}
	for _, x := range calls {
		if a := &x.Actions[0]; a.Kind == s.model.takes() {
			if x.Pending() {
				return nil, checkers.Unknown
			}
			taken[a.Value] = true
		}
	}
	next := &after{begins: o.begins}
	for _, x := range calls {
		if a := &x.Actions[0]; a.Kind != s.model.takes() && !taken[a.Value] {
			if s.model.takes() == history.TakeLast && x.Pending() {
				return nil, checkers.Unknown
			}
			next.carried = append(next.carried, x)
		}
	}
	if s.model.takes() == history.TakeLast {
		for i := 1; i < len(next.carried); i++ { // in the order of their invocations
			if next.carried[i].Invoked < next.carried[i-1].Returned {
				return nil, checkers.Pass
			}
		}
	}
	return next, s.decide(o, calls, true)
}

// mostEnds bounds the states that are carried over.
const mostEnds = 8

// cutSearched is a cut after calls of which a search finds all states that they can end in.
func (s *Stream) cutSearched(o *streamed, calls []*streamedCall) (*after, checkers.Status) {
	x, lines := s.piece(o, calls)
	p := x.space(s.model)
	if len(calls) > cutCalls || len(p.initial) != 1 {
		return nil, checkers.Unknown
	}
	s.search = true
	e := &epoch{calls: p.calls}
	p.list, p.steps = []*epoch{e}, cutSteps+40*int64(len(calls))
	for {
		switch status := p.advance(e, newClock(-1)); {
		case status == checkers.Unknown || len(e.ends) > mostEnds:
			return nil, checkers.Unknown
		case status == checkers.Fail && len(e.ends) > 0:
			next := &after{}
			for _, end := range e.ends {
				next.begins = append(next.begins, end[0])
			}
			return next, checkers.Pass
		case status == checkers.Fail:
			r := p.explain(e)
			r.Searched = true
			s.fail(o, &x, lines, r)
			return nil, checkers.Fail
		}
	}
}
