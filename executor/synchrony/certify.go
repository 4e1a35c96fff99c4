package synchrony

import (
	"fmt"
	"slices"
	"time"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// PlanVerdict is what a [PlanProver] says of a plan.
type PlanVerdict uint8

// The verdicts. Only PlanRefuted keeps a batch from being committed: what one
// execution did is certified by its versions, whatever is known of others.
const (
	PlanUnknown PlanVerdict = iota
	PlanProved
	PlanRefuted
)

// PlanProver decides whether every order of b's transactions that the plan's edges
// allow is as good as the serial order, for all inputs, and says by which method, or
// why not. It is called on the caller's goroutine, and counts against the timeout.
type PlanProver func(b *batch.Batch, edges []trace.Dependency) (PlanVerdict, string)

// CertificateError is a batch that was not committed because what its execution recorded
// is not what a serial execution does, or the plan prover refuted its plan. Either is
// a defect of the executor.
type CertificateError struct {
	Counterexample *trace.Counterexample
}

// Error says what was found.
func (e *CertificateError) Error() string {
	return fmt.Sprintf("the batch was not committed: %s; this is a defect of the executor", e.Counterexample.Reason)
}

// finding is what checking an access record came to.
type finding struct {
	// missing is the first transaction whose accesses were not all recorded, or -1.
	missing int32
	// refuted is the first access that is not that of a serial execution.
	refuted       *trace.Counterexample
	reads, writes int
}

// accessRecord is the accesses that the workers recorded, found by transaction.
type accessRecord struct {
	order []int32 // nil is submission order
	spans []span
	twice *trace.Counterexample // a transaction has succeeded twice
}

// span is where the events of a transaction that succeeded begin. They are together:
// a worker executes one transaction at a time.
type span struct {
	page *page // nil: it is not known to have succeeded
	at   int
}

// recorded collects the workers' accesses, once the workers have ended.
func (r *run) recorded() *accessRecord {
	c := &accessRecord{order: r.order, spans: make([]span, r.sc.graph.n)}
	for _, w := range r.started() {
		n, p := 0, w.log.first
		var start span
		for length := int(w.log.length.Load() &^ sealBit); n < length; n++ {
			at := n % pageSize
			if at == 0 && n > 0 {
				p = p.next
			}
			switch e := &p.events[at]; e.Kind {
			case trace.Start:
				start = span{p, at}
			case trace.Commit:
				if c.spans[e.Tx].page != nil && c.twice == nil {
					c.twice = &trace.Counterexample{
						Gate: "certify", Txs: []int32{e.Tx},
						Reason: fmt.Sprintf("transaction %q was executed twice", r.batch.Transactions[e.Tx].ID),
					}
				}
				c.spans[e.Tx] = start
			}
		}
	}
	return c
}

// accesses yields the reads and writes of tx, in the order in which it made them.
func (c *accessRecord) accesses(tx int32, yield func(*trace.Event)) {
	s := c.spans[tx]
	for s.page != nil {
		e := &s.page.events[s.at]
		switch e.Kind {
		case trace.Read, trace.Write:
			yield(e)
		case trace.Commit:
			return
		}
		if s.at++; s.at == pageSize {
			s = span{s.page.next, 0}
		}
	}
}

// at is the i-th transaction of the serial order.
func (c *accessRecord) at(i int) int32 {
	if c.order == nil {
		return int32(i)
	}
	return c.order[i]
}

// check executes the recorded accesses serially, in versions and values: each read
// and each overwritten balance must be what the transactions before it left, and what
// is left in the end must be what the cells hold. It takes time linear in the
// accesses.
func (c *accessRecord) check(b *batch.Batch, initial []int64, cells []cell) finding {
	f := finding{missing: -1, refuted: c.twice}
	state := make([]cell, len(initial))
	for a, v := range initial {
		state[a] = cell{value: v, version: history.InitialVersion}
	}
	for i := range c.spans {
		tx := c.at(i)
		if c.spans[tx].page == nil {
			f.missing = tx
			return f
		}
		c.accesses(tx, func(e *trace.Event) {
			s := &state[e.Account]
			if f.refuted == nil && (s.version != e.Version || s.value != e.Old) {
				f.refuted = mismatch(b, e, *s)
			}
			if e.Kind == trace.Read {
				f.reads++
				return
			}
			f.writes++
			*s = cell{value: e.New, version: tx}
		})
	}
	for a, s := range state {
		if f.refuted == nil && s != cells[a] {
			f.refuted = leftOver(b, batch.AccountID(a), s, cells[a])
		}
	}
	return f
}

// mismatch is the counterexample of an access, where serially it meets another version.
func mismatch(b *batch.Batch, e *trace.Event, serially cell) *trace.Counterexample {
	names, verb := trace.NamesOf(b), "reads"
	if e.Kind == trace.Write {
		verb = "overwrites"
	}
	return &trace.Counterexample{
		Gate: "certify", Txs: []int32{e.Tx},
		Mismatch: &trace.VersionMismatch{Account: e.Account, Expected: serially.version, Seen: e.Version},
		Reason: fmt.Sprintf("transaction %s %s the balance %d of %s that %s wrote, and serially the balance %d that %s wrote",
			names.Tx(e.Tx), verb, e.Old, names.Account(e.Account), names.Version(e.Version), serially.value, names.Version(serially.version)),
	}
}

// leftOver is the counterexample of an account whose last balance nobody recorded.
func leftOver(b *batch.Batch, a batch.AccountID, serially, left cell) *trace.Counterexample {
	names := trace.NamesOf(b)
	return &trace.Counterexample{
		Gate:     "certify",
		Mismatch: &trace.VersionMismatch{Account: a, Expected: serially.version, Seen: left.version},
		Reason: fmt.Sprintf("the batch leaves %s with the balance %d that %s wrote, and serially with %d that %s wrote",
			names.Account(a), left.value, names.Version(left.version), serially.value, names.Version(serially.version)),
	}
}

// certify is the gate that lets only a serializable execution pass. If too little was
// recorded to tell, the batch is executed again, serially, and that is checked; but
// not if it has transactions in Go form, which run at most once.
func (r *run) certify() error {
	if r.opts.Uncertified {
		return nil
	}
	began := r.rt.Stamp()
	method := trace.ByVersions
	plan, refuted := r.provePlan()
	if refuted != nil {
		return r.uncertified(refuted)
	}
	r.accesses = r.recorded()
	f := r.accesses.check(r.batch, r.initial.balances, r.cells)
	if f.refuted == nil && f.missing >= 0 {
		method = trace.BySerialExecution
		if err := r.executeAgain(f.missing); err != nil {
			return err
		}
		r.accesses = r.recorded()
		f = r.accesses.check(r.batch, r.initial.balances, r.cells)
		if f.refuted == nil && f.missing >= 0 {
			return r.uncertified(r.unrecorded(f.missing))
		}
	}
	if f.refuted != nil {
		return r.uncertified(f.refuted)
	}
	r.certificate = &trace.Certificate{
		Method: method, Plan: plan, Order: r.order, Reads: f.reads, Writes: f.writes, Elapsed: r.rt.Stamp() - began,
	}
	return nil
}

// provePlan asks the caller's prover.
func (r *run) provePlan() (method string, refuted *trace.Counterexample) {
	if r.opts.PlanProver == nil {
		return "", nil
	}
	switch verdict, why := r.opts.PlanProver(r.batch, r.sc.graph.edges(r.batch)); verdict {
	case PlanProved:
		return why, nil
	case PlanRefuted:
		return "", &trace.Counterexample{Gate: "certify", Reason: "the plan is wrong: " + why}
	default:
		return "", nil
	}
}

// uncertified aborts the batch.
func (r *run) uncertified(c *trace.Counterexample) error {
	if !r.control.end(r.rt, aborted, r.control.none) {
		return r.interrupted()
	}
	return &CertificateError{c}
}

func (r *run) unrecorded(tx int32) *trace.Counterexample {
	return &trace.Counterexample{
		Gate: "certify", Txs: []int32{tx},
		Reason: fmt.Sprintf("the accesses of transaction %q were not recorded, so nothing is certified", r.batch.Transactions[tx].ID),
	}
}

// executeAgain executes the batch serially from the initial state, on the caller's
// goroutine. All workers have ended; their records are dropped.
func (r *run) executeAgain(missing int32) error {
	if slices.ContainsFunc(r.batch.Transactions, func(t batch.Transaction) bool { return t.Apply != nil }) {
		return r.uncertified(r.unrecorded(missing))
	}
	r.copyCells()
	workers := r.started()
	for _, w := range workers {
		w.log = newEventLog(w.id)
	}
	for i := range r.sc.graph.n {
		tx := int32(i)
		if r.order != nil {
			tx = r.order[i]
		}
		if workers[0].transact(tx) == succeeded {
			continue
		}
		if f := r.firstFailure(); f != nil && r.control.end(r.rt, aborted, int32(f.Tx)) {
			return f
		}
		return r.interrupted()
	}
	return nil
}

// counterexample is what refutes a batch that ended with err; nil if time did.
func (r *run) counterexample(err error) *trace.Counterexample {
	switch e := err.(type) {
	case *CertificateError:
		return e.Counterexample
	case *batch.Failure:
		return &trace.Counterexample{Gate: "execute", Txs: []int32{int32(e.Tx)}, Reason: e.Error()}
	case *batch.AttestationError:
		return &trace.Counterexample{Gate: "attestations", Txs: []int32{int32(e.Tx)}, Reason: e.Error()}
	case *ConservationError:
		return &trace.Counterexample{Gate: "conservation", Reason: e.Error()}
	case *batch.CycleError:
		c := &trace.Counterexample{Gate: "conflicts", Reason: e.Error()}
		index := afterIndex(r.batch)
		for _, id := range e.Cycle {
			c.Txs = append(c.Txs, index[id])
		}
		return c
	default:
		return nil
	}
}

// CertifiedAccesses lists the accesses that the certificate is about, in the serial order, so
// that anybody can check it again. It is nil if the batch was not certified.
func (r *Result) CertifiedAccesses() []trace.CertifiedAccess {
	if r.Certificate == nil {
		return nil
	}
	out := make([]trace.CertifiedAccess, 0, r.Certificate.Reads+r.Certificate.Writes)
	for i := range r.accesses.spans {
		r.accesses.accesses(r.accesses.at(i), func(e *trace.Event) {
			out = append(out, trace.CertifiedAccess{Tx: e.Tx, Account: e.Account, Version: e.Version, Write: e.Kind == trace.Write})
		})
	}
	return out
}

// now is the time of day that attestations are held against.
func (o *Options) now() time.Time {
	if o.Now.IsZero() {
		return time.Now()
	}
	return o.Now
}

// Plan returns the dependencies that executing b would enforce, without executing
// it: see [Result.Edges].
func Plan(b *batch.Batch) []trace.Dependency {
	sc := new(scratch)
	sc.analyze(b)
	return sc.graph.edges(b)
}
