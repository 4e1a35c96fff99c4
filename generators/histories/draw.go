package histories

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"synchrony/generators/choice"
	"synchrony/models/history"
)

// History is a small history of transactions whose values are [Computed], and what
// was planted in it.
type History struct {
	*history.History
	// Planted is the name of an Anomaly; Right if nothing is wrong; Wild if nobody
	// knows.
	Planted string
}

// What a History is if no anomaly was planted.
const (
	Right = "nothing"
	Wild  = "unknown"
)

// Histories draws histories of which it is known what is wrong: nothing in a quarter of
// them, and each anomaly in as many of the others, with 2 to 7 transactions on 1 to 3 keys. The
// transactions of the anomaly have keys of their own, among others that are right.
func Histories() *rapid.Generator[History] {
	return rapid.Custom(func(t *rapid.T) History { return plantedHistory(choice.From(t)) })
}

// AnyHistories draws those of [Any].
func AnyHistories() *rapid.Generator[History] {
	return rapid.Custom(func(t *rapid.T) History { return Any(choice.From(t)) })
}

// Any draws a history of [Histories], or as often a wild one, of a store that errs now and then or has its versions in any order.
func Any(s choice.Source) History {
	if !choice.Chance(s, 50) {
		return plantedHistory(s)
	}
	d := newHistoryDraw(s, 1+choice.Below(s, 3))
	if choice.Chance(s, 50) {
		d.errs = 20
	}
	d.draw(choice.Length{Min: 2, Max: 6})
	if d.errs == 0 {
		d.scramble()
	}
	for i := range int32(len(d.h.Accesses)) {
		if choice.Chance(s, 2) {
			d.spoiled[i] = []int64{1, 7, restore}[choice.Below(s, 3)]
		}
	}
	return d.history(Wild)
}

// Lasting draws what a right store shows of many transactions of up to 24 accesses, which last for so long that they return in any order.
func Lasting(s choice.Source) History {
	d := newHistoryDraw(s, 2+choice.Below(s, 8))
	d.lasts, d.most = 600, 24
	d.draw(choice.Length{Min: 60, Max: 120})
	return d.history(Wild)
}

// Stale draws what a store of 4 to 6 keys shows that is right but for a few accesses, which see or replace versions that are no longer there.
func Stale(s choice.Source) History {
	d := newHistoryDraw(s, 4+choice.Below(s, 3))
	d.errs = 1 + choice.Below(s, 8)
	d.draw(choice.Length{Min: 4, Max: 16})
	return d.history(Wild)
}

func plantedHistory(s choice.Source) History {
	if !choice.Chance(s, 75) {
		d := newHistoryDraw(s, 1+choice.Below(s, 3))
		d.draw(choice.Length{Min: 2, Max: 7})
		return d.history(Right)
	}
	kinds := Anomalies()
	return withAnomaly(s, kinds[choice.Below(s, len(kinds))])
}

// With draws histories with this anomaly.
func With(kind Anomaly) *rapid.Generator[History] {
	return rapid.Custom(func(t *rapid.T) History { return withAnomaly(choice.From(t), kind) })
}

func withAnomaly(s choice.Source, kind Anomaly) History {
	d := newHistoryDraw(s, 1)
	d.draw(choice.Length{Min: 0, Max: 4})
	d.plant(kind)
	return d.history(kind.Name)
}

// historyDraw is a history being drawn.
type historyDraw struct {
	s       choice.Source
	h       *history.History
	current []int32 // by key: its version in the store
	written [][]int32
	now     time.Duration
	errs    int // percent of accesses to any version instead of the current one
	spoiled spoil
	lasts   int // how long a transaction may last before and after it takes effect; 0 is not long
	most    int // how many accesses a transaction may have; 0 is few
}

func newHistoryDraw(s choice.Source, keys int) *historyDraw {
	d := &historyDraw{s: s, h: &history.History{}, now: 6, spoiled: spoil{}}
	for range keys {
		d.key()
	}
	return d
}

func (d *historyDraw) key() int32 {
	k := len(d.current)
	d.h.Initial, d.h.Keys = append(d.h.Initial, 0), append(d.h.Keys, fmt.Sprintf("k%d", k))
	d.current, d.written = append(d.current, history.InitialVersion), append(d.written, nil)
	return int32(k)
}

func (d *historyDraw) begin(o history.Outcome, invoked, returned time.Duration) {
	d.h.Begin(fmt.Sprintf("T%d", d.h.Len()), o, invoked, returned)
}

