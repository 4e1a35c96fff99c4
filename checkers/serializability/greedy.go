package serializability

import "synchrony/models/trace"

// readyOrder returns the committed transactions in an order in which each comes
// after those that it must follow, or nil if there is none: a topological order of the
// direct serialization graph (Kahn), with counters at the versions in place of edges.
// A transaction is ready when the versions that it read are there, those that it
// replaces are there and have been read by all who read them, and those that had
// returned when it was invoked have run.
//
// It takes a history for what it should be: an order that it returns is to be
// replayed, and where it finds none the graph has to tell why.
func readyOrder(h *trace.History, returns []int32) []int32 {
	q := &queue{
		h: h, versions: make([]counter, len(h.Accesses)+len(h.Initial)), unmet: make([]int32, h.Len()),
		ran: make([]bool, h.Len()), order: make([]int32, 0, len(returns)), returns: returns,
		invokes: committed(h, sortedBy(h.Invoked)),
	}
	for i := range q.versions {
		q.versions[i] = counter{pending: 1, next: trace.None, waiters: trace.None, reader: trace.None}
	}
	for tx := range int32(h.Len()) {
		if h.Outcomes[tx] == trace.Committed {
			q.enter(tx)
		}
	}
	for k := range h.Initial {
		q.settle(&q.versions[len(h.Accesses)+k])
	}
	q.release()
	for at := 0; at < len(q.order); at++ {
		q.run(q.order[at])
		q.release()
	}
	if len(q.order) < len(returns) {
		return nil
	}
	return q.order
}

// counter is what is left to happen to a version before it may be replaced: its
// being written, and each transaction but next that reads it.
type counter struct {
	pending int32
	next    int32 // the transaction that replaces it
	waiters int32 // the transactions that read it, a list in queue.waits
	reader  int32 // the last that was counted, or has run as -2 - tx: each counts once
}

// queue is an order under construction.
type queue struct {
	h        *trace.History
	versions []counter // by access, and then by key for the initial versions
	waits    []wait
	unmet    []int32 // by transaction: what it waits for; one is its invocation
	ran      []bool
	order    []int32 // those that are ready, in order

	// The real-time order: those up to returned have run, those up to invoked may.
	returns, invokes  []int32
	returned, invoked int
}

type wait struct{ tx, next int32 }

func (q *queue) version(a *trace.Access) *counter {
	if a.Version == trace.InitialVersion {
		return &q.versions[len(q.h.Accesses)+int(a.Key())]
	}
	return &q.versions[a.Version]
}

// enter counts what tx waits for.
func (q *queue) enter(tx int32) {
	first := q.h.Starts[tx]
	unmet := int32(1)
	for i := first; i < q.h.Starts[tx+1]; i++ {
		a := &q.h.Accesses[i]
		if a.Version >= first && a.Version < i {
			continue // its own
		}
		v := q.version(a)
		switch {
		case a.IsWrite():
			v.next = tx
			unmet++
			if v.reader == tx {
				v.pending--
			}
		case v.reader != tx:
			v.reader = tx
			v.pending++
			if a.Version != trace.InitialVersion {
				q.waits = append(q.waits, wait{tx, v.waiters})
				v.waiters = int32(len(q.waits) - 1)
				unmet++
			}
		}
	}
	q.unmet[tx] = unmet
}

// run does what tx's execution means to others.
func (q *queue) run(tx int32) {
	first := q.h.Starts[tx]
	for i := first; i < q.h.Starts[tx+1]; i++ {
		a := &q.h.Accesses[i]
		if a.IsWrite() {
			v := &q.versions[i]
			q.settle(v)
			for w := v.waiters; w != trace.None; w = q.waits[w].next {
				q.meet(q.waits[w].tx)
			}
			continue
		}
		if a.Version >= first && a.Version < i {
			continue
		}
		if v := q.version(a); v.next != tx && v.reader != -2-tx {
			v.reader = -2 - tx
			q.settle(v)
		}
	}
	q.ran[tx] = true
}

// settle counts one thing less to happen to a version.
func (q *queue) settle(v *counter) {
	if v.pending--; v.pending == 0 && v.next != trace.None {
		q.meet(v.next)
	}
}

// meet counts one thing less for tx to wait for.
func (q *queue) meet(tx int32) {
	if q.unmet[tx]--; q.unmet[tx] == 0 {
		q.order = append(q.order, tx)
	}
}

// release lets those be invoked before whose invocation all that had returned have
// run.
func (q *queue) release() {
	for q.returned < len(q.returns) && q.ran[q.returns[q.returned]] {
		q.returned++
	}
	for q.invoked < len(q.invokes) {
		tx := q.invokes[q.invoked]
		if q.returned < len(q.returns) && q.h.Returned[q.returns[q.returned]] < q.h.Invoked[tx] {
			return
		}
		q.invoked++
		q.meet(tx)
	}
}
