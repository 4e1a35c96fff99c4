package generators

import (
	"pgregory.net/rapid"

	"synchrony/models/program"
)

// Program draws a program and how to run it, and says what it is. The same choice
// sequence gives the same workload.
func Program(t *rapid.T, o ProgramOptions) (program.Workload, Labels) {
	d := Programs(o).Draw(t, "workload")
	return d.Workload, ClassifyProgram(d.Workload)
}

// Programs returns the generator that [Program] draws from.
func Programs(o ProgramOptions) *rapid.Generator[DrawnProgram] {
	o = o.withDefaults()
	return rapid.Custom(func(t *rapid.T) DrawnProgram {
		return DrawnProgram{makeProgram(drawProgram(shrinkable{t}, o), o)}
	})
}

// DrawnProgram is a workload that prints as its text.
type DrawnProgram struct{ program.Workload }

// GoString returns the workload's text, for rapid's log.
func (d DrawnProgram) GoString() string { return "\n" + d.Format() }

// makeProgram is the second phase: a pure function of the numbers.
func makeProgram(n programNumbers, o ProgramOptions) program.Workload {
	c := newCompiler(n, o)
	c.main()
	return program.Workload{Program: c.program, Setup: n.setup.setup(c)}
}