func (d *historyDraw) history(planted string) History {
	compute(d.h, d.spoiled)
	return History{d.h, planted}
}

// draw adds transactions that take effect one after another, each at an instant
// between its invocation and its return. If the store does not err they are right.
func (d *historyDraw) draw(n choice.Length) {
	for i, more := 0, true; more && i < n.Max; i++ {
		d.s.Group(func(s choice.Source) {
			if more = n.More(s, i); more {
				d.transaction(s)
			}
		})
	}
}

func (d *historyDraw) transaction(s choice.Source) {
	d.now += time.Duration(1 + choice.Below(s, 4))
	lasts := max(6, d.lasts)
	invoked, returned := d.now-time.Duration(choice.Below(s, lasts)), d.now+time.Duration(choice.Below(s, lasts))
	// A transaction of unknown outcome may have taken effect.
	var outcome history.Outcome
	effect := false
	switch choice.Pick(s, 17, 2, 1, 1) {
	case 0:
		outcome, effect = history.Committed, true
	case 1:
		outcome = history.Aborted
	case 2:
		effect, returned = true, history.Forever
	case 3:
		returned = history.Forever
	}
	d.begin(outcome, invoked, returned)
	before := slices.Clone(d.current)
	most := max(4, d.most)
	for i := range most {
		if i > 0 && !(choice.Length{Min: 1, Max: most}).More(s, i) {
			break
		}
		k := int32(choice.Below(s, len(d.current)))
		version := d.current[k]
		if version == before[k] && choice.Chance(s, d.errs) {
			version = append(d.written[k], history.InitialVersion)[choice.Below(s, len(d.written[k])+1)]
		}
		if choice.Chance(s, 50) {
			d.current[k] = d.h.Add(history.WriteOf(k, version, 0))
			d.written[k] = append(d.written[k], d.current[k])
		} else {
			d.h.Add(history.ReadOf(k, version, 0))
		}
	}
	if !effect {
		d.current = before
	}
}

// scramble puts the versions of each key into any order, and lets each read have seen
// any of them. The writes of one transaction stay in their order.
func (d *historyDraw) scramble() {
	h := d.h
	owner := make([]int32, len(h.Accesses))
	for tx := range int32(h.Len()) {
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			owner[i] = tx
		}
	}
	for k, writes := range d.written {
		var order []int32
		for _, w := range writes {
			at := choice.Below(d.s, len(order)+1)
			for p, x := range order {
				if owner[x] == owner[w] {
					at = max(at, p+1)
				}
			}
			order = slices.Insert(order, at, w)
		}
		for p, w := range order {
			version := history.InitialVersion
			if p > 0 {
				version = order[p-1]
			}
			h.Accesses[w] = history.WriteOf(int32(k), version, 0)
		}
	}
	for i := range h.Accesses {
		a := &h.Accesses[i]
		own := a.Version != history.InitialVersion && owner[a.Version] == owner[i]
		if writes := d.written[a.Key()]; !a.IsWrite() && !own && choice.Chance(d.s, 60) {
			v := append(slices.Clone(writes), history.InitialVersion)[choice.Below(d.s, len(writes)+1)]
			if v == history.InitialVersion || owner[v] != owner[i] {
				a.Version = v
			}
		}
	}
}

// plant adds an anomaly at any time. What was concurrent in it is, and what was not is
// not.
func (d *historyDraw) plant(kind Anomaly) {
	plan, err := history.ParseHistory(kind.Name, kind.history)
	if err != nil {
		panic(err) // of a constant
	}
	base := int32(len(d.h.Accesses))
	var keys []int32
	for range plan.Initial {
		keys = append(keys, d.key())
	}
	start := time.Duration(choice.Below(d.s, 20))
	for tx := range int32(plan.Len()) {
		later, earlier := time.Duration(choice.Below(d.s, 3)), time.Duration(choice.Below(d.s, 3))
		d.begin(plan.Outcomes[tx], start+plan.Invoked[tx]+later, start+plan.Returned[tx]-earlier)
		for _, a := range plan.Of(tx) {
			version, access := a.Version, history.ReadOf
			if version != history.InitialVersion {
				version += base
			}
			if a.IsWrite() {
				access = history.WriteOf
			}
			i := d.h.Add(access(keys[a.Key()], version, 0))
			if a.Value != 0 {
				d.spoiled[i] = a.Value
			}
		}
	}
}
