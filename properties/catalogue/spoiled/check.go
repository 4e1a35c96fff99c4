package spoiled

import (
	"fmt"
	"math/rand/v2"

	"synchrony/checkers"
	"synchrony/checkers/spoiled"
)

// changesPerRun is how many changes of a recording are tried, each of the recording as it was.
const changesPerRun = 12

// refused is the checker of X5 and X6.
type refused[W, O any] struct {
	all         []checkers.Checker[W, O] // that may be asked about any run
	patient     []checkers.Checker[W, O] // those, and the ones that take a patient clock for granted
	equivalents spoiled.Equivalents[W, O]
}

func (refused[W, O]) Name() string { return "spoiled recordings" }

func (c refused[W, O]) Check(w scheduled[W], r recording[O]) checkers.Verdict {
	if r.Stuck != "" {
		return checkers.Undecided("there is no recording: %s", r.Stuck)
	}
	all := c.all
	if w.patient() {
		all = c.patient
	}
	decided, v := accepted(all, w.Workload, r.Seen)
	if v.Status != checkers.Pass {
		return v
	}
	rng := rand.New(rand.NewPCG(w.Seed, 0x5901))
	for range changesPerRun {
		change, some := spoiled.Draw(rng, &r.Seen, spoiled.OfRuntime)
		if !some {
			continue
		}
		if v := c.refuse(decided, w.Workload, &r.Seen, change); v.Status != checkers.Pass {
			return v
		}
	}
	return checkers.Passed()
}

// accepted asks each checker by itself about a recording that is right, and returns those that could decide: one that
// does not know is no help against what is wrong.
func accepted[W, O any](all []checkers.Checker[W, O], w W, o O) ([]checkers.Checker[W, O], checkers.Verdict) {
	var decided []checkers.Checker[W, O]
	for _, c := range all {
		switch v := c.Check(w, o); v.Status {
		case checkers.Fail:
			v.Reason = fmt.Sprintf("%s refuses a run as it was recorded: %s: %s", c.Name(), v.Rule, v.Reason)
			v.Rule = "false alarm"
			return nil, v
		case checkers.Pass:
			decided = append(decided, c)
		}
	}
	return decided, checkers.Passed()
}

// refuse asks the checkers about a recording with a change. One that takes it for malformed has refused it, too: no run shows
// it.
func (c refused[W, O]) refuse(decided []checkers.Checker[W, O], w W, o *O, change spoiled.Change) checkers.Verdict {
	bad := spoiled.Apply(change, *o)
	for _, checker := range decided {
		if checker.Check(w, bad).Status != checkers.Pass {
			return checkers.Passed()
		}
	}
	if c.equivalents.Why(w, o, change) != "" {
		return checkers.Passed()
	}
	return checkers.Failed("spoiled, and accepted: "+change.Class(), fmt.Sprintf("all %d checkers accept the recording with one change: %v", len(decided), change))
}
