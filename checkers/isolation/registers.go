package isolation

import (
	"fmt"

	"synchrony/models/history"
)

// readRegisters finds which version each read saw, and what is wrong with reads by themselves. Internal consistency
// comes first: a read of what its transaction did before tells nothing of others.
func (o *observed) readRegisters() {
	o.order = make([][]int32, len(o.Keys))
	o.committedReads(o.readRegister)
	o.looseVersions()
	o.dirtyWrites()
	o.versionCircles()
}

func (o *observed) readRegister(tx, op int32) {
	x := &o.Ops[op]
	version := initial
	if x.Value != 0 {
		if version = o.writer(x.Key, x.Value); version == none {
			o.garbage(tx, op, x.Value)
			return
		}
	}
	if p := o.prev[op]; p != none && o.Ops[p].Value != x.Value {
		o.internal(tx, op, o.ValueName(o.Ops[p].Value))
	}
	switch {
	case version == initial:
		o.seen(tx, op, version)
	case o.owner[version] == tx && version > op:
		o.future(tx, op, version)
	case o.owner[version] != tx:
		o.revive(version)
		o.seen(tx, op, version)
	}
}

// dirtyWrites looks for writes by transactions that had read what was aborted.
func (o *observed) dirtyWrites() {
	for _, r := range o.reads {
		if r.version == initial || o.List[o.owner[r.version]].Outcome != history.Aborted {
			continue
		}
		for i := o.next[r.op]; i != none; i = o.next[i] {
			if o.Ops[i].Write {
				o.dirtyUpdate(o.Ops[i].Key, r.version, i)
				break
			}
		}
	}
}

// step is that a version comes after another of its key, perhaps with others between them; the first may be initial.
type step struct{ before, after int32 }

// readSteps are the steps of versions that reads tell: a transaction that read a version first of a key and then wrote the key has
// replaced it, in a level that lets nobody else write between.
func (o *observed) readSteps() []step {
	var list []step
	for _, r := range o.reads {
		if o.prev[r.op] != none || r.version != initial && !o.live[o.owner[r.version]] {
			continue
		}
		last := none
		for i := o.next[r.op]; i != none; i = o.next[i] {
			if o.Ops[i].Write {
				last = i
			}
		}
		if last != none {
			list = append(list, step{r.version, last})
		}
	}
	return list
}

// versionCircles looks for versions that replaced each other in a circle.
func (o *observed) versionCircles() {
	replaced := map[int32]int32{} // by version
	for _, s := range o.readSteps() {
		if s.before != initial {
			replaced[s.after] = s.before
		}
	}
	done := map[int32]int{} // by version: the walk that came to it
	for walk, s := range o.readSteps() {
		for w, ok := s.after, true; ok; w, ok = replaced[w] {
			if by, seen := done[w]; seen {
				if by == walk {
					o.circle(w, replaced)
				}
				break
			}
			done[w] = walk
		}
	}
}

func (o *observed) circle(start int32, replaced map[int32]int32) {
	o.found.add(CyclicVersions, func() (string, []int32) {
		by := func(version int32) string {
			return fmt.Sprintf("%s by %s", o.ValueName(o.Ops[version].Value), o.Name(o.owner[version]))
		}
		what := by(start)
		transactions := []int32{o.owner[start]}
		for w := replaced[start]; w != start; w = replaced[w] {
			what += " replaced " + by(w) + ", which"
			transactions = append(transactions, o.owner[w])
		}
		return fmt.Sprintf("of %s, %s replaced %s", o.KeyName(o.Ops[start].Key), what, o.ValueName(o.Ops[start].Value)), transactions
	})
}
