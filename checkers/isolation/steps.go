package isolation

import (
	"math"
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
		for _, tx := range readers.ofInitial(int32(key)) {
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

// readers are the transactions that read each version, in a list of all with the place where those of each begin: the initial versions of all keys first, then those of
// all operations.
type readers struct {
	keys  int32
	start []int32
	list  []int32
}

// readersOf is who read each version.
func (o *observed) readersOf() readers {
	r := readers{keys: int32(len(o.Keys)), start: make([]int32, len(o.Keys)+len(o.Ops)+1), list: make([]int32, len(o.reads))}
	index := func(x read) int32 {
		if x.version == initial {
			return o.Ops[x.op].Key
		}
		return r.keys + x.version
	}
	for _, x := range o.reads {
		r.start[index(x)+1]++
	}
	for i := range len(r.start) - 1 {
		r.start[i+1] += r.start[i]
	}
	next := slices.Clone(r.start)
	for _, x := range o.reads {
		i := index(x)
		r.list[next[i]] = x.tx
		next[i]++
	}
	return r
}

// of are those who read the version that an operation wrote, ofInitial those who read a key before it was written.
func (r readers) of(version int32) []int32 {
	return r.list[r.start[r.keys+version]:r.start[r.keys+version+1]]
}
func (r readers) ofInitial(key int32) []int32 { return r.list[r.start[key]:r.start[key+1]] }

// step adds the edges of a step of versions that is known.
func (d *drawing) step(s step, readers readers) {
	to := d.owner[s.after]
	if s.before == initial {
		return // all writers replace it
	}
	d.edge(d.owner[s.before], to, WW)
	for _, tx := range readers.of(s.before) {
		d.edge(tx, to, RW)
	}
}

// sessionSteps adds the steps between the writes of each process.
func (d *drawing) sessionSteps(readers readers) {
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
func (d *drawing) timeSteps(readers readers, seen bool) {
	var began []time.Duration
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
			for _, tx := range readers.of(w) {
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
func (d *drawing) seenLater(first, second int32, began []time.Duration, readers readers) {
	if began[second] > d.List[d.owner[first]].Returned {
		d.pairs += len(readers.of(first))
		d.step(step{first, second}, readers)
	}
}

// lastReads is by operation when the last read of the version that it wrote began; before all times if nobody read it.
func (d *drawing) lastReads(readers readers) []time.Duration {
	last := make([]time.Duration, len(d.Ops))
	for version := range last {
		last[version] = math.MinInt64
		for _, tx := range readers.of(int32(version)) {
			last[version] = max(last[version], d.List[tx].Invoked)
		}
	}
	return last
}
