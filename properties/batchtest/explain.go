package batchtest

import (
	"fmt"
	"slices"

	"synchrony/models/block"
)

// departure is a way in which a run may have departed from the serial one.
type departure struct {
	rule, why string
	departs   block.Departure
}

// mostExecuted bounds the departures that are tried, by how many transactions they execute.
const mostExecuted = 200_000

// explain looks for the simplest departure from serial execution that leads to the state that the run came to. It says nothing but the rule if it knows
// none.
func explain(c *config, b *Block, o *Outcome, want *block.Serial) (rule, why string) {
	executed := 0
	for d := range departures(b, want) {
		if executed += b.Len(); executed > mostExecuted {
			break
		}
		if o.report.Order != nil && d.departs.Order == nil {
			d.departs.Order = o.report.Order
		}
		if differing, _ := c.compare(b, block.Execute(b, c.policy, d.departs), o.report.State); len(differing) == 0 {
			return d.rule, d.why
		}
	}
	return ruleState, ""
}

// departures yields what may have gone wrong, the simplest first: one read, one write, one transaction, the order.
func departures(b *Block, want *block.Serial) func(yield func(departure) bool) {
	return func(yield func(departure) bool) {
		for _, some := range []func(*Block, *block.Serial, func(departure) bool) bool{wrongPolicy, staleReads, lostWrites, keptWrites, staleViews, leftOut, reordered, twice} {
			if !some(b, want, yield) {
				return
			}
		}
	}
}

// wrongPolicy: a failure had another effect on the block than it should have.
func wrongPolicy(b *Block, want *block.Serial, yield func(departure) bool) bool {
	first := want.FirstFailure()
	if first < 0 {
		return true
	}
	for _, d := range []departure{
		{"no rollback", "what came before " + b.Name(first) + " had not been rolled back", block.Departure{Policy: KeepPrefix}},
		{"rollback", "what came before " + b.Name(first) + " had been rolled back", block.Departure{Policy: RollBack}},
		{"not ended", b.Name(first) + "'s failure had not ended the block", block.Departure{Policy: Isolate}},
	} {
		if d.departs.Policy != want.Policy && !yield(d) {
			return false
		}
	}
	return true
}

// staleReads: a transaction did not see what another wrote of a key.
func staleReads(b *Block, want *block.Serial, yield func(departure) bool) bool {
	for tx := range b.Transactions {
		for writer := range b.Transactions {
			for _, k := range want.Wrote[writer] {
				if !slices.ContainsFunc(want.Read[tx], func(a Access) bool { return a.Key == k && a.Writer == writer }) {
					continue
				}
				d := departure{"stale read", fmt.Sprintf("%s had not seen %s's write of %s", b.Name(tx), b.Name(writer), k), block.Departure{
					Hidden: func(t, w int, key Key) bool { return t == tx && w == writer && key == k },
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
func lostWrites(b *Block, want *block.Serial, yield func(departure) bool) bool {
	for writer := range b.Transactions {
		for _, k := range want.Wrote[writer] {
			d := departure{"lost write", fmt.Sprintf("%s's write of %s were lost", b.Name(writer), k), block.Departure{
				Lost: func(w int, key Key) bool { return w == writer && key == k },
			}}
			if !yield(d) {
				return false
			}
		}
	}
	return true
}

// leftOut: a transaction has no effect at all.
func leftOut(b *Block, want *block.Serial, yield func(departure) bool) bool {
	all := want.Ran
	for i, tx := range all {
		without := slices.Delete(slices.Clone(all), i, i+1)
		if !yield(departure{"left out", b.Name(tx) + " had not been executed", block.Departure{Order: without}}) {
			return false
		}
	}
	return true
}

// twice: a transaction had its effect a second time, later.
func twice(b *Block, want *block.Serial, yield func(departure) bool) bool {
	all := want.Ran
	for i, tx := range all {
		for at := i + 1; at <= len(all); at++ {
			again := slices.Insert(slices.Clone(all), at, tx)
			if !yield(departure{"twice", b.Name(tx) + " had been executed twice", block.Departure{Order: again}}) {
				return false
			}
		}
	}
	return true
}

// staleViews: a transaction saw nothing of any from one on.
func staleViews(b *Block, want *block.Serial, yield func(departure) bool) bool {
	all := want.Ran
	for i, tx := range all {
		for from := i - 1; from >= 0; from-- {
			after := all[from:i]
			d := departure{"stale view", fmt.Sprintf("%s had read the state before %s", b.Name(tx), b.Name(all[from])), block.Departure{
				Hidden: func(t, w int, _ Key) bool { return t == tx && slices.Contains(after, w) },
			}}
			if !yield(d) {
				return false
			}
		}
	}
	return true
}

// keptWrites: what a failed transaction had written stays.
func keptWrites(_ *Block, want *block.Serial, yield func(departure) bool) bool {
	if want.FirstFailure() < 0 {
		return true
	}
	return yield(departure{"aborted write", "what a failed transaction had written were kept", block.Departure{Kept: true}})
}

// reordered: a transaction took effect earlier, or later.
func reordered(b *Block, want *block.Serial, yield func(departure) bool) bool {
	all := want.Ran
	for i, tx := range all {
		for at := range all {
			if at == i {
				continue
			}
			moved := slices.Insert(slices.Delete(slices.Clone(all), i, i+1), at, tx)
			why := fmt.Sprintf("%s came before %s", b.Name(tx), b.Name(all[at]))
			if at > i {
				why = fmt.Sprintf("%s came after %s", b.Name(tx), b.Name(all[at]))
			}
			if !yield(departure{"wrong order", why, block.Departure{Order: moved}}) {
				return false
			}
		}
	}
	return true
}
