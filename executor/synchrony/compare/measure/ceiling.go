package measure

import "container/heap"

// ceiling is the speedup that a greedy list schedule of the workload's conflict graph has on so many workers, if all transactions take
// the same time and nothing else takes any: of the transactions whose predecessors are done, those with the longest chain behind
// them go first (Graham: Bounds on Multiprocessing Timing Anomalies, 1969).
func ceiling(w *Workload, workers int) float64 {
	g := conflictGraph(w)
	ready := &longestFirst{height: g.height}
	for tx, n := range g.pending {
		if n == 0 {
			heap.Push(ready, tx)
		}
	}
	steps := 0
	for done := 0; done < len(w.Transfers); steps++ {
		var batch []int
		for len(batch) < workers && ready.Len() > 0 {
			batch = append(batch, heap.Pop(ready).(int))
		}
		done += len(batch)
		for _, tx := range batch {
			for _, next := range g.after[tx] {
				if g.pending[next]--; g.pending[next] == 0 {
					heap.Push(ready, next)
				}
			}
		}
	}
	return float64(len(w.Transfers)) / float64(steps)
}

// graph has the conflicts that imply all others: with the last transaction before that touched the same account.
type graph struct {
	after   [][]int
	pending []int // predecessors
	height  []int // transactions on the longest chain from here on
}

func conflictGraph(w *Workload) graph {
	n := len(w.Transfers)
	g := graph{make([][]int, n), make([]int, n), make([]int, n)}
	last := make([]int, len(w.Initial)) // one more than the transaction
	for tx, t := range w.Transfers {
		before := [2]int{last[t.From] - 1, last[t.To] - 1}
		for k, p := range before {
			if p >= 0 && !(k == 1 && p == before[0]) {
				g.after[p] = append(g.after[p], tx)
				g.pending[tx]++
			}
		}
		last[t.From], last[t.To] = tx+1, tx+1
	}
	for tx := n - 1; tx >= 0; tx-- {
		for _, next := range g.after[tx] {
			g.height[tx] = max(g.height[tx], g.height[next])
		}
		g.height[tx]++
	}
	return g
}

// longestFirst is a heap of transactions.
type longestFirst struct {
	height []int
	list   []int
}

func (q *longestFirst) Len() int      { return len(q.list) }
func (q *longestFirst) Swap(i, j int) { q.list[i], q.list[j] = q.list[j], q.list[i] }
func (q *longestFirst) Push(x any)    { q.list = append(q.list, x.(int)) }
func (q *longestFirst) Less(i, j int) bool {
	a, b := q.list[i], q.list[j]
	return q.height[a] > q.height[b] || q.height[a] == q.height[b] && a < b
}

func (q *longestFirst) Pop() any {
	x := q.list[len(q.list)-1]
	q.list = q.list[:len(q.list)-1]
	return x
}
