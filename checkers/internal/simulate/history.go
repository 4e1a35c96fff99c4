package simulate

import (
	"math/rand/v2"
	"slices"
	"time"

	"synchrony/models/history"
)

// randomHistory plays concurrent transactions on a store that is right or wrong
// now and then: reads and writes take the current version, or any, or that of a
// snapshot taken when the transaction was invoked.
func randomHistory(rng *rand.Rand) *history.History {
	h := &history.History{}
	for k := range 1 + rng.IntN(3) {
		h.Initial = append(h.Initial, int64(-k))
	}
	n := rng.IntN(6)
	current := make([]int32, len(h.Initial))
	for k := range current {
		current[k] = history.InitialVersion
	}
	wrong := rng.IntN(3) * 10 // of 100 accesses, how many go wrong
	now := time.Duration(0)
	for range n {
		now += time.Duration(rng.IntN(3))
		outcome := history.Committed
		if rng.IntN(8) == 0 {
			outcome = history.Outcome(rng.IntN(3))
			if outcome == history.Committed {
				outcome = history.Aborted
			}
		}
		returned := now + time.Duration(rng.IntN(6))
		if outcome == 0 && rng.IntN(2) == 0 {
			returned = history.Forever
		}
		h.Begin("", outcome, now, returned)
		effect := outcome == history.Committed || outcome == 0 && rng.IntN(2) == 0
		before := slices.Clone(current)
		for range rng.IntN(4) {
			k := int32(rng.IntN(len(h.Initial)))
			version := current[k]
			if !effect {
				version = before[k]
			}
			if rng.IntN(100) < wrong {
				version = anyVersion(rng, h, k)
			}
			value := h.Initial[k]
			if version != history.InitialVersion {
				value = h.Accesses[version].Value
			}
			if rng.IntN(2) == 0 {
				if rng.IntN(100) == 0 {
					value++
				}
				h.Add(history.ReadOf(k, version, value))
				continue
			}
			i := h.Add(history.WriteOf(k, version, int64(len(h.Accesses))))
			if effect {
				current[k] = i
			} else {
				before[k] = i
			}
		}
	}
	return h
}

// orderedHistory draws accesses and then, for each key, any order of its writes, and
// what each read saw: wild histories in which every read has the value of its version.
func orderedHistory(rng *rand.Rand) *history.History {
	h := &history.History{}
	writes := make([][]int32, 1+rng.IntN(3))
	h.Initial = make([]int64, len(writes))
	for range 2 + rng.IntN(3) {
		start := time.Duration(rng.IntN(6))
		outcome := history.Committed
		if rng.IntN(10) == 0 {
			outcome = 0
		}
		tx := h.Begin("", outcome, start, start+time.Duration(rng.IntN(8)))
		for k := range writes {
			if rng.IntN(3) > 0 {
				h.Add(history.ReadOf(int32(k), history.InitialVersion, 0))
			}
			if rng.IntN(3) == 0 {
				writes[k] = append(writes[k], h.Add(history.WriteOf(int32(k), history.InitialVersion, int64(tx)+1)))
			}
		}
	}
	for k := range writes {
		rng.Shuffle(len(writes[k]), func(i, j int) { writes[k][i], writes[k][j] = writes[k][j], writes[k][i] })
		for i, w := range writes[k] {
			if i > 0 {
				h.Accesses[w].Version = writes[k][i-1]
			}
		}
	}
	for i := range h.Accesses {
		a := &h.Accesses[i]
		if choices := writes[a.Key()]; !a.IsWrite() && len(choices) > 0 && rng.IntN(3) > 0 {
			v := choices[rng.IntN(len(choices))]
			candidate := history.ReadOf(a.Key(), v, h.Accesses[v].Value)
			old := *a
			if *a = candidate; h.Validate() != nil {
				*a = old
			}
		}
	}
	return h
}

// History draws a small history of transactions on a few keys, right or wrong in
// any way: the versions come from a store that errs now and then, or from anywhere.
// Values are mostly those of their versions.
func History(rng *rand.Rand) *history.History {
	if rng.IntN(2) == 0 {
		return orderedHistory(rng)
	}
	return randomHistory(rng)
}

func anyVersion(rng *rand.Rand, h *history.History, key int32) int32 {
	versions := []int32{history.InitialVersion}
	for i := range h.Accesses {
		if a := &h.Accesses[i]; a.IsWrite() && a.Key() == key {
			versions = append(versions, int32(i))
		}
	}
	return versions[rng.IntN(len(versions))]
}
