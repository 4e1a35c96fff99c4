package batch

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/history"
)

// oneAfterAnother decides S26. All copies are the same batch, so it does not matter which of them is
// whose successor: what each run of the batch leaves is known, and how it ends.
type oneAfterAnother struct{}

func (oneAfterAnother) Name() string { return "one after another" }

func (oneAfterAnother) Check(w batch.Workload, j joint) checkers.Verdict {
	serial := serialRuns(w)
	committed := 0
	if e := j.Ended; e != nil && e.Outcome == history.Committed {
		return checkers.Failed("late commit", "a batch was committed whose context had ended before it began")
	}
	for i, m := range outOfRange {
		var refused *synchrony.ConfigError
		if !errors.As(j.Misused[i], &refused) || !strings.Contains(refused.Option, m.option) {
			return checkers.Failed("wrong outcomes", fmt.Sprintf("a call with %s out of range returns the error %v", m.option, j.Misused[i]))
		}
	}
	for i, accounts := range foreign(w.Batch.Accounts) {
		var refused *synchrony.ConfigError
		if !errors.As(j.Foreign[i], &refused) || refused.Option != "the batch" {
			return checkers.Failed("wrong outcomes", fmt.Sprintf("a batch about other accounts than the store's, %v, returns the error %v", accounts, j.Foreign[i]))
		}
	}
	if why := wrongPools(j.Pools); why != "" {
		return checkers.Failed("wrong outcomes", why)
	}
	if o := serial.outcomes[0]; o.Cycle == nil && o.Failure == nil && j.Overtaken != nil && j.Overtaken.Outcome != history.TimedOut {
		return checkers.Failed("wrong outcomes", fmt.Sprintf("a batch whose plan was refuted when its time was over ended %v", j.Overtaken.Outcome), fmt.Sprintf("error: %v", j.Overtaken.Err))
	}
	if want := [2]history.Outcome{history.Committed, history.Aborted}; j.Changed != want {
		return checkers.Failed("wrong outcomes", fmt.Sprintf("a batch, and one with another definition in the same memory, ended %v, and should end %v", j.Changed, want))
	}
	if j.Same != nil {
		return checkers.Failed("wrong outcomes", fmt.Sprintf("a batch about the store's accounts, in memory of its own, returns the error %v", j.Same))
	}
	for i, a := range j.Answers {
		if v := answerAlone(w, i, a); v.Status != checkers.Pass {
			return v
		}
		if a.Outcome == history.Committed {
			committed++
		}
	}
	if committed >= len(serial.states) {
		return checkers.Failed("wrong outcomes", fmt.Sprintf("%d copies were committed, and one after another only %d are", committed, len(serial.states)-1))
	}
	if left := serial.left(j.Answers); len(left) > 0 {
		return checkers.Failed("wrong result", fmt.Sprintf("no copy that was committed says that it left %v", left[0]))
	}
	for i, a := range j.Answers {
		if why := serial.explains(a, committed); why != "" {
			return checkers.Failed("wrong outcomes", fmt.Sprintf("copy %d: %s", i, why), fmt.Sprintf("error: %v", a.Err))
		}
	}
	return serial.store(j, committed)
}

// wrongPools says what is wrong with the numbers of workers that the environment asks for; empty if nothing is.
func wrongPools(got []pool) string {
	if len(got) != len(sizes)+1 {
		return fmt.Sprintf("the number of workers was asked for %d times, and answered %d times", len(sizes)+1, len(got))
	}
	for i, p := range got {
		value, want := "unset", synchrony.DefaultPool
		if i < len(sizes) {
			value, want = strconv.Quote(sizes[i].value), sizes[i].want
		}
		var refused *synchrony.ConfigError
		if p.workers != want || errors.As(p.err, &refused) != (want == 0) {
			return fmt.Sprintf("with %s %s, the number of workers is %d, and the error %v", synchrony.WorkersEnv, value, p.workers, p.err)
		}
	}
	return ""
}

// runs is what executing a batch again and again comes to.
type runs struct {
	states   [][]int64       // before the first run, and after each that commits
	outcomes []batch.Outcome // of a run from each state
}

func serialRuns(w batch.Workload) runs {
	r := runs{states: [][]int64{w.Batch.Balances()}}
	for range copiesOf(w) {
		b := withBalances(w.Batch, r.states[len(r.states)-1])
		o := batch.RunSerially(b, w.Setup.Panics...)
		r.outcomes = append(r.outcomes, o)
		if o.Cycle != nil || o.Failure != nil {
			return r
		}
		r.states = append(r.states, o.Balances)
	}
	return r
}

// left are the states that committed copies left, without those that their results tell.
func (r runs) left(answers []answer) [][]int64 {
	var told [][]int64
	for _, a := range answers {
		if a.Outcome == history.Committed {
			told = append(told, a.Balances)
		}
	}
	return slices.DeleteFunc(slices.Clone(r.states[1:len(told)+1]), func(s []int64) bool {
		return slices.ContainsFunc(told, func(t []int64) bool { return slices.Equal(s, t) })
	})
}

// lateness is more than what all steps of a run take together on a patient clock.
const lateness = time.Millisecond

