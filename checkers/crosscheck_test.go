package checkers_test

import (
	"math/rand/v2"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/internal/simulate"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/serializability"
	"synchrony/models/trace"
)

// TestCheckersAgreeOnHistories holds the graph and porcupine to the same verdict on
// small random histories, right and wrong. Where one does not know, the other may.
func TestCheckersAgreeOnHistories(t *testing.T) {
	count := map[checkers.Status]int{}
	for seed := range uint64(20_000) {
		h := simulate.History(rand.New(rand.NewPCG(seed, 21)))
		graph := serializability.Judge(h)
		search := linearizability.Transactions(h, linearizability.Options{})
		if graph.Status != search.Status && graph.Status != checkers.Unknown && search.Status != checkers.Unknown {
			t.Fatalf("seed %d: serializability: %v %s: %s; linearizability: %v: %s\n%s",
				seed, graph.Status, graph.Rule, graph.Reason, search.Status, search.Reason, trace.FormatHistory(h))
		}
		if graph.Status == search.Status {
			count[graph.Status]++
		}
	}
	if count[checkers.Pass] < 5000 || count[checkers.Fail] < 3000 {
		t.Errorf("too one-sided to test anything: %v", count)
	}
}
