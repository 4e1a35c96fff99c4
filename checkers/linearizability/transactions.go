package linearizability

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"synchrony/checkers"
	"synchrony/models/history"
)

// Transactions decides whether a history of transactions is strictly serializable
// with the versions that it records: it is linearizable if each transaction is one call
// on one store of versions. It shares nothing with the serializability checker but
// the history, and confirms it. Only committed transactions are judged; the verdict
// is Unknown for a history with a read of one that is of unknown outcome, and past
// the bounds.
//
// A write is rejected while a reader of the version that it replaces is to come: no
// order with it would lead anywhere. So the state follows from the set of calls that
// have been linearized, and what the search remembers need not be compared.
func Transactions(h *history.History, o Options) Result {
	if err := h.Validate(); err != nil {
		return Result{Verdict: checkers.Undecided("%v", err)}
	}
	o = o.withDefaults()
	t := newTransactions(h)
	if v := t.checkVersions(); v.Status != checkers.Pass {
		return Result{Verdict: v}
	}
	clock := newClock(o.Timeout)
	for _, epoch := range t.epochs() {
		if len(epoch) > o.MaxCalls {
			return Result{Verdict: checkers.Undecided(
				"too large: %d transactions, with no instant between them at which none was under way; the limit is %d", len(epoch), o.MaxCalls)}
		}
		if r := t.check(epoch, clock); r.Status != checkers.Pass {
			return r
		}
	}
	return Result{Verdict: checkers.Passed()}
}

// transactions is a history under examination.
type transactions struct {
	h     *history.History
	owner []int32 // by access: its transaction
	// replaced is by access the version, past those that aborted transactions wrote if
	// it is a write.
	replaced []int32
	current  []int32 // by key: the version at the beginning of the epoch
	slot     []int32 // by key: its number in the epoch's state, if it is one of its keys
	epoch    []int32 // by key: the epoch that slot is of
	count    int32
}

func newTransactions(h *history.History) *transactions {
	keys := len(h.Initial)
	t := &transactions{
		h: h, owner: make([]int32, len(h.Accesses)), replaced: make([]int32, len(h.Accesses)),
		current: make([]int32, keys), slot: make([]int32, keys), epoch: make([]int32, keys),
	}
	for k := range keys {
		t.current[k] = history.InitialVersion
	}
	for tx := range int32(h.Len()) {
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			t.owner[i] = tx
		}
	}
	return t
}

// checkVersions checks that no committed transaction read a version of one that is
// not, and fills replaced.
func (t *transactions) checkVersions() verdict {
	h := t.h
	for i := range h.Accesses {
		a := &h.Accesses[i]
		tx := t.owner[i]
		t.replaced[i] = a.Version
		if h.Outcomes[tx] != history.Committed || a.Version == history.InitialVersion {
			continue
		}
		switch writer := t.owner[a.Version]; {
		case h.Outcomes[writer] == history.Committed:
		case h.Outcomes[writer] != history.Aborted:
			return checkers.Undecided("%s saw a version of %s, whose outcome is unknown", h.TxName(tx), h.TxName(writer))
		case a.IsWrite():
			if t.replaced[i] = t.committedBefore(a.Version); t.replaced[i] != history.InitialVersion && h.Outcomes[t.owner[t.replaced[i]]] != history.Committed {
				return checkers.Undecided("%s replaced a version of %s in an order of versions that leads to no committed one", h.TxName(tx), h.KeyName(a.Key()))
			}
		default:
			return checkers.Failed(NotLinearizable, fmt.Sprintf("%s read %s as %s wrote it, which was aborted", h.TxName(tx), h.KeyName(a.Key()), h.TxName(writer)))
		}
	}
	return checkers.Passed()
}

// committedBefore goes back from a version to one of a transaction that was not
// aborted; if there is none, it ends somewhere else.
func (t *transactions) committedBefore(version int32) int32 {
	for range len(t.h.Accesses) {
		if version == history.InitialVersion || t.h.Outcomes[t.owner[version]] != history.Aborted {
			break
		}
		version = t.h.Accesses[version].Version
	}
	return version
}

// epochs cuts the committed transactions where none is under way.
func (t *transactions) epochs() [][]int32 {
	h := t.h
	var list []int32
	for tx := range int32(h.Len()) {
		if h.Outcomes[tx] == history.Committed {
			list = append(list, tx)
		}
	}
	slices.SortStableFunc(list, func(x, y int32) int { return cmp.Compare(h.Invoked[x], h.Invoked[y]) })
	var epochs [][]int32
	first, returned := 0, time.Duration(-1<<63)
	for i, tx := range list {
		if i-first >= epochTransactions && returned < h.Invoked[tx] {
			epochs = append(epochs, list[first:i])
			first = i
		}
		returned = max(returned, h.Returned[tx])
	}
	if first < len(list) {
		epochs = append(epochs, list[first:])
	}
	return epochs
}

