package order

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// Execution checks the events: in a committed batch each transaction ran exactly
// once and committed; in any, each that started did so after all its predecessors
// had committed, and accessed nothing after its own commit; and in one that was aborted for a transaction that failed, all
// that were submitted before it, and without which it is not known to be the first, had committed, and if a gate
// behind the execution said no, all. Equal times are no
// violation, for a real clock ticks slowly; those of a controlled run increase.
// Unknown for untraced runs. Rules: "ran twice", "lost transaction", "started
// before its predecessor", "access after commit".
func Execution() checkers.OfBatch { return ruled("execution", checkExecution) }

func checkExecution(r *run) verdict {
	if v := r.untraced(); v.Status != checkers.Pass {
		return v
	}
	if v := r.checkOnce(); v.Status != checkers.Pass {
		return v
	}
	log, err := trace.NewLog(r.seen, r.batch)
	if err != nil {
		return checkers.Undecided("%v", err)
	}
	for tx := range log.Spans {
		s := log.Spans[tx]
		if r.seen.Outcome == history.Committed && s.Commit == trace.None {
			return checkers.Failed("lost transaction", fmt.Sprintf("the batch committed, but %s did not (%s)",
				r.names.Tx(int32(tx)), r.last(log, tx)))
		}
		if r.due(tx) && s.Commit == trace.None {
			return checkers.Failed("lost transaction", fmt.Sprintf("the batch was aborted (%s), and %s, which comes before that, did not commit (%s)",
				r.seen.Error, r.names.Tx(int32(tx)), r.last(log, tx)))
		}
		if f := r.seen.Failure; f != nil && f.Tx == tx && s.Commit != trace.None {
			return checkers.Failed("lost transaction", fmt.Sprintf("%s is said to have failed, and it committed", r.names.Tx(int32(tx))), r.names.Event(log.Events[s.Commit]))
		}
		if v := r.checkStart(log, tx); v.Status != checkers.Pass {
			return v
		}
		if all := log.Accesses(tx); s.Commit != trace.None && len(all) > 0 && all[len(all)-1] > s.Commit {
			return checkers.Failed("access after commit", fmt.Sprintf("%s accesses an account after its own commit", r.names.Tx(int32(tx))),
				r.names.Event(log.Events[s.Commit]), r.names.Event(log.Events[all[len(all)-1]]))
		}
	}
	return checkers.Passed()
}

// due reports whether a transaction of an aborted batch must have committed: it comes before the one that failed, if
// any did, and waits for none that comes after it.
func (r *run) due(tx int) bool {
	if r.seen.Outcome != history.Aborted {
		return false
	}
	return r.seen.Failure == nil || tx < r.seen.Failure.Tx && !r.deps.backward
}

// untraced is Unknown if the run recorded no events.
func (r *run) untraced() verdict {
	if r.setup.Untraced && len(r.seen.Events) == 0 && len(r.batch.Transactions) > 0 {
		return checkers.Undecided("the run was not traced")
	}
	return checkers.Passed()
}

// checkOnce checks that no transaction started twice, before the log refuses it.
func (r *run) checkOnce() verdict {
	first := filled(len(r.batch.Transactions), trace.None)
	for i := range r.seen.Events {
		e := &r.seen.Events[i]
		if e.Kind != trace.Start || e.Tx < 0 || int(e.Tx) >= len(first) {
			continue
		}
		if f := first[e.Tx]; f != trace.None {
			return checkers.Failed("ran twice", r.names.Tx(e.Tx)+" started twice",
				r.names.Event(r.seen.Events[f]), r.names.Event(*e))
		}
		first[e.Tx] = int32(i)
	}
	return checkers.Passed()
}

