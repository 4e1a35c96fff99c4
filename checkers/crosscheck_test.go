package checkers_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/internal/simulate"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/serializability"
	"synchrony/models/history"
)

// unhurried is a search without a limit of time, so that load decides nothing.
var unhurried = linearizability.Options{Timeout: -1}

// TestCheckersAgreeOnHistories holds the graph and porcupine to the same verdict on
// small random histories, right and wrong. Where one does not know, the other may.
func TestCheckersAgreeOnHistories(t *testing.T) {
	count := map[checkers.Status]int{}
	for seed := range uint64(20_000) {
		h := simulate.History(rand.New(rand.NewPCG(seed, 21)))
		graph := serializability.Judge(h)
		search := linearizability.Transactions(h, unhurried)
		if graph.Status != search.Status && graph.Status != checkers.Unknown && search.Status != checkers.Unknown {
			t.Fatalf("seed %d: serializability: %v %s: %s; linearizability: %v: %s\n%s",
				seed, graph.Status, graph.Rule, graph.Reason, search.Status, search.Reason, history.FormatHistory(h))
		}
		if graph.Status == search.Status {
			count[graph.Status]++
		}
	}
	if count[checkers.Pass] < 5000 || count[checkers.Fail] < 3000 {
		t.Errorf("too one-sided to test anything: %v", count)
	}
}

// TestPlantedAnomaliesAreFound judges 10,000 small histories, half of them with an
// anomaly planted, of each kind in turn: the graph must name it, porcupine must confirm
// both the history and, where there is one, the cycle alone, and neither may find any
// in the other half.
func TestPlantedAnomaliesAreFound(t *testing.T) {
	const n = 10_000
	kinds := simulate.Anomalies()
	type row struct{ planted, graph, named, search, cycles, confirmed int }
	table := make([]row, len(kinds)+1) // the last is of right histories
	for seed := range uint64(n) {
		rng := rand.New(rand.NewPCG(seed, 22))
		h := simulate.Right(rng)
		kind := len(kinds)
		if seed%2 == 1 {
			kind = int(seed/2) % len(kinds)
			simulate.Plant(rng, h, kinds[kind])
		}
		graph := serializability.Judge(h)
		search := linearizability.Transactions(h, unhurried)
		if graph.Status == checkers.Unknown || graph.Status != search.Status || (graph.Status == checkers.Fail) != (kind < len(kinds)) {
			t.Fatalf("seed %d: graph: %v %s; search: %v %s\n%s", seed, graph.Status, graph.Reason, search.Status, search.Reason, history.FormatHistory(h))
		}
		r := &table[kind]
		r.planted++
		if graph.Status == checkers.Pass {
			continue
		}
		r.graph++
		r.search++
		if graph.Rule == kinds[kind].Name {
			r.named++
		}
		if len(graph.Cycle) > 0 {
			r.cycles++
			if c := linearizability.Transactions(projection(h, graph.Cycle), unhurried); c.Status == checkers.Fail {
				r.confirmed++
			}
		}
	}
	t.Logf("%-18s %8s %8s %8s %8s %8s %8s", "planted", "histories", "graph", "named", "search", "cycles", "confirmed")
	for i, r := range table {
		name := "nothing"
		if i < len(kinds) {
			name = kinds[i].Name
			if r.graph != r.planted || r.named != r.planted || r.confirmed != r.cycles || r.planted < 300 {
				t.Errorf("%s: %+v", name, r)
			}
		}
		t.Logf("%-18s %8d %8d %8d %8d %8d %8d", name, r.planted, r.graph, r.named, r.search, r.cycles, r.confirmed)
	}
}

// projection is the history of a cycle alone: its transactions, with their times, and
// for each of its edges a key of its own on which they have that dependency and no
// other. If it is wrong, so is any history with that cycle.
func projection(h *history.History, cycle []serializability.Edge) *history.History {
	p := &history.History{Initial: make([]int64, len(cycle))}
	written := map[int]int32{} // by edge: the version that From wrote
	type later struct {
		access int32
		edge   int
	}
	var fix []later
	for _, tx := range members(cycle) {
		p.Begin(h.TxName(tx), history.Committed, h.Invoked[tx], h.Returned[tx])
		for i, e := range cycle {
			key := int32(i)
			switch {
			case e.From == tx && (e.Kind == serializability.WW || e.Kind == serializability.WR):
				written[i] = p.Add(history.WriteOf(key, history.InitialVersion, 1))
			case e.From == tx && e.Kind == serializability.RW:
				p.Add(history.ReadOf(key, history.InitialVersion, 0))
			case e.To == tx && e.Kind == serializability.WW:
				fix = append(fix, later{p.Add(history.WriteOf(key, history.InitialVersion, 2)), i})
			case e.To == tx && e.Kind == serializability.WR:
				fix = append(fix, later{p.Add(history.ReadOf(key, history.InitialVersion, 1)), i})
			case e.To == tx && e.Kind == serializability.RW:
				p.Add(history.WriteOf(key, history.InitialVersion, 1))
			}
		}
	}
	for _, f := range fix {
		p.Accesses[f.access].Version = written[f.edge]
	}
	return p
}

func members(cycle []serializability.Edge) []int32 {
	var list []int32
	for _, e := range cycle {
		list = append(list, e.From)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
