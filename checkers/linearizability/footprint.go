package linearizability

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/history"
)

// stored is a key's version in a state, and how many transactions that read it, and do
// not replace it, are to come in this epoch. A version that is to be written has
// its readers counted from the beginning.
type stored struct{ version, readers int32 }

func (s stored) hash(int32) uint64 { return 0 } // versions are not compared

// footprint is what a transaction does to an epoch's state, each version once, but for
// its accesses to its own writes.
type footprint struct {
	tx     int32
	reads  []use // versions that it read and does not replace
	writes []use // the first version that it replaces of each key, and the last it leaves
}

// use is a version of a key, by its number in the state; with the version left, and
// how many transactions are to read that.
type use struct{ slot, version, left, readers int32 }

// footprints reduces each transaction to what it does to others, and checks what it
// does to itself: that it sees its own writes, and its values are those of its
// versions.
func (t *transactions) footprints(epoch []int32) ([]footprint, verdict) {
	h := t.h
	prints := make([]footprint, len(epoch))
	for i, tx := range epoch {
		p := &prints[i]
		p.tx = tx
		first := h.Starts[tx]
		for k := first; k < h.Starts[tx+1]; k++ {
			a := &h.Accesses[k]
			slot := t.slot[a.Key()]
			mine := slices.IndexFunc(p.writes, func(u use) bool { return u.slot == slot })
			switch {
			case mine >= 0 && a.Version != p.writes[mine].left:
				return nil, t.wrong(tx, a, "passes over its own write")
			case !a.IsWrite() && a.Value != t.value(a):
				return nil, t.wrong(tx, a, "has not the value that the version has")
			case mine >= 0 && a.IsWrite():
				p.writes[mine].left = k
			case mine >= 0:
			case a.IsWrite():
				p.reads = slices.DeleteFunc(p.reads, func(u use) bool { return u.slot == slot && u.version == t.replaced[k] })
				p.writes = append(p.writes, use{slot: slot, version: t.replaced[k], left: k})
			case !slices.ContainsFunc(p.reads, func(u use) bool { return u.slot == slot && u.version == a.Version }):
				p.reads = append(p.reads, use{slot: slot, version: a.Version})
			}
		}
	}
	return prints, checkers.Passed()
}

// value is the value of the version that a read names.
func (t *transactions) value(a *history.Access) int64 {
	if a.Version == history.InitialVersion {
		return t.h.Initial[a.Key()]
	}
	return t.h.Accesses[a.Version].Value
}

func (t *transactions) wrong(tx int32, a *history.Access, why string) verdict {
	verb := "read"
	if a.IsWrite() {
		verb = "write"
	}
	return checkers.Failed(NotLinearizable, fmt.Sprintf("%s's %s of %s %d %s", t.h.TxName(tx), verb, t.h.KeyName(a.Key()), a.Value, why))
}
