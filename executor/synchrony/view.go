package synchrony

import (
	"slices"

	"synchrony/models/batch"
	"synchrony/models/trace"
)

// view is what a transaction in Go form sees: the cells it declared to read, and
// its own writes (worker.writes, parallel to tx.Writes). Each worker has one.
type view struct {
	w      *worker
	tx     *batch.Transaction
	denied *batch.Failure // the first access outside the declared sets
}

// overlay is a declared write: the buffered value, and the balance it replaces if
// that was read.
type overlay struct {
	value   int64
	old     int64
	version int32 // that wrote old
	set     bool
	read    bool
}

// Balance implements [batch.View].
func (v *view) Balance(a batch.AccountID) int64 {
	if _, ok := slices.BinarySearch(v.tx.Reads, a); !ok {
		v.deny(a, false)
		return 0
	}
	var own *overlay
	if i, ok := slices.BinarySearch(v.tx.Writes, a); ok {
		own = &v.w.writes[i]
		if own.set {
			return own.value
		}
	}
	w := v.w
	w.user = false
	value, version := w.read(a)
	if w.log != nil {
		w.phase()
		w.event(trace.Read, a, value, 0, version)
		w.log.publish(w.r.rt)
	}
	w.user = true
	if own != nil {
		own.old, own.version, own.read = value, version, true
	}
	return value
}

// SetBalance implements [batch.View].
func (v *view) SetBalance(a batch.AccountID, value int64) {
	i, ok := slices.BinarySearch(v.tx.Writes, a)
	if !ok {
		v.deny(a, true)
		return
	}
	v.w.writes[i].value, v.w.writes[i].set = value, true
}

func (v *view) deny(a batch.AccountID, write bool) {
	if v.denied == nil {
		v.denied = v.w.r.batch.AccessFailure(int(v.w.current), a, write)
	}
}

// apply executes a transaction in Go form.
func (w *worker) apply(t *batch.Transaction) *batch.Failure {
	v := &w.view
	v.tx = t
	w.writes = zeroed(w.writes, len(t.Writes))
	if w.log != nil {
		w.log.publish(w.r.rt)
	}
	w.user = true
	err := t.Apply(v)
	w.user = false
	if v.denied != nil {
		return v.denied
	}
	if err != nil {
		return w.r.batch.RejectedFailure(int(w.current), err)
	}
	if t.Work != 0 {
		w.work(t)
	}
	for i, a := range t.Writes {
		o := &w.writes[i]
		if !o.set {
			continue
		}
		if !o.read {
			o.old, o.version = w.read(a)
		}
		w.changes = append(w.changes, change{batch.Change{Account: a, Old: o.old, New: o.value}, o.version})
	}
	return nil
}

// prepare executes the prepare of a transaction. It returns the transaction if that
// is ready now, or -1.
func (w *worker) prepare(tx int32) int32 {
	w.current, w.preparing = tx, true
	switch w.enter(-(tx + 1)) {
	case lost:
		return -1
	case skipped:
		return w.prepareDone()
	}
	return w.prepared(w.callPrepare(tx))
}

// callPrepare calls the prepare.
func (w *worker) callPrepare(tx int32) *batch.Failure {
	b := w.r.batch
	w.user = true
	err := b.Transactions[tx].Prepare(w.r.ctx)
	w.user = false
	if err != nil {
		if w.r.ctx.Err() != nil {
			// It may have failed for that: the batch was cancelled, though nobody has told it yet.
			w.r.decide(cancelled, w.r.control.none)
		}
		return b.RejectedFailure(int(tx), err)
	}
	return nil
}

// prepared ends a prepare, and notes what it came to: a failure takes its place in
// the order when the transaction's turn comes.
func (w *worker) prepared(f *batch.Failure) int32 {
	if !w.exit() {
		return -1
	}
	w.r.prepared[w.current] = f
	return w.prepareDone()
}

// prepareDone counts the prepare off its transaction.
func (w *worker) prepareDone() int32 {
	w.done++
	if w.r.serial {
		return -1
	}
	return w.r.countDown(w.current)
}
