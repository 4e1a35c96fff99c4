package batch

import (
	"context"

	"synchrony/checkers/order"
	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/catalogue/checks"
)

// cause is what is wrong first in one execution.
func cause(w batch.Workload, o trace.Observation) *properties.Cause {
	return properties.FirstCause(checks.BatchCauses(), w, o)
}

// causeInSequence is what is wrong in the first of several executions in which something is, each of which began with what the one before left.
func causeInSequence(ws []batch.Workload, all []trace.Observation) *properties.Cause {
	for i, o := range all {
		w := ws[i]
		if i > 0 {
			w.Batch = withBalances(w.Batch, all[i-1].Final)
		}
		if c := cause(w, o); c != nil {
			return c
		}
	}
	return nil
}

// causeAmong is that of executions of variants.
func causeAmong(variants func(batch.Workload) ([]variant, error)) func(batch.Workload, []execution) *properties.Cause {
	return func(w batch.Workload, es []execution) *properties.Cause {
		vs, err := variants(w)
		if err != nil {
			return nil
		}
		for i, e := range es {
			if c := causeInSequence(vs[i].workloads, e.Observations); c != nil {
				return c
			}
		}
		return nil
	}
}

// causeInHistory is that of a sequence of batches on one store.
func causeInHistory(ws []batch.Workload, ls []lived) *properties.Cause {
	used := make([]trace.Observation, len(ls))
	for i, l := range ls {
		used[i] = l.Used
	}
	return causeInSequence(ws, used)
}

// planned are the checkers of what is analysed and planned, which is the same in each execution of a batch.
func planned() []batchChecker { return []batchChecker{order.Plan(), order.Acyclic(), order.Groups()} }

// causeInPlan is what is wrong in the plan of a batch, for a property whose observation does not show it: that of an execution on the
// default schedule is the same.
func causeInPlan(w batch.Workload) *properties.Cause {
	var o trace.Observation
	var err error
	rec := sched.Run(sched.Default(), sched.Options{}, func(rt *sched.Runtime) { o, err = synchrony.System{}.Run(context.Background(), rt, w) })
	if err != nil || rec.Stuck != nil {
		return nil
	}
	return properties.FirstCause(planned(), w, o)
}
