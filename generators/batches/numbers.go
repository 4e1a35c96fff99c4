package batches

import (
	"math/bits"
	"slices"

	"synchrony/generators/choice"
)

// batchNumbers is what is drawn of a batch: numbers without a meaning yet. Every
// field is drawn in every case, used or not, so that making one smaller does not
// move the others.
type batchNumbers struct {
	ending     ending
	place      choice.Place // where the failure strikes
	detour     bool         // what fails waits for one behind the next that does
	twoCycles  bool         // there are two cycles
	theme      theme
	contention Contention
	accounts   int // how many, at least 1
	balances   balances
	spare      bool // keep accounts that no transaction mentions
	work       bool
	after      bool
	inline     bool
	setup      setupNumbers
	width      int // of the slots' numbers, in bits
	slots      []slot
}

// ending is how a batch is meant to end in a serial execution.
type ending uint8

const (
	commits ending = iota
	fails
	mints
	cycles
	panics
)

// theme is which kinds of transactions a batch has.
type theme uint8

const (
	onlyTransfers theme = iota
	allKinds
	mostlyReads
	mostlyBlind // writes without reads
	mostlyOrdered
)

// balances is how the accounts begin.
type balances uint8

const (
	hundreds balances = iota // 100, 200, 300 …: a value names its account
	sparse                   // every other one is 0
	small                    // 0 … 6
	signed                   // positive and negative
	extreme                  // near the ends of int64, in turns
	allHuge                  // all near the largest: their sum is outside int64
)

// slot is one transaction's numbers, all of the batch's width in bits.
type slot struct {
	kind     uint64
	accounts [4]uint64
	amount   uint64
	variant  uint64
	after    uint64
	work     uint64
	inline   bool
}

func drawSlot(s choice.Source, width int) slot {
	return slot{
		kind:     s.Bits(width),
		accounts: [4]uint64{s.Bits(width), s.Bits(width), s.Bits(width), s.Bits(width)},
		amount:   s.Bits(width),
		variant:  s.Bits(width),
		after:    s.Bits(width),
		work:     s.Bits(width),
		inline:   s.Bits(1) == 1,
	}
}

// drawBatch draws the numbers of a batch. The transactions come last, each in a
// group of its own, so that any of them can be deleted. What comes earlier is made
// simple earlier: the theme follows what could force a transaction out of it.
func drawBatch(s choice.Source, o Options) batchNumbers {
	var b batchNumbers
	size := drawSize(s, o)
	b.ending = drawEnding(s, o)
	b.place = drawPlace(s, b.ending)
	b.detour = choice.Chance(s, o.Detours) && b.ending != commits && b.ending != cycles
	b.twoCycles = choice.Chance(s, o.TwoCycles) && b.ending == cycles
	b.setup = drawSetup(s, o)
	b.spare = choice.Chance(s, 25)
	b.work = choice.Chance(s, o.Work) || (b.setup.timed() && o.Work > 0 && choice.Chance(s, 80))
	b.after = choice.Chance(s, o.After)
	b.inline = choice.Chance(s, o.Inline)
	if b.balances = balances(choice.Pick(s, 30, 4, 4, 3, 4, 1)); b.ending == fails && b.balances == signed {
		b.balances = extreme // where arithmetic fails
	}
	b.contention = Contention(1 + choice.Pick(s, 8, 8, 6, 5, 4, 3, 4, 5))
	if o.Contention != Mixed {
		b.contention = o.Contention
	}
	counts := []int{2, 3, 4, 1, 6, 9, 14, 26, o.MaxAccounts}
	b.accounts = min(counts[choice.Pick(s, 8, 10, 8, 2, 8, 6, 5, 3, 1)], o.MaxAccounts)
	b.theme = theme(choice.Pick(s, 2, 10, 5, 4, 4))
	if o.Plain {
		b.theme = onlyTransfers
	}
	b.makeRoom(o)
	b.width = max(6, bits.Len(uint(o.MaxAccounts))+1)
	b.slots = drawSlots(s, size, b.width)
	return b
}

// makeRoom replaces what was drawn of a batch with a detour or two cycles by what lets most have one.
func (b *batchNumbers) makeRoom(o Options) {
	switch {
	case b.detour: // around what conflicts
		b.place, b.contention, b.accounts = choice.EverySecond, Uniform, o.MaxAccounts
	case b.twoCycles: // of transfers, since what is written is what conflicts with all
		b.theme, b.contention, b.accounts = onlyTransfers, Uniform, min(max(b.accounts, 4), o.MaxAccounts)
	}
}

// drawPlace draws where the failure strikes: two that mint are of interest because
// they can offset each other.
func drawPlace(s choice.Source, f ending) choice.Place {
	if f == mints {
		return choice.Place(choice.Pick(s, 4, 3, 3, 10, 3))
	}
	return choice.Place(choice.Pick(s, 6, 6, 6, 3, 2))
}

func drawEnding(s choice.Source, o Options) ending {
	shares := []int{0, o.Failures, o.Mints, o.Cycles, o.Panics}
	shares[0] = max(0, 100-shares[1]-shares[2]-shares[3]-shares[4])
	return ending(choice.Pick(s, shares...))
}

// drawSize chooses a band of lengths.
func drawSize(s choice.Source, o Options) choice.Length {
	return choice.Banded(s, []choice.Band{
		{Length: choice.Length{Max: 0}, Weight: 2},
		{Length: choice.Length{Min: 1, Max: 1}, Weight: 4},
		{Length: choice.Length{Min: 2, Max: 5}, Weight: 34},
		{Length: choice.Length{Min: 6, Max: 16}, Weight: 36},
		{Length: choice.Length{Min: 17, Max: 64}, Weight: 12},
		{Length: choice.Length{Min: 65, Max: o.MaxTransactions}, Weight: 6},
	}, o.MaxTransactions, o.LargeTransactions, 2)
}

func drawSlots(s choice.Source, size choice.Length, width int) []slot {
	var slots []slot
	for more := true; more; {
		s.Group(func(s choice.Source) {
			if more = size.More(s, len(slots)); more {
				slots = append(slots, drawSlot(s, width))
			}
		})
	}
	return slices.Clip(slots)
}
