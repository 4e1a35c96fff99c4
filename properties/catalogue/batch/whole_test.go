package batch

import (
	"context"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/trace"
	"synchrony/properties"
)

// spoilt is Synchrony, but for what it is told, or what it says of itself.
type spoilt struct {
	synchrony.System
	before func(*batch.Workload)
	after  func(*trace.Observation)
}

func (s spoilt) Run(ctx context.Context, rt *sched.Runtime, w batch.Workload) (trace.Observation, error) {
	if s.before != nil {
		s.before(&w)
	}
	o, err := s.System.Run(ctx, rt, w)
	if s.after != nil {
		s.after(&o)
	}
	return o, err
}

// TestWholeAsksEverybody: S finds what only one of its checkers can find.
func TestWholeAsksEverybody(t *testing.T) {
	for checker, s := range map[string]spoilt{
		"outcome":        {before: func(w *batch.Workload) { w.Setup.Now = time.Time{}.Add(time.Hour) }},
		"certificate":    {after: func(o *trace.Observation) { o.Certificate = nil }},
		"counterexample": {after: func(o *trace.Observation) { o.Counterexample = nil }},
		"timeout":        {after: func(o *trace.Observation) { o.Limit = min(o.Limit, time.Second) }},
		"metrics":        {after: func(o *trace.Observation) { o.Executed++ }},
	} {
		t.Run(checker, func(t *testing.T) {
			r, err := WholeOf(s).Run(t.Context(), properties.Spec{Seed: 1, Count: 400, Budget: properties.DefaultBudget}, nil)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, f := range r.Failures {
				found = found || f.Checker == checker
				t.Logf("%s: %s: %s", f.Checker, f.Rule, f.Reason)
			}
			if !found {
				t.Errorf("nothing is found in %d cases", r.Cases)
			}
		})
	}
}
