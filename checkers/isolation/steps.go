package isolation

import (
	"slices"
	"time"
)

// assumptions are what is taken to tell the order of a register's versions, beside what is certain at any level.
type assumptions struct {
	reads   bool // who read a version and wrote the key has replaced it
	session bool // a process' later write of a key comes later
	time    bool // a write that began when another had returned comes later
	seen    bool // with time: what a read saw comes after what was there when the read began
}

// registers adds the ww and rw edges of registers that are certain by some assumptions.
func (d *drawing) registers(a assumptions) {
	readers := d.readersOf()
	for key, versions := range d.loose {
		if len(versions) == 0 {
			continue
		}
		hub := d.hub(versions)
		for _, tx := range readers[initial-int32(key)] {
			hub.before(tx, RW)
		}
	}
	if a.reads {
		for _, s := range d.readSteps() {
			d.step(s, readers)
		}
	}
	if a.session {
		d.sessionSteps(readers)
	}
	if a.time {
		d.timeSteps(readers, a.seen)
	}
}

// readersOf is by version who read it; of the initial version of key k, by initial-k.
func (o *observed) readersOf() map[int32][]int32 {
	readers := map[int32][]int32{}
	for _, r := range o.reads {
		version := r.version
		if version == initial {
			version -= o.Ops[r.op].Key
		}
		readers[version] = append(readers[version], r.tx)
	}
	return readers
}

// step adds the edges of a step of versions that is known.
func (d *drawing) step(s step, readers map[int32][]int32) {
	to := d.owner[s.after]
	if s.before == initial {
		return // all writers replace it
	}
	d.edge(d.owner[s.before], to, WW)
	for _, tx := range readers[s.before] {
		d.edge(tx, to, RW)
	}
}

// sessionSteps adds the steps between the writes of each process.
func (d *drawing) sessionSteps(readers map[int32][]int32) {
	for _, versions := range d.loose {
		last := map[int32]int32{}
		for _, w := range versions { // in the order of their invocations
			process := d.List[d.owner[w]].Process
			if before, ok := last[process]; ok {
				d.step(step{before, w}, readers)
			}
			last[process] = w
		}
	}
}

// timeSteps adds the steps between a version and all of those whose writers were invoked when it was there, and
// from one that was there to that which a later read still saw.
func (d *drawing) timeSteps(readers map[int32][]int32, seen bool) {
	var began map[int32]time.Duration
	if seen {
		began = d.lastReads(readers)
	}
	for _, versions := range d.loose {
		if len(versions) < 2 {
			continue
		}
		hub := d.hub(versions)
		for at, w := range versions {
			x := &d.List[d.owner[w]]
			i, _ := slices.BinarySearchFunc(versions, x.Returned, func(v int32, t time.Duration) int {
				if d.List[d.owner[v]].Invoked <= t {
					return -1
				}
				return 1
			})
			for _, tx := range readers[w] {
				hub.beforeFrom(tx, i, RW)
			}
			for _, other := range versions[at+1 : max(i, at+1)] { // which were under way at the same time
				if d.pairs++; !seen || d.pairs > maxSeen {
					break
				}
				d.seenLater(w, other, began, readers)
				d.seenLater(other, w, began, readers)
			}
		}
	}
}

// maxSeen bounds how many pairs of writes that were under way at the same time are looked at, with the readers of those
// of which it tells the order. What is not known of the others is left to the search for an order.
const maxSeen = 50_000_000

// seenLater adds the step from a version to another of which there is a read that began when the first was there.
func (d *drawing) seenLater(first, second int32, began map[int32]time.Duration, readers map[int32][]int32) {
	if last, ok := began[second]; ok && last > d.List[d.owner[first]].Returned {
		d.pairs += len(readers[first])
		d.step(step{first, second}, readers)
	}
}

// lastReads is by version when the last read of it began.
func (d *drawing) lastReads(readers map[int32][]int32) map[int32]time.Duration {
	last := make(map[int32]time.Duration, len(readers))
	for version, list := range readers {
		for _, tx := range list {
			if at, ok := last[version]; !ok || at < d.List[tx].Invoked {
				last[version] = d.List[tx].Invoked
			}
		}
	}
	return last
}