// epochTransactions is how many transactions an epoch has before a cut is worth it.
const epochTransactions = 64

// check judges one epoch, and moves on to the versions at its end.
func (t *transactions) check(epoch []int32, clock clock) Result {
	t.count++
	var initial []stored
	var keys []int32
	for _, tx := range epoch {
		for _, a := range t.h.Of(tx) {
			if k := a.Key(); t.epoch[k] != t.count {
				t.epoch[k], t.slot[k] = t.count, int32(len(initial))
				initial = append(initial, stored{t.current[k], 0})
				keys = append(keys, k)
			}
		}
	}
	prints, v := t.footprints(epoch)
	if v.Status != checkers.Pass {
		return Result{Verdict: v}
	}
	readers := map[int32]int32{} // by version written in the epoch
	for i := range prints {
		for _, r := range prints[i].reads {
			if initial[r.slot].version == r.version {
				initial[r.slot].readers++
			} else {
				readers[r.version]++
			}
		}
	}
	ops := make([]porcupine.Operation, len(prints))
	for i := range prints {
		p := &prints[i]
		for k := range p.writes {
			w := &p.writes[k]
			w.readers = readers[w.left]
		}
		ops[i] = porcupine.Operation{ClientId: i, Input: p, Call: int64(t.h.Invoked[p.tx]), Return: int64(t.h.Returned[p.tx])}
	}
	t.settle(prints, keys, initial)
	model := t.model(initial)
	switch porcupine.CheckOperationsTimeout(model, ops, clock.left()) {
	case porcupine.Ok:
		return Result{Verdict: checkers.Passed()}
	case porcupine.Unknown:
		return Result{Verdict: checkers.Undecided("out of time after %v, with %d transactions in one epoch", clock.limit, len(epoch))}
	}
	_, info := porcupine.CheckOperationsVerbose(model, ops, clock.left())
	return t.failure(prints, info)
}

// settle finds each key's version at the end of the epoch, if it is linearizable:
// the one that was left and not replaced.
func (t *transactions) settle(prints []footprint, keys []int32, initial []stored) {
	replaced := map[stored]bool{} // by slot and version
	for i := range prints {
		for _, w := range prints[i].writes {
			replaced[stored{w.slot, w.version}] = true
		}
	}
	for slot, k := range keys {
		t.current[k] = initial[slot].version
	}
	for i := range prints {
		for _, w := range prints[i].writes {
			if !replaced[stored{w.slot, w.left}] {
				t.current[keys[w.slot]] = w.left
			}
		}
	}
}

// model is a store of versions. Reads come before writes in a transaction, since its
// own writes have been left out of what it reads.
func (t *transactions) model(initial []stored) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return newArray(slices.Clone(initial)) },
		Step: func(state, input, _ any) (bool, any) {
			s, p := state.(*array[stored]), input.(*footprint)
			for _, r := range p.reads {
				if s.at(r.slot).version != r.version {
					return false, nil
				}
			}
			for _, w := range p.writes {
				if now := s.at(w.slot); now.version != w.version || now.readers > 0 {
					return false, nil
				}
			}
			for _, r := range p.reads {
				now := s.at(r.slot)
				s = s.with(r.slot, stored{now.version, now.readers - 1})
			}
			for _, w := range p.writes {
				s = s.with(w.slot, stored{w.left, w.readers})
			}
			return true, s
		},
		Equal:             func(_, _ any) bool { return true }, // the same set leads to the same state
		DescribeOperation: func(input, _ any) string { return t.describe(input.(*footprint)) },
	}
}

func (t *transactions) describe(p *footprint) string {
	s := t.h.TxName(p.tx) + ":"
	for _, a := range t.h.Of(p.tx) {
		verb := " read"
		if a.IsWrite() {
			verb = " write"
		}
		s += fmt.Sprintf("%s %s %d", verb, t.h.KeyName(a.Key()), a.Value)
	}
	return s
}

// failure says how far the epoch can be explained.
func (t *transactions) failure(prints []footprint, info porcupine.LinearizationInfo) Result {
	best := longestOf(info)
	var r Result
	for _, i := range best {
		r.Longest = append(r.Longest, int(prints[i].tx))
	}
	var rest []*footprint
	for i := range prints {
		if !slices.Contains(best, i) {
			rest = append(rest, &prints[i])
		}
	}
	evidence := []string{fmt.Sprintf("%d of %d transactions of the epoch can be explained; these are left:", len(best), len(prints))}
	evidence = listed(evidence, rest, maxShown, t.describe)
	r.Verdict = checkers.Failed(NotLinearizable, "no order of the transactions explains "+t.h.TxName(rest[0].tx), evidence...)
	return r
}
