package linearizability

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// TestParts: what the results of a history's parts say together is the result of the history, into however many parts it is divided.
func TestParts(t *testing.T) {
	counts := map[string]int{}
	for seed := range uint64(300) {
		h := severalKeys(rand.New(rand.NewPCG(seed, 1)))
		for _, maxCalls := range []int{0, 3} {
			want := Check(KV(), h, Options{Timeout: -1, MaxCalls: maxCalls})
			counts[fmt.Sprint(want.Status, " ", want.Status == checkers.Fail && !want.Searched)]++
			for _, n := range []int{1, 2, 3, 10} {
				var results []Result
				for i := range n {
					results = append(results, Check(KV(), h, Options{Timeout: -1, MaxCalls: maxCalls, Part: i, Parts: n}))
				}
				if got := together(results); !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d, %d parts: %+v\nwant %+v\nof %+v", seed, n, got, want, h.Calls)
				}
			}
		}
	}
	for _, kind := range []string{"pass false", "fail false", "fail true", "unknown false"} {
		if counts[kind] == 0 {
			t.Errorf("no history is %s: %v", kind, counts)
		}
	}
}

// together is the result of a history whose parts have these.
func together(results []Result) Result {
	for _, decides := range []func(Result) bool{
		func(r Result) bool { return r.Status == checkers.Fail && !r.Searched },
		func(r Result) bool { return r.Status == checkers.Fail },
		func(r Result) bool { return r.Status == checkers.Unknown },
	} {
		for _, r := range results {
			if decides(r) {
				return r
			}
		}
	}
	results[0].Searched = slices.ContainsFunc(results, func(r Result) bool { return r.Searched })
	return results[0]
}

// severalKeys is a history on some keys, of which few are at fault.
func severalKeys(r *rand.Rand) *history.Calls {
	h := &history.Calls{}
	last := map[string]int64{}
	for i := range 24 {
		key := string(rune('a' + r.IntN(5)))
		action := history.Action{Kind: history.ReadKey, Key: key, Value: history.NumberOf(last[key])}
		switch {
		case r.IntN(3) == 0:
			last[key] = int64(r.IntN(4))
			action = history.Action{Kind: history.WriteKey, Key: key, Value: history.NumberOf(last[key])}
		case r.IntN(30) == 0:
			action.Value = history.NumberOf(int64(r.IntN(6)))
		case last[key] == 0:
			action.Value = history.Value{}
		}
		h.Calls = append(h.Calls, history.Call{Process: int32(i), Invoked: time.Duration(2 * i), Returned: time.Duration(2*i + 1 + r.IntN(6)), Actions: []history.Action{action}})
	}
	return h
}
