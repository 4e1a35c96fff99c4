package checker

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/checkers/serializability"
	"synchrony/generators/histories"
	"synchrony/models/history"
)

// certificates judges whether what the checkers show for their verdicts is so: an order that explains the history, a cycle of edges that there are,
// and a sequence of transactions that could take effect one after another.
type certificates struct{}

func (certificates) Name() string { return "certificates" }

func (certificates) Check(h histories.History, v verdicts) checkers.Verdict {
	live := lived(h.History)
	if v.Graph.Status == checkers.Pass {
		if why := replays(h.History, live, v.Order, true); why != "" {
			return checkers.Failed("wrong order", "the graph's order does not explain the history: "+why)
		}
	}
	for i, e := range v.Cycle {
		if next := v.Cycle[(i+1)%len(v.Cycle)]; next.From != e.To || !edgeThere(h.History, live, e) {
			return checkers.Failed("wrong cycle", fmt.Sprintf("the cycle has an edge that is not there, or leads nowhere: %s -%v-> %s", h.TxName(e.From), e.Kind, h.TxName(e.To)))
		}
	}
	if why := replays(h.History, live, v.Longest, false); v.Search.Status == checkers.Fail && why != "" {
		return checkers.Failed("wrong sequence", "the transactions that the search has explained cannot take effect one after another: "+why)
	}
	return checkers.Passed()
}

// replays lets transactions take effect one after another, and says what does not go; all of those that took effect, if it is to be complete.
func replays(h *history.History, live []bool, order []int32, complete bool) string {
	current := map[int32]int32{}
	now := func(key int32) int32 {
		if v, written := current[key]; written {
			return v
		}
		return history.InitialVersion
	}
	for k, tx := range order {
		if !live[tx] || slices.Contains(order[:k], tx) {
			return h.TxName(tx) + " took no effect, or is there twice"
		}
		for other := range int32(h.Len()) {
			if h.Outcomes[other] == history.Committed && h.Returned[other] < h.Invoked[tx] && !slices.Contains(order[:k], other) {
				return h.TxName(other) + " had returned before " + h.TxName(tx) + " was invoked"
			}
		}
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			a := &h.Accesses[i]
			switch {
			case a.IsWrite() && now(a.Key()) != effective(h, live, a.Version):
				return h.TxName(tx) + " replaces another version of " + h.KeyName(a.Key())
			case a.IsWrite():
				current[a.Key()] = i
			case now(a.Key()) != a.Version || a.Value != histories.ValueOf(h, a):
				return h.TxName(tx) + " reads another version of " + h.KeyName(a.Key())
			}
		}
	}
	for tx := range int32(h.Len()) {
		if complete && live[tx] && !slices.Contains(order, tx) {
			return h.TxName(tx) + " is left out"
		}
	}
	return ""
}

// edgeThere reports whether one transaction must come before another for the reason that an edge gives. Of two that replaced one version either may be
// called the first.
func edgeThere(h *history.History, live []bool, e serializability.Edge) bool {
	if !live[e.From] || !live[e.To] {
		return false
	}
	if e.Kind == serializability.RealTime {
		return h.Outcomes[e.From] == history.Committed && h.Returned[e.From] < h.Invoked[e.To]
	}
	for _, b := range h.Of(e.To) {
		over := b.Version
		if b.IsWrite() {
			over = effective(h, live, b.Version)
		}
		same := func(write bool) bool {
			return slices.ContainsFunc(h.Of(e.From), func(a history.Access) bool {
				return a.IsWrite() == write && a.Key() == b.Key() && (a.Version == over || write && effective(h, live, a.Version) == over)
			})
		}
		switch e.Kind {
		case serializability.RW:
			if b.IsWrite() && same(false) {
				return true
			}
		case serializability.WW:
			if b.IsWrite() && (owner(h, over) == e.From || same(true)) {
				return true
			}
		default:
			if !b.IsWrite() && owner(h, over) == e.From {
				return true
			}
		}
	}
	return false
}
