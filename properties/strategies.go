package properties

import "synchrony/executor/sched"

// The strategies of a search, as a Result names them.
const (
	byDefault    = "default"
	bySingle     = "single deviation"
	byRandom     = "random"
	byPCT3       = "PCT depth 3"
	byPCT6       = "PCT depth 6"
	byPOS        = "POS"
	byDPOR       = "DPOR"
	byGoroutines = "real goroutines"
	byStress     = "uncontrolled" // as it comes: see control.go
)

// StrategyName is what people call a strategy that a test binary, or a flag, has a word for: "PCT depth 3" for "pct3". Any other has its own name.
func StrategyName(word string) string {
	switch word {
	case "deviation":
		return bySingle
	case "pos":
		return byPOS
	case "pct3":
		return byPCT3
	case "pct6":
		return byPCT6
	}
	return word
}

// NamedBudget is a way to spend schedules on a case.
type NamedBudget struct {
	Name   string
	Budget Budget
}

// Strategies are the ways to choose schedules, each by itself: it chooses up to n for each
// case, beside the default one.
func Strategies(n int) []NamedBudget {
	var all []NamedBudget
	for _, s := range []string{byRandom, byPCT3, byPCT6, byPOS} {
		all = append(all, NamedBudget{s, Budget{Random: n, Sampling: s}})
	}
	return append(all, NamedBudget{bySingle, Budget{Single: n}}, NamedBudget{byDPOR, Budget{Exhaustive: n, Partial: true}})
}

// sampled returns a strategy that draws a schedule; steps is about how many it has.
func sampled(strategy string, seed uint64, steps int) sched.Strategy {
	switch strategy {
	case byRandom:
		return sched.Random(seed)
	case byPCT3:
		return sched.PCT(seed, 3, steps)
	case byPCT6:
		return sched.PCT(seed, 6, steps)
	default:
		return sched.POS(seed)
	}
}

// mixed names the strategy of the i-th schedule that is sampled, unless the budget says: of ten,
// seven are POS, two PCT of depth 3, one PCT of depth 6.
func mixed(i int) string {
	switch i % 10 {
	case 3, 8:
		return byPCT3
	case 6:
		return byPCT6
	default:
		return byPOS
	}
}
