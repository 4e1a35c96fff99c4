package execution

import (
	"fmt"
	"io"
	"time"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	"synchrony/reports"
)

// Execution is everything about one execution of a batch.
type Execution struct {
	Batch *batch.Batch
	// Observation may leave out edges and the accesses of the certificate, which are not shown,
	// and the conflicts if there may be more than [MaxPairs].
	Observation trace.Observation
	Plan        Plan
}

// Plan is what an executor thought of a batch before it executed it.
type Plan struct {
	Why                string        // it ran serially or in parallel, in a sentence; "" if that was not decided
	AverageParallelism float64       // estimated work divided by estimated critical path
	SerialEstimate     time.Duration // what a serial run would have taken
}

// MaxPairs is how many pairs of transactions a report of conflicts may have. An
// account that n transactions share can make n(n-1)/2 of them.
const MaxPairs = 200_000

// conflicts returns the conflict report, unless there may be more pairs than
// anybody can read: then it returns nil, and how many there are at most.
func (e *Execution) conflicts() (pairs []trace.Dependency, tooMany int) {
	if most := batch.MaxConflicts(e.Batch); most > MaxPairs {
		return nil, most
	}
	return e.Observation.Conflicts, 0
}

// maxRows is how many lines of each list the text form shows; JSON has them all.
const maxRows = 100

// ExecutionText writes an execution for a person; and all its events, if asked.
func Text(w io.Writer, e *Execution, events, colour bool) error {
	t := newPage(w, colour)
	o := &e.Observation
	status := reports.Pass
	if o.Outcome != history.Committed {
		status = reports.Fail
	}
	t.Printf("%s: %s on %s in %v\n", t.paint.Of(status, o.Outcome.String()),
		reports.Plural(len(e.Batch.Transactions), "transaction"), reports.Plural(len(e.Batch.Accounts), "account"), o.Elapsed)
	if o.Error != "" {
		t.Printf("%s\n", o.Error)
	}
	t.balances(e)
	t.groups(e)
	t.conflicts(e)
	t.Printf("\n")
	if e.Plan.Why != "" {
		t.Printf("%s; %s\n", e.Plan.Why, reports.Plural(o.Workers, "worker"))
		t.Printf("executed: %s, %s in a group of two or more; average parallelism of the plan %.2f\n",
			reports.Plural(o.Executed, "transaction"), reports.Thousands(o.Parallel), e.Plan.AverageParallelism)
	}
	if o.Limit > 0 {
		t.Printf("timeout: %v; serial run estimated at %v\n", o.Limit, e.Plan.SerialEstimate)
	}
	t.certificate(o)
	if events {
		t.events(e)
	}
	return t.Err()
}

// certificate says how it is known that the batch is serializable, or which gate refused it.
func (t *page) certificate(o *trace.Observation) {
	switch p, c := o.Certificate, o.Counterexample; {
	case p != nil:
		t.Printf("certificate: serializable by %s, %s and %s checked in %v", p.Method, reports.Plural(p.Reads, "read"), reports.Plural(p.Writes, "write"), p.Elapsed)
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
	before, after := e.Observation.Initial, e.Observation.Final
	t.Printf("\n")
	if e.Observation.Outcome != history.Committed {
		t.Printf("the accounts are as they were:\n")
	}
	rows, hidden := [][]string{{"account", "before", "after", "change"}}, 0
	for a, account := range e.Batch.Accounts {
		changed := after[a] != before[a]
		if len(rows) > maxRows || (!changed && len(e.Batch.Accounts) > maxRows) {
			hidden++
			continue
		}
		change := "" // as unsigned, for a difference may not fit an int64
		switch {
		case after[a] > before[a]:
			change = fmt.Sprintf("+%d", uint64(after[a])-uint64(before[a]))
		case changed:
			change = fmt.Sprintf("-%d", uint64(before[a])-uint64(after[a]))
		}
		rows = append(rows, []string{account.Name, fmt.Sprint(before[a]), fmt.Sprint(after[a]), change})
	}
	t.Table(rows)
	t.rest(hidden, "account")
}

func (t *page) groups(e *Execution) {
	names, groups := trace.NamesOf(e.Batch), e.Observation.Groups
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
	pairs, tooMany := e.conflicts()
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
	for _, event := range e.Observation.Events {
		t.Printf("  %s\n", names.Event(event))
	}
}
