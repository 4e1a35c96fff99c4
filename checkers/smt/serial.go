package smt

import (
	"cmp"
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// MaxSerialOrder is the largest number of transactions that SerialOrder takes.
const MaxSerialOrder = 200

// The rules that a history without a serial order breaks.
const (
	NoSerialOrder    = "no serial order"
	ImpossibleAccess = "impossible access" // which no order can explain, whatever the others
)

// OrderOptions say what a serial order must agree with, besides what was read.
type OrderOptions struct {
	// Versions holds each write to the version that it replaced, as recorded.
	// Without it, any order will do in which each read sees the write that it saw:
	// the history is view serializable, but for what is written last.
	Versions bool
	// RealTime puts a transaction that returned before another was invoked first.
	RealTime bool
}

// OrderProof is the answer to whether a history has a serial order.
type OrderProof struct {
	Result
	// Order is the proof: the transactions that took effect. It has been replayed.
	Order []int32
	// Core is the refutation: requirements that cannot all hold, though any of them
	// can be left out for the others to hold.
	Core []Requirement
}

// Requirement is that one transaction comes before another, or a choice of two such.
type Requirement struct {
	Before, After int32 // Before must come before After,
	Or            *Requirement
	Key           int32 // because of this key; -1 if because of real time
	Why           string
}

// SerialOrder looks for a serial order of the transactions in which each read sees
// what it saw. Those that were aborted have no effect, nor have those of unknown
// outcome that nobody saw. It takes at most MaxSerialOrder transactions.
//
// Each transaction has an integer position, and each read of a version demands that
// its writer comes before, and each other writer of the key before that or after the
// reader. Only < is used: positions need not differ unless something depends on it.
func (p *Prover) SerialOrder(h *history.History, o OrderOptions) OrderProof {
	p.start()
	q := &orderQuestion{prover: p, h: h, options: o}
	method, v := q.decide()
	q.proof.Result = p.result(method, v)
	return q.proof
}

type orderQuestion struct {
	prover  *Prover
	h       *history.History
	options OrderOptions

	owner     []int32 // by access: its transaction
	live      []bool  // by transaction: it took effect
	txs       []int32 // the live ones
	writers   [][]int32
	positions map[int32]*term
	terms     *terms
	proof     OrderProof
}

func (q *orderQuestion) decide() (Method, checkers.Verdict) {
	if err := q.h.Validate(); err != nil {
		return "", checkers.Undecided("%v", err)
	}
	q.index()
	if reason := q.impossible(); reason != "" {
		return ByExpressions, checkers.Failed(ImpossibleAccess, reason)
	}
	if n := len(q.txs); n > MaxSerialOrder {
		return "", checkers.Undecided("%d transactions; at most %d are tried", n, MaxSerialOrder)
	}
	q.terms, q.positions = newTerms(), map[int32]*term{}
	for _, tx := range q.txs {
		q.positions[tx] = q.terms.variable(fmt.Sprintf("position %d", tx))
	}
	all := q.requirements()
	result, m, reason := q.ask(all)
	switch result {
	case undecided:
		return "", checkers.Undecided("%s", reason)
	case unsatisfiable:
		return BySolver, q.refuted(all)
	}
	order := slices.Clone(q.txs)
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Compare(m.int64(q.positions[a].name), m.int64(q.positions[b].name))
	})
	if reason := q.replay(order); reason != "" {
		return "", checkers.Undecided("Z3 gave an order that did not hold when it was replayed: %s", reason)
	}
	q.proof.Order = order
	return BySolver, checkers.Passed()
}

// index finds out who took effect: what was committed, and what of the unknown was
// seen by what took effect.
func (q *orderQuestion) index() {
	h := q.h
	q.owner, q.live = make([]int32, len(h.Accesses)), make([]bool, h.Len())
	var work []int32
	for tx := range int32(h.Len()) {
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			q.owner[i] = tx
		}
		if h.Outcomes[tx] == history.Committed {
			q.live[tx] = true
			work = append(work, tx)
		}
	}
	for len(work) > 0 {
		tx := work[len(work)-1]
		work = work[:len(work)-1]
		for _, a := range h.Of(tx) {
			if w := q.writer(&a); w != tx && w != trace.None && q.sees(&a) && h.Outcomes[w] == 0 && !q.live[w] {
				q.live[w] = true
				work = append(work, w)
			}
		}
	}
	q.lookPast()
	h = q.h
	q.writers = make([][]int32, len(h.Initial))
	for tx := range int32(h.Len()) {
		if !q.live[tx] {
			continue
		}
		q.txs = append(q.txs, tx)
		for _, a := range h.Of(tx) {
			k := a.Key()
			if ws := q.writers[k]; a.IsWrite() && (len(ws) == 0 || ws[len(ws)-1] != tx) {
				q.writers[k] = append(ws, tx)
			}
		}
	}
}

