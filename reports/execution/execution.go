package execution

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	"synchrony/reports"
)

// Execution is everything about one execution of a batch.
type Execution struct {
	Batch  *batch.Batch
	Before []int64 // balances, by account
	Result *synchrony.Result
}

// maxPairs is how many pairs of transactions a report of conflicts may have. An
// account that n transactions share can make n(n-1)/2 of them.
const maxPairs = 200_000

// Outcome is how the execution ended.
func (e *Execution) Outcome() history.Outcome {
	var failure *batch.Failure
	var timeout *synchrony.TimeoutError
	var canceled *synchrony.CanceledError
	err := e.Result.Err
	switch {
	case err == nil:
		return history.Committed
	case errors.As(err, &failure):
		return history.Aborted
	case errors.As(err, &timeout):
		return history.TimedOut
	case errors.As(err, &canceled):
		return history.Cancelled
	case e.Result.Counterexample != nil && e.Result.Counterexample.Gate != "conflicts": // a gate after the execution
		return history.Aborted
	}
	return history.Refused
}

// Conflicts returns the conflict report, unless there may be more pairs than
// anybody can read: then it returns nil, and how many there are at most.
func (e *Execution) Conflicts() (pairs []trace.Dependency, tooMany int) {
	readers, writers := make([]int, len(e.Batch.Accounts)), make([]int, len(e.Batch.Accounts))
	for i := range e.Batch.Transactions {
		t := &e.Batch.Transactions[i]
		for _, a := range t.Reads {
			if _, writes := slices.BinarySearch(t.Writes, a); !writes {
				readers[a]++
			}
		}
		for _, a := range t.Writes {
			writers[a]++
		}
	}
	bound := 0
	for a, w := range writers {
		bound += w*(w-1)/2 + w*readers[a]
	}
	if bound > maxPairs {
		return nil, bound
	}
	return e.Result.Conflicts(), 0
}

// maxRows is how many lines of each list the text form shows; JSON has them all.
const maxRows = 100

// ExecutionText writes an execution for a person; and all its events, if asked.
func Text(w io.Writer, e *Execution, events, colour bool) error {
	t := newPage(w, colour)
	r, outcome := e.Result, e.Outcome()
	status := reports.Pass
	if !r.Committed {
		status = reports.Fail
	}
	t.Printf("%s: %s on %s in %v\n", t.paint.Of(status, outcome.String()),
		reports.Plural(len(e.Batch.Transactions), "transaction"), reports.Plural(len(e.Batch.Accounts), "account"), r.Elapsed)
	if r.Err != nil {
		t.Printf("%v\n", r.Err)
	}
	t.balances(e)
	t.groups(e)
	t.conflicts(e)
	t.Printf("\n")
	if why := r.Why(); why != "" {
		t.Printf("%s; %s\n", why, reports.Plural(r.Workers, "worker"))
		t.Printf("executed: %s, %s in a group of two or more; average parallelism of the plan %.2f\n",
			reports.Plural(r.Executed, "transaction"), reports.Thousands(r.Parallel), r.AverageParallelism)
	}
	if r.Limit > 0 {
		t.Printf("timeout: %v; serial run estimated at %v\n", r.Limit, r.SerialEstimate)
	}
	t.proof(r)
	if events {
		t.events(e)
	}
	return t.Err()
}

// proof says how it is known that the batch is serializable, or which gate refused it.
func (t *page) proof(r *synchrony.Result) {
	switch p, c := r.Proof, r.Counterexample; {
	case p != nil:
		t.Printf("proof: serializable by %s, %s and %s checked in %v", p.Method, reports.Plural(p.Reads, "read"), reports.Plural(p.Writes, "write"), p.Elapsed)
		if p.Plan != "" {
			t.Printf("; plan as good as serial, for all inputs, by %s", p.Plan)
		}
		t.Printf("\n")
	case c != nil:
		t.Printf("counterexample: found by the gate %q\n", c.Gate)
	}
}

// balances writes what changed; all accounts if they are few.
func (t *page) balances(e *Execution) {
	after := e.Result.Balances()
	t.Printf("\n")
	if !e.Result.Committed {
		t.Printf("the accounts are as they were:\n")
	}
	rows, hidden := [][]string{{"account", "before", "after", "change"}}, 0
	for a, account := range e.Batch.Accounts {
		changed := after[a] != e.Before[a]
		if len(rows) > maxRows || (!changed && len(e.Batch.Accounts) > maxRows) {
			hidden++
			continue
		}
		change := "" // as unsigned, for a difference may not fit an int64
		switch {
		case after[a] > e.Before[a]:
			change = fmt.Sprintf("+%d", uint64(after[a])-uint64(e.Before[a]))
		case changed:
			change = fmt.Sprintf("-%d", uint64(e.Before[a])-uint64(after[a]))
		}
		rows = append(rows, []string{account.Name, fmt.Sprint(e.Before[a]), fmt.Sprint(after[a]), change})
	}
	t.Table(rows)
	t.rest(hidden, "account")
}

func (t *page) groups(e *Execution) {
	names, groups := trace.NamesOf(e.Batch), e.Result.Groups()
	if len(groups) == 0 {
		return
	}
	t.Printf("\ngroups (each needs those before it):\n")
	for i, g := range groups[:min(len(groups), maxRows)] {
		t.Printf("  %d: %s", i+1, names.Txs(g[:min(len(g), maxRows)]))
		if n := len(g) - maxRows; n > 0 {
			t.Printf(" and %s more", reports.Thousands(n))
		}
		t.Printf("\n")
	}
	t.rest(len(groups)-maxRows, "group")
}

func (t *page) conflicts(e *Execution) {
	names := trace.NamesOf(e.Batch)
	pairs, tooMany := e.Conflicts()
	switch {
	case tooMany > 0:
		t.Printf("\nconflicts: up to %s, too many to list\n", reports.Plural(tooMany, "pair"))
		return
	case len(pairs) == 0:
		t.Printf("\nconflicts: none\n")
		return
	}
	t.Printf("\nconflicts, resolved by submission order:\n")
	for _, d := range pairs[:min(len(pairs), maxRows)] {
		t.Printf("  %s before %s: %v on %s\n", names.Tx(d.From), names.Tx(d.To), d.Kinds, names.Accounts(d.Accounts))
	}
	t.rest(len(pairs)-maxRows, "pair")
}

// rest says that n more things are not shown, if n is positive.
func (t *page) rest(n int, Noun string) {
	if n > 0 {
		t.Printf("  and %s, which --json shows\n", reports.Plural(n, "more "+Noun))
	}
}

func (t *page) events(e *Execution) {
	names := trace.NamesOf(e.Batch)
	t.Printf("\nevents:\n")
	for _, event := range e.Result.Events {
		t.Printf("  %s\n", names.Event(event))
	}
}
