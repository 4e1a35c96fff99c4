package recording

import (
	"cmp"
	"slices"

	"synchrony/models/history"
)

// RegisterWrites infers the versions of transactions that read and write registers,
// each value written once to a register. A write of a transaction that has read the
// register replaces what was read, if there is a serial order at all; of other writes
// the order is not known. The errors are as of [Recording.ListAppends].
func (r *Recording) RegisterWrites() (*Versioned, error) {
	v, err := newVersioning(r, history.WriteKey)
	if err != nil {
		return nil, err
	}
	p, err := v.predecessors()
	if err != nil {
		return nil, err
	}
	return &Versioned{Likely: v.history(p.orders()), Certain: p.segments(), Exact: p.blind == 0}, nil
}

// predecessors are the writes that took effect, with what each replaced.
type predecessors struct {
	*versioning
	all   [][]write       // by key, by the return of their transactions
	prev  map[write]write // the write replaced, of those that replace one
	first map[write]bool  // those that replace the initial version
	blind int             // how many replace nobody knows what
}

func (v *versioning) predecessors() (*predecessors, error) {
	p := &predecessors{versioning: v, prev: map[write]write{}, first: map[write]bool{}}
	for i, c := range v.calls {
		for k := range c.Actions {
			if a := &c.Actions[k]; a.Kind == history.ReadKey && v.told(i) && a.Value.Kind != history.Absent {
				if err := v.sees(i, k, v.keys[a.Key], lastElement(a.Value)); err != nil {
					return nil, err
				}
			}
		}
	}
	for key := range v.names {
		p.all = append(p.all, v.unread(key, nil))
		for _, w := range p.all[key] {
			p.replaced(key, w)
		}
		p.settleFirst(key)
	}
	return p, nil
}

// settleFirst takes the first blind write of a key to follow what certainly comes
// before all of them: the initial version, what replaced that, and so on.
func (p *predecessors) settleFirst(key int) {
	next := map[write]write{}
	var first, last write
	found := false
	blind := -1
	for i, w := range p.all[key] {
		prev, ok := p.prev[w]
		switch {
		case ok:
			next[prev] = w
		case p.first[w]:
			first, found = w, true
		case blind < 0:
			blind = i
		}
	}
	if blind < 0 {
		return
	}
	w := p.all[key][blind]
	p.blind--
	if !found {
		p.first[w] = true
		return
	}
	for ok := true; ok; first, ok = next[first] { // no circle begins with the initial version
		last = first
	}
	p.prev[w] = last
}

// replaced finds what a write replaced in what its transaction did before.
func (p *predecessors) replaced(key int, w write) {
	actions := p.calls[w.call].Actions
	for k := w.action - 1; k >= 0; k-- {
		switch a := &actions[k]; {
		case a.Key != p.names[key]:
		case a.Kind == history.WriteKey:
			p.prev[w] = write{w.call, k}
			return
		case !p.told(w.call):
		case a.Value.Kind == history.Absent:
			p.first[w] = true
			return
		default:
			p.prev[w] = p.writers[key][lastElement(a.Value)]
			return
		}
	}
	p.blind++
}

// orders is an order of each key's writes in which each follows what it replaced, as
// closely as it can be, and otherwise as their transactions returned.
func (p *predecessors) orders() [][]write {
	orders := make([][]write, len(p.names))
	for key, all := range p.all {
		next := map[write][]write{}
		var starts, blind []write
		for _, w := range all {
			if prev, ok := p.prev[w]; ok {
				next[prev] = append(next[prev], w)
			} else if p.first[w] {
				starts = append(starts, w)
			} else {
				blind = append(blind, w)
			}
		}
		todo := slices.Concat(starts, blind)
		slices.Reverse(todo)
		placed := map[write]bool{}
		for len(todo) > 0 {
			w := todo[len(todo)-1]
			todo = append(todo[:len(todo)-1], next[w]...)
			if !placed[w] {
				placed[w] = true
				orders[key] = append(orders[key], w)
			}
		}
		for _, w := range all { // those that replaced each other in a circle
			if !placed[w] {
				orders[key] = append(orders[key], w)
			}
		}
	}
	return orders
}

// versionOf is a write's version; that of one that failed counts as the initial one.
func (p *predecessors) versionOf(access map[write]int32, w write) int32 {
	if x, ok := access[w]; ok {
		return x
	}
	return history.InitialVersion
}

// segments is the history with each key divided into segments, which are keys to it: a
// blind write, and what follows from it. The order within a segment is certain, and
// that of segments is left open.
func (p *predecessors) segments() *history.History {
	h := &history.History{Keys: slices.Clone(p.names)} // first the segments of the initial versions
	segment := map[write]int32{}
	for _, all := range p.all {
		for _, w := range all {
			root, key := p.root(w)
			if key >= 0 {
				segment[w] = int32(key)
				continue
			}
			if _, ok := segment[root]; !ok {
				segment[root] = int32(len(h.Keys))
				h.Keys = append(h.Keys, p.calls[w.call].Actions[w.action].Key)
			}
			segment[w] = segment[root]
		}
	}
	h.Initial = make([]int64, len(h.Keys))
	access := map[write]int32{}
	var later []func()
	known := map[string]int64{}
	for i, c := range p.calls {
		p.begin(h, i, c)
		for k := range c.Actions {
			a, w := &c.Actions[k], write{i, k}
			switch {
			case a.Kind == history.WriteKey && p.happened(i):
				x := h.Add(history.WriteOf(segment[w], history.InitialVersion, valueOf(a.Value, known)))
				access[w] = x
				if prev, ok := p.prev[w]; ok {
					later = append(later, func() { h.Accesses[x].Version = p.versionOf(access, prev) })
				}
			case a.Kind == history.ReadKey && p.told(i) && a.Value.Kind == history.Absent:
				h.Add(history.ReadOf(int32(p.keys[a.Key]), history.InitialVersion, 0))
			case a.Kind == history.ReadKey && p.told(i):
				from := p.writers[p.keys[a.Key]][lastElement(a.Value)]
				if !p.happened(from.call) {
					continue // of one that failed: the likely history shows it
				}
				x := h.Add(history.ReadOf(segment[from], history.InitialVersion, valueOf(a.Value, known)))
				later = append(later, func() { h.Accesses[x].Version = access[from] })
			}
		}
	}
	for _, f := range later {
		f()
	}
	return h
}

// root goes back from a write over what it and those before it replaced: to a blind
// write, to the initial version of a key, which is then not negative, or round a
// circle to the first of its writes.
func (p *predecessors) root(w write) (write, int) {
	seen := map[write]bool{}
	for !seen[w] {
		seen[w] = true
		prev, ok := p.prev[w]
		if !ok || !p.happened(prev.call) {
			if p.first[w] {
				return w, p.keys[p.calls[w.call].Actions[w.action].Key]
			}
			return w, -1
		}
		w = prev
	}
	least := w
	for x := p.prev[w]; x != w; x = p.prev[x] {
		if cmp.Or(cmp.Compare(x.call, least.call), cmp.Compare(x.action, least.action)) < 0 {
			least = x
		}
	}
	return least, -1
}
