package isolation

import (
	"container/heap"
	"slices"

	"synchrony/checkers"
	"synchrony/checkers/internal/digraph"
)

// likely is full orders of the versions that agree with an order of the transactions.
func (j *judge) likely(position []int32) [][]int32 {
	orders := make([][]int32, len(j.Keys))
	for key, loose := range j.loose {
		loose = slices.Clone(loose)
		slices.SortStableFunc(loose, func(x, y int32) int { return int(position[j.owner[x]]) - int(position[j.owner[y]]) })
		orders[key] = slices.Concat(j.order[key], loose)
	}
	return orders
}

// positions are the places of the transactions in an order in which each comes after those that edges of some kinds
// lead from to it, and edges of any kind that are on no cycle, and otherwise as they returned; nil if there is none.
func (g *graph) positions(over digraph.Kinds) []int32 {
	parts := g.components(nil)
	counts := func(from int32, e digraph.Edge) bool { return over.Has(e.Kind()) || parts.Of[from] != parts.Of[e.To()] }
	degree := make([]int32, g.Nodes)
	for node := range g.Nodes {
		for _, e := range g.Of(node) {
			if counts(node, e) {
				degree[e.To()]++
			}
		}
	}
	q := &ready{graph: g}
	for node := range g.Nodes {
		if degree[node] == 0 {
			q.add(node)
		}
	}
	position := make([]int32, g.Nodes)
	count := int32(0)
	for {
		node, ok := q.take()
		if !ok {
			break
		}
		position[node] = count
		count++
		for _, e := range g.Of(node) {
			if !counts(node, e) {
				continue
			}
			if degree[e.To()]--; degree[e.To()] == 0 {
				q.add(e.To())
			}
		}
	}
	if count < g.Nodes {
		return nil
	}
	return position
}

// ready are nodes that may come next: those that stand for edges at once, and transactions as they returned.
type ready struct {
	*graph
	links []int32
	heap  []int32
}

func (q *ready) add(node int32) {
	if q.isTransaction(node) {
		heap.Push(q, node)
	} else {
		q.links = append(q.links, node)
	}
}

func (q *ready) take() (int32, bool) {
	if n := len(q.links); n > 0 {
		node := q.links[n-1]
		q.links = q.links[:n-1]
		return node, true
	}
	if len(q.heap) == 0 {
		return 0, false
	}
	return heap.Pop(q).(int32), true
}

// Len, Less, Swap, Push and Pop are those of a heap.
func (q *ready) Len() int { return len(q.heap) }

func (q *ready) Less(i, k int) bool {
	x, y := q.heap[i], q.heap[k]
	if a, b := q.List[x].Returned, q.List[y].Returned; a != b {
		return a < b
	}
	return x < y
}
func (q *ready) Swap(i, k int) { q.heap[i], q.heap[k] = q.heap[k], q.heap[i] }
func (q *ready) Push(x any)    { q.heap = append(q.heap, x.(int32)) }
func (q *ready) Pop() any {
	x := q.heap[len(q.heap)-1]
	q.heap = q.heap[:len(q.heap)-1]
	return x
}

// maxArrangements is how many full orders of versions are tried, if there are so few; maxArranged how many operations of
// transactions are looked at for them in all, and maxPermuting how many pairs of versions to find them.
const (
	maxArrangements = 20_000
	maxArranged     = 400_000_000
	maxPermuting    = 20_000_000
)

// searchOrders tries all orders of the versions whose order is free, if there are few: Pass if some of them satisfy
// a level, Fail if none do. What a level forbids are cycles, so keys whose versions can be on none together are tried by themselves.
func (j *judge) searchOrders(l Level) checkers.Status {
	p := j.permuter(l)
	left := min(maxArrangements, maxArranged/max(len(j.Ops), 1))
	orders := make([][]int32, len(j.Keys))
	for key, loose := range j.loose {
		orders[key] = slices.Concat(j.order[key], loose)
	}
	status := checkers.Pass
	for _, t := range j.tangles(l) {
		choices, count := p.choices(j.loose, t.keys, left)
		if left -= count; choices == nil {
			status = checkers.Unknown
			continue
		}
		switch j.tryOrders(l, t, choices, orders) {
		case checkers.Fail:
			return checkers.Fail
		case checkers.Unknown:
			status = checkers.Unknown
		}
	}
	if status == checkers.Pass && j.arranged(orders).cyclic(nil).violates(l) != checkers.Pass {
		return checkers.Unknown
	}
	return status
}

