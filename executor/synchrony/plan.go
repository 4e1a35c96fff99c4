package synchrony

import (
	"fmt"
	"math"
	"time"

	"synchrony/models/batch"
)

// The planner's estimates, in nanoseconds. They only need to be right within a
// factor of a few: what they decide matters at the extremes.
const (
	callCost  = 50    // of a call in text form
	applyCost = 1_000 // of an Apply that does not say
	nodeCost  = 30    // of handing a transaction from worker to worker
	wakeCost  = 5_000 // of waking a worker on another processor
)

// estimate is what the planner expects of a batch, in nanoseconds.
type estimate struct {
	n, workers int
	work       int64 // the sum of the transactions' costs: the time of a serial run
	span       int64 // the costs along the critical path
	parallel   int64 // the time of a parallel run
	// bounded says that no transaction can run for long: all are calls, whose
	// evaluation takes time proportional to their text, and none has work.
	bounded bool
	sleeps  bool // some transaction has work
	blind   bool // some Apply does not say what it costs
	// prepares is how many transactions have a Prepare.
	prepares int
}

// measure makes the estimate, the graph's levels, and the counters of unfinished
// predecessors with those that have none, in one pass in topological order; nil is
// submission order.
func (sc *scratch) measure(b *batch.Batch, order []int32, workers int) estimate {
	g := &sc.graph
	e := estimate{n: g.n, workers: workers, bounded: true}
	g.level = resize(g.level, g.n)
	sc.finish = resize(sc.finish, g.n)
	sc.pending = resize(sc.pending, g.n)
	sc.roots = sc.roots[:0]
	for k := range int32(g.n) {
		j := k
		if order != nil {
			j = order[k]
		}
		t := &b.Transactions[j]
		e.sleeps = e.sleeps || t.Work > 0
		e.bounded = e.bounded && t.Call != nil && t.Work == 0
		if t.Prepare != nil {
			e.prepares++
		}
		level, start := int32(0), int64(0)
		preds := g.predecessors(j)
		sc.pending[j] = int32(len(preds))
		if len(preds) == 0 {
			sc.roots = append(sc.roots, j) // ascending in either order
		}
		for _, p := range preds {
			level = max(level, g.level[p]+1)
			start = max(start, sc.finish[p])
		}
		e.blind = e.blind || t.Call == nil && t.Cost == 0
		cost := cost(t)
		g.level[j] = level
		sc.finish[j] = saturatingAdd(start, cost)
		e.span = max(e.span, sc.finish[j])
		e.work = saturatingAdd(e.work, cost)
		if int(level) == len(g.width) {
			g.width = append(g.width, 0)
		}
		g.width[level]++
	}
	n, w := int64(e.n), int64(workers)
	e.parallel = saturatingAdd(max(e.span, e.work/w), wakeCost+n*nodeCost/w)
	return e
}

func cost(t *batch.Transaction) int64 {
	cost := int64(callCost)
	if t.Call == nil {
		cost = applyCost
		if t.Cost > 0 {
			cost = int64(t.Cost)
		}
	}
	return saturatingAdd(cost, int64(t.Work))
}

func saturatingAdd(x, y int64) int64 {
	if x > math.MaxInt64-y {
		return math.MaxInt64
	}
	return x + y
}

// chunks is how many roots, and how many queued transactions, a worker takes at
// once. What waits in its hand nobody can steal: so little may if the one before it
// may take long, and nothing if it surely does.
func (e *estimate) chunks() (roots, queued int) {
	switch {
	case e.sleeps || e.prepares > 0 || e.n == 0:
		return 1, 1
	case e.blind:
		return blindChunk, 1
	}
	k := int(max(1, min(maxChunk, chunkTime/max(1, e.work/int64(e.n)))))
	return k, k
}

// worthwhile reports whether a parallel run is expected to gain at least a tenth.
func (e *estimate) worthwhile() bool {
	return e.workers > 1 && e.parallel < e.work-e.work/10
}

// defaultTimeout is the larger of 30 s and ten times the serial estimate.
func (e *estimate) defaultTimeout() time.Duration {
	if e.work > math.MaxInt64/10 {
		return math.MaxInt64
	}
	return max(MinDefaultTimeout, time.Duration(10*e.work))
}

// parallelism is work divided by span: what unlimited workers could gain (Blumofe,
// Leiserson: Scheduling Multithreaded Computations by Work Stealing, JACM 1999, section 1).
func (e *estimate) parallelism() float64 {
	if e.span == 0 {
		return 0
	}
	return float64(e.work) / float64(e.span)
}

// why explains a choice of mode in a sentence.
func (e *estimate) why(asked batch.Mode, serial bool) string {
	switch {
	case asked == batch.Blocking:
		return "blocking mode was asked for"
	case asked != batch.Auto && serial:
		return "serial execution was asked for"
	case asked != batch.Auto:
		return "parallel execution was asked for"
	case serial && e.workers == 1:
		return "serial: there is one worker"
	case serial:
		return fmt.Sprintf("serial: estimated at %v, against %v on %d workers with a critical path of %v",
			time.Duration(e.work), time.Duration(e.parallel), e.workers, time.Duration(e.span))
	default:
		return fmt.Sprintf("parallel: estimated at %v on %d workers, against %v serially",
			time.Duration(e.parallel), e.workers, time.Duration(e.work))
	}
}
