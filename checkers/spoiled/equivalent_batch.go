package spoiled

import (
	"slices"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// batchEquivalents are the changes of runs of batches that nobody need refuse.
var batchEquivalents = []equivalent[batch.Workload, trace.Observation]{
	{class: `Snapshots (lost a|doubled a|emptied|replaced by the one before)`, why: "how often somebody looks from outside is not the batch's to say"},
	{class: `Snapshots made up`, why: "without accounts there is nothing to see", holds: func(w batch.Workload, _ *trace.Observation, _ Change) bool {
		return len(w.Batch.Accounts) == 0
	}},
	{class: `Snapshots (swapped|shifted)`, why: "nobody who looked twice saw the state after the batch first", holds: neverBack},
	{class: `Snapshots\[\]\.(Observer|Time) .*`, why: "who looked from outside, and when, is the observer's own record"},
	{class: `(Events\[\w+\]\.Time|Elapsed|Certificate\.Elapsed) .*|(Events|Snapshots) came with the one before.*`, why: "what time it was the clock says; what times must be in order is in order"},
	{class: `Events swapped .*`, why: "the two commute", holds: commute},
	{class: `Events (lost a|doubled a|replaced by the one before|swapped) .*`, why: "a transaction need not read all that it may, and may read it again",
		holds: func(_ batch.Workload, o *trace.Observation, c Change) bool { return onlyReads(o, c) }},
	{class: `Events\[read\]\.Tx .*`, why: "one that may read it, too, has read it instead", holds: readableByOther},
	{class: `Events.*`, why: "the transaction did not commit: how far it came, nobody knows", holds: unfinished},
	{class: `Events (lost a commit|replaced by the one before \w+ and commit)`, why: "of a batch that did not commit, nobody knows which transactions came to their end but for those in the trace",
		holds: func(_ batch.Workload, o *trace.Observation, _ Change) bool { return o.Outcome != history.Committed }},
	{class: `Certificate\.Accesses swapped`, why: "they are accesses of different accounts by one transaction"},
	{class: `Certificate\.Accesses(\[\])?.*`, why: "a transaction need not read all that it may", holds: func(w batch.Workload, _ *trace.Observation, _ Change) bool { return w.Setup.Untraced }},
	{class: `Certificate\.(Reads|Order) .*`, why: "a batch of one transaction has one order", holds: func(w batch.Workload, _ *trace.Observation, _ Change) bool {
		return len(w.Batch.Transactions) < 2
	}},
	{class: `Certificate\.Plan changed`, why: "a prover says in its own words how it has proved a plan"},
	{class: `Edges (swapped|shifted)`, why: "the plan's edges have no order"},
	{class: `Edges (lost a|replaced by the one before)|Edges\[\]\.(From|To) .*`, why: "the other edges imply what is no longer there"},
	{class: `Edges\[\]\.(Kinds|Accounts.*) .*`, why: "an edge need not give all its reasons: the conflict report does"},
	{class: `Edges .*|Edges\[\].*|Conflicts .*`, why: "of a batch that was refused there need be no plan and no report", holds: func(_ batch.Workload, o *trace.Observation, _ Change) bool {
		return o.Outcome == history.Refused
	}},
	{class: `Conflicts swapped`, why: "the report may be sorted by either end"},
	{class: `Groups\[\] (swapped|shifted)`, why: "a group has no order"},
	{class: `Limit .*`, why: "the default limit may be longer than it must be, and a batch that was refused has none in force", holds: func(w batch.Workload, o *trace.Observation, _ Change) bool {
		return w.Setup.Timeout == 0 || o.Outcome == history.Refused
	}},
	{class: `(Executed|Parallel) .*`, why: "of a batch that did not commit, nobody knows which transactions came to an end but for those in the trace",
		holds: func(_ batch.Workload, o *trace.Observation, _ Change) bool { return o.Outcome != history.Committed }},
	{class: `Workers .*`, why: "an executor may start fewer workers than it is given"},
	{class: `Serial flipped`, why: "in mode auto the executor decides, and one that time ended may not have begun", holds: func(w batch.Workload, o *trace.Observation, _ Change) bool {
		return w.Setup.Mode == batch.Auto || o.Outcome.FromOutside() && w.Setup.Mode == batch.Serial
	}},
	{class: `Error changed`, why: "how a person is told is not laid down, but for what must be in it"},
	{class: `Failure\.Stack changed`, why: "a stack is as the runtime has it"},
	{class: `Cycle swapped`, why: "a cycle may be told from any place in it", holds: func(_ batch.Workload, o *trace.Observation, _ Change) bool { return len(o.Cycle) == 2 }},
	{class: `Counterexample\.Txs (swapped|shifted)`, why: "a cycle may be told from any place in it", holds: func(_ batch.Workload, o *trace.Observation, _ Change) bool { return len(o.Cycle) > 0 }},
	{class: `Cycle shifted`, why: "a cycle may be told from any place in it"},
	{class: `Outcome (raised|lowered|without its (first|last) bit)`, why: "the caller cancelled when the time was over", holds: func(w batch.Workload, o *trace.Observation, _ Change) bool {
		return o.Outcome.FromOutside() && w.Setup.CancelAfter > 0
	}},
}

// commute reports whether two events that were swapped may come in either order: those of one transaction if they access
// different accounts or only read, those of two unless they access one account and one of them writes.
func commute(_ batch.Workload, o *trace.Observation, c Change) bool {
	a, b := o.Events[c.At], o.Events[c.At+1]
	access := func(e trace.Event) bool { return e.Kind == trace.Read || e.Kind == trace.Write }
	conflict := access(a) && access(b) && a.Account == b.Account && (a.Kind == trace.Write || b.Kind == trace.Write)
	if a.Tx == b.Tx {
		return access(a) && access(b) && !conflict
	}
	return !conflict
}

// neverBack reports whether, when snapshots have changed places, no observer sees the state before the batch behind that after it.
func neverBack(_ batch.Workload, o *trace.Observation, c Change) bool {
	bad := Apply(c, *o)
	after := map[int32]bool{}
	for _, s := range bad.Snapshots {
		initial := slices.Equal(s.Balances, o.Initial)
		if after[s.Observer] && initial && !slices.Equal(o.Initial, o.Final) {
			return false
		}
		after[s.Observer] = after[s.Observer] || !initial
	}
	return true
}

// readableByOther reports whether the transaction that a read is said to be of now may read the account.
func readableByOther(w batch.Workload, o *trace.Observation, c Change) bool {
	e := Apply(c, *o).Events[c.path[1].index]
	if e.Tx < 0 || int(e.Tx) >= len(w.Batch.Transactions) {
		return false
	}
	return slices.Contains(w.Batch.Transactions[e.Tx].Reads, e.Account)
}

// onlyReads reports whether a change of the list of events is about reads only.
func onlyReads(o *trace.Observation, c Change) bool {
	es := o.Events[c.At:min(c.At+2, len(o.Events))]
	if c.Rule == "lost a read" || c.Rule == "doubled a read" {
		es = es[:1]
	}
	return !slices.ContainsFunc(es, func(e trace.Event) bool { return e.Kind != trace.Read })
}

// unfinished reports whether the events that are changed are of transactions without a commit.
func unfinished(_ batch.Workload, o *trace.Observation, c Change) bool {
	at := c.At
	if len(c.path) > 1 { // a field of an element
		at = c.path[1].index
	}
	for _, e := range o.Events[at:min(at+2, len(o.Events))] {
		committed := func(x trace.Event) bool { return x.Kind == trace.Commit && x.Tx == e.Tx }
		if slices.ContainsFunc(o.Events, committed) {
			return false
		}
		if len(c.path) > 1 {
			break
		}
	}
	return o.Outcome != history.Committed
}
