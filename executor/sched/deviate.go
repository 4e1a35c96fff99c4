package sched

import (
	"cmp"
	"iter"
	"slices"

	"synchrony/models/schedule"
)

// Default is the default schedule: the current task goes on while it can, then
// the next one by number; time advances when all wait.
func Default() Strategy { return defaultStrategy{} }

type defaultStrategy struct{}

func (defaultStrategy) Choose(*Point) int { return 0 }

// Deviated is the default schedule but for some deviations. Make one with [Deviate].
type Deviated struct {
	rest      []schedule.Deviation // still to come
	unapplied []schedule.Deviation
}

// Deviate schedules by default, but for the given deviations.
func Deviate(devs []schedule.Deviation) *Deviated {
	byStep := func(a, b schedule.Deviation) int { return cmp.Compare(a.Step, b.Step) }
	if !slices.IsSortedFunc(devs, byStep) {
		devs = slices.Clone(devs)
		slices.SortStableFunc(devs, byStep)
	}
	return &Deviated{rest: devs}
}

// Choose implements [Strategy].
func (d *Deviated) Choose(p *Point) int {
	k := 0
	for len(d.rest) > 0 && d.rest[0].Step <= p.Step {
		v := d.rest[0]
		d.rest = d.rest[1:]
		if k == 0 && v.Step == p.Step && v.Skip > 0 && v.Skip < len(p.Enabled) {
			k = v.Skip
		} else {
			d.unapplied = append(d.unapplied, v)
		}
	}
	return k
}

// Unapplied returns, after the run, the deviations that did not fit it: there were
// too few choices at their step, or the run took no such step.
func (d *Deviated) Unapplied() []schedule.Deviation {
	return slices.Concat(d.unapplied, d.rest)
}

// SingleDeviations yields every single deviation from a run: at each step, from
// the first, each alternative to the default. The base is usually a default run.
func SingleDeviations(base Record) iter.Seq[schedule.Deviation] {
	choices := slices.Clone(base.Choices)
	return func(yield func(schedule.Deviation) bool) {
		for step, n := range choices {
			for skip := 1; skip < int(n); skip++ {
				if !yield(schedule.Deviation{Step: step, Skip: skip}) {
					return
				}
			}
		}
	}
}
