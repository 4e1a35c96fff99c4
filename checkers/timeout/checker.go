package timeout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// verdict is what a batch checker returns.
type verdict = checkers.Verdict

// New returns the checker "timeout", which judges how runs are timed out and cancelled, and that no run has effects
// after its end. Its rules are "late effect", for anything recorded after the
// end or after a transaction's rollback; "early timeout" and "early
// cancellation", for ends that nothing was due for; "not rolled back", for a
// state that is not the initial one; "no rollback event", for a transaction that
// started and whose effects were not undone in the trace; "wrong count", for
// completed and pending transactions that do not add up or that the trace refutes;
// "uninformative error", for a message without the counts, or the transaction that took too long; "late commit", for
// a batch that was committed after something of it had been recorded that lies beyond its limit, or though a transaction takes longer than its own; and "late return", for a
// controlled run that went on for longer than all its transactions' work; and those
// of [Limit].
func New() checkers.OfBatch { return checkers.Logged("timeout", check) }

// check judges a run. Without a trace it judges the
// rules that need none.
func check(w batch.Workload, o *trace.Observation, log *trace.Log) verdict {
	if v := checkLimit(w, o); v.Status != checkers.Pass {
		return v
	}
	j := judge{w, o, log, trace.NamesOf(w.Batch)}
	rules := []func() verdict{j.late, j.lateCommit}
	if o.Outcome.FromOutside() {
		rules = append(rules, j.due, j.rolledBack, j.events, j.counts, j.message, j.prompt)
	} else if o.Outcome == history.Aborted {
		rules = append(rules, j.events)
	}
	for _, rule := range rules {
		if v := rule(); v.Status != checkers.Pass {
			return v
		}
	}
	return checkers.Passed()
}

type judge struct {
	work  batch.Workload
	seen  *trace.Observation
	log   *trace.Log
	names trace.Names
}

// late checks that nothing was recorded after the end of the run, and nothing of a
// transaction after its rollback.
func (j *judge) late() verdict {
	if len(j.seen.Late) > 0 {
		return checkers.Failed("late effect",
			fmt.Sprintf("%d events were recorded after the executor had returned (%v)", len(j.seen.Late), j.seen.Outcome), "first: "+j.names.Event(j.seen.Late[0]))
	}
	for i := range j.log.Events {
		e := &j.log.Events[i]
		if back := j.log.Spans[e.Tx].Rollback; back != trace.None && int(back) < i {
			return checkers.Failed("late effect", j.names.Tx(e.Tx)+" did something after it was rolled back",
				j.names.Event(j.log.Events[back]), j.names.Event(*e))
		}
	}
	return checkers.Passed()
}

// lateCommit checks that a batch was not committed when its time was over already: when an event of
// one of its transactions had a later time than the limit, or one of them takes longer than a transaction may.
func (j *judge) lateCommit() verdict {
	if j.seen.Outcome != history.Committed {
		return checkers.Passed()
	}
	if each := j.work.Setup.TransactionTimeout; each > 0 {
		for i := range j.work.Batch.Transactions {
			if t := &j.work.Batch.Transactions[i]; t.Work > each {
				return checkers.Failed("late commit", fmt.Sprintf("the batch was committed, and %s takes %v, which is more than the limit of a transaction, %v", t.ID, t.Work, each))
			}
		}
	}
	if j.seen.Limit <= 0 {
		return checkers.Passed()
	}
	for _, e := range j.log.Events {
		if e.Time > j.seen.Limit {
			return checkers.Failed("late commit", fmt.Sprintf("the batch was committed, and its limit of %v had been passed", j.seen.Limit), j.names.Event(e))
		}
	}
	return checkers.Passed()
}

// due checks that a limit had been reached: the batch's, a transaction's, or the
// caller's.
func (j *judge) due() verdict {
	limits := []limit{{"the caller cancels after", j.work.Setup.CancelAfter}}
	rule, ended := "early cancellation", "cancelled"
	if j.seen.Outcome == history.TimedOut {
		limits = []limit{{"the batch's limit is", j.seen.Limit}, {"a transaction's limit is", j.work.Setup.TransactionTimeout}}
		rule, ended = "early timeout", "timed out"
	}
	var evidence []string
	for _, l := range limits {
		if l.after > 0 && j.seen.Elapsed >= l.after {
			return checkers.Passed()
		}
		if l.after > 0 {
			evidence = append(evidence, fmt.Sprintf("%s %v", l.what, l.after))
		}
	}
	if len(evidence) == 0 {
		return checkers.Failed(rule, fmt.Sprintf("the batch was %s, but nothing asked for that", ended))
	}
	return checkers.Failed(rule, fmt.Sprintf("the batch was %s after %v, before any limit", ended, j.seen.Elapsed), evidence...)
}

type limit struct {
	what  string
	after time.Duration
}

