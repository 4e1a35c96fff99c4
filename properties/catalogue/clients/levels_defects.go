package clients

import (
	"slices"

	"synchrony/checkers/isolation"
	"synchrony/models/history"
)

// defects are what is wrong with a history by single reads and writes, whatever the order of the transactions: each by its words, over all pairs.
type defects struct {
	h      *history.Transactions
	writer map[[2]int32]int32 // by key and value: the operation
	owner  []int32            // by operation
	found  map[string]bool    // by the names of the anomalies
}

// unexplained are the defects that make of a read no version at all, so that the others have no meaning.
func unexplained() []string {
	return []string{isolation.GarbageRead, isolation.DuplicateElements, isolation.IncompatibleOrder}
}

// forbiddenBy are the defects that a level forbids.
func (d *definition) forbidden() []string {
	list := unexplained()
	if d.strength() >= 1 {
		list = append(list, isolation.CyclicVersions, isolation.AbortedRead, isolation.IntermediateRead, isolation.DirtyUpdate)
	}
	if d.strength() >= 2 {
		list = append(list, isolation.FutureRead, isolation.Internal)
	}
	return list
}

func findDefects(h *history.Transactions) map[string]bool {
	d := &defects{h: h, writer: map[[2]int32]int32{}, owner: make([]int32, len(h.Ops)), found: map[string]bool{}}
	for tx := range int32(len(h.List)) {
		for i := h.List[tx].First; i < h.List[tx].End; i++ {
			if d.owner[i] = tx; h.Ops[i].Write {
				d.writer[[2]int32{h.Ops[i].Key, h.Ops[i].Value}] = i
			}
		}
	}
	d.eachRead(d.versionless)
	for _, name := range unexplained() {
		if d.found[name] {
			return d.found
		}
	}
	d.eachRead(d.consistent)
	d.eachRead(d.ofOthers)
	d.updates()
	d.circles()
	return d.found
}

// eachRead visits the reads of transactions that committed.
func (d *defects) eachRead(visit func(tx, op int32)) {
	for i := range d.h.Ops {
		if tx := d.owner[i]; !d.h.Ops[i].Write && d.h.List[tx].Outcome == history.Committed {
			visit(tx, int32(i))
		}
	}
}

// read is what a read saw, without what nobody wrote.
func (d *defects) read(op int32) []int32 {
	x := &d.h.Ops[op]
	switch {
	case d.h.Lists:
		return d.h.ListOf(x)
	case x.Value == 0:
		return nil
	default:
		return []int32{x.Value}
	}
}

func (d *defects) writerOf(op, value int32) (int32, bool) {
	w, ok := d.writer[[2]int32{d.h.Ops[op].Key, value}]
	return w, ok
}

// versionless looks for what is no version of a key.
func (d *defects) versionless(tx, op int32) {
	list := d.read(op)
	for i, v := range list {
		w, ok := d.writerOf(op, v)
		switch {
		case !ok:
			d.found[isolation.GarbageRead] = true
			continue
		case slices.Contains(list[:i], v):
			d.found[isolation.DuplicateElements] = true
		}
		for k := d.h.List[d.owner[w]].First; k < w && d.h.Lists; k++ { // what its transaction appended before is before it
			if x := &d.h.Ops[k]; x.Write && x.Key == d.h.Ops[op].Key && !slices.Contains(list[:i], x.Value) {
				d.found[isolation.IncompatibleOrder] = true
			}
		}
	}
	d.eachRead(func(_, other int32) {
		if whole := d.read(other); d.h.Lists && d.h.Ops[other].Key == d.h.Ops[op].Key && len(whole) >= len(list) && !slices.Equal(whole[:len(list)], list) {
			d.found[isolation.IncompatibleOrder] = true
		}
	})
}

// before are the operations of a transaction on the key of one of its own, before it.
func (d *defects) before(tx, op int32) (list []int32) {
	for i := d.h.List[tx].First; i < op; i++ {
		if d.h.Ops[i].Key == d.h.Ops[op].Key {
			list = append(list, i)
		}
	}
	return list
}

