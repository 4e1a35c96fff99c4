package serializability

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/internal/simulate"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// serializable tries all orders of all transactions that may have taken effect: it
// is the definition, executed.
func serializable(h *history.History) bool {
	var optional []int32
	var order []int32
	for tx := range int32(h.Len()) {
		switch h.Outcomes[tx] {
		case history.Committed:
			order = append(order, tx)
		case 0:
			optional = append(optional, tx)
		}
	}
	for subset := range 1 << len(optional) {
		some := slices.Clone(order)
		for i, tx := range optional {
			if subset&(1<<i) != 0 {
				some = append(some, tx)
			}
		}
		if permute(some, 0, func() bool { return serialExecution(h, some) }) {
			return true
		}
	}
	return false
}

func permute(list []int32, from int, accept func() bool) bool {
	if from == len(list) {
		return accept()
	}
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		if permute(list, from+1, accept) {
			return true
		}
		list[from], list[i] = list[i], list[from]
	}
	return false
}

// serialExecution reports whether an order agrees with real time and gives every
// read and every replaced version.
func serialExecution(h *history.History, order []int32) bool {
	for i, tx := range order {
		for _, earlier := range order[:i] {
			if h.Outcomes[tx] == history.Committed && h.Returned[tx] < h.Invoked[earlier] {
				return false
			}
		}
	}
	return firstDeviation(h, order, nil) == trace.None
}

// replacesAborted reports whether a transaction replaced a version of an aborted one:
// the graph then takes the version before, which serialExecution does not.
func replacesAborted(h *history.History) bool {
	v := newVersions(h)
	for i := range h.Accesses {
		a := &h.Accesses[i]
		if a.IsWrite() && v.live[v.links[i].owner] && a.Version != history.InitialVersion && !v.live[v.links[a.Version].owner] {
			return true
		}
	}
	return false
}

// waysAgree: the queue finds an order wherever there is one, so that the graph only has to explain; and
// the graph alone comes to the same verdict.
func waysAgree(t *testing.T, h *history.History, r Result) {
	t.Helper()
	if g := byGraph(h); g.Status != r.Status {
		t.Fatalf("the graph says %v, %s; all together %v\n%s", g.Status, g.Reason, r.Status, history.FormatHistory(h))
	}
	v := newVersions(h)
	if v.decide() != nil {
		return
	}
	order := readyOrder(h, v.live, v.replaced, committed(h, sortedBy(h.Returned)))
	if (order != nil) != (r.Status == checkers.Pass) {
		t.Fatalf("the order %v for what is judged %v\n%s", order, r.Status, history.FormatHistory(h))
	}
	if order != nil {
		checkResult(t, h, Result{Verdict: checkers.Passed(), Order: order})
	}
}

func TestJudgeAgreesWithTheDefinition(t *testing.T) {
	rules := map[string]int{}
	for seed := range uint64(60_000) {
		h := simulate.History(rand.New(rand.NewPCG(seed, 11)))
		r := Judge(h)
		waysAgree(t, h, r)
		if replacesAborted(h) {
			continue
		}
		want := serializable(h)
		if (r.Status == checkers.Pass) != want {
			t.Fatalf("seed %d: %v %s: %s; want serializable: %v\n%s", seed, r.Status, r.Rule, r.Reason, want, history.FormatHistory(h))
		}
		checkResult(t, h, r)
		rules[fmt.Sprint(r.Status, " ", r.Rule)]++
	}
	t.Log(rules)
	for _, rule := range []string{
		"pass ", "fail G0", "fail G1a", "fail G1b", "fail G1c", "fail G-single", "fail G2-item", "fail internal", "fail wrong value",
		"fail G0-realtime", "fail G1c-realtime", "fail G-single-realtime", "fail G2-item-realtime",
	} {
		if rules[rule] == 0 {
			t.Errorf("no history was judged %q", rule)
		}
	}
}

// shortestByClass is the length of a shortest cycle of a class, by brute force over
// simple paths of the transactions; 0 if there is none.
func shortestByClass(g *graph, name string) int {
	n := int32(g.v.h.Len())
	best := 0
	var path []Edge
	var extend func(at int32)
	extend = func(at int32) {
		if best != 0 && len(path) >= best {
			return
		}
		edges := directEdges(g, at)
		for _, e := range edges {
			if len(path) > 0 && e.To == path[0].From || len(path) == 0 && e.To == at {
				cycle := append(slices.Clone(path), e)
				if anomaly(cycle) == name && (best == 0 || len(cycle) < best) {
					best = len(cycle)
				}
				continue
			}
			if slices.ContainsFunc(path, func(p Edge) bool { return p.From == e.To }) {
				continue
			}
			path = append(path, e)
			extend(e.To)
			path = path[:len(path)-1]
		}
	}
	for tx := range n {
		extend(tx)
	}
	return best
}

// directEdges is a transaction's edges, those of real time by definition.
func directEdges(g *graph, tx int32) []Edge {
	h := g.v.h
	var edges []Edge
	for _, e := range g.Of(tx) {
		if to := e.To(); !g.isLink(to) {
			edges = append(edges, Edge{tx, to, Kind(e.Kind())})
		}
	}
	for to := range int32(h.Len()) {
		if g.v.live[tx] && g.v.live[to] && h.Outcomes[tx] == history.Committed && h.Returned[tx] < h.Invoked[to] {
			edges = append(edges, Edge{tx, to, RealTime})
		}
	}
	return edges
}

// TestCyclesAreWorstAndShortest compares the cycle found with all cycles.
func TestCyclesAreWorstAndShortest(t *testing.T) {
	names := []string{"G0", "G1c", "G-single", "G2-item", "G0-realtime", "G1c-realtime", "G-single-realtime", "G2-item-realtime"}
	cycles := 0
	for seed := range uint64(20_000) {
		h := simulate.History(rand.New(rand.NewPCG(seed, 12)))
		r := Judge(h)
		v := newVersions(h)
		if fork, verdict := v.connect(); len(r.Cycle) == 0 || fork != nil || verdict.Status != checkers.Pass {
			continue
		}
		cycles++
		g := newGraph(v, false)
		for _, name := range names {
			length := shortestByClass(g, name)
			if length == 0 {
				continue
			}
			if r.Rule != name || len(r.Cycle) != length {
				t.Fatalf("seed %d: found %s of %d, but there is %s of %d\n%s", seed, r.Rule, len(r.Cycle), name, length, history.FormatHistory(h))
			}
			break
		}
	}
	if cycles < 3000 {
		t.Errorf("only %d histories had a cycle", cycles)
	}
}

func TestSortedBy(t *testing.T) {
	ways := map[bool]int{}
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 13))
		times := make([]time.Duration, rng.IntN(300))
		for i := range times {
			times[i] = time.Duration(rng.Int64N(1 << rng.IntN(62)))
			switch rng.IntN(20) {
			case 0:
				times[i] = history.Forever
			case 1:
				times[i] = -times[i]
			}
			if seed%2 == 1 { // nearly in order, with equal ones
				times[i] = time.Duration(10*i + rng.IntN(1+int(seed)))
			}
		}
		ways[inserted(times, make([]int32, len(times)))]++
		got := sortedBy(times)
		want := make([]int32, len(times))
		for i := range want {
			want[i] = int32(i)
		}
		slices.SortStableFunc(want, func(x, y int32) int {
			return cmp.Compare(times[x], times[y])
		})
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %v sorted as %v, want %v", seed, times, got, want)
		}
	}
	if ways[true] < 100 || ways[false] < 50 {
		t.Errorf("by insertion or not: %v", ways)
	}
}
