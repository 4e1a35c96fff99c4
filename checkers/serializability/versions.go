package serializability

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// versions is the history with its versions resolved. None stands for no access and
// no transaction.
type versions struct {
	h    *history.History
	live []bool // by transaction: whether it took effect
	// links is by access, and initial by key for the initial versions, who wrote the
	// version and who replaced it.
	links, initial []link
	// replaced is by access what a write replaced, past the versions of transactions
	// without effect; nil if all took effect, and it is what they recorded.
	replaced []int32
}

// link is who wrote a version, and who replaced it.
type link struct{ owner, next int32 }

func newVersions(h *history.History) *versions {
	v := &versions{h: h, links: make([]link, len(h.Accesses)), live: make([]bool, h.Len())}
	unknown, all := false, true
	for tx := range int32(h.Len()) {
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			v.links[i] = link{tx, trace.None}
		}
		v.live[tx] = h.Outcomes[tx] == history.Committed
		all = all && v.live[tx]
		unknown = unknown || h.Outcomes[tx] == 0
	}
	if unknown {
		v.reviveSeen()
	}
	if !all {
		v.replaced = make([]int32, len(h.Accesses))
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
			if a.Version == history.InitialVersion {
				continue
			}
			if w := v.links[a.Version].owner; !v.live[w] && v.h.Outcomes[w] == 0 {
				v.live[w] = true
				todo = append(todo, w)
			}
		}
	}
}

// connect fills in who replaced each version. If two transactions replaced one, the
// order of versions forks. If both had read it, one update is lost, whichever came
// first: a cycle of two, which is returned.
func (v *versions) connect() ([]Edge, checkers.Verdict) {
	h := v.h
	v.initial = make([]link, len(h.Initial))
	for k := range v.initial {
		v.initial[k] = link{trace.None, trace.None}
	}
	for i := range h.Accesses {
		a := &h.Accesses[i]
		tx := v.links[i].owner
		if !a.IsWrite() || !v.live[tx] {
			continue
		}
		prev := a.Version
		if v.replaced != nil {
			if prev = v.lastLive(prev); prev == cyclicVersions {
				return nil, checkers.Undecided("malformed: the versions of %s that aborted transactions wrote replace each other", h.KeyName(a.Key()))
			}
			v.replaced[i] = prev
		}
		version := v.version(a.Key(), prev)
		if version.next != trace.None {
			return v.fork(version.next, tx, a.Key(), prev)
		}
		version.next = tx
	}
	return nil, checkers.Passed()
}

// cyclicVersions is no version.
const cyclicVersions int32 = -2

// lastLive goes back from a version to one of a live transaction.
func (v *versions) lastLive(version int32) int32 {
	for steps := 0; version != history.InitialVersion && !v.live[v.links[version].owner]; steps++ {
		if steps > len(v.h.Accesses) {
			return cyclicVersions
		}
		version = v.h.Accesses[version].Version
	}
	return version
}

// version is the link of a version of a key.
func (v *versions) version(key, version int32) *link {
	if version == history.InitialVersion {
		return &v.initial[key]
	}
	return &v.links[version]
}

// prev is what write i replaced.
func (v *versions) prev(i int32) int32 {
	if v.replaced != nil {
		return v.replaced[i]
	}
	return v.h.Accesses[i].Version
}

// fork judges two transactions that replaced the same version.
func (v *versions) fork(first, second, key, prev int32) ([]Edge, checkers.Verdict) {
	h := v.h
	switch {
	case first == second:
		return nil, checkers.Failed(InternalRead, fmt.Sprintf("%s replaced the same version of %s twice", h.TxName(first), h.KeyName(key)), Show(h, first))
	case v.hasRead(first, key, prev) && v.hasRead(second, key, prev):
		// Take first's version to be the earlier one; the other way round it is the
		// same with the names exchanged.
		return []Edge{{second, first, RW}, {first, second, WW}}, checkers.Passed()
	default:
		return nil, checkers.Undecided("malformed: %s and %s both replaced the same version of %s, which they had not both read",
			h.TxName(first), h.TxName(second), h.KeyName(key))
	}
}

func (v *versions) hasRead(tx, key, version int32) bool {
	for _, a := range v.h.Of(tx) {
		if !a.IsWrite() && a.Key() == key && a.Version == version {
			return true
		}
	}
	return false
}
