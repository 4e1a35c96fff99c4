package isolation

import (
	"container/heap"
	"slices"

	"synchrony/checkers"
	"synchrony/checkers/internal/digraph"
)

// arranged is evidence with the versions in full orders.
func (j *judge) evidenceOf(orders [][]int32) *evidence {
	e := &evidence{graph: j.arranged(orders).cyclic(), orders: orders, places: map[int32]int{}}
	for _, order := range orders {
		for i, w := range order {
			e.places[w] = i + 1
		}
	}
	return e
}

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
// lead from to it, and otherwise as they returned; nil if there is none.
func (g *graph) positions(over digraph.Kinds) []int32 {
	degree := make([]int32, g.Nodes)
	for _, e := range g.Out {
		if over.Has(e.Kind()) {
			degree[e.To()]++
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
			if !over.Has(e.Kind()) {
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

// searchOrders tries all orders of the versions whose order is free, if there are few: Pass if one of them satisfies
// a level, Fail if none does.
func (j *judge) searchOrders(l Level) checkers.Status {
	choices := j.permutations(l, min(maxArrangements, maxArranged/max(len(j.Ops), 1)))
	if choices == nil {
		return checkers.Unknown
	}
	orders := make([][]int32, len(j.Keys))
	status := checkers.Fail
	var choose func(key int) bool // whether to go on
	choose = func(key int) bool {
		if key == len(orders) {
			switch j.evidenceOf(orders).violates(l) {
			case checkers.Pass:
				status = checkers.Pass
				return false
			case checkers.Unknown:
				status = checkers.Unknown
			}
			return true
		}
		for _, loose := range choices[key] {
			orders[key] = slices.Concat(j.order[key], loose)
			if !choose(key + 1) {
				return false
			}
		}
		return true
	}
	choose(0)
	return status
}

// permutations are by key the orders of the versions whose order is free; nil if together they make more full orders than most.
func (j *judge) permutations(l Level, most int) [][][]int32 {
	before := map[step]bool{}
	if !j.Lists && j.assumed(l).reads {
		for _, s := range j.readSteps() {
			before[s] = true
		}
	}
	choices := make([][][]int32, len(j.Keys))
	p := permuter{before: before, left: maxPermuting}
	total := 1
	for key, loose := range j.loose {
		p.all, p.most = nil, most/total
		if !p.extend(nil, loose) || len(p.all) == 0 {
			return nil
		}
		choices[key] = p.all
		total *= len(p.all)
	}
	return choices
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
