package simulate

import (
	"math/rand/v2"
	"time"

	"synchrony/models/history"
)

// Anomaly is a way in which a history is wrong: its name, and the transactions that have
// it, alone. A plan's transactions work on keys p0, p1, … of their own.
type Anomaly struct {
	Name string
	plan []planned
}

// planned is a transaction of an anomaly: its accesses, and its slot in time; those of
// one slot are concurrent.
type planned struct {
	slot     int
	outcome  history.Outcome
	accesses []plannedAccess
}

// always is the slot of a transaction that is concurrent with all the others.
const always = -1

// plannedAccess reads or writes a key. The version is the n-th write of the plan, or -1
// for the initial one.
type plannedAccess struct {
	write   bool
	key     int
	version int
	value   int64 // added to what a read should have had
}

// Anomalies are all kinds, each in its smallest form.
func Anomalies() []Anomaly {
	read := func(key, version int) plannedAccess { return plannedAccess{key: key, version: version} }
	write := func(key, version int) plannedAccess { return plannedAccess{write: true, key: key, version: version} }
	tx := func(slot int, accesses ...plannedAccess) planned { return planned{slot, history.Committed, accesses} }
	const none = -1
	return []Anomaly{
		{"G0", []planned{tx(0, write(0, none), write(1, 3)), tx(0, write(0, 0), write(1, none))}},
		{"G1a", []planned{{0, history.Aborted, []plannedAccess{write(0, none)}}, tx(0, read(0, 0))}},
		{"G1b", []planned{tx(0, write(0, none), write(0, 0)), tx(0, read(0, 0))}},
		{"G1c", []planned{tx(0, write(0, none), read(1, 1)), tx(0, write(1, none), read(0, 0))}},
		{"G-single", []planned{tx(0, write(0, none), write(1, none)), tx(0, read(0, 0), read(1, none))}},
		{"G2-item", []planned{tx(0, read(0, none), write(1, none)), tx(0, read(1, none), write(0, none))}},
		{"G0-realtime", []planned{tx(0, write(0, 1)), tx(1, write(0, none))}},
		{"G1c-realtime", []planned{tx(0, read(0, 0)), tx(1, write(0, none))}},
		{"G-single-realtime", []planned{tx(0, write(0, none)), tx(1, read(0, none))}},
		{"G2-item-realtime", []planned{
			tx(always, read(0, none), write(1, none)), tx(0, write(0, none)), tx(1, read(1, none)),
		}},
		{"internal", []planned{tx(0, write(0, none), read(0, none))}},
		{"wrong value", []planned{tx(0, write(0, none)), tx(1, plannedAccess{key: 0, version: 0, value: 7})}},
	}
}

// Right is a random history that is strictly serializable, of transactions whose order
// was decided at an instant within their intervals.
func Right(rng *rand.Rand) *history.History {
	h := &history.History{Initial: make([]int64, 1+rng.IntN(3))}
	current := make([]int32, len(h.Initial))
	for k := range current {
		current[k] = history.InitialVersion
	}
	now := time.Duration(0)
	for range 1 + rng.IntN(6) {
		now += time.Duration(1 + rng.IntN(4))
		h.Begin("", history.Committed, now-time.Duration(rng.IntN(6)), now+time.Duration(rng.IntN(6)))
		for range 1 + rng.IntN(3) {
			k := rng.IntN(len(current))
			value := int64(0)
			if current[k] != history.InitialVersion {
				value = h.Accesses[current[k]].Value
			}
			if rng.IntN(2) == 0 {
				h.Add(history.ReadOf(int32(k), current[k], value))
			} else {
				current[k] = h.Add(history.WriteOf(int32(k), current[k], int64(len(h.Accesses))+1))
			}
		}
	}
	return h
}

// Plant adds an anomaly to a history, at a random time; the transactions on other keys
// stay as they are.
func Plant(rng *rand.Rand, h *history.History, a Anomaly) {
	keys := int32(len(h.Initial))
	h.Initial = append(h.Initial, 0, 0)
	start := time.Duration(rng.IntN(20))
	var writes, all []int32
	var versions []int
	for _, p := range a.plan {
		invoked := start + time.Duration(p.slot)*10
		returned := invoked + time.Duration(3+rng.IntN(3))
		if p.slot == always {
			invoked, returned = start, start+50
		}
		h.Begin("", p.outcome, invoked+time.Duration(rng.IntN(3)), returned)
		for _, x := range p.accesses {
			access := history.ReadOf
			if x.write {
				access = history.WriteOf
			}
			i := h.Add(access(keys+int32(x.key), history.InitialVersion, x.value))
			if x.write {
				h.Accesses[i].Value = int64(i) + 1
				writes = append(writes, i)
			}
			all, versions = append(all, i), append(versions, x.version)
		}
	}
	for n, i := range all {
		if v := versions[n]; v >= 0 {
			h.Accesses[i].Version = writes[v]
			if !h.Accesses[i].IsWrite() {
				h.Accesses[i].Value += h.Accesses[writes[v]].Value
			}
		}
	}
}