// lookPast makes each write that names the version of a transaction without effect
// replace what that one had replaced.
func (q *orderQuestion) lookPast() {
	h := *q.h
	h.Accesses = slices.Clone(h.Accesses)
	for i := range h.Accesses {
		a, tx := &h.Accesses[i], q.owner[i]
		if !a.IsWrite() || !q.live[tx] {
			continue
		}
		v := a.Version
		for range h.Accesses { // a malformed history may go round in circles
			if v == history.InitialVersion || q.live[q.owner[v]] {
				break
			}
			v = q.h.Accesses[v].Version
		}
		// A transaction that passed over its own write has done so.
		if v == history.InitialVersion || q.owner[v] != tx {
			a.Version = v
		}
	}
	q.h = &h
}

// sees reports whether the version of an access counts.
func (q *orderQuestion) sees(a *history.Access) bool { return !a.IsWrite() || q.options.Versions }

// writer is who wrote the version of an access, or None if it is the initial one.
func (q *orderQuestion) writer(a *history.Access) int32 {
	if a.Version == history.InitialVersion {
		return trace.None
	}
	return q.owner[a.Version]
}

// impossible looks for an access that no order explains: of a wrong value, of what
// an aborted transaction wrote, of what its writer replaced itself, or past the
// transaction's own write.
func (q *orderQuestion) impossible() string {
	h := q.h
	for _, tx := range q.txs {
		own := map[int32]int32{} // by key, the transaction's last write
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			a := &h.Accesses[i]
			if q.sees(a) {
				if why := q.impossibleAccess(tx, a, own); why != "" {
					return why
				}
			}
			if a.IsWrite() {
				own[a.Key()] = i
			}
		}
	}
	return ""
}

func (q *orderQuestion) impossibleAccess(tx int32, a *history.Access, own map[int32]int32) string {
	h, w, verb := q.h, q.writer(a), "read"
	if a.IsWrite() {
		verb = "replaced"
	}
	value := h.Initial[a.Key()]
	if w != trace.None {
		value = h.Accesses[a.Version].Value
	}
	what := fmt.Sprintf("%s %s %s %d", h.TxName(tx), verb, h.KeyName(a.Key()), value)
	if mine, ok := own[a.Key()]; ok && mine != a.Version {
		return fmt.Sprintf("%s, though it had itself written %d", what, h.Accesses[mine].Value)
	}
	switch {
	case !a.IsWrite() && a.Value != value:
		return fmt.Sprintf("%s read %s %d, where %d had been written", h.TxName(tx), h.KeyName(a.Key()), a.Value, value)
	case w == trace.None || w == tx:
		return ""
	case !q.live[w]:
		return fmt.Sprintf("%s of %s, which was aborted", what, h.TxName(w))
	}
	for i := a.Version + 1; i < h.Starts[w+1]; i++ {
		if later := &h.Accesses[i]; later.IsWrite() && later.Key() == a.Key() {
			return fmt.Sprintf("%s of %s, which replaced it itself with %d", what, h.TxName(w), later.Value)
		}
	}
	return ""
}

// replay reports why an order is not what was asked for, if so. It shares nothing
// with the requirements.
func (q *orderQuestion) replay(order []int32) string {
	h := q.h
	current := make([]int32, len(h.Initial))
	for k := range current {
		current[k] = history.InitialVersion
	}
	for at, tx := range order {
		if q.options.RealTime {
			for _, later := range order[at+1:] {
				if q.precedes(later, tx) {
					return fmt.Sprintf("%s returned before %s was invoked", h.TxName(later), h.TxName(tx))
				}
			}
		}
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			a := &h.Accesses[i]
			if q.sees(a) && a.Version != current[a.Key()] {
				return fmt.Sprintf("%s did not see the version of %s that is current there", h.TxName(tx), h.KeyName(a.Key()))
			}
			if a.IsWrite() {
				current[a.Key()] = i
			}
		}
	}
	return ""
}

// precedes reports whether a returned before b was invoked.
func (q *orderQuestion) precedes(a, b int32) bool { return q.h.Returned[a] < q.h.Invoked[b] }
