package serializability

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/trace"
)

// versions is the history with its versions resolved.
type versions struct {
	h     *trace.History
	owner []int32 // by access: its transaction
	live  []bool  // by transaction: whether it took effect
	// replaced is, by write of a live transaction, the version it replaced, past those
	// of transactions without effect.
	replaced []int32
	// next is, by write, the write that replaced its version, or None; nextOfInitial
	// by key that of the initial version.
	next, nextOfInitial []int32
}

func newVersions(h *trace.History) *versions {
	v := &versions{h: h, owner: make([]int32, len(h.Accesses)), live: make([]bool, h.Len())}
	var unknown bool
	for tx := range int32(h.Len()) {
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			v.owner[i] = tx
		}
		v.live[tx] = h.Outcomes[tx] == trace.Committed
		unknown = unknown || h.Outcomes[tx] == 0
	}
	if unknown {
		v.reviveSeen()
	}
	return v
}

// reviveSeen makes live the transactions of unknown outcome of which a live one saw
// or replaced a version.
func (v *versions) reviveSeen() {
	var todo []int32
	for tx := range int32(v.h.Len()) {
		if v.live[tx] {
			todo = append(todo, tx)
		}
	}
	for len(todo) > 0 {
		tx := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, a := range v.h.Of(tx) {
			if a.Version == trace.InitialVersion {
				continue
			}
			if w := v.owner[a.Version]; !v.live[w] && v.h.Outcomes[w] == 0 {
				v.live[w] = true
				todo = append(todo, w)
			}
		}
	}
}

// checkReads looks for reads that no order can explain: of a version of an aborted
// transaction, of one that its writer itself replaced, and of another's though there
// is an own one.
func (v *versions) checkReads() checkers.Verdict {
	h := v.h
	// Where a key was last written by the transaction at hand: that is so if the index
	// is one of its accesses.
	own := make([]int32, len(h.Initial))
	for k := range own {
		own[k] = trace.None
	}
	final := v.finalWrites()
	for tx := range int32(h.Len()) {
		if !v.live[tx] {
			continue
		}
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			a := &h.Accesses[i]
			k := a.Key()
			mine := own[k] >= h.Starts[tx]
			switch {
			case mine && a.Version != own[k]:
				return v.internal(tx, a, own[k])
			case a.IsWrite():
				own[k] = i
			case mine || a.Version == trace.InitialVersion:
			case !v.live[v.owner[a.Version]]:
				return v.badRead(AbortedRead, tx, a, "which was aborted")
			case !final[a.Version]:
				return v.badRead(IntermediateRead, tx, a, "which replaced it itself before it committed")
			}
		}
	}
	return checkers.Passed()
}

// finalWrites reports, by access, whether it is its transaction's last write of its
// key.
func (v *versions) finalWrites() []bool {
	final := make([]bool, len(v.h.Accesses))
	last := make([]int32, len(v.h.Initial))
	for k := range last {
		last[k] = trace.None
	}
	for i := range v.h.Accesses {
		a := &v.h.Accesses[i]
		if !a.IsWrite() {
			continue
		}
		if k := a.Key(); last[k] != trace.None && v.owner[last[k]] == v.owner[i] {
			final[last[k]] = false
		}
		final[i] = true
		last[a.Key()] = int32(i)
	}
	return final
}

func (v *versions) badRead(rule string, tx int32, a *trace.Access, why string) checkers.Verdict {
	h := v.h
	writer := v.owner[a.Version]
	return checkers.Failed(rule, fmt.Sprintf("%s read %s %d, written by %s, %s", h.TxName(tx), h.KeyName(a.Key()), a.Value, h.TxName(writer), why),
		show(h, writer), show(h, tx))
}

func (v *versions) internal(tx int32, a *trace.Access, own int32) checkers.Verdict {
	h, verb := v.h, "read"
	if a.IsWrite() {
		verb = "replaced"
	}
	return checkers.Failed(InternalRead, fmt.Sprintf("%s wrote %s %d and then %s another version of it",
		h.TxName(tx), h.KeyName(a.Key()), h.Accesses[own].Value, verb), show(h, tx))
}

// link fills replaced and next. If two transactions replaced one version, the order of
// versions forks. If both had read it, one update is lost, whichever came first: a
// cycle of two, which is returned.
func (v *versions) link() ([]Edge, checkers.Verdict) {
	h := v.h
	v.replaced, v.next = make([]int32, len(h.Accesses)), make([]int32, len(h.Accesses))
	v.nextOfInitial = make([]int32, len(h.Initial))
	for _, list := range [][]int32{v.next, v.nextOfInitial} {
		for i := range list {
			list[i] = trace.None
		}
	}
	for i := range h.Accesses {
		a := &h.Accesses[i]
		if !a.IsWrite() || !v.live[v.owner[i]] {
			continue
		}
		prev := a.Version
		for steps := 0; prev != trace.InitialVersion && !v.live[v.owner[prev]]; steps++ {
			if steps > len(h.Accesses) {
				return nil, checkers.Undecided("malformed: the versions of %s that aborted transactions wrote replace each other", h.KeyName(a.Key()))
			}
			prev = h.Accesses[prev].Version
		}
		v.replaced[i] = prev
		next := &v.nextOfInitial[a.Key()]
		if prev != trace.InitialVersion {
			next = &v.next[prev]
		}
		if *next != trace.None {
			return v.fork(*next, int32(i), prev)
		}
		*next = int32(i)
	}
	return nil, checkers.Passed()
}

// fork judges two writes that replaced the same version.
func (v *versions) fork(x, y, prev int32) ([]Edge, checkers.Verdict) {
	h := v.h
	first, second := v.owner[x], v.owner[y]
	key := h.Accesses[x].Key()
	if v.hasRead(first, key, prev) && v.hasRead(second, key, prev) {
		// Take first's version to be the earlier one; the other way round it is the
		// same with the names exchanged.
		return []Edge{{second, first, RW}, {first, second, WW}}, checkers.Passed()
	}
	return nil, checkers.Undecided("malformed: %s and %s both replaced the same version of %s, which they had not both read",
		h.TxName(first), h.TxName(second), h.KeyName(key))
}

func (v *versions) hasRead(tx, key, version int32) bool {
	for _, a := range v.h.Of(tx) {
		if !a.IsWrite() && a.Key() == key && a.Version == version {
			return true
		}
	}
	return false
}

// successor is the write that replaced a version of a key, or None.
func (v *versions) successor(key, version int32) int32 {
	if version == trace.InitialVersion {
		return v.nextOfInitial[key]
	}
	return v.next[version]
}
