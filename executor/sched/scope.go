package sched

import "synchrony/models/schedule"

// Scope is what a task has in common with those it starts, itself or by timers.
type Scope struct {
	Value any
	edge  byte // released by its tasks when they begin to wait or end, for the race detector
}

// Scope is the task's scope; nil if none was set.
//
//go:norace
func (t Task) Scope() *Scope { return t.t.scope }

// SetScope sets the scope of the running task, and so of those that it starts from now on.
//
//go:norace
func (rt *Runtime) SetScope(s *Scope) {
	if c := rt.ctl; c != nil && c.running != nil {
		c.running.scope = s
	}
}

// Join orders, for the race detector, the running task after what those of the scope did before they began to wait.
//
//go:norace
func (s *Scope) Join() { acquireEdge(&s.edge) }

// pause is called when t begins to wait or ends.
//
//go:norace
func (t *task) pause() {
	if t.scope != nil {
		releaseEdge(&t.scope.edge)
	}
}

// Quiet reports whether all tasks of a scope but one wait for what only another task or the clock can give
// them, and no alarm is due. A task that waits for a lock counts as running: its holder is about to unlock it.
//
//go:norace
func (rt *Runtime) Quiet(scope *Scope, but Task) bool {
	c := rt.ctl
	if c == nil || c.due {
		return c == nil
	}
	for _, t := range c.live {
		if t != but.t && t.scope == scope && !t.waitsForOthers() {
			return false
		}
	}
	return true
}

//go:norace
func (t *task) waitsForOthers() bool {
	switch t.wait {
	case untilFired, untilSignalled:
		return true
	case untilWoken:
		return t.op != schedule.OpLock && t.op != schedule.OpRLock
	}
	return false
}

// Alone reports whether no other task of a scope is left.
//
//go:norace
func (rt *Runtime) Alone(scope *Scope, but Task) bool {
	c := rt.ctl
	if c == nil {
		return true
	}
	for _, t := range c.live {
		if t != but.t && t.scope == scope {
			return false
		}
	}
	return true
}

// SetPatient makes the clock patient, or not, from now on: see Options.PatientClock. It returns what it was.
//
//go:norace
func (rt *Runtime) SetPatient(patient bool) (was bool) {
	if c := rt.ctl; c != nil {
		was, c.patient = c.patient, patient
	}
	return was
}

// Live is how many tasks have begun or are to begin, and are not over.
//
//go:norace
func (rt *Runtime) Live() int {
	if c := rt.ctl; c != nil {
		return len(c.live)
	}
	return 0
}
