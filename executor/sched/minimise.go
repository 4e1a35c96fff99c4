package sched

import (
	"slices"

	"synchrony/models/schedule"
)

// Minimise returns as few deviations as it can that lead to a failing run, as devs must. The function run makes one under a strategy, and
// returns its record, which is read before the next, and whether it fails in the way that is to be kept; a nil record ends the search, and
// what was best until then is the result.
//
// Deviations are counted in steps of all tasks, and one that goes moves all that come later. So they are taken as turns, which are
// counted in steps of one task and stay where they are. Of these it removes what it can by [ddmin], each time going on
// with those that the run did take; then it looks for one deviation that does for a group of them, which is how a chain comes down
// of which each link keeps a preempted task from going on: the task is preempted elsewhere instead. Both are repeated until neither gets
// any further, and [minimiseDeviations] has the last word: no deviation of the result can be left out, and no skip be smaller.
func Minimise(devs []schedule.Deviation, run func(Strategy) (*Record, bool)) []schedule.Deviation {
	m := &minimiser{run: run}
	rec, fails := m.once(Deviate(devs))
	if !fails {
		return devs
	}
	m.keep(rec)
	for again := true; again; {
		m.remove()
		again = m.replace()
	}
	return minimiseDeviations(m.devs, func(devs []schedule.Deviation) bool {
		_, fails := m.once(Deviate(devs))
		return fails
	})
}

// minimiser is the search of Minimise under way.
type minimiser struct {
	run  func(Strategy) (*Record, bool)
	over bool

	// Of the best run so far: its deviations, and the same as turns, one for each.
	devs  []schedule.Deviation
	turns []turn
}

// once makes a run, unless the search is over. The record may be nil.
func (m *minimiser) once(s Strategy) (rec *Record, fails bool) {
	if m.over {
		return nil, false
	}
	rec, fails = m.run(s)
	m.over = rec == nil
	return rec, fails && rec != nil
}

// keep makes a run the best.
func (m *minimiser) keep(rec *Record) {
	m.devs, m.turns = slices.Clone(rec.Schedule.Deviations), turnsOf(rec)
}

// try makes a run, and keeps it if it fails with fewer deviations.
func (m *minimiser) try(s Strategy) bool {
	rec, fails := m.once(s)
	if !fails || len(rec.Schedule.Deviations) >= len(m.devs) {
		return false
	}
	m.keep(rec)
	return true
}

// remove leaves out turns until none can be.
func (m *minimiser) remove() {
	ddmin(m.turns, func(turns []turn) ([]turn, bool) {
		fewer := m.try(takeTurns(turns, schedule.Deviation{}))
		return m.turns, fewer
	})
}

// replace looks for one deviation in place of a group of turns, first of all, then of half of them, and so on, until it has found one.
func (m *minimiser) replace() bool {
	for size := len(m.turns); size >= 2; size = max(size/2, min(size-1, 2)) {
		for from := 0; from+size <= len(m.turns); from += size / 2 {
			if m.replaceGroup(from, from+size) {
				return true
			}
		}
	}
	return false
}

// What replaceGroup tries: deviations from so many steps before the group to as many behind the next turn, and no more of them than this,
// evenly spread.
const (
	farthestFromGroup = 12
	mostForGroup      = 300
)

// replaceGroup looks for one deviation in place of the turns in [from, to). The run without them tells which there are.
func (m *minimiser) replaceGroup(from, to int) bool {
	rest := slices.Concat(m.turns[:from], m.turns[to:])
	rec, _ := m.once(takeTurns(rest, schedule.Deviation{}))
	if rec == nil {
		return false
	}
	first, last := m.devs[from].Step, len(rec.Steps)
	if to < len(m.turns) {
		if i := slices.Index(turnsOf(rec), m.turns[to]); i >= 0 {
			last = rec.Schedule.Deviations[i].Step
		}
	}
	var tries []schedule.Deviation
	for d := range SingleDeviations(*rec) {
		if first-farthestFromGroup <= d.Step && d.Step <= last+farthestFromGroup {
			tries = append(tries, d)
		}
	}
	stride := 1 + len(tries)/mostForGroup
	for i := 0; i < len(tries); i += stride {
		if m.try(takeTurns(rest, tries[i])) {
			return true
		}
	}
	return false
}
