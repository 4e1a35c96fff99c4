package program

// Access is something that an instruction of the main code did, itself or by the functions it
// called and the workers it started, to the main code's variables, to shared variables or to
// the output.
type Access struct {
	PC     int    // in the main code; for a fork's workers and its merge that of the JOIN_WORKERS
	Effect Effect // one of ReadsVariable, WritesVariable, ReadsShared, WritesShared, Prints
	Name   int32  // index in Program.Names; -1 for Prints
}

// RunObserved is [Run], and reports every access as it happens, loads of undefined variables
// included. A worker's use of its private copies is none; reading a global that it has not
// stored is, and so is merging one. What an execution really depends on can thus be held
// against an analysis of the program.
func RunObserved(p *Program, limits Limits, observe func(Access)) (Outcome, error) {
	shapes, err := Analyze(p)
	if err != nil {
		return Outcome{}, err
	}
	m := newMachine(p, limits, shapes)
	m.observe(observe)
	m.runAll()
	return m.outcome(), nil
}

// observe connects the scopes that hold what the main code can see.
func (m *machine) observe(report func(Access)) {
	at := func(e Effect, name int32) { report(Access{m.main.calls[0].pc, e, name}) }
	m.main.globals.observe = at
	m.shared.observe = func(e Effect, name int32) {
		if e == ReadsVariable {
			at(ReadsShared, name)
		} else {
			at(WritesShared, name)
		}
	}
	m.main.printed = func() { at(Prints, -1) }
}

// Moment is an instruction that a run is about to execute.
type Moment struct {
	Function, PC int
	// Steps and Memory are the limits of the whole run that its task has reached here: of a worker, or an element of a
	// PARALLEL_MAP, those whose equal shares are what it has used.
	Steps, Memory int64
	// Stack is the operand stack of the current call, the top last. It is only to be read, and only while the moment is reported.
	Stack []Value
}

// RunMoments is [Run], and reports every instruction before it is executed. So it says which limits strike where.
func RunMoments(p *Program, limits Limits, observe func(Moment)) (Outcome, error) {
	shapes, err := Analyze(p)
	if err != nil {
		return Outcome{}, err
	}
	m := newMachine(p, limits, shapes)
	m.moment = func(t *task) {
		c := t.top()
		now := Moment{Function: c.number, PC: c.pc, Steps: t.steps, Memory: t.memory, Stack: c.stack}
		for g := t.parent; g != nil; g = g.parent.parent {
			n := int64(len(g.tasks))
			now.Steps = g.parent.steps + n*now.Steps
			now.Memory = g.parent.memory + n*now.Memory
		}
		observe(now)
	}
	m.runAll()
	return m.outcome(), nil
}
