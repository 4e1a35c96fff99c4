package isolation

import (
	"cmp"
	"slices"

	"synchrony/models/history"
)

// writes are the writes of a history, those of each key by their values, in one array: where many are looked up, it is
// faster than a map, and smaller.
type writes struct {
	start []int32 // by key: where its writes begin, which end where those of the next begin
	list  []write
}

// write is the value and the operation of a write.
type write struct{ value, op int32 }

// writesOf files the writes of a history's transactions. Of the same value of a key, the first comes first.
func writesOf(h *history.Transactions) writes {
	w := writes{start: make([]int32, len(h.Keys)+2)}
	for tx := range int32(len(h.List)) {
		for _, op := range h.Of(tx) {
			if op.Write {
				w.start[op.Key+2]++
			}
		}
	}
	for k := 2; k < len(w.start); k++ {
		w.start[k] += w.start[k-1]
	}
	w.list = make([]write, w.start[len(w.start)-1])
	for tx := range int32(len(h.List)) {
		for i, op := range h.Of(tx) {
			if op.Write {
				at := &w.start[op.Key+1]
				w.list[*at] = write{op.Value, h.List[tx].First + int32(i)}
				*at++
			}
		}
	}
	for k := range h.Keys {
		slices.SortStableFunc(w.of(int32(k)), func(x, y write) int { return cmp.Compare(x.value, y.value) })
	}
	return w
}

// of are the writes of a key.
func (w *writes) of(key int32) []write { return w.list[w.start[key]:w.start[key+1]] }

// find is the write of a value; none if nobody wrote it.
func (w *writes) find(key, value int32) int32 {
	list := w.of(key)
	from, to := 0, len(list)
	for from < to {
		if middle := (from + to) / 2; list[middle].value < value {
			from = middle + 1
		} else {
			to = middle
		}
	}
	if from < len(list) && list[from].value == value {
		return list[from].op
	}
	return none
}

// twice finds the first write, by transactions in their order, of what had been written before, and that write.
func (w *writes) twice(owner []int32) (first, second int32, found bool) {
	for k := range len(w.start) - 2 {
		list := w.of(int32(k))
		for i := 1; i < len(list); i++ {
			op := list[i].op
			if list[i].value == list[i-1].value && (!found || cmp.Or(cmp.Compare(owner[op], owner[second]), cmp.Compare(op, second)) < 0) {
				first, second, found = list[i-1].op, op, true
			}
		}
	}
	return first, second, found
}