// answerAlone judges what can be judged of one copy by itself.
func answerAlone(w batch.Workload, i int, a answer) checkers.Verdict {
	bad := func(rule, format string, args ...any) checkers.Verdict {
		return checkers.Failed(rule, fmt.Sprintf("copy %d: ", i)+fmt.Sprintf(format, args...), fmt.Sprintf("error: %v", a.Err))
	}
	switch {
	case a.Outcome == 0:
		return bad("wrong outcomes", "its error is none that there is")
	case a.Committed != (a.Outcome == history.Committed):
		return bad("wrong result", "the result says committed: %t, and the error says otherwise", a.Committed)
	case a.Outcome == history.Committed && a.Plan != proofOfPlan:
		return bad("wrong result", "its plan was proved %q, and the certificate says %q", proofOfPlan, a.Plan)
	case i == refutedCopy && a.Outcome == history.Committed:
		return bad("wrong outcomes", "it was committed, though its plan was refuted")
	case a.Refuted && i != refutedCopy:
		return bad("wrong outcomes", "nobody refuted its plan")
	case a.Outcome == history.Cancelled && !a.Canceled:
		return bad("wrong result", "it was cancelled, and its error is not the context's")
	case a.Outcome.FromOutside() && i == unlimitedCopy:
		return bad("wrong outcomes", "it was ended (%v), and has no limit", a.Outcome)
	case a.Outcome == history.TimedOut && w.Setup.Timeout > 0 && w.Setup.TransactionTimeout == 0 && a.Elapsed > a.Limit+lateness:
		return bad("late return", "its limit is %v, and it returned after %v", a.Limit, a.Elapsed)
	case a.Outcome == history.Cancelled && a.Elapsed > w.Setup.CancelAfter+lateness:
		return bad("late return", "it was cancelled after %v, and returned after %v", w.Setup.CancelAfter, a.Elapsed)
	}
	if why := misnamed(w, a); why != "" {
		return bad("wrong result", "%s", why)
	}
	if why := explained(w.Setup.Mode, a); why != "" {
		return bad("wrong result", "%s", why)
	}
	return checkers.Passed()
}

// misnamed says what is wrong with the limit that a timeout's error names.
func misnamed(w batch.Workload, a answer) string {
	e := a.Timeout
	switch {
	case e == nil:
		return ""
	case e.Limit <= 0 || a.Elapsed < e.Limit:
		return fmt.Sprintf("it ended after %v, and its error says that a limit of %v had been passed", a.Elapsed, e.Limit)
	case e.Transaction == "" && e.Limit != a.Limit:
		return fmt.Sprintf("the limit of the batch is %v, and its error says %v", a.Limit, e.Limit)
	case e.Transaction != "" && e.Limit != w.Setup.TransactionTimeout:
		return fmt.Sprintf("the limit of a transaction is %v, and its error says %v", w.Setup.TransactionTimeout, e.Limit)
	case e.Transaction != "" && !slices.ContainsFunc(w.Batch.Transactions, func(t batch.Transaction) bool { return t.ID == e.Transaction }):
		return fmt.Sprintf("its error says that %q took too long, which is none of its transactions", e.Transaction)
	case e.Transaction != "" && slices.ContainsFunc(w.Batch.Transactions, func(t batch.Transaction) bool { return t.ID == e.Transaction && t.Work < e.Limit-lateness }):
		return fmt.Sprintf("its error says that %q took longer than %v, which it does not", e.Transaction, e.Limit)
	}
	return ""
}

// explained says what is wrong with a result's explanation of the mode.
func explained(mode batch.Mode, a answer) string {
	if a.Outcome == history.Refused {
		if a.Why != "" {
			return fmt.Sprintf("it was refused before its mode was chosen, which is explained: %q", a.Why)
		}
		return ""
	}
	word := map[bool]string{true: "serial", false: "parallel"}[a.Serial]
	if mode == batch.Blocking {
		word = "blocking"
	}
	if !strings.HasPrefix(a.Why, word) {
		return fmt.Sprintf("that it was %s is explained by %q", word, a.Why)
	}
	return ""
}

// explains says why an answer cannot be that of a run from one of the states that there were.
func (r runs) explains(a answer, committed int) string {
	if !slices.ContainsFunc(r.states[:committed+1], func(s []int64) bool { return slices.Equal(s, a.Balances) }) {
		return fmt.Sprintf("the balances that it says it left were never there: %v", a.Balances)
	}
	if a.Outcome.FromOutside() {
		return ""
	}
	for _, o := range r.outcomes[:min(committed+1, len(r.outcomes))] {
		switch {
		case o.Cycle != nil:
			if a.Outcome == history.Refused && slices.Equal(a.Cycle, o.Cycle.Cycle) {
				return ""
			}
		case o.Failure != nil:
			if a.Failure != nil && a.Failure.Same(o.Failure) {
				return ""
			}
		case a.Outcome == history.Committed || a.Refuted:
			return ""
		}
	}
	if a.Outcome == history.Refused && r.outcomes[0].Cycle != nil {
		return fmt.Sprintf("it was refused for the cycle %v, and the shortest of the lowest transaction on any is %v", a.Cycle, r.outcomes[0].Cycle.Cycle)
	}
	return fmt.Sprintf("it was %v, and no run from a state that there was is", a.Outcome)
}

// store judges what the copies left.
func (r runs) store(j joint, committed int) checkers.Verdict {
	switch {
	case !slices.Equal(j.Balances, r.states[committed]):
		return checkers.Failed("wrong balances", fmt.Sprintf("%d copies were committed, which leaves %v, and the store has %v", committed, r.states[committed], j.Balances))
	case j.Version != int64(committed):
		return checkers.Failed("wrong version", fmt.Sprintf("%d copies were committed, and the store's version is %d", committed, j.Version))
	case !slices.Equal(j.Single, j.Balances):
		return checkers.Failed("wrong balances", fmt.Sprintf("the balances one by one are %v, and the snapshot is %v", j.Single, j.Balances))
	case !slices.Equal(j.Before, r.states[0]):
		return checkers.Failed("wrong balances", fmt.Sprintf("the result of the batch before them all said that it left %v, and says in the end that it left %v", r.states[0], j.Before))
	case j.Outside != 0:
		return checkers.Failed("wrong balances", fmt.Sprintf("accounts that there are not have %d", j.Outside))
	}
	return checkers.Passed()
}
