//go:build go1.26

package testing

import (
	"fmt"
	"slices"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// strategyNames are the strategies of a mixture.
var strategyNames = []string{"default", "deviation", "pos", "pct3", "pct6", "random"}

// mixture says which schedule has which number: 0 is the default one; then the single deviations from it take turns with samples, of
// which seven in ten are by POS and the rest by PCT. When there are no more single deviations, samples remain.
type mixture struct {
	seed       uint64
	deviations []schedule.Deviation // in a spread order
	length     int                  // of the default run
	samples    []string
}

// mostDeviations bounds the memory of a long default run.
const mostDeviations = 1 << 16

// newMixture mixes the strategies named, or all but random.
func newMixture(seed uint64, names []string, base sched.Record) (*mixture, error) {
	for _, n := range names {
		if !slices.Contains(strategyNames, n) {
			return nil, fmt.Errorf("there is no strategy %q: want some of %v", n, strategyNames)
		}
	}
	has := func(n string) bool { return len(names) == 0 && n != "random" || slices.Contains(names, n) }
	m := &mixture{seed: seed, length: len(base.Steps)}
	for _, n := range [...]string{"pos", "pct3", "pos", "pos", "pct6", "pos", "pos", "pct3", "pos", "pos", "random"} {
		if has(n) {
			m.samples = append(m.samples, n)
		}
	}
	if has("deviation") {
		for d := range sched.SingleDeviations(base) {
			if m.deviations = append(m.deviations, d); len(m.deviations) == mostDeviations {
				break
			}
		}
		spread(m.deviations)
	}
	return m, nil
}

// spread orders deviations so that a beginning of them covers the whole run: every stride-th, then those in between.
func spread(list []schedule.Deviation) {
	all := slices.Clone(list)
	i := 0
	for stride := 8; stride > 0; stride /= 2 {
		for k := 0; k < len(all); k += stride {
			if stride == 8 || k%(2*stride) != 0 {
				list[i] = all[k]
				i++
			}
		}
	}
}

// strategy returns the strategy of schedule n, and its name.
func (m *mixture) strategy(n int) (sched.Strategy, string) {
	if n == 0 {
		return sched.Default(), "default"
	}
	n--
	switch d := len(m.deviations); {
	case n < 2*d && n%2 == 0 || n < d && len(m.samples) == 0:
		k := n / 2
		if len(m.samples) == 0 {
			k = n
		}
		return sched.Deviate(m.deviations[k : k+1]), "deviation"
	case len(m.samples) == 0:
		return sched.Default(), "default"
	case n < 2*d:
		n /= 2
	default:
		n -= d
	}
	name, seed := m.samples[n%len(m.samples)], m.seed<<32+uint64(n)
	switch name {
	case "pct3":
		return sched.PCT(seed, 3, m.length), name
	case "pct6":
		return sched.PCT(seed, 6, m.length), name
	case "random":
		return sched.Random(seed), name
	}
	return sched.POS(seed), name
}
