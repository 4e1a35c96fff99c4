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
	said, v := accepted(all, w.Workload, r.Seen)
	if v.Status != checkers.Pass {
		return v
	}
	rng := rand.New(rand.NewPCG(w.Seed, 0x5901))
	for range changesPerRun {
		change, some := spoiled.Draw(rng, &r.Seen, spoiled.OfRuntime)
		if !some {
			continue
		}
		if v := c.refuse(said, w.Workload, &r.Seen, change); v.Status != checkers.Pass {
			return v
		}
	}
	return checkers.Passed()
}

// asked is a checker, and whether it could decide about a recording as it was.
type asked[W, O any] struct {
	checkers.Checker[W, O]
	decided bool
}

// accepted asks each checker by itself about a recording that is right.
func accepted[W, O any](all []checkers.Checker[W, O], w W, o O) ([]asked[W, O], checkers.Verdict) {
	var said []asked[W, O]
	for _, c := range all {
		v := c.Check(w, o)
		if v.Status == checkers.Fail {
			v.Reason = fmt.Sprintf("%s refuses a run as it was recorded: %s: %s", c.Name(), v.Rule, v.Reason)
			v.Rule = "false alarm"
			return nil, v
		}
		said = append(said, asked[W, O]{c, v.Status == checkers.Pass})
	}
	return said, checkers.Passed()
}

// refuse asks the checkers about a recording with a change. One that takes it for malformed, and could decide before, has
// refused it, too: no run shows it. Whether one that could not decide before cannot now says nothing.
func (c refused[W, O]) refuse(said []asked[W, O], w W, o *O, change spoiled.Change) checkers.Verdict {
	bad := spoiled.Apply(change, *o)
	for _, checker := range said {
		switch v := checker.Check(w, bad); {
		case v.Status == checkers.Fail, v.Status == checkers.Unknown && checker.decided:
			return checkers.Passed()
		}
	}
	if c.equivalents.Why(w, o, change) != "" {
		return checkers.Passed()
	}
	return checkers.Failed("spoiled, and accepted: "+change.Class(), fmt.Sprintf("all %d checkers accept the recording with one change: %v", len(said), change))
}
