package synchrony

import (
	"math/bits"
	"slices"
	"sync/atomic"

	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// change is a write that a transaction is going to make: buffered until it has
// succeeded.
type change struct {
	batch.Change
	version int32 // that wrote Old
}

// transact executes one transaction.
func (w *worker) transact(tx int32) outcome {
	r := w.r
	w.current, w.preparing = tx, false
	if o := w.enter(tx + 1); o != succeeded {
		return o
	}
	t := &r.batch.Transactions[tx]
	w.changes = w.changes[:0]
	w.view.denied = nil
	if w.log != nil {
		w.phase()
		w.event(trace.Start, 0, 0, 0, 0)
	}
	if r.inject != nil && r.inject[tx] {
		w.user = true
		panic(batch.InjectedPanic)
	}
	var f *batch.Failure
	switch {
	case r.prepared != nil && r.prepared[tx] != nil:
		f = r.prepared[tx]
	case t.Call != nil:
		f = w.call(t)
	default:
		f = w.apply(t)
	}
	if f == nil {
		f = w.conserve()
	}
	return w.conclude(f)
}

// enter begins a node: it is succeeded if the node is to be executed. If the node
// could take long, the slot says that the worker is in it. The store of the slot
// and then the load of control here, against the reverse in fail and abandon, see
// to it that nobody stays in a transaction that a failure has made irrelevant.
func (w *worker) enter(slot int32) outcome {
	r := w.r
	if r.long {
		r.rt.Yield(schedule.OpStore, slotObject(w.id))
		w.slot.Store(slot)
	} else if w.ticks--; w.ticks < 0 {
		w.watchClock()
	}
	if !r.control.calm(r.rt) {
		if o := w.disturbed(); o != succeeded {
			return o
		}
	}
	if r.long && r.opts.TransactionTimeout > 0 {
		w.arm(slot)
	}
	return succeeded
}

// disturbed is what becomes of the node just entered, in a batch that was decided
// or has a failure.
func (w *worker) disturbed() outcome {
	p, first := w.r.control.load(w.r.rt)
	if p != running {
		w.retired = true
		w.exit() // if it has been abandoned before, what it has executed is not its to report
		return lost
	}
	if !w.excused(w.current, first) {
		return succeeded
	}
	if !w.exit() {
		return lost
	}
	return skipped
}

// excused reports whether a failure elsewhere keeps tx from running.
func (w *worker) excused(tx, first int32) bool {
	r := w.r
	if !r.sc.graph.backward {
		return tx > first
	}
	r.rt.Yield(schedule.OpLoad, counterObject(tx))
	return atomic.LoadInt32(&r.pending[tx])&poison != 0
}

// exit ends what enter began. It is false if the worker has been abandoned in the
// meantime: then nothing that it did counts.
func (w *worker) exit() bool {
	r := w.r
	if !r.long {
		return true
	}
	slot := w.current + 1
	if w.preparing {
		slot = -slot
	}
	if w.timer != nil {
		w.disarm()
	}
	r.rt.Yield(schedule.OpRMW, slotObject(w.id))
	if w.slot.CompareAndSwap(slot, 0) {
		return true
	}
	w.retired, w.abandoned = true, true
	return false
}

// call executes a transaction in text form.
func (w *worker) call(t *batch.Transaction) *batch.Failure {
	p, args := w.r.sc.programs[w.current], t.Call.Args
	if w.loaded != p {
		w.load(p)
	}
	aliased := p.aliases(args)
	if aliased {
		w.readAliased(p, args)
	} else {
		w.readBalances(p, args)
	}
	if t.Work != 0 {
		w.work(t)
	}
	if pc, fault := p.eval(w.registers, args, aliased); fault != noFault {
		return p.explain(w.r.batch, int(w.current), pc, fault, w.registers)
	}
	w.define(p, args, aliased)
	return nil
}

// load makes room for a program's registers and sets its constants.
//
//go:noinline
func (w *worker) load(p *program) {
	w.registers = resize(w.registers, p.registers)
	w.versions = resize(w.versions, p.params)
	w.changes = slices.Grow(w.changes[:0], len(p.defines))
	copy(w.registers[p.firstConst():], p.consts)
	w.loaded = p
}

// define buffers the changes that the equations make.
func (w *worker) define(p *program, args []batch.Arg, aliased bool) {
	registers, changes, n := w.registers, w.changes[:len(p.defines)], 0
	for k, param := range p.defines {
		a := args[param].Account
		if aliased && p.equationFor(a, int32(k), args) >= 0 {
			continue
		}
		c := &changes[n]
		n++
		c.Account, c.New = a, registers[int(p.firstEquation())+k]
		if p.read[param] {
			c.Old, c.version = registers[param], w.versions[param]
		} else {
			c.Old, c.version = w.read(a)
		}
	}
	w.changes = changes[:n]
}

// readBalances sets the registers of amounts and balances, if no two accounts are one.
func (w *worker) readBalances(p *program, args []batch.Arg) {
	registers, versions := w.registers, w.versions
	for _, k := range p.amounts {
		registers[k] = args[k].Amount
	}
	for _, k := range p.reads {
		a := args[k].Account
		value, version := w.read(a)
		registers[k], versions[k] = value, version
		if w.log != nil {
			w.event(trace.Read, a, value, 0, version)
		}
	}
}

// readAliased does so if some are: it reads each account once.
func (w *worker) readAliased(p *program, args []batch.Arg) {
	for _, k := range p.amounts {
		w.registers[k] = args[k].Amount
	}
	for i, k := range p.reads {
		a := args[k].Account
		if i >= len(p.reads)-p.carries && p.equationFor(a, int32(len(p.defines)), args) >= 0 {
			continue // its new balance is the equation's, and its old one not asked for
		}
		if e := earlier(p.reads[:i], a, args); e >= 0 {
			w.registers[k], w.versions[k] = w.registers[e], w.versions[e]
			continue
		}
		w.registers[k], w.versions[k] = w.read(a)
		if w.log != nil {
			w.event(trace.Read, a, w.registers[k], 0, w.versions[k])
		}
	}
}

// earlier is the first of the parameters that is account a, or -1.
func earlier(params []int32, a batch.AccountID, args []batch.Arg) int32 {
	for _, k := range params {
		if args[k].Account == a {
			return k
		}
	}
	return -1
}

// read is the only way to a cell's value.
func (w *worker) read(a batch.AccountID) (int64, int32) {
	w.r.rt.Yield(schedule.OpRead, cellObject(a))
	c := &w.r.cells[a]
	return c.value, c.version
}

// work simulates the transaction's work. What it has done so far is published, so
// that a trace shows it if it never ends.
func (w *worker) work(t *batch.Transaction) {
	if w.log != nil {
		w.log.publish(w.r.rt)
	}
	w.r.rt.Sleep(t.Work)
}

// conserve checks that the changes add up to nothing. Differences of int64 do not
// fit int64, and sums of them even less: this is 128-bit arithmetic.
func (w *worker) conserve() *batch.Failure {
	var hi, lo uint64
	buffered := w.changes
	for i := range buffered {
		c := &buffered[i]
		hi, lo = addWide(hi, lo, c.New)
		hi, lo = subWide(hi, lo, c.Old)
	}
	if hi|lo == 0 {
		return nil
	}
	changes := make([]batch.Change, len(w.changes))
	for i := range w.changes {
		changes[i] = w.changes[i].Change
	}
	slices.SortFunc(changes, func(x, y batch.Change) int { return int(x.Account - y.Account) })
	return w.r.batch.ConservationFailure(int(w.current), changes)
}

// addWide adds v, sign-extended, to a 128-bit number.
func addWide(hi, lo uint64, v int64) (uint64, uint64) {
	lo, carry := bits.Add64(lo, uint64(v), 0)
	hi, _ = bits.Add64(hi, uint64(v>>63), carry)
	return hi, lo
}

// subWide subtracts v, sign-extended, from a 128-bit number.
func subWide(hi, lo uint64, v int64) (uint64, uint64) {
	lo, borrow := bits.Sub64(lo, uint64(v), 0)
	hi, _ = bits.Sub64(hi, uint64(v>>63), borrow)
	return hi, lo
}

// conclude ends the current transaction, with a failure or by making its writes.
func (w *worker) conclude(f *batch.Failure) outcome {
	r := w.r
	if !w.exit() {
		return lost
	}
	w.ran++
	if r.mixed && r.inWideLevel(w.current) {
		w.wide++
	}
	if f != nil {
		if w.log != nil {
			w.log.publish(r.rt)
		}
		r.fail(w, f)
		return failed
	}
	if !w.write() {
		w.retired = true
		return lost
	}
	return succeeded
}

// write makes the buffered writes visible to the successors. It is false if the
// batch's trace has been closed: then the batch has been decided.
//
// A transaction's reads have the time of its start, and its writes that of its
// commit: one timestamp before it touches a cell and one after, so that the times
// of two transactions that overlap do, too.
func (w *worker) write() bool {
	r, cells, tx, changes := w.r, w.r.cells, w.current, w.changes
	for i := range changes {
		c := &changes[i]
		r.rt.Yield(schedule.OpWrite, cellObject(c.Account))
		cells[c.Account] = cell{value: c.New, version: tx}
	}
	if w.log == nil {
		return true
	}
	w.phase()
	for i := range changes {
		c := &changes[i]
		w.event(trace.Write, c.Account, c.Old, c.New, c.version)
	}
	w.event(trace.Commit, 0, 0, 0, 0)
	return w.log.publish(r.rt)
}