func (j *judge) rolledBack() verdict {
	for a, v := range j.seen.Final {
		if v != j.seen.Initial[a] {
			name := j.names.Account(batch.AccountID(a))
			return checkers.Failed("not rolled back",
				fmt.Sprintf("the batch was ended (%v), but %s has %d and had %d", j.seen.Outcome, name, v, j.seen.Initial[a]),
				"initial: "+j.names.Balances(j.seen.Initial), "final:   "+j.names.Balances(j.seen.Final))
		}
	}
	return checkers.Passed()
}

// events checks that everything that had started was rolled back in the trace.
func (j *judge) events() verdict {
	for tx, s := range j.log.Spans {
		if s.Ran() && s.Rollback == trace.None {
			return checkers.Failed("no rollback event", fmt.Sprintf("%s had started when the batch was ended (%v), and was not rolled back",
				j.names.Tx(int32(tx)), j.seen.Outcome), j.names.Event(j.log.Events[s.Start]))
		}
	}
	return checkers.Passed()
}

// counts checks that completed and pending transactions add up to all, and that the
// trace, if there is one, shows as many commits.
func (j *judge) counts() verdict {
	done, left, all := j.seen.Completed, j.seen.Pending, len(j.work.Batch.Transactions)
	if done < 0 || left < 0 || done+left != all {
		return checkers.Failed("wrong count", fmt.Sprintf("%d transactions completed and %d are pending, of %d", done, left, all))
	}
	commits := 0
	for _, s := range j.log.Spans {
		if s.Commit != trace.None {
			commits++
		}
	}
	if !j.work.Setup.Untraced && commits != done {
		return checkers.Failed("wrong count", fmt.Sprintf("%d transactions are said to have completed, and %d have a commit event", done, commits))
	}
	return checkers.Passed()
}

// message checks that the error names how many completed and how many are pending, and the transaction whose own limit was passed, where no other was.
func (j *judge) message() verdict {
	numbers := strings.FieldsFunc(j.seen.Error, func(r rune) bool { return !unicode.IsDigit(r) })
	for _, want := range []int{j.seen.Completed, j.seen.Pending} {
		found := false
		for i, n := range numbers {
			if n == fmt.Sprint(want) {
				numbers = append(numbers[:i:i], numbers[i+1:]...)
				found = true
				break
			}
		}
		if !found {
			return checkers.Failed("uninformative error",
				fmt.Sprintf("the error does not say that %d completed and %d are pending", j.seen.Completed, j.seen.Pending), "error: "+j.seen.Error)
		}
	}
	each, whole := j.work.Setup.TransactionTimeout, j.seen.Limit
	if j.seen.Outcome != history.TimedOut || each <= 0 || whole > 0 && j.seen.Elapsed >= whole {
		return checkers.Passed()
	}
	names := func(t batch.Transaction) bool { return strings.Contains(j.seen.Error, strconv.Quote(t.ID)) }
	if !strings.Contains(j.seen.Error, each.String()) || !slices.ContainsFunc(j.work.Batch.Transactions, names) {
		return checkers.Failed("uninformative error",
			fmt.Sprintf("the error does not say which transaction took longer than its limit of %v", each), "error: "+j.seen.Error)
	}
	return checkers.Passed()
}

// prompt bounds how long a controlled run may go on. Tasks can be arbitrarily slow
// there, but time stands still while they run: the clock moves by firing what is
// due, and by one nanosecond at each timestamp. Any timer may fire before the next
// is armed, and each transaction has one. So the run is over, at the latest, when all
// its timers have fired one after another and all its transactions have done their
// work.
func (j *judge) prompt() verdict {
	if len(j.seen.Steps) == 0 {
		return checkers.Passed()
	}
	setup := &j.work.Setup
	timers := times(len(j.work.Batch.Transactions), max(0, setup.TransactionTimeout))
	bound := plus(plus(max(0, j.seen.Limit), max(0, setup.CancelAfter)), timers)
	stamps := time.Duration(len(j.seen.Events) + len(j.seen.Snapshots) + len(j.seen.Steps))
	bound = plus(plus(bound, serialTime(j.work.Batch)), stamps)
	if j.seen.Elapsed > bound {
		return checkers.Failed("late return", fmt.Sprintf("the batch returned after %v; all its limits and all its work together are %v", j.seen.Elapsed, bound))
	}
	return checkers.Passed()
}

// plus adds durations that are not negative; what is too long for one is the
// longest.
func plus(x, y time.Duration) time.Duration {
	if sum := x + y; sum >= x {
		return sum
	}
	return 1<<63 - 1
}

// times is n times d, which are not negative, or the longest duration.
func times(n int, d time.Duration) time.Duration {
	if n > 0 && d > (1<<63-1)/time.Duration(n) {
		return 1<<63 - 1
	}
	return time.Duration(n) * d
}

// serialTime estimates how long the transactions take one after another.
func serialTime(b *batch.Batch) time.Duration {
	var sum time.Duration
	for i := range b.Transactions {
		sum = plus(plus(sum, max(0, b.Transactions[i].Work)), max(0, b.Transactions[i].Cost))
	}
	return sum
}
