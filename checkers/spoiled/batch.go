package spoiled

import (
	"math"
	"reflect"
	"slices"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// compounds are the changes of several parts of a recording that belong together, so that no part contradicts another one
// for a trivial reason. They are what a system does that is wrong and says so consistently.
func compounds[O any](o *O) []Change {
	var all []Change
	add := func(rule string, spoil func(*O)) {
		all = append(all, Change{Rule: rule, spoil: func(v reflect.Value) { spoil(v.Addr().Interface().(*O)) }})
	}
	switch o := any(o).(type) {
	case *trace.Observation:
		ofBatch(o, any(add).(func(string, func(*trace.Observation))))
	case *trace.ProgramObservation:
		ofProgram(o, any(add).(func(string, func(*trace.ProgramObservation))))
	}
	return all
}

// ofBatch adds the changes of runs of batches.
func ofBatch(o *trace.Observation, add func(string, func(*trace.Observation))) {
	switch o.Outcome {
	case history.Committed:
		wrongWrites(o, add)
		add("a commit told as a failure", failInstead)
		add("a commit told as a timeout", timeOutInstead)
		if o.Certificate != nil {
			add("a certificate of another execution", func(o *trace.Observation) {
				c := *o.Certificate
				c.Method = trace.BySerialExecution
				o.Certificate = &c
			})
		}
	case history.Aborted:
		add("an abort told as a commit", func(o *trace.Observation) {
			o.Outcome, o.Failure, o.Unattested, o.Counterexample, o.Error = history.Committed, nil, nil, nil, ""
		})
		if o.Failure != nil {
			add("another transaction blamed", blameAnother)
		}
	case history.Refused:
		add("a refusal told as a commit", func(o *trace.Observation) {
			o.Outcome, o.Cycle, o.Counterexample, o.Error = history.Committed, nil, nil, ""
		})
	case history.TimedOut, history.Cancelled:
		add("an end told as a commit", func(o *trace.Observation) {
			o.Outcome, o.Error, o.Completed, o.Pending = history.Committed, "", 0, 0
			o.Events = slices.DeleteFunc(slices.Clone(o.Events), func(e trace.Event) bool { return e.Kind == trace.Rollback })
		})
	}
}

// wrongWrites adds changes of what a committed batch wrote, which its final balances and the snapshots agree with.
func wrongWrites(o *trace.Observation, add func(string, func(*trace.Observation))) {
	last := lastWrites(o)
	for i := range last {
		for k := range i {
			a, b := last[k], last[i]
			if o.Events[a].Tx == o.Events[b].Tx {
				add("2⁶⁴ minted by one transaction", rewrite(map[int]int64{a: math.MinInt64, b: math.MinInt64}))
				add("one moved by one transaction", rewrite(map[int]int64{a: 1, b: -1}))
			} else {
				add("one minted, and burned by another transaction", rewrite(map[int]int64{a: 1, b: -1}))
				add("2⁶⁴ minted by two transactions", rewrite(map[int]int64{a: math.MinInt64, b: math.MinInt64}))
			}
		}
		add("one minted", rewrite(map[int]int64{last[i]: 1}))
		add("one burned", rewrite(map[int]int64{last[i]: -1}))
	}
	if len(last) == 0 {
		for a := range o.Final {
			add("one minted by nobody", func(o *trace.Observation) { setFinal(o, batch.AccountID(a), o.Final[a]+1) })
		}
	}
}

// lastWrites are the indices of the last write of each account, in order of the accounts.
func lastWrites(o *trace.Observation) []int {
	var last []int
	for a := range o.Final {
		for i := len(o.Events) - 1; i >= 0; i-- {
			if e := &o.Events[i]; e.Kind == trace.Write && int(e.Account) == a {
				last = append(last, i)
				break
			}
		}
	}
	return last
}

// rewrite adds to what some events wrote, which nobody has written after them.
func rewrite(by map[int]int64) func(*trace.Observation) {
	return func(o *trace.Observation) {
		o.Events = slices.Clone(o.Events)
		for i := range o.Events {
			if n, changes := by[i]; changes {
				e := &o.Events[i]
				e.New += n
				setFinal(o, e.Account, e.New)
			}
		}
	}
}

// setFinal sets what an account has after the batch, also in what observers saw of that.
func setFinal(o *trace.Observation, a batch.AccountID, balance int64) {
	final := slices.Clone(o.Final)
	final[a] = balance
	snapshots := slices.Clone(o.Snapshots)
	for i := range snapshots {
		if slices.Equal(snapshots[i].Balances, o.Final) && !slices.Equal(o.Final, o.Initial) {
			snapshots[i].Balances = final
		}
	}
	o.Final, o.Snapshots = final, snapshots
}

// takeBack makes a committed batch one without effects.
func takeBack(o *trace.Observation) {
	o.Certificate, o.Final, o.Snapshots = nil, slices.Clone(o.Initial), nil
}

func failInstead(o *trace.Observation) {
	takeBack(o)
	o.Outcome = history.Aborted
	o.Failure = &batch.Failure{Tx: 0, ID: "t", Kind: batch.GuardFailed, Condition: "amount > 0"}
	o.Error = o.Failure.Error()
	o.Counterexample = &trace.Counterexample{Gate: "execute", Txs: []int32{0}, Reason: o.Error}
}

func timeOutInstead(o *trace.Observation) {
	takeBack(o)
	o.Outcome, o.Error, o.Completed = history.TimedOut, "the batch timed out", o.Executed
}

func blameAnother(o *trace.Observation) {
	f := *o.Failure
	if f.Tx++; f.Tx > 1 {
		f.Tx = 0
	}
	f.ID += "?"
	o.Failure, o.Error = &f, f.Error()
	if o.Counterexample != nil {
		c := *o.Counterexample
		c.Txs, c.Reason = []int32{int32(f.Tx)}, o.Error
		o.Counterexample = &c
	}
}
