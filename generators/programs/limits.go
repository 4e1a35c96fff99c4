package programs

import (
	"synchrony/generators/choice"
	"synchrony/models/program"
)

// limitPlace says where in a run a limit on its steps or its memory strikes, or just does not.
type limitPlace uint8

const (
	atEnd    limitPlace = iota // at what the whole run uses
	atBorder                   // where control goes from one piece of code to another: see borders
	anywhere                   // at any instruction
)

// strikes returns the limits on steps and memory that strike at the drawn place: the specification says what a run has
// used there. A worker's or an element's share of them is what that one has used.
func (n runNumbers) strikes(p *program.Program) (steps, memory int64) {
	var places []program.Moment
	outcome, _ := program.RunMoments(p, program.Limits{Steps: classifySteps}, func(m program.Moment) { places = append(places, m) })
	if n.limitPlace == atBorder {
		places = borders(p, places)
	}
	at := program.Moment{Steps: outcome.Steps, Memory: outcome.Memory}
	if n.limitPlace != atEnd && len(places) > 0 {
		at = places[choice.Scale(n.limitAt, numberBits, len(places))]
	}
	return max(1, at.Steps+n.limitShift), max(1, at.Memory+n.limitShift)
}

// borders are the moments at calls, returns, forks, barriers and maps, at the beginning of functions, and where the
// main code may be cut into chunks.
func borders(p *program.Program, moments []program.Moment) []program.Moment {
	shapes, err := program.Analyze(p)
	if err != nil {
		return nil
	}
	var found []program.Moment
	for _, m := range moments {
		border := m.PC == 0 || m.Function == 0 && shapes[0].Depth[m.PC] == 0
		switch p.Functions[m.Function].Code[m.PC].Op {
		case program.Return, program.CallFuncConst, program.CallName, program.CallTop,
			program.ForkExecution, program.BarrierSync, program.ParallelMap:
			border = true
		}
		if border {
			found = append(found, m)
		}
	}
	return found
}

// widest is the most workers that forks of one function, one within another, have at once.
func widest(p *program.Program) int {
	most := 1
	for i := range p.Functions {
		open := []int{1}
		for _, in := range p.Functions[i].Code {
			switch in.Op {
			case program.ForkExecution:
				open = append(open, open[len(open)-1]*int(in.A))
				most = max(most, open[len(open)-1])
			case program.JoinWorkers:
				open = open[:max(1, len(open)-1)]
			}
		}
	}
	return most
}