func (r *run) checkStart(log *trace.Log, tx int) verdict {
	if !log.Spans[tx].Ran() {
		return checkers.Passed()
	}
	start := log.Events[log.Spans[tx].Start]
	for _, p := range r.deps.preds.of(tx) {
		commit := log.Spans[p.from].Commit
		if commit != trace.None && log.Events[commit].Time <= start.Time {
			continue
		}
		after := r.last(log, int(p.from))
		if commit != trace.None {
			after = r.names.Event(log.Events[commit])
		}
		return checkers.Failed("started before its predecessor",
			fmt.Sprintf("%s started before %s had committed, but %s", r.names.Tx(int32(tx)), r.names.Tx(p.from),
				r.because(p.from, int32(tx), p.kind, p.account)),
			r.names.Event(start), after)
	}
	return checkers.Passed()
}

// last says how far a transaction without a COMMIT came.
func (r *run) last(log *trace.Log, tx int) string {
	switch s := log.Spans[tx]; {
	case !s.Ran():
		return r.names.Tx(int32(tx)) + " never started"
	case s.Rollback != trace.None:
		return r.names.Event(log.Events[s.Rollback])
	default:
		return r.names.Event(log.Events[s.Start]) + ", and no commit"
	}
}

// Observed checks the accesses that the execution made: each was declared, no call
// of an intent read an account twice, and every RAW, WAR and WAW that they show is in the
// conflict report. Unknown for untraced runs. Rules: "undeclared access", "read twice",
// "missing conflict", "incomplete conflict".
func Observed() checkers.OfBatch { return ruled("observed", checkObserved) }

func checkObserved(r *run) verdict {
	if v := r.untraced(); v.Status != checkers.Pass {
		return v
	}
	log, err := trace.NewLog(r.seen, r.batch)
	if err != nil {
		return checkers.Undecided("%v", err)
	}
	if i := r.outside(r.seen.Conflicts); i >= 0 {
		return checkers.Undecided("malformed: conflict %d (%s)", i, r.names.Dependency(r.seen.Conflicts[i]))
	}
	for i := range log.Events {
		if v := r.checkDeclared(&log.Events[i]); v.Status != checkers.Pass {
			return v
		}
	}
	for tx := range r.batch.Transactions {
		if v := r.checkReads(log, tx); v.Status != checkers.Pass {
			return v
		}
	}
	return newPairs(r).compare(accessed(log))
}

// checkReads checks that the call of an intent read no account twice, also where it has one under several names.
func (r *run) checkReads(log *trace.Log, tx int) verdict {
	if r.batch.Transactions[tx].Call == nil {
		return checkers.Passed()
	}
	read := map[batch.AccountID]trace.Event{}
	for _, i := range log.Accesses(tx) {
		e := log.Events[i]
		if e.Kind != trace.Read {
			continue
		}
		if before, ok := read[e.Account]; ok {
			return checkers.Failed("read twice", fmt.Sprintf("%s reads %s twice", r.names.Tx(int32(tx)), r.names.Account(e.Account)), r.names.Event(before), r.names.Event(e))
		}
		read[e.Account] = e
	}
	return checkers.Passed()
}

func (r *run) checkDeclared(e *trace.Event) verdict {
	t := &r.batch.Transactions[e.Tx]
	set, verb := t.Reads, "reads"
	switch e.Kind {
	case trace.Read:
	case trace.Write:
		set, verb = t.Writes, "writes"
	default:
		return checkers.Passed()
	}
	if contains(set, e.Account) {
		return checkers.Passed()
	}
	return checkers.Failed("undeclared access", fmt.Sprintf("%s %s %s without declaring it", r.names.Tx(e.Tx), verb, r.names.Account(e.Account)),
		r.names.Event(*e), r.declared(e.Tx))
}

// accessed returns a function that yields the sets each transaction really read
// and wrote, each account once. Its results are valid until the next call.
func accessed(log *trace.Log) func(tx int32) (reads, writes []batch.AccountID) {
	var reads, writes []batch.AccountID
	return func(tx int32) ([]batch.AccountID, []batch.AccountID) {
		reads, writes = reads[:0], writes[:0]
		for _, i := range log.Accesses(int(tx)) {
			if e := &log.Events[i]; e.Kind == trace.Read {
				reads = append(reads, e.Account)
			} else {
				writes = append(writes, e.Account)
			}
		}
		reads, writes = sortedSet(reads), sortedSet(writes)
		return reads, writes
	}
}
