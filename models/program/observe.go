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
