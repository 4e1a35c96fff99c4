package programs

import (
	"pgregory.net/rapid"

	"synchrony/generators"
	"synchrony/generators/choice"
	"synchrony/models/program"
)

// Program draws a program and how to run it, and says what it is. The same choice
// sequence gives the same workload.
func Program(t *rapid.T, o Options) (program.Workload, generators.Labels) {
	d := Programs(o).Draw(t, "workload")
	return d.Workload, Classify(d.Workload)
}

// Programs returns the generator that [Program] draws from.
func Programs(o Options) *rapid.Generator[Drawn] {
	return rapid.Custom(func(t *rapid.T) Drawn { return Drawn{Draw(choice.From(t), o)} })
}

// Drawn is a workload that prints as its text.
type Drawn struct{ program.Workload }

// GoString returns the workload's text, for rapid's log.
func (d Drawn) GoString() string { return "\n" + d.Format() }

// Draw draws a workload from a source of choices.
func Draw(s choice.Source, o Options) program.Workload {
	o = o.withDefaults()
	return makeProgram(drawProgram(s, o), o)
}

// makeProgram is the second phase: a pure function of the numbers.
func makeProgram(n programNumbers, o Options) program.Workload {
	c := newCompiler(n, o)
	c.main()
	return program.Workload{Program: c.program, Setup: n.setup.setup(c)}
}
