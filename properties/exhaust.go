package properties

import "synchrony/executor/sched"

// shortRun is how many steps a run has at most of which every schedule is tried: what takes more has too many.
const shortRun = 2000

// hopeful is after how many schedules it shows whether a case is small enough for all of them.
const hopeful = 4

// exhaust tries every schedule of a case, whose default run took so many steps, up to the order
// of steps that commute, if there are no more than most; it gives up as soon as there seem to be. p.covered tells whether all were tried, and none failed.
func (p *engine[W, O]) exhaust(steps, most int, visit func(*attempt[O]), try tryFunc[O]) (*finding[O], error) {
	if most <= 0 || steps > shortRun {
		return nil, nil
	}
	e := sched.NewExplorer(p.options(), sched.Bounds{Preemptions: sched.Unbounded, Schedules: most})
	for s, ok := e.Next(); ok; s, ok = e.Next() {
		var strayed error
		f, err := try("DPOR", s, func(a *attempt[O]) {
			strayed = e.Ran(a.record)
			visit(a)
		})
		if f != nil || err != nil {
			return f, err
		}
		if strayed != nil { // it does not do the same on the same schedule: whoever replays it will hear of that
			return nil, nil
		}
		if c := e.Coverage(); c.Schedules >= hopeful && c.Estimate() > float64(most) {
			return nil, nil
		}
	}
	p.covered = e.Coverage().Complete
	return nil, nil
}
