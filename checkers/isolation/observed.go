package isolation

import (
	"fmt"
	"slices"

	"synchrony/models/history"
	"synchrony/models/text"
)

// none stands for no operation, no transaction and no version; initial for the version of a key that nobody wrote.
const (
	none    int32 = -1
	initial int32 = -2
	unasked int32 = -3 // of an element, for its write was not looked for yet
)

// observed is what reads tell of the writes of a history. Versions are writes, by the index of their operation.
type observed struct {
	*history.Transactions
	owner  []int32 // by operation: its transaction
	prev   []int32 // by operation: the one before it of the same transaction and key, or none
	next   []int32 // by operation: the one after it of the same
	writes writes  // by key and value
	wrote  []int32 // by element of the lists that were read: the write of it, or none, or unasked
	live   []bool  // by transaction: whether it took effect

	reads []read     // of other transactions' versions, by committed ones
	found *anomalies // that are no cycles
	order [][]int32  // by key: the versions in the order that reads reveal; of registers, none
	loose [][]int32  // by key: the versions that took effect and are not in order
	place []int32    // by operation: the place of a version in order, from 1; else 0
}

// read is that a committed transaction saw a version of another; that which nobody wrote is initial.
type read struct{ tx, op, version int32 }

// observe indexes the operations. The error is a [*text.MalformedError] for a value that is written twice.
func observe(h *history.Transactions) (*observed, error) {
	n := len(h.Ops)
	o := &observed{
		Transactions: h, reads: make([]read, 0, n), owner: make([]int32, n), prev: make([]int32, n), next: make([]int32, n),
		live: make([]bool, len(h.List)), found: &anomalies{}, place: make([]int32, n),
		wrote: slices.Repeat([]int32{unasked}, len(h.Elements)),
	}
	last := make([]int32, len(h.Keys)) // by key: the operation seen last
	for k := range last {
		last[k] = none
	}
	for tx := range int32(len(h.List)) {
		x := &h.List[tx]
		o.live[tx] = x.Outcome == history.Committed
		for i := x.First; i < x.End; i++ {
			op := &h.Ops[i]
			o.owner[i], o.prev[i], o.next[i] = tx, none, none
			if p := last[op.Key]; p >= x.First && p < x.End {
				o.prev[i], o.next[p] = p, i
			}
			last[op.Key] = i
		}
	}
	o.writes = writesOf(h)
	if first, second, found := o.writes.twice(o.owner); found {
		return nil, &text.MalformedError{Where: fmt.Sprint(h.List[o.owner[second]].Line), Reason: fmt.Sprintf(
			"%s writes what line %d writes: a read could not tell which it saw", h.OpText(&h.Ops[second]), h.List[o.owner[first]].Line)}
	}
	return o, nil
}

// versionOf is a key and a value as one number.
func versionOf(key, value int32) uint64 { return uint64(uint32(key))<<32 | uint64(uint32(value)) }

// writer is the write of a value; none if nobody wrote it.
func (o *observed) writer(key, value int32) int32 { return o.writes.find(key, value) }

// writersOf are the writes of the elements that a read of a list saw, or none, in their order.
func (o *observed) writersOf(read *history.Op) []int32 {
	list := o.wrote[read.Value : read.Value+read.Count]
	for i, w := range list {
		if w == unasked {
			list[i] = o.writer(read.Key, o.Elements[read.Value+int32(i)])
		}
	}
	return list
}

// revive makes live a transaction of unknown outcome of which a write was seen.
func (o *observed) revive(version int32) {
	if tx := o.owner[version]; o.List[tx].Outcome == 0 {
		o.live[tx] = true
	}
}

// committedReads calls visit with each read of a committed transaction.
func (o *observed) committedReads(visit func(tx, op int32)) {
	for tx := range int32(len(o.List)) {
		x := &o.List[tx]
		if x.Outcome != history.Committed {
			continue
		}
		for i := x.First; i < x.End; i++ {
			if !o.Ops[i].Write {
				visit(tx, i)
			}
		}
	}
}

// lastOwn is whether a version is the last that its transaction wrote of the key.
func (o *observed) lastOwn(version int32) bool {
	for i := o.next[version]; i != none; i = o.next[i] {
		if o.Ops[i].Write {
			return false
		}
	}
	return true
}

