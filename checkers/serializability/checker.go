package serializability

import (
	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// New returns the checker "serializability", which judges the transactions of a batch by their events: those with a COMMIT
// event must be strictly serializable, also if the batch was rolled back later,
// when what they read from each other still matters. Rules: the anomalies.
func New() checkers.OfBatch { return checkers.Observed("serializability", check) }

// check is Unknown for a malformed or
// untraced one.
func check(w batch.Workload, o *trace.Observation) checkers.Verdict {
	h, unknown := HistoryOf(w, o)
	if h == nil {
		return unknown
	}
	return Judge(h).Verdict
}

// HistoryOf is the history that the checker judges; nil if there is none, and then the verdict
// says why.
func HistoryOf(w batch.Workload, o *trace.Observation) (*history.History, checkers.Verdict) {
	if err := trace.Validate(o, w.Batch); err != nil {
		return nil, checkers.Undecided("%v", err)
	}
	if w.Setup.Untraced && len(o.Events) == 0 && len(w.Batch.Transactions) > 0 {
		return nil, checkers.Undecided("the run was not traced")
	}
	log, err := trace.NewLog(o, w.Batch)
	if err != nil {
		return nil, checkers.Undecided("%v", err)
	}
	return log.HistoryOf(trace.NamesOf(w.Batch), o.Initial), checkers.Passed()
}
