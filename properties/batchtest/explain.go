package batchtest

import (
	"fmt"
	"maps"
	"slices"
)

// departure is a way in which a run may have departed from the serial one.
type departure struct {
	rule, why string
	skew      skew
}

// mostExecuted bounds the departures that are tried, by how many transactions they execute.
const mostExecuted = 200_000

// explain looks for the simplest departure from serial execution that leads to the state that the run came to. It says nothing but the rule if it knows
// none.
func explain(c *config, b *Block, o *Outcome, want *serial) (rule, why string) {
	executed := 0
	for d := range departures(b, want) {
		if executed += b.Len(); executed > mostExecuted {
			break
		}
		if o.report.Order != nil && d.skew.order == nil {
			d.skew.order = o.report.Order
		}
		if maps.Equal(execute(b, c.policy, d.skew).state, o.report.State) {
			return d.rule, d.why
		}
	}
	return ruleState, ""
}

// departures yields what may have gone wrong, the simplest first: one read, one write, one transaction, the order.
func departures(b *Block, want *serial) func(yield func(departure) bool) {
	return func(yield func(departure) bool) {
		for _, some := range []func(*Block, *serial, func(departure) bool) bool{wrongPolicy, staleReads, lostWrites, keptWrites, staleViews, leftOut, reordered, twice} {
			if !some(b, want, yield) {
				return
			}
		}
	}
}

// wrongPolicy: a failure had another effect on the block than it should have.
func wrongPolicy(b *Block, want *serial, yield func(departure) bool) bool {
	first := want.firstFailure()
	if first < 0 {
		return true
	}
	for _, d := range []departure{
		{"no rollback", "what came before " + b.name(first) + " had not been rolled back", skew{policy: KeepPrefix}},
		{"rollback", "what came before " + b.name(first) + " had been rolled back", skew{policy: RollBack}},
		{"not ended", b.name(first) + "'s failure had not ended the block", skew{policy: Isolate}},
	} {
		if d.skew.policy != want.policy && !yield(d) {
			return false
		}
	}
	return true
}

// staleReads: a transaction did not see what another wrote of a key.
func staleReads(b *Block, want *serial, yield func(departure) bool) bool {
	for tx := range b.bodies {
		for writer := range b.bodies {
			for _, k := range want.wrote[writer] {
				if !slices.ContainsFunc(want.read[tx], func(a access) bool { return a.key == k && a.writer == writer }) {
					continue
				}
				d := departure{"stale read", fmt.Sprintf("%s had not seen %s's write of %s", b.name(tx), b.name(writer), k), skew{
					hidden: func(t, w int, key Key) bool { return t == tx && w == writer && key == k },
				}}
				if !yield(d) {
					return false
				}
			}
		}
	}
	return true
}

// lostWrites: what a transaction wrote of a key is nowhere.
func lostWrites(b *Block, want *serial, yield func(departure) bool) bool {
	for writer := range b.bodies {
		for _, k := range want.wrote[writer] {
			d := departure{"lost write", fmt.Sprintf("%s's write of %s were lost", b.name(writer), k), skew{
				lost: func(w int, key Key) bool { return w == writer && key == k },
			}}
			if !yield(d) {
				return false
			}
		}
	}
	return true
}

// leftOut: a transaction has no effect at all.
func leftOut(b *Block, want *serial, yield func(departure) bool) bool {
	all := want.ran
	for i, tx := range all {
		without := slices.Delete(slices.Clone(all), i, i+1)
		if !yield(departure{"left out", b.name(tx) + " had not been executed", skew{order: without}}) {
			return false
		}
	}
	return true
}

// twice: a transaction had its effect a second time, later.
func twice(b *Block, want *serial, yield func(departure) bool) bool {
	all := want.ran
	for i, tx := range all {
		for at := i + 1; at <= len(all); at++ {
			again := slices.Insert(slices.Clone(all), at, tx)
			if !yield(departure{"twice", b.name(tx) + " had been executed twice", skew{order: again}}) {
				return false
			}
		}
	}
	return true
}

// staleViews: a transaction saw nothing of any from one on.
func staleViews(b *Block, want *serial, yield func(departure) bool) bool {
	all := want.ran
	for i, tx := range all {
		for from := i - 1; from >= 0; from-- {
			after := all[from:i]
			d := departure{"stale view", fmt.Sprintf("%s had read the state before %s", b.name(tx), b.name(all[from])), skew{
				hidden: func(t, w int, _ Key) bool { return t == tx && slices.Contains(after, w) },
			}}
			if !yield(d) {
				return false
			}
		}
	}
	return true
}

// keptWrites: what a failed transaction had written stays.
func keptWrites(_ *Block, want *serial, yield func(departure) bool) bool {
	if want.firstFailure() < 0 {
		return true
	}
	return yield(departure{"aborted write", "what a failed transaction had written were kept", skew{kept: true}})
}

// reordered: a transaction took effect earlier, or later.
func reordered(b *Block, want *serial, yield func(departure) bool) bool {
	all := want.ran
	for i, tx := range all {
		for at := range all {
			if at == i {
				continue
			}
			moved := slices.Insert(slices.Delete(slices.Clone(all), i, i+1), at, tx)
			why := fmt.Sprintf("%s came before %s", b.name(tx), b.name(all[at]))
			if at > i {
				why = fmt.Sprintf("%s came after %s", b.name(tx), b.name(all[at]))
			}
			if !yield(departure{"wrong order", why, skew{order: moved}}) {
				return false
			}
		}
	}
	return true
}

func (b *Block) name(tx int) string { return b.bodies[tx].name }