// ownBefore is the last write of a key by the transaction of an operation before it, or none.
func (o *observed) ownBefore(op int32) int32 {
	for i := o.prev[op]; i != none; i = o.prev[i] {
		if o.Ops[i].Write {
			return i
		}
	}
	return none
}

// seen notes a read of a version of another transaction, and what is wrong with it by itself.
func (o *observed) seen(tx, op, version int32) {
	o.reads = append(o.reads, read{tx, op, version})
	if version == initial {
		return
	}
	writer := o.owner[version]
	example := func(what string) func() (string, []int32) {
		return func() (string, []int32) {
			return fmt.Sprintf("%s read %s %s, which %s wrote and %s", o.Name(tx), o.KeyName(o.Ops[op].Key), o.ValueName(o.Ops[version].Value), o.Name(writer), what), []int32{writer, tx}
		}
	}
	switch {
	case o.List[writer].Outcome == history.Aborted:
		o.found.add(AbortedRead, example("which was aborted"))
	case !o.lastOwn(version):
		o.found.add(IntermediateRead, example("itself replaced before it committed"))
	}
}

// garbage notes a read of what nobody wrote.
func (o *observed) garbage(tx, op, value int32) {
	o.found.add(GarbageRead, func() (string, []int32) {
		return fmt.Sprintf("%s read %s in %s, which no transaction wrote", o.Name(tx), o.ValueName(value), o.KeyName(o.Ops[op].Key)), []int32{tx}
	})
}

// future notes a read of what the transaction itself writes later.
func (o *observed) future(tx, op, version int32) {
	o.found.add(FutureRead, func() (string, []int32) {
		return fmt.Sprintf("%s read %s %s before it wrote that itself", o.Name(tx), o.KeyName(o.Ops[op].Key), o.ValueName(o.Ops[version].Value)), []int32{tx}
	})
}

// internal notes a read that differs from what the transaction itself did or saw before.
func (o *observed) internal(tx, op int32, expected string) {
	o.found.add(Internal, func() (string, []int32) {
		return fmt.Sprintf("%s: %s, where what it did before on that key gives %s", o.Name(tx), o.OpText(&o.Ops[op]), expected), []int32{tx}
	})
}

// looseVersions lists by key the live writes that are not in order, one a transaction: the last of its writes.
func (o *observed) looseVersions() {
	o.loose = make([][]int32, len(o.Keys))
	for tx := range int32(len(o.List)) {
		if !o.live[tx] {
			continue
		}
		for i := o.List[tx].First; i < o.List[tx].End; i++ {
			if op := &o.Ops[i]; op.Write && o.place[i] == 0 && o.lastOwn(i) {
				o.loose[op.Key] = append(o.loose[op.Key], i)
			}
		}
	}
}

// lostUpdates finds transactions that replaced a version that they had read, and that another did, too.
func (o *observed) lostUpdates() {
	first := map[uint64]int32{} // by key and version: who read and replaced it
	for _, r := range o.reads {
		if o.ownBefore(r.op) != none || !o.writesAfter(r.op) {
			continue
		}
		id := versionOf(o.Ops[r.op].Key, r.version)
		other, ok := first[id]
		if !ok {
			first[id] = r.tx
		}
		if ok && other != r.tx {
			o.found.add(LostUpdate, func() (string, []int32) {
				return fmt.Sprintf("%s and %s both read %s and then wrote %s: one did not see the other's update", o.Name(other), o.Name(r.tx),
					o.readText(r), o.KeyName(o.Ops[r.op].Key)), []int32{other, r.tx}
			})
		}
	}
}

func (o *observed) writesAfter(op int32) bool {
	for i := o.next[op]; i != none; i = o.next[i] {
		if o.Ops[i].Write {
			return true
		}
	}
	return false
}

// readText is a key and what was read of it: "x 5", "x [1 2]" or "x nil".
func (o *observed) readText(r read) string {
	op := &o.Ops[r.op]
	if o.Lists {
		return o.KeyName(op.Key) + " " + o.ListText(o.ListOf(op))
	}
	return o.KeyName(op.Key) + " " + o.ValueName(op.Value)
}
