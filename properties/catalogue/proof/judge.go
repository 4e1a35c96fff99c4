package proof

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/models/batch"
)

// The checkers.
type (
	sameEnd      struct{} // whether both orders come to the same end
	conserves    struct{} // whether no transaction mints or burns
	staysInRange struct{} // whether no transaction overflows
)

func (sameEnd) Name() string      { return "same end" }
func (conserves) Name() string    { return "conservation" }
func (staysInRange) Name() string { return "overflow" }

func (sameEnd) Check(w ordering, e ends) checkers.Verdict {
	serial, other := e.Serial, e.Other
	switch {
	case serial.Cycle != nil:
		return checkers.Undecided("%v", serial.Cycle)
	case serial.Failure != nil && other.Failure != nil:
		return checkers.Passed()
	case serial.Failure != nil:
		return checkers.Failed(smt.WrongPlan, fmt.Sprintf("serially %v, and in an order that the plan allows all succeed", serial.Failure))
	case other.Failure != nil:
		return checkers.Failed(smt.WrongPlan, fmt.Sprintf("serially all succeed, and in an order that the plan allows %v", other.Failure))
	}
	for a, v := range serial.Balances {
		if v != other.Balances[a] {
			return checkers.Failed(smt.WrongPlan, fmt.Sprintf("%s ends with %d serially, and with %d in an order that the plan allows",
				w.Batch.Accounts[a].Name, v, other.Balances[a]))
		}
	}
	return checkers.Passed()
}

func (conserves) Check(_ *batch.Batch, o batch.Outcome) checkers.Verdict {
	return unless(o, smt.NotConserving, func(f *batch.Failure) bool { return f.Kind == batch.NotConserved })
}

func (staysInRange) Check(_ *batch.Batch, o batch.Outcome) checkers.Verdict {
	return unless(o, smt.Overflowing, func(f *batch.Failure) bool {
		return f.Kind == batch.ArithmeticFailed && f.Detail == batch.Overflow.String()
	})
}

// unless fails with the first failure that breaks the rule, in submission order.
func unless(o batch.Outcome, rule string, breaks func(*batch.Failure) bool) checkers.Verdict {
	for i := range o.Effects {
		if f := o.Effects[i].Failure; f != nil && breaks(f) {
			return checkers.Failed(rule, f.Error())
		}
	}
	return checkers.Passed()
}
