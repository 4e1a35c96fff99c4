package isolation

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/recording/sample"
)

// TestRightAndStale judges right histories at several widths, and the same with one read of a version that was replaced before the
// transaction was invoked.
func TestRightAndStale(t *testing.T) {
	for _, lists := range []bool{true, false} {
		for seed := range uint64(12) {
			rng := rand.New(rand.NewPCG(seed, 51))
			h := sample.Shape{Lists: lists, Transactions: 300, Concurrency: []int{2, 5, 10, 30}[seed%4], Writes: 8}.Draw(rng)
			if r, err := Judge(h, StrictSerializable); err != nil || r.Status != checkers.Pass {
				t.Fatalf("lists %v, seed %d: %v %s, %v", lists, seed, r.Status, r.Reason, err)
			}
			if !makeStale(h) {
				t.Fatalf("seed %d: no read to make stale", seed)
			}
			r, err := Judge(h, StrictSerializable)
			if err != nil || r.Status != checkers.Fail {
				t.Fatalf("lists %v, seed %d, stale: %v %s, %v", lists, seed, r.Status, r.Reason, err)
			}
		}
	}
}

// makeStale lets one of the last reads see what a read of the same key saw that had returned long before; in between somebody
// read what had been written since.
func makeStale(h *history.Transactions) bool {
	for tx := len(h.List) - 1; tx > 0; tx-- {
		for i := h.List[tx].First; i < h.List[tx].End; i++ {
			op := &h.Ops[i]
			alone := !slices.ContainsFunc(h.Of(int32(tx)), func(x history.Op) bool { return x.Write || x.Key == op.Key && x != *op })
			for old := range tx {
				for k := h.List[old].First; alone && k < h.List[old].End; k++ {
					if x := &h.Ops[k]; !x.Write && x.Key == op.Key && older(h, old, tx, x) {
						op.Value, op.Count = x.Value, x.Count
						return true
					}
				}
			}
		}
	}
	return false
}

// older reports whether some transaction that had returned before tx was invoked saw a later version than a read of one that had
// returned before that was invoked.
func older(h *history.Transactions, old, tx int, read *history.Op) bool {
	for middle := range tx {
		m := &h.List[middle]
		if h.List[old].Returned >= m.Invoked || m.Returned >= h.List[tx].Invoked {
			continue
		}
		for _, x := range h.Of(int32(middle)) {
			if !x.Write && x.Key == read.Key && (x.Count > read.Count || !h.Lists && x.Value > read.Value && read.Value > 0) {
				return true
			}
		}
	}
	return false
}

func ns(n int) time.Duration { return time.Duration(n) }
