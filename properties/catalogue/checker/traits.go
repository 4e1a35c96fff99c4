package checker

import (
	"synchrony/generators/histories"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// traits are what of a history may keep checkers from deciding about it, or from
// agreeing.
type traits struct {
	lies        bool // a read has another value than its version
	repeats     bool // two versions of a key have the same value
	miscomputes bool // a write has another value than the transaction computes
	forks       bool // two transactions replaced the same version, or one that leads back to none in effect
	unknown     bool // a transaction's outcome is unknown
	untold      bool // what such a one read is told, but a pending call's results mean nothing
}

func traitsOf(h *history.History) traits {
	var t traits
	live := lived(h)
	type version struct {
		key   int32
		value int64 // or its index
	}
	values, replaced := map[version]bool{}, map[version]bool{}
	for k, v := range h.Initial {
		values[version{int32(k), v}] = true
	}
	for tx := range int32(h.Len()) {
		t.unknown = t.unknown || h.Outcomes[tx] == 0
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			a := &h.Accesses[i]
			k := a.Key()
			if !a.IsWrite() {
				t.lies = t.lies || a.Value != histories.ValueOf(h, a)
				t.untold = t.untold || h.Outcomes[tx] == 0
				continue
			}
			t.miscomputes = t.miscomputes || a.Value != histories.Computed(h, tx, i)
			t.repeats = t.repeats || values[version{k, a.Value}]
			values[version{k, a.Value}] = true
			if live[tx] {
				v := effective(h, live, a.Version)
				over := version{k, int64(v)}
				t.forks = t.forks || replaced[over] || v != history.InitialVersion && !live[owner(h, v)]
				replaced[over] = true
			}
		}
	}
	return t
}

// lived says by transaction which took effect: those that committed, and those of
// unknown outcome of which one that took effect saw or replaced a version.
func lived(h *history.History) []bool {
	live := make([]bool, h.Len())
	for more := true; more; {
		more = false
		for tx := range live {
			if !live[tx] && h.Outcomes[tx] == history.Committed {
				live[tx], more = true, true
			}
			for _, a := range h.Of(int32(tx)) {
				if w := owner(h, a.Version); live[tx] && w != trace.None && !live[w] && h.Outcomes[w] == 0 {
					live[w], more = true, true
				}
			}
		}
	}
	return live
}

// effective goes back from a version to one of a transaction that took effect, if
// there is one.
func effective(h *history.History, live []bool, v int32) int32 {
	for range h.Accesses {
		if v == history.InitialVersion || live[owner(h, v)] {
			break
		}
		v = h.Accesses[v].Version
	}
	return v
}

// owner is whose access i is; None of the initial version.
func owner(h *history.History, i int32) int32 {
	for tx := range int32(h.Len()) {
		if i >= 0 && i < h.Starts[tx+1] {
			return tx
		}
	}
	return trace.None
}
