package isolation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// serialHistory is n transactions that take effect one after another while up to so many are under way.
func serialHistory(rng *rand.Rand, n, concurrency int, lists bool) *history.Transactions {
	h := &history.Transactions{Lists: lists, Values: []history.Value{{}}}
	state := map[int32][]int32{}
	writes := map[int32]int{}
	var free []int32
	for p := range int32(concurrency) {
		free = append(free, p)
	}
	var waiting, done []int32
	for at := 1; len(h.List) < n || len(waiting)+len(done) > 0; at++ {
		switch turn := rng.IntN(3); {
		case turn == 0 && len(free) > 0 && len(h.List) < n:
			i := rng.IntN(len(free))
			h.List = append(h.List, history.Transaction{Process: free[i], Line: int32(len(h.List) + 1), Outcome: history.Committed, Invoked: ns(at)})
			waiting = append(waiting, int32(len(h.List)-1))
			free = slices.Delete(free, i, i+1)
		case turn == 1 && len(waiting) > 0:
			i := rng.IntN(len(waiting))
			execute(rng, h, waiting[i], state, writes)
			done = append(done, waiting[i])
			waiting = slices.Delete(waiting, i, i+1)
		case turn == 2 && len(done) > 0:
			i := rng.IntN(len(done))
			h.List[done[i]].Returned = ns(at)
			free = append(free, h.List[done[i]].Process)
			done = slices.Delete(done, i, i+1)
		}
	}
	return h
}

// execute lets a transaction of one to four operations take effect. Ten keys are in use at a time, each for eight writes.
func execute(rng *rand.Rand, h *history.Transactions, tx int32, state map[int32][]int32, writes map[int32]int) {
	h.List[tx].First = int32(len(h.Ops))
	for range 1 + rng.IntN(4) {
		key := int32(rng.IntN(10))
		for writes[key] >= 8 {
			key += 10
		}
		for int(key) >= len(h.Keys) {
			h.Keys = append(h.Keys, fmt.Sprintf("k%d", len(h.Keys)))
		}
		op := history.Op{Key: key, Write: rng.IntN(2) == 0}
		switch list := state[key]; {
		case op.Write:
			op.Value = int32(len(h.Values))
			h.Values = append(h.Values, history.NumberOf(int64(op.Value)))
			state[key] = append(slices.Clone(list), op.Value)
			writes[key]++
		case h.Lists:
			op.Value, op.Count = int32(len(h.Elements)), int32(len(list))
			h.Elements = append(h.Elements, list...)
		case len(list) > 0:
			op.Value = list[len(list)-1]
		}
		h.Ops = append(h.Ops, op)
	}
	h.List[tx].End = int32(len(h.Ops))
}

// TestRightAndStale judges right histories at several widths, and the same with one read of a version that was replaced before the
// transaction was invoked.
func TestRightAndStale(t *testing.T) {
	for _, lists := range []bool{true, false} {
		for seed := range uint64(12) {
			rng := rand.New(rand.NewPCG(seed, 51))
			h := serialHistory(rng, 300, []int{2, 5, 10, 30}[seed%4], lists)
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
