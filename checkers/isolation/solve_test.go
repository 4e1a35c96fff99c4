package isolation_test

import (
	"reflect"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/isolation"
	"synchrony/generators/choice"
	"synchrony/generators/histories"
	"synchrony/models/history"
)

// TestKnots: orders of versions that contradict themselves only with what follows from them are taken back, and where all do, the history fails, also where there are too
// many orders to try them all. Among many others that are under way at the same time it may be undecided, and not more.
func TestKnots(t *testing.T) {
	seen := map[bool]int{}
	for seed := range uint64(30) {
		s := choice.Seeded(seed)
		knotted := histories.Knotted(s)
		for range choice.Below(s, 3) {
			knotted = histories.Then(knotted, histories.Knotted(s))
		}
		want := serializable(knotted)
		seen[want]++
		for _, h := range []*history.Transactions{knotted, histories.Then(histories.Concurrent(s, false, 20), knotted)} {
			r, err := isolation.Judge(h, level(t, "serializable"))
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Verdict.Status; h == knotted && got == checkers.Unknown || got == checkers.Pass && !want || h == knotted && got == checkers.Fail && want {
				t.Errorf("seed %d: %d transactions: %v, and an order of all versions is there: %v", seed, len(h.List), r.Verdict, want)
			}
		}
	}
	if seen[false] < 5 || seen[true] < 5 {
		t.Errorf("drawn: %v", seen)
	}
}

func level(t *testing.T, name string) isolation.Level {
	l, err := isolation.ParseLevel(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// serializable tries all orders of two values of each register, key by key, whose transactions have all been committed.
func serializable(h *history.Transactions) bool {
	before := make([]map[int32]bool, len(h.List)) // by transaction: those that come directly before it
	for i := range before {
		before[i] = map[int32]bool{}
	}
	versions, readers := make([][]int32, len(h.Keys)), map[int32][]int32{}
	owner := map[int32]int32{}
	for tx := range int32(len(h.List)) {
		for _, op := range h.Of(tx) {
			if op.Write {
				versions[op.Key], owner[op.Value] = append(versions[op.Key], op.Value), tx
			} else {
				readers[op.Value] = append(readers[op.Value], tx)
			}
		}
	}
	for v, list := range readers {
		for _, r := range list {
			before[r][owner[v]] = true
		}
	}
	var try func(key int) bool
	try = func(key int) bool {
		for ; key < len(versions) && len(versions[key]) < 2; key++ {
		}
		if key == len(versions) {
			return true
		}
		for turn := range 2 {
			a, b := versions[key][turn], versions[key][1-turn]
			to, added := owner[b], []int32(nil)
			for _, from := range append([]int32{owner[a]}, readers[a]...) {
				if from != to && !before[to][from] {
					before[to][from], added = true, append(added, from)
				}
			}
			if acyclic(before) && try(key+1) {
				return true
			}
			for _, from := range added {
				delete(before[to], from)
			}
		}
		return false
	}
	return try(0)
}

func acyclic(before []map[int32]bool) bool {
	state := make([]int8, len(before)) // 1 is on the path, 2 is done
	var visit func(tx int32) bool
	visit = func(tx int32) bool {
		if state[tx] > 0 {
			return state[tx] == 2
		}
		state[tx] = 1
		for other := range before[tx] {
			if !visit(other) {
				return false
			}
		}
		state[tx] = 2
		return true
	}
	for tx := range before {
		if !visit(int32(tx)) {
			return false
		}
	}
	return true
}

// TestToldEarly: where orders are searched for, the verdict on the level that is asked for is told before the others are decided, and is the last one, too. That it
// is told changes nothing of what is said in the end.
func TestToldEarly(t *testing.T) {
	told := map[checkers.Status]int{}
	for seed := range uint64(200) {
		h := histories.Transactions(choice.Seeded(seed))
		if seed%3 == 0 {
			h = histories.Knotted(choice.Seeded(seed))
		}
		for _, name := range []string{"strict-serializable", "serializable", "snapshot-isolation", "read-committed"} {
			l := level(t, name)
			var early []*isolation.Report
			last, err := isolation.JudgeTelling(h, l, func(r *isolation.Report) { early = append(early, r) })
			plain, plainErr := isolation.Judge(h, l)
			if err != nil || plainErr != nil {
				continue
			}
			if !reflect.DeepEqual(last.Standings, plain.Standings) || !reflect.DeepEqual(last.Anomalies, plain.Anomalies) || !reflect.DeepEqual(last.Verdict, plain.Verdict) {
				t.Fatalf("seed %d, %s: %v, and %v if nobody is told before", seed, name, last.Verdict, plain.Verdict)
			}
			if len(early) > 1 || len(early) == 1 && (early[0].Status != last.Status || early[0].Status == checkers.Unknown) {
				t.Fatalf("seed %d, %s: %d times told, %v, and in the end %v", seed, name, len(early), early[0].Status, last.Status)
			}
			if len(early) == 1 {
				told[last.Status]++
			}
		}
	}
	if told[checkers.Pass] < 50 || told[checkers.Fail] < 50 {
		t.Errorf("told %v: too few to say anything", told)
	}
}
