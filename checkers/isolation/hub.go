package isolation

import (
	"slices"

	"synchrony/checkers/internal/digraph"
)

// hub is the writers of some versions, in the order in which the versions are given, as the ends of edges that lead
// to all of them but the source itself: node prefix[i] leads to those up to i, and suffix[i] to those from i on.
type hub struct {
	*drawing
	writers        []int32
	prefix, suffix int32 // the first of these nodes, or none if there are so few writers that edges to each will do
}

// fewWriters is how many writers need no nodes of their own.
const fewWriters = 3

func (d *drawing) hub(versions []int32) *hub {
	h := &hub{drawing: d, prefix: none, suffix: none}
	for _, w := range versions {
		h.writers = append(h.writers, d.owner[w])
	}
	n := int32(len(h.writers))
	if n <= fewWriters {
		return h
	}
	h.prefix, h.suffix = d.nodes, d.nodes+n
	d.nodes += 2 * n
	for i := range n {
		d.Add(h.prefix+i, h.writers[i], through)
		d.Add(h.suffix+i, h.writers[i], through)
		if i > 0 {
			d.Add(h.prefix+i, h.prefix+i-1, through)
			d.Add(h.suffix+i-1, h.suffix+i, through)
		}
	}
	return h
}

// before adds edges from a transaction to all writers but itself.
func (h *hub) before(tx int32, kind digraph.Kind) { h.beforeFrom(tx, 0, kind) }

// beforeFrom adds edges from a transaction to the writers from number i on, but itself.
func (h *hub) beforeFrom(tx int32, i int, kind digraph.Kind) {
	if h.prefix == none {
		for _, w := range h.writers[i:] {
			h.edge(tx, w, kind)
		}
		return
	}
	own, found := slices.BinarySearch(h.writers[i:], tx) // versions are in the order of their transactions
	switch {
	case i == len(h.writers):
	case !found:
		h.Add(tx, h.suffix+int32(i), kind)
	default:
		if own > 0 && i == 0 {
			h.Add(tx, h.prefix+int32(own-1), kind)
		}
		for k := i; i > 0 && k < i+own; k++ { // a part of the prefix only
			h.Add(tx, h.writers[k], kind)
		}
		if i+own+1 < len(h.writers) {
			h.Add(tx, h.suffix+int32(i+own+1), kind)
		}
	}
}
