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
// which seven in ten are by POS and the rest by PCT. When there are no more single deviations, samples remain. In some schedules, it is the
// strategy that makes data choices: in one sample of seven, and where there are any, in one deviation of four.
type mixture struct {
	seed       uint64
	deviations []deviation // in a spread order
	length     int         // of the default run
	samples    []string
	single     bool // single deviations are tried
}

// deviation is a single deviation from the default run; data says from one that makes data choices, of which it is one.
type deviation struct {
	schedule.Deviation
	data bool
}

// choosers is of how many samples one makes data choices. It is no divisor of how the strategies repeat, so that all of them do.
const choosers = 7

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
	if m.single = has("deviation"); m.single {
		for d := range sched.SingleDeviations(base) {
			if m.deviations = append(m.deviations, deviation{d, false}); len(m.deviations) == mostDeviations {
				break
			}
		}
		spread(m.deviations)
	}
	return m, nil
}

// fewestChoices is how many single data choices are tried, if there are so many, though there are few other deviations.
const fewestChoices = 8

// choose puts data choices of a default run that makes them among the deviations.
func (m *mixture) choose(base sched.Record) {
	if !m.single {
		return
	}
	var choices []deviation
	for d := range sched.SingleDeviations(base) {
		s := base.Steps[d.Step]
		if s.Op == schedule.OpPick && s.Object.Class != schedule.ClassUser && len(choices) < mostDeviations {
			choices = append(choices, deviation{d, true})
		}
	}
	spread(choices)
	choices = choices[:min(len(choices), max(fewestChoices, len(m.deviations)/3))]
	var mixed []deviation
	for rest := m.deviations; len(rest) > 0 || len(choices) > 0; {
		n := min(3, len(rest))
		mixed, rest = append(mixed, rest[:n]...), rest[n:]
		n = min(1, len(choices))
		mixed, choices = append(mixed, choices[:n]...), choices[n:]
	}
	m.deviations = mixed
}

// spread orders deviations so that a beginning of them covers the whole run: every stride-th, then those in between.
func spread(list []deviation) {
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

// strategy returns the strategy of schedule n, its name, and whether it makes data choices.
func (m *mixture) strategy(n int) (s sched.Strategy, name string, choose bool) {
	if n == 0 {
		return sched.Default(), "default", false
	}
	n--
	switch d := len(m.deviations); {
	case n < 2*d && n%2 == 0 || n < d && len(m.samples) == 0:
		k := n / 2
		if len(m.samples) == 0 {
			k = n
		}
		at := m.deviations[k]
		return sched.Deviate([]schedule.Deviation{at.Deviation}), "deviation", at.data
	case len(m.samples) == 0:
		return sched.Default(), "default", false
	case n < 2*d:
		n /= 2
	default:
		n -= d
	}
	name, choose = m.samples[n%len(m.samples)], n%choosers == choosers-1
	return m.sample(name, m.seed<<32+uint64(n)), name, choose
}

// sample makes the strategy of a name and a seed.
func (m *mixture) sample(name string, seed uint64) sched.Strategy {
	switch name {
	case "pct3":
		return sched.PCT(seed, 3, m.length)
	case "pct6":
		return sched.PCT(seed, 6, m.length)
	case "random":
		return sched.Random(seed)
	}
	return sched.POS(seed)
}
