package isolation

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"synchrony/checkers"
	"synchrony/models/history"
)

// smallHistory draws transactions of which any reads may be wrong: lists are beginnings of one order of the appends of their key, mostly,
// and registers read what somebody wrote, or nothing.
func smallHistory(rng *rand.Rand, lists bool) *history.Transactions {
	h := &history.Transactions{Lists: lists, Values: []history.Value{{}}}
	keys, n := 1+rng.IntN(3), 2+rng.IntN(3)
	written := make([][]int32, keys) // by key: the values
	for k := range keys {
		h.Keys = append(h.Keys, string(rune('a'+k)))
	}
	at := 1
	busy := map[int32]int{} // by process: when it is free again
	for tx := range n {
		process := int32(rng.IntN(3))
		at = max(at, busy[process]) + rng.IntN(2)*2
		x := history.Transaction{Process: process, Line: int32(tx + 1), Outcome: history.Committed, First: int32(len(h.Ops)), Invoked: ns(at), Returned: ns(at + 1 + rng.IntN(6))}
		busy[process] = int(x.Returned) + 1
		if rng.IntN(10) == 0 {
			x.Outcome, x.Returned, busy[process] = 0, history.Forever, 1<<30
			x.Process = int32(10 + tx)
		}
		for range 1 + rng.IntN(3) {
			op := history.Op{Key: int32(rng.IntN(keys)), Write: rng.IntN(2) == 0}
			if op.Write {
				op.Value = int32(len(h.Values))
				h.Values = append(h.Values, history.NumberOf(int64(op.Value)))
				written[op.Key] = append(written[op.Key], op.Value)
			}
			h.Ops = append(h.Ops, op)
		}
		x.End = int32(len(h.Ops))
		h.List = append(h.List, x)
	}
	for _, list := range written {
		if rng.IntN(2) == 0 {
			rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
	}
	for tx := range h.List {
		fillReads(rng, h, int32(tx), written)
	}
	return h
}

// fillReads makes up what a transaction read, so that it agrees with what it did itself.
func fillReads(rng *rand.Rand, h *history.Transactions, tx int32, written [][]int32) {
	state := map[int32][]int32{} // by key: what the transaction knows of it
	for i := h.List[tx].First; i < h.List[tx].End; i++ {
		op := &h.Ops[i]
		known, ok := state[op.Key]
		if !ok && !(op.Write && !h.Lists) {
			own := func(v int32) bool {
				for k := h.List[tx].First; k < h.List[tx].End; k++ {
					if h.Ops[k].Write && h.Ops[k].Value == v {
						return true
					}
				}
				return false
			}
			list := slices.DeleteFunc(slices.Clone(written[op.Key]), own)
			cut := rng.IntN(len(list) + 1)
			if known = list[:cut:cut]; !h.Lists && cut > 0 {
				known = list[cut-1 : cut : cut]
			}
		}
		switch {
		case op.Write && h.Lists:
			known = append(slices.Clone(known), op.Value)
		case op.Write:
			known = []int32{op.Value}
		case h.Lists:
			op.Value, op.Count = int32(len(h.Elements)), int32(len(known))
			h.Elements = append(h.Elements, known...)
		case len(known) > 0:
			op.Value = known[0]
		}
		state[op.Key] = known
	}
}

// TestLevelsAgreeWithTheirDefinitions compares with all executions that the definitions allow, on small histories: a few hundred, or
// as many as ISOLATION_HISTORIES says.
func TestLevelsAgreeWithTheirDefinitions(t *testing.T) {
	count := 400
	if n, err := strconv.Atoi(os.Getenv("ISOLATION_HISTORIES")); err == nil {
		count = n
	}
	seen := map[string]int{}
	for _, lists := range []bool{true, false} {
		for seed := range uint64(count) {
			h := smallHistory(rand.New(rand.NewPCG(seed, 21)), lists)
			r, err := Judge(h, StrictSerializable)
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(r.Anomalies, func(a Anomaly) bool {
				return slices.Contains([]string{GarbageRead, DuplicateElements, IncompatibleOrder, FutureRead, Internal, AbortedRead, IntermediateRead, DirtyUpdate}, a.Name)
			}) {
				continue // which the definitions below take for granted
			}
			b := newBrute(h)
			for _, s := range r.Standings {
				want := checkers.Fail
				if b.satisfies(s.Level) {
					want = checkers.Pass
				}
				if s.Status != want {
					t.Fatalf("lists %v, seed %d: %v is %v by %q, want %v\n%s", lists, seed, s.Level, s.Status, s.Anomaly, want, shown(h))
				}
				seen[fmt.Sprint(lists, " ", s.Level, " ", want)]++
			}
		}
	}
	t.Log(seen)
	for _, lists := range []bool{true, false} {
		for _, l := range Levels() {
			for _, s := range []checkers.Status{checkers.Pass, checkers.Fail} {
				if l.rule == uncommitted && s == checkers.Fail {
					continue // which is rare of lists, and cannot be of registers
				}
				if seen[fmt.Sprint(lists, " ", l, " ", s)] < 3 {
					t.Errorf("lists %v: %v was %v in %d histories", lists, l, s, seen[fmt.Sprint(lists, " ", l, " ", s)])
				}
			}
		}
	}
}

func shown(h *history.Transactions) string {
	s := ""
	for tx := range h.List {
		s += fmt.Sprintf("%d-%d %s\n", h.List[tx].Invoked, h.List[tx].Returned, h.Show(int32(tx)))
	}
	return s
}
