//go:build go1.26

package task

import "synchrony/executor/sched"

// Explore runs main under every schedule there is, or as many as the bounds allow, and has each run judged. See [sched.Explorer] for what
// "every" rests on: what tasks share beside the objects of these packages must be ordered by them. It fails if main does not do
// the same on the same schedule.
func Explore(o Options, b sched.Bounds, main func(), judge func(*sched.Record)) (sched.Coverage, error) {
	var r sched.Runner
	e := sched.NewExplorer(o.hosted(), b)
	for s, ok := e.Next(); ok; s, ok = e.Next() {
		rec := Run(&r, s, o, main)
		judge(&rec)
		if err := e.Ran(&rec); err != nil {
			return e.Coverage(), err
		}
	}
	return e.Coverage(), nil
}
