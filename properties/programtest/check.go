package programtest

import (
	"synchrony/checkers"
	"synchrony/checkers/outcome"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/properties/evidence"
)

// The rules that a run can break beside those of package outcome, by the checker that holds them.
const (
	rulePanic  = "panic"
	ruleError  = "given up"
	ruleGoexit = "goexit" // it ended its goroutine, and returned nothing
)

// judge is the checker of a run: it must have come to its end, with what the specification says.
func judge() func(*program.Program, *Outcome) checkers.Verdict {
	means := outcome.Meaning()
	return func(p *program.Program, o *Outcome) checkers.Verdict {
		switch {
		case !o.ended:
			return checkers.Failed(ruleGoexit, noReturn+": have it return an error instead")
		case o.died != "":
			return checkers.Failed(rulePanic, "the interpreter panicked: "+evidence.Line(o.died), evidence.Stack(o.stack)...)
		case o.err != "":
			return checkers.Failed(ruleError, "the interpreter gave the program up: "+evidence.Line(o.err))
		}
		return means(p, programs.OneOutcome(p), o.shown)
	}
}
