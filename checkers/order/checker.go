package order

import (
	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// ruled returns the checker of a rule about the order of a batch, "order/" and its name.
// Its verdict is Unknown for a malformed batch or observation.
func ruled(name string, check func(*run) verdict) checkers.OfBatch {
	return checkers.Observed("order/"+name, func(w batch.Workload, o *trace.Observation) verdict {
		return check(&run{batch: w.Batch, setup: w.Setup, seen: o, deps: analyze(w.Batch), names: trace.NamesOf(w.Batch)})
	})
}

// run is what a rule judges.
type run struct {
	batch *batch.Batch
	setup batch.Setup
	seen  *trace.Observation
	deps  *dependencies
	names trace.Names

	accounts []batch.AccountID // scratch
}

// planned reports whether there is a plan to judge: a refused batch has none.
func (r *run) planned() bool { return r.seen.Outcome != history.Refused }

// outside returns the first dependency of a list that names no transaction, or
// -1.
func (r *run) outside(list []trace.Dependency) int {
	n := int32(len(r.batch.Transactions))
	for i := range list {
		if d := &list[i]; d.From < 0 || d.From >= n || d.To < 0 || d.To >= n {
			return i
		}
	}
	return -1
}

// because says why to depends on from: "t2 reads alice, which t1 writes".
func (r *run) because(from, to int32, kind trace.DependencyKind, a batch.AccountID) string {
	f, t, account := r.names.Tx(from), r.names.Tx(to), r.names.Account(a)
	switch kind {
	case trace.RAW:
		return t + " reads " + account + ", which " + f + " writes"
	case trace.WAR:
		return t + " writes " + account + ", which " + f + " reads"
	case trace.WAW:
		return t + " and " + f + " both write " + account
	default:
		return t + " says after " + f
	}
}
