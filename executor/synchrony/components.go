package synchrony

import "iter"

// components yields the strongly connected components of a graph, each before those that
// lead to it. What is yielded is only valid until the next. O(transactions + edges), by
// Tarjan, Depth-First Search and Linear Graph Algorithms, SIAM J. Comput. 1972.
func components(g *graph) iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		s := &search{g: g, number: make([]int32, g.n), low: make([]int32, g.n), open: make([]bool, g.n)}
		for root := range int32(g.n) {
			if s.number[root] == 0 && !s.from(root, yield) {
				return
			}
		}
	}
}

// search is Tarjan's depth-first search.
type search struct {
	g      *graph
	count  int32
	number []int32 // by transaction: 1, 2, … in the order of discovery; 0: not discovered
	low    []int32 // by transaction: the lowest number of an open one that is known to be reached from it
	stack  []int32 // the open ones, which are discovered and in no component yet, by number
	open   []bool  // by transaction: whether it is on the stack
	calls  []call  // the path from the root; not the goroutine's stack, for chains may be long
}

// call is a transaction whose successors are being visited.
type call struct{ tx, visited int32 }

// from searches what root leads to; false if yield wants no more.
func (s *search) from(root int32, yield func([]int32) bool) bool {
	s.enter(root)
	for len(s.calls) > 0 {
		c := &s.calls[len(s.calls)-1]
		tx := c.tx
		if succs := s.g.successors(tx); int(c.visited) < len(succs) {
			c.visited++
			s.visit(tx, succs[c.visited-1])
		} else if component := s.leave(tx); component != nil && !yield(component) {
			return false
		}
	}
	return true
}

func (s *search) enter(tx int32) {
	s.count++
	s.number[tx], s.low[tx], s.open[tx] = s.count, s.count, true
	s.stack = append(s.stack, tx)
	s.calls = append(s.calls, call{tx: tx})
}

// visit follows an edge.
func (s *search) visit(from, to int32) {
	switch {
	case s.number[to] == 0:
		s.enter(to)
	case s.open[to]:
		s.low[from] = min(s.low[from], s.number[to])
	}
}

// leave ends the visits of a transaction, the last of the calls. If it reaches none that was
// discovered before it and is still open, it and all discovered after it that are open are
// a component, which leave takes off the stack and returns.
func (s *search) leave(tx int32) []int32 {
	s.calls = s.calls[:len(s.calls)-1]
	if len(s.calls) > 0 {
		up := s.calls[len(s.calls)-1].tx
		s.low[up] = min(s.low[up], s.low[tx])
	}
	if s.low[tx] != s.number[tx] {
		return nil
	}
	at := len(s.stack) - 1
	for s.stack[at] != tx {
		at--
	}
	component := s.stack[at:]
	s.stack = s.stack[:at]
	for _, c := range component {
		s.open[c] = false
	}
	return component
}
