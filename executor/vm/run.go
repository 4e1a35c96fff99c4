package vm

import (
	"time"

	"synchrony/executor/sched"
	"synchrony/models/program"
)

// run is what the machines of one run of a program have in common.
type run struct {
	unit    *unit
	rt      *sched.Runtime
	rec     *recorder
	limits  program.Limits
	mode    program.Mode
	workers int
	costs   costs
	started time.Duration
	timeout time.Duration
	stop    sched.Int64 // why the run is to stop: a stopReason
}

// Why a run stops before its end.
const (
	goOn int64 = iota
	cancelled
	timedOut
)

// pollRun is what a machine asks now and then: whether the run is to stop.
func (r *run) pollRun(*machine) status {
	if r.stop.Load(r.rt) != goOn {
		return abandoned
	}
	if r.rt.Now()-r.started >= r.timeout {
		r.stop.CompareAndSwap(r.rt, goOn, timedOut)
		return abandoned
	}
	return running
}

// sequential makes a machine that runs the whole program from the initial state.
func (r *run) sequential() *machine {
	m, ok := r.unit.spare.Get().(*machine)
	if !ok {
		m = new(machine)
	}
	m.reset(r, &r.unit.functions[0])
	m.shared = newSharedState(r.rt, r.unit.sharedNames())
	m.poll, m.pauseAt = r.pollRun, quantum
	return m
}

// forChunks makes a machine that has no variables, to execute chunks of a plan.
func (r *run) forChunks(p *plan) *machine {
	m, ok := r.unit.blank.Get().(*machine)
	if ok {
		m.renew(r, &p.main)
	} else {
		m = newMachine(r, &p.main)
	}
	m.shared = newSharedState(r.rt, r.unit.sharedNames())
	return m
}

// sharedNames are the names of the shared variables, by number.
func (u *unit) sharedNames() []string {
	names := make([]string, len(u.sums.names))
	for i, name := range u.sums.names {
		names[i] = u.program.Names[name]
	}
	return names
}

// outcome is what a machine that has ended shows.
func (m *machine) outcome(s status) program.Outcome {
	if s == late {
		m.fail(program.TimeLimit, "")
	}
	o := program.Outcome{
		Err: m.err, Output: m.output, Shared: m.shared.bindings(),
		Steps: m.steps, Memory: m.memory, Time: m.now,
	}
	if s == done {
		o.Result = m.unbox(m.result)
	}
	defined := 0
	for _, c := range m.mem[:len(m.unit.names)] {
		if !c.isUndefined() {
			defined++
		}
	}
	if defined > 0 {
		o.Variables = make([]program.Binding, 0, defined)
	}
	for _, g := range m.unit.byName {
		if c := m.mem[g.slot]; !c.isUndefined() {
			o.Variables = append(o.Variables, program.Binding{Name: g.name, Value: m.unbox(c)})
		}
	}
	return o
}
