package isolation

import (
	"fmt"
	"slices"

	"synchrony/models/history"
)

// readLists finds the order of the appends of each key, which is that of the longest list read, and what is wrong with
// reads by themselves.
func (o *observed) readLists() {
	longest := make([]int32, len(o.Keys)) // by key: the read of it
	for k := range longest {
		longest[k] = none
	}
	o.committedReads(func(tx, op int32) {
		k := o.Ops[op].Key
		if l := longest[k]; l == none || o.Ops[op].Count > o.Ops[l].Count {
			longest[k] = op
		}
	})
	o.order = make([][]int32, len(o.Keys))
	for k, op := range longest {
		if op != none {
			o.listOrder(int32(k), op)
		}
	}
	o.committedReads(func(tx, op int32) { o.readList(tx, op, longest[o.Ops[op].Key]) })
	o.looseVersions()
	o.dirtyUpdates()
}

// listOrder takes the order of a key's versions from a list.
func (o *observed) listOrder(key, op int32) {
	tx := o.owner[op]
	list, writers := o.ListOf(&o.Ops[op]), o.writersOf(&o.Ops[op])
	for i, w := range writers {
		value := list[i]
		switch {
		case w == none:
			o.garbage(tx, op, value)
			continue
		case o.place[w] != 0:
			o.found.add(DuplicateElements, func() (string, []int32) {
				return fmt.Sprintf("%s read %s as %s: %s was appended once, and is there twice", o.Name(tx), o.KeyName(key), o.ListText(o.ListOf(&o.Ops[op])), o.ValueName(value)), []int32{tx}
			})
			continue
		}
		if p := o.ownBefore(w); p != none && o.place[p] == 0 {
			o.found.add(IncompatibleOrder, func() (string, []int32) {
				return fmt.Sprintf("%s read %s as %s, with %s and not before it %s, which %s had appended first", o.Name(tx), o.KeyName(key), o.ListText(o.ListOf(&o.Ops[op])),
					o.ValueName(value), o.ValueName(o.Ops[p].Value), o.Name(o.owner[w])), []int32{o.owner[w], tx}
			})
		}
		o.revive(w)
		o.order[key] = append(o.order[key], w)
		o.place[w] = int32(len(o.order[key]))
	}
}

// readList checks one read against the longest of its key, and notes which version it saw.
func (o *observed) readList(tx, op, longest int32) {
	list, writers := o.ListOf(&o.Ops[op]), o.writersOf(&o.Ops[op])
	if whole := o.ListOf(&o.Ops[longest]); o.Ops[op].Value != o.Ops[longest].Value && !slices.Equal(list, whole[:len(list)]) {
		o.incompatible(tx, op, longest)
		for _, w := range writers {
			if w != none {
				o.revive(w)
			}
		}
	}
	own := o.checkOwn(tx, op, list, writers)
	for i, w := range writers {
		if w != none && o.List[o.owner[w]].Outcome == history.Aborted {
			o.found.add(AbortedRead, func() (string, []int32) {
				return fmt.Sprintf("%s read %s of %s, which %s appended and which was aborted", o.Name(tx), o.ValueName(list[i]), o.KeyName(o.Ops[op].Key), o.Name(o.owner[w])), []int32{o.owner[w], tx}
			})
			break
		}
	}
	o.futureElement(tx, op, list)
	version := initial
	for _, w := range slices.Backward(writers[:len(writers)-own]) {
		if w != none && o.owner[w] != tx { // own ones here are of the future
			version = w
			break
		}
	}
	if version != initial && o.List[o.owner[version]].Outcome == history.Aborted {
		o.reads = append(o.reads, read{tx, op, version}) // was noted
	} else {
		o.seen(tx, op, version)
	}
}

// futureElement looks for an element that the transaction itself appends only after it has read the list.
func (o *observed) futureElement(tx, op int32, list []int32) {
	for i := o.next[op]; i != none; i = o.next[i] {
		if o.Ops[i].Write && slices.Contains(list, o.Ops[i].Value) {
			o.future(tx, op, i)
			return
		}
	}
}

func (o *observed) incompatible(tx, op, longest int32) {
	o.found.add(IncompatibleOrder, func() (string, []int32) {
		other := o.owner[longest]
		return fmt.Sprintf("%s read %s as %s, and %s as %s: neither list can have grown to the other", o.Name(tx), o.KeyName(o.Ops[op].Key),
			o.ListText(o.ListOf(&o.Ops[op])), o.Name(other), o.ListText(o.ListOf(&o.Ops[longest]))), []int32{tx, other}
	})
}

// checkOwn checks a list, of elements with these writes, against what the transaction itself read and appended before, and returns how many
// elements at its end are its own.
func (o *observed) checkOwn(tx, op int32, list, writers []int32) int {
	var appended []int32 // since the read before, the last one first
	i := o.prev[op]
	for ; i != none && o.Ops[i].Write; i = o.prev[i] {
		appended = append(appended, o.Ops[i].Value)
	}
	slices.Reverse(appended)
	if i != none { // a read, which tells all
		if expected := slices.Concat(o.ListOf(&o.Ops[i]), appended); !slices.Equal(list, expected) {
			o.internal(tx, op, o.ListText(expected))
		}
	} else if len(list) < len(appended) || !slices.Equal(list[len(list)-len(appended):], appended) {
		o.internal(tx, op, "a list that ends in "+o.ListText(appended))
	}
	own := 0
	for own < len(list) {
		w := writers[len(list)-1-own]
		if w == none || o.owner[w] != tx || w > op {
			break
		}
		own++
	}
	return own
}

// dirtyUpdates takes the versions of aborted transactions out of the orders, after it has looked for versions that
// were appended to one. A version that is taken out has the place of the one before it.
func (o *observed) dirtyUpdates() {
	for k, order := range o.order {
		dirty := none
		kept := order[:0]
		for _, w := range order {
			if o.List[o.owner[w]].Outcome == history.Aborted {
				dirty = w
			} else {
				kept = append(kept, w)
				if dirty != none {
					o.dirtyUpdate(int32(k), dirty, w)
				}
			}
			o.place[w] = int32(len(kept))
		}
		o.order[k] = kept
	}
}

// dirtyUpdate notes that a version was made of one that was aborted.
func (o *observed) dirtyUpdate(key, dirty, version int32) {
	from, to := o.owner[dirty], o.owner[version]
	o.found.add(DirtyUpdate, func() (string, []int32) {
		return fmt.Sprintf("%s wrote %s %s over %s, which %s had written and which was aborted", o.Name(to), o.KeyName(key), o.ValueName(o.Ops[version].Value),
			o.ValueName(o.Ops[dirty].Value), o.Name(from)), []int32{from, to}
	})
}
