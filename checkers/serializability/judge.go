package serializability

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// Result is what Judge found out about a history.
type Result struct {
	checkers.Verdict
	// Order is the certificate, if the verdict is Pass: the transactions that took effect,
	// in a serial order that agrees with the real-time order, in which each read sees
	// what it saw and each write replaces what it replaced.
	Order []int32
	// Cycle is the refutation, if the verdict is Fail for a cycle: each edge's To is
	// the next one's From, and the last one's To is the first one's From.
	Cycle []Edge
}

// The rules that are not cycles. The first two are Adya's phenomena.
const (
	AbortedRead      = "G1a"         // a read of what an aborted transaction wrote
	IntermediateRead = "G1b"         // a read of what its writer itself replaced
	InternalRead     = "internal"    // a read that does not see the transaction's own last write
	WrongValue       = "wrong value" // a read of another value than its version has
)

// Judge decides whether h is strictly serializable with the versions it records. A
// transaction of unknown outcome took effect if one that did saw or replaced a version
// of it. The verdict is Unknown for a malformed history, and for one in which two
// transactions replaced the same version without having read it, for then the
// order of versions is not what was recorded.
func Judge(h *history.History) Result {
	if err := h.Validate(); err != nil {
		return Result{Verdict: checkers.Undecided("%v", err)}
	}
	returns := committed(h, sortedBy(h.Returned))
	if firstDeviation(h, returns, nil) == trace.None {
		return Result{Verdict: checkers.Passed(), Order: returns}
	}
	if len(returns) == h.Len() {
		if order := readyOrder(h, nil, nil, returns); order != nil {
			return Result{Verdict: checkers.Passed(), Order: order}
		}
	}
	v := newVersions(h)
	if r := v.decide(); r != nil {
		return *r
	}
	if len(returns) < h.Len() { // now it is known who took effect
		if order := readyOrder(h, v.live, v.replaced, returns); order != nil {
			return Result{Verdict: checkers.Passed(), Order: order}
		}
	}
	return v.judgeGraph()
}

// committed keeps the committed transactions of a list, in place.
func committed(h *history.History, list []int32) []int32 {
	kept := list[:0]
	for _, tx := range list {
		if h.Outcomes[tx] == history.Committed {
			kept = append(kept, tx)
		}
	}
	return kept
}

// decide finds what is wrong with versions by themselves, whatever order transactions have; nil if nothing.
func (v *versions) decide() *Result {
	fork, verdict := v.connect()
	if verdict.Status != checkers.Pass {
		return &Result{Verdict: verdict}
	}
	if r := v.checkReads(); r.Status != checkers.Pass {
		return &Result{Verdict: r}
	}
	if fork != nil {
		return &Result{Verdict: explain(v.h, fork), Cycle: fork}
	}
	return nil
}

// judgeGraph judges with care what has no simple certificate, by the direct serialization graph.
func (v *versions) judgeGraph() Result {
	h := v.h
	g := newGraph(v, true)
	s := g.Components(nil, everything)
	if s.Cyclic() {
		g = newGraph(v, false)
		cycle := g.worstCycle(g.Components(nil, everything))
		return Result{Verdict: explain(h, cycle), Cycle: cycle}
	}
	order := g.serialOrder(s)
	if i := firstDeviation(h, order, v.replaced); i != trace.None {
		return Result{Verdict: v.wrongValue(i)}
	}
	return Result{Verdict: checkers.Passed(), Order: order}
}

// cell is a key's state during a replay.
type cell struct {
	value   int64
	version int32
	reads   int32 // of the version that are to come before it may be replaced, where that is asked
}

func newCells(h *history.History) []cell {
	cells := make([]cell, len(h.Initial))
	for k, v := range h.Initial {
		cells[k] = cell{value: v, version: history.InitialVersion}
	}
	return cells
}

// firstDeviation executes transactions one after another and returns the first
// access that did not see the version and value, or did not replace the version,
// that it recorded; or None. What writes replaced is in replaced, by access, or
// as recorded if that is nil.
func firstDeviation(h *history.History, order, replaced []int32) int32 {
	cells := newCells(h)
	for _, tx := range order {
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			a := &h.Accesses[i]
			c := &cells[a.Key()]
			switch {
			case !a.IsWrite():
				if c.version != a.Version || c.value != a.Value {
					return i
				}
				continue
			case replaced == nil && c.version != a.Version, replaced != nil && c.version != replaced[i]:
				return i
			}
			*c = cell{value: a.Value, version: i}
		}
	}
	return trace.None
}

// wrongValue explains an access that has the right version.
func (v *versions) wrongValue(i int32) checkers.Verdict {
	a := &v.h.Accesses[i]
	tx := v.h.TxName(v.links[i].owner)
	key := v.h.KeyName(a.Key())
	if a.IsWrite() {
		return checkers.Undecided("malformed: what %s replaced of %s is in no order of its versions", tx, key)
	}
	value, writer := v.h.Initial[a.Key()], "is there initially"
	if a.Version != history.InitialVersion {
		value, writer = v.h.Accesses[a.Version].Value, v.h.TxName(v.links[a.Version].owner)+" wrote"
	}
	return checkers.Failed(WrongValue, fmt.Sprintf("%s read %s %d, but the version that it read is the one that %s, and that has %d", tx, key, a.Value, writer, value))
}