// tangle is keys whose free versions may be on cycles together, and the nodes that may be.
type tangle struct {
	keys  []int
	nodes []int32 // transactions, and links of time
}

// tangles are the components of the graph in which versions of a key whose order is free, and those who read them, come before and after each other.
func (j *judge) tangles(l Level) []tangle {
	d := j.drawn(j.assumed(l))
	links := d.links
	for _, loose := range j.loose {
		for i := 1; i < len(loose); i++ {
			d.edge(j.owner[loose[i-1]], j.owner[loose[i]], WW)
			d.edge(j.owner[loose[i]], j.owner[loose[i-1]], WW)
		}
	}
	for _, r := range j.reads {
		if loose := j.loose[j.Ops[r.op].Key]; j.placeOf(r) == 0 {
			for _, w := range loose[:min(2, len(loose))] { // one of them is another transaction's
				d.edge(r.tx, j.owner[w], RW)
			}
		}
	}
	g := d.graph()
	parts := g.Components(nil, everything)
	of := map[int32]int{} // by component: its tangle
	var list []tangle
	for key, loose := range j.loose {
		if len(loose) < 2 {
			continue
		}
		part := parts.Of[j.owner[loose[0]]]
		if _, ok := of[part]; !ok {
			of[part] = len(list)
			list = append(list, tangle{})
		}
		t := &list[of[part]]
		t.keys = append(t.keys, key)
	}
	for node := range links {
		if i, ok := of[parts.Of[node]]; ok {
			list[i].nodes = append(list[i].nodes, node)
		}
	}
	return list
}

// tryOrders tries orders of the free versions of a tangle's keys, and leaves the one in orders that satisfies a level among its nodes.
func (j *judge) tryOrders(l Level, t tangle, choices [][][]int32, orders [][]int32) checkers.Status {
	status := checkers.Fail
	var choose func(k int) bool // whether to go on
	choose = func(k int) bool {
		if k == len(t.keys) {
			switch j.arranged(orders).cyclic(t.nodes).violates(l) {
			case checkers.Pass:
				status = checkers.Pass
				return false
			case checkers.Unknown:
				status = checkers.Unknown
			}
			return true
		}
		for _, loose := range choices[k] {
			orders[t.keys[k]] = slices.Concat(j.order[t.keys[k]], loose)
			if !choose(k + 1) {
				return false
			}
		}
		return true
	}
	choose(0)
	return status
}

// permuter is for the orders of versions that a level allows.
func (j *judge) permuter(l Level) *permuter {
	p := &permuter{before: map[step]bool{}, left: maxPermuting}
	if !j.Lists && j.assumed(l).reads {
		for _, s := range j.readSteps() {
			p.before[s] = true
		}
	}
	return p
}

// choices are for each of some keys the orders of its free versions, and how many full orders these make together; nil if that is more than most.
func (p *permuter) choices(loose [][]int32, keys []int, most int) ([][][]int32, int) {
	list, total := make([][][]int32, len(keys)), 1
	for k, key := range keys {
		p.all, p.most = nil, most/total
		if !p.extend(nil, loose[key]) || len(p.all) == 0 {
			return nil, 0
		}
		list[k] = p.all
		total *= len(p.all)
	}
	return list, total
}

// permuter finds the orders of versions in which none comes before one that it replaced. Of no versions, there is one.
type permuter struct {
	before map[step]bool
	most   int // how many orders there may be
	left   int // how many pairs may be looked at
	all    [][]int32
}

// extend adds the orders that begin with a prefix and go on with the rest; false if there are too many.
func (p *permuter) extend(prefix, rest []int32) bool {
	if len(rest) == 0 {
		p.all = append(p.all, slices.Clone(prefix))
		return len(p.all) <= p.most
	}
	for i, w := range rest {
		if p.left -= len(rest); p.left < 0 {
			return false
		}
		if slices.ContainsFunc(rest, func(other int32) bool { return other != w && p.before[step{other, w}] }) {
			continue
		}
		if !p.extend(append(prefix, w), slices.Delete(slices.Clone(rest), i, i+1)) {
			return false
		}
	}
	return true
}
