package batch

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	"synchrony/properties"
)

// budget is small: make verify spends more.
var budget = properties.Budget{Single: 16, Random: 5, Real: 1, Shrink: 3000}

func TestSynchronyHolds(t *testing.T) {
	for _, c := range Properties() {
		t.Run(c.Info().ID, func(t *testing.T) {
			t.Parallel()
			r, err := c.Run(t.Context(), properties.Spec{Seed: 1, Count: 100, Budget: budget}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Failures {
				t.Error(f.Text)
			}
			if s := r.Status(); s != checkers.Pass {
				t.Errorf("%v: %s", s, r.Why())
			}
		})
	}
}

// liar is a system that tells something else than what happened.
type liar struct {
	synchrony.System
	lie func(w batch.Workload, o *trace.Observation)
}

func (l liar) Run(ctx context.Context, rt *sched.Runtime, w batch.Workload) (trace.Observation, error) {
	o, err := l.System.Run(ctx, rt, w)
	l.lie(w, &o)
	return o, err
}

func (l liar) RunSequence(ctx context.Context, rt *sched.Runtime, ws []batch.Workload) ([]trace.Observation, error) {
	obs, err := l.System.RunSequence(ctx, rt, ws)
	for i := range obs {
		l.lie(ws[i], &obs[i])
	}
	return obs, err
}

// TestLiesAreFound: each property fails on a system that breaks what it states,
// and its counterexample is small.
func TestLiesAreFound(t *testing.T) {
	calls := 0 // by the lie of a system that answers differently each time
	for _, c := range []struct {
		name, kills string
		lie         func(batch.Workload, *trace.Observation)
	}{
		{"no edges", "S1", func(_ batch.Workload, o *trace.Observation) { o.Edges = nil }},
		{"an edge back", "S2", func(_ batch.Workload, o *trace.Observation) {
			if len(o.Edges) > 0 {
				e := o.Edges[0]
				e.From, e.To = e.To, e.From
				o.Edges = append(o.Edges, e)
			}
		}},
		{"cycles executed", "S3", func(_ batch.Workload, o *trace.Observation) {
			if o.Outcome == history.Refused {
				o.Outcome, o.Cycle, o.Error = history.Committed, nil, ""
			}
		}},
		{"a cycle that begins elsewhere", "S3", func(_ batch.Workload, o *trace.Observation) {
			if len(o.Cycle) > 0 {
				o.Cycle = append(slices.Clone(o.Cycle[1:]), o.Cycle[0])
			}
		}},
		{"one at a time", "S4", func(w batch.Workload, o *trace.Observation) {
			var events []trace.Event
			for tx := range w.Batch.Transactions {
				for _, e := range o.Events {
					if int(e.Tx) == tx {
						e.Time = time.Duration(len(events))
						events = append(events, e)
					}
				}
			}
			o.Events = events
		}},
		{"a start too early", "S5", func(_ batch.Workload, o *trace.Observation) {
			for i, e := range o.Events {
				if len(o.Edges) > 0 && e.Kind == trace.Start && e.Tx == o.Edges[0].To {
					e.Time = 0
					o.Events = slices.Insert(slices.Delete(slices.Clone(o.Events), i, i+1), 0, e)
				}
			}
		}},
		{"a lost update", "S6 S8", func(_ batch.Workload, o *trace.Observation) {
			if o.Outcome == history.Committed && len(o.Conflicts) > 0 {
				o.Final[0]++
			}
		}},
		{"half a rollback", "S7 S23", func(_ batch.Workload, o *trace.Observation) {
			if o.Outcome != history.Committed && len(o.Final) > 0 {
				o.Final[0]++
			}
		}},
		{"a conflict not reported", "S13 S15", func(_ batch.Workload, o *trace.Observation) {
			o.Conflicts = o.Conflicts[:max(0, len(o.Conflicts)-1)]
		}},
		{"another answer each time", "S14", func(_ batch.Workload, o *trace.Observation) {
			if calls++; calls%2 == 0 && len(o.Final) > 0 {
				o.Final[0]++
			}
		}},
		{"Go code is other code", "S18", func(w batch.Workload, o *trace.Observation) {
			if len(o.Final) > 0 && len(w.Batch.Transactions) > 0 && w.Batch.Transactions[0].Apply != nil {
				o.Final[0]++
			}
		}},
		{"attestations not asked for", "S9", func(_ batch.Workload, o *trace.Observation) {
			if o.Unattested != nil {
				o.Outcome, o.Unattested, o.Error, o.Counterexample = history.Committed, nil, "", nil
			}
		}},
		{"a valid attestation refused", "S9", func(w batch.Workload, o *trace.Observation) {
			if o.Outcome == history.Committed && len(w.Batch.Attestations) > 0 {
				o.Outcome, o.Unattested = history.Aborted, &batch.AttestationError{ID: "t", Param: "p", Problem: batch.BadSignature}
			}
		}},
		{"a commit without a certificate", "S11", func(_ batch.Workload, o *trace.Observation) { o.Certificate = nil }},
		{"a certificate that leaves out an access", "S11", func(_ batch.Workload, o *trace.Observation) {
			if o.Certificate != nil && len(o.Certificate.Accesses) > 0 {
				o.Certificate.Accesses = o.Certificate.Accesses[1:]
			}
		}},
		{"a certificate of a stale read", "S11", func(_ batch.Workload, o *trace.Observation) {
			if o.Certificate != nil {
				for i := range o.Certificate.Accesses {
					o.Certificate.Accesses[i].Version = history.InitialVersion
				}
			}
		}},
		{"a refusal without a counterexample", "S12", func(_ batch.Workload, o *trace.Observation) {
			if o.Failure != nil { // a missing attestation would not be well-formed either
				o.Counterexample = nil
			}
		}},
		{"a counterexample about another transaction", "S12", func(_ batch.Workload, o *trace.Observation) {
			if o.Counterexample != nil && o.Failure != nil {
				o.Counterexample = &trace.Counterexample{Gate: "execute", Txs: []int32{99}, Reason: o.Counterexample.Reason}
			}
		}},
		{"one more executed", "S19", func(_ batch.Workload, o *trace.Observation) { o.Executed++ }},
		{"batches of one fail", "S20", func(w batch.Workload, o *trace.Observation) {
			if len(w.Batch.Transactions) == 1 && o.Outcome == history.Committed {
				o.Final[0]++
			}
		}},
		{"many workers differ", "S21", func(w batch.Workload, o *trace.Observation) {
			if w.Setup.Workers > 1 && len(o.Final) > 0 {
				o.Final[0]++
			}
		}},
		{"the wrong transaction is blamed", "S22", func(_ batch.Workload, o *trace.Observation) {
			if o.Failure != nil {
				f := *o.Failure
				f.ID += "0"
				o.Failure = &f
			}
		}},
		{"an impatient default", "S24", func(w batch.Workload, o *trace.Observation) {
			if w.Setup.Timeout == 0 {
				o.Limit = time.Second
			}
		}},
		{"an access that no analysis knew", "S25", func(_ batch.Workload, o *trace.Observation) { o.Conflicts = nil }},
	} {
		for id := range strings.FieldsSeq(c.kills) {
			t.Run(id+" "+c.name, func(t *testing.T) {
				reg, err := properties.NewRegistry(Of(liar{lie: c.lie})...)
				if err != nil {
					t.Fatal(err)
				}
				check, ok := reg.Lookup(id)
				if !ok {
					t.Fatalf("there is no property %s", id)
				}
				r, err := check.Run(t.Context(), properties.Spec{Seed: 1, Count: 100, Budget: budget}, nil)
				if err != nil {
					t.Fatal(err)
				}
				if r.Status() != checkers.Fail {
					t.Fatalf("not found: %v %s", r.Status(), r.Why())
				}
				if f := r.Failures[0]; f.Size > 3 || f.Deviations > 1 {
					t.Errorf("not small: %d transactions, %d deviations\n%s", f.Size, f.Deviations, f.Text)
				}
			})
		}
	}
}

// TestParserVerdicts does the same for the two properties of the parser.
func TestParserVerdicts(t *testing.T) {
	s := source{text: "x", ids: []string{"t1", "t2"}}
	for _, c := range []struct {
		name string
		got  parsed
		want checkers.Status
	}{
		{"right", parsed{ids: []string{"t1", "t2"}}, checkers.Pass},
		{"one lost", parsed{ids: []string{"t1"}}, checkers.Fail},
		{"another order", parsed{ids: []string{"t2", "t1"}}, checkers.Fail},
		{"refused", parsed{err: errors.New("no")}, checkers.Fail},
	} {
		if v := (extraction{}).Check(s, c.got); v.Status != c.want {
			t.Errorf("%s: %v", c.name, v)
		}
	}
	s.twice = "t1"
	if v := (refusal{}).Check(s, parsed{ids: s.ids}); v.Status != checkers.Fail {
		t.Errorf("an accepted duplicate: %v", v)
	}
	if v := (refusal{}).Check(s, parsed{err: errors.New("duplicate")}); v.Status != checkers.Fail {
		t.Errorf("an error that does not say where: %v", v)
	}
}
