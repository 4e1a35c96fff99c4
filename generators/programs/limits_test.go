package programs

import (
	"testing"

	"synchrony/models/program"
)

// TestLimitsAreTight: drawn limits on steps and memory are those that a run just keeps or just passes, at its end, at
// borders of the code, and elsewhere.
func TestLimitsAreTight(t *testing.T) {
	o := Functions()
	o.Limits, o.Collections = 100, 20
	n := make(map[string]int)
	for seed, w := range programs(1000, o) {
		limits := w.Setup.Limits
		used, err := program.Run(w.Program, program.Limits{Steps: classifySteps})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := program.Run(w.Program, limits)
		note := func(what string, limit, used int64, kind program.ErrorKind) {
			n[what]++
			struck := got.Err != nil && got.Err.Kind == kind
			switch {
			case struck != (limit < used):
				t.Errorf("seed %d: limit %d, and the program takes %d %s: %v\n%s", seed, limit, used, what, got.Err, w.Format())
			case limit == used-1:
				n[what+", one too few"]++
			case limit == used:
				n[what+", enough"]++
			case limit == used+1:
				n[what+", one too many"]++
			case struck && atWayBack(w.Program, got.Err):
				n[what+", at a call or return"]++
			case struck:
				n[what+", elsewhere"]++
			}
		}
		if limits.Steps > 0 {
			note("steps", limits.Steps, used.Steps, program.StepLimit)
		}
		if limits.Memory > 0 {
			note("memory", limits.Memory, used.Memory, program.MemoryLimit)
		}
	}
	for what, least := range map[string]int{
		"steps": 600, "steps, one too few": 130, "steps, enough": 65, "steps, one too many": 65,
		"steps, at a call or return": 30, "steps, elsewhere": 70,
		"memory": 120, "memory, one too few": 15, "memory, enough": 12,
	} {
		if n[what] < least {
			t.Errorf("%s: %d of 1000, want at least %d", what, n[what], least)
		}
	}
	t.Log(n)
}

// atWayBack reports whether a run ended at a RETURN or a call.
func atWayBack(p *program.Program, e *program.RunError) bool {
	code := p.Functions[e.Function].Code
	if e.PC >= len(code) {
		return false
	}
	switch code[e.PC].Op {
	case program.Return, program.CallFuncConst, program.CallName, program.CallTop, program.ParallelMap:
		return true
	}
	return false
}