// consistent compares a read with what its transaction did before and after it.
func (d *defects) consistent(tx, op int32) {
	list := d.read(op)
	var expected []int32
	known := false
	for _, i := range d.before(tx, op) {
		switch x := &d.h.Ops[i]; {
		case !x.Write:
			expected, known = d.read(i), true
		case d.h.Lists:
			expected = append(slices.Clone(expected), x.Value)
		default:
			expected, known = []int32{x.Value}, true
		}
	}
	if known && !slices.Equal(list, expected) || len(list) < len(expected) || !slices.Equal(list[len(list)-len(expected):], expected) {
		d.found[isolation.Internal] = true
	}
	for _, v := range list {
		if w, _ := d.writerOf(op, v); d.owner[w] == tx && w > op {
			d.found[isolation.FutureRead] = true
		}
	}
}

// version is the write by another transaction that a read saw last; of nothing by another, false.
func (d *defects) version(tx, op int32) (int32, bool) {
	for _, v := range slices.Backward(d.read(op)) {
		if w, _ := d.writerOf(op, v); d.owner[w] != tx {
			return w, true
		}
	}
	return -1, false
}

// ofOthers looks at what a read saw of transactions that did not commit it.
func (d *defects) ofOthers(tx, op int32) {
	for _, v := range d.read(op) {
		if w, _ := d.writerOf(op, v); d.owner[w] != tx && d.h.List[d.owner[w]].Outcome == history.Aborted {
			d.found[isolation.AbortedRead] = true
		}
	}
	w, ok := d.version(tx, op)
	if !ok || d.h.List[d.owner[w]].Outcome == history.Aborted {
		return
	}
	for i := w + 1; i < d.h.List[d.owner[w]].End; i++ {
		if x := &d.h.Ops[i]; x.Write && x.Key == d.h.Ops[op].Key {
			d.found[isolation.IntermediateRead] = true
		}
	}
}

// replaces reports whether a transaction writes the key of one of its reads later.
func (d *defects) replaces(tx, op int32) bool {
	for i := op; i < d.h.List[tx].End; i++ {
		if d.h.Ops[i].Write && d.h.Ops[i].Key == d.h.Ops[op].Key {
			return true
		}
	}
	return false
}

// first reports whether a transaction writes the key of a read only after it.
func (d *defects) first(tx, op int32) bool {
	for _, i := range d.before(tx, op) {
		if d.h.Ops[i].Write {
			return false
		}
	}
	return true
}

// sameVersion reports whether two reads of a key saw the same write of others last, or none. A register that one's own write is read of shows none of others.
func (d *defects) sameVersion(op, other int32) bool {
	v, ok := d.version(d.owner[op], op)
	w, also := d.version(d.owner[other], other)
	hidden := !d.h.Lists && (!ok && len(d.read(op)) > 0 || !also && len(d.read(other)) > 0)
	return ok == also && v == w && !hidden
}

// updates looks for versions that two transactions replaced that had read them, and for those that were made of one that was aborted.
func (d *defects) updates() {
	d.eachRead(func(tx, op int32) {
		if !d.h.Lists {
			w, ok := d.version(tx, op)
			d.found[isolation.DirtyUpdate] = d.found[isolation.DirtyUpdate] || ok && d.h.List[d.owner[w]].Outcome == history.Aborted && d.replaces(tx, op)
		}
		dirty := false
		for _, v := range d.read(op) {
			w, _ := d.writerOf(op, v)
			aborted := d.h.List[d.owner[w]].Outcome == history.Aborted
			d.found[isolation.DirtyUpdate] = d.found[isolation.DirtyUpdate] || dirty && !aborted
			dirty = dirty || aborted
		}
		if !d.first(tx, op) || !d.replaces(tx, op) {
			return
		}
		d.eachRead(func(other, second int32) {
			if other != tx && d.h.Ops[second].Key == d.h.Ops[op].Key && d.first(other, second) && d.replaces(other, second) && d.sameVersion(op, second) {
				d.found[isolation.LostUpdate] = true
			}
		})
	})
}

// circles looks for registers whose versions replaced each other in a circle: a transaction that read one that took effect, before all else that it did
// on the key, and then wrote the key, has replaced it.
func (d *defects) circles() {
	if d.h.Lists {
		return
	}
	edge := map[[2]int32]bool{}
	d.eachRead(func(tx, op int32) {
		w, ok := d.version(tx, op)
		if !ok || len(d.before(tx, op)) > 0 || d.h.List[d.owner[w]].Outcome == history.Aborted {
			return
		}
		for i := d.h.List[tx].End - 1; i > op; i-- {
			if x := &d.h.Ops[i]; x.Write && x.Key == d.h.Ops[op].Key {
				edge[[2]int32{w, i}] = true
				return
			}
		}
	})
	if cyclic(edge) {
		d.found[isolation.CyclicVersions] = true
	}
}
