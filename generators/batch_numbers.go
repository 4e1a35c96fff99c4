package generators

import (
	"math/bits"
	"slices"
)

// batchNumbers is what is drawn of a batch: numbers without a meaning yet. Every
// field is drawn in every case, used or not, so that making one smaller does not
// move the others.
type batchNumbers struct {
	fate       fate
	place      place // where the fate strikes
	detour     bool  // what fails waits for one behind the next that does
	tangle     bool  // two cycles share an account
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

// fate is what is meant to become of a batch in a serial execution.
type fate uint8

const (
	commits fate = iota
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

func drawSlot(s source, width int) slot {
	return slot{
		kind:     s.bits(width),
		accounts: [4]uint64{s.bits(width), s.bits(width), s.bits(width), s.bits(width)},
		amount:   s.bits(width),
		variant:  s.bits(width),
		after:    s.bits(width),
		work:     s.bits(width),
		inline:   s.bits(1) == 1,
	}
}

// drawBatch draws the numbers of a batch. The transactions come last, each in a
// group of its own, so that any of them can be deleted. What comes earlier is made
// simple earlier: the theme follows what could force a transaction out of it.
func drawBatch(s source, o BatchOptions) batchNumbers {
	var b batchNumbers
	size := drawSize(s, o)
	b.fate = drawFate(s, o)
	b.place = drawPlace(s, b.fate)
	b.detour = chance(s, o.Detours) && b.fate != commits && b.fate != cycles
	b.tangle = chance(s, o.Tangles) && b.fate == cycles
	b.setup = drawSetup(s, o)
	b.spare = chance(s, 25)
	b.work = chance(s, o.Work) || (b.setup.timed() && o.Work > 0 && chance(s, 80))
	b.after = chance(s, o.After)
	b.inline = chance(s, o.Inline)
	b.balances = balances(pick(s, 30, 4, 4, 3, 4, 1))
	b.contention = Contention(1 + pick(s, 8, 8, 6, 5, 4, 3, 4, 5))
	if o.Contention != Mixed {
		b.contention = o.Contention
	}
	counts := []int{2, 3, 4, 1, 6, 9, 14, 26, o.MaxAccounts}
	b.accounts = min(counts[pick(s, 8, 10, 8, 2, 8, 6, 5, 3, 1)], o.MaxAccounts)
	b.theme = theme(pick(s, 2, 10, 5, 4, 4))
	if o.Plain {
		b.theme = onlyTransfers
	}
	b.makeRoom(o)
	b.width = max(6, bits.Len(uint(o.MaxAccounts))+1)
	b.slots = drawSlots(s, size, b.width)
	return b
}

// makeRoom replaces what was drawn of a batch with a detour or a tangle by what lets most have one.
func (b *batchNumbers) makeRoom(o BatchOptions) {
	switch {
	case b.detour: // around what conflicts
		b.place, b.contention, b.accounts = everySecond, Uniform, o.MaxAccounts
	case b.tangle: // of transfers, since what is written is what conflicts with all
		b.theme, b.contention, b.accounts = onlyTransfers, Uniform, min(max(b.accounts, 4), o.MaxAccounts)
	}
}

// drawPlace draws where the fate strikes: two that mint are of interest because
// they can offset each other.
func drawPlace(s source, f fate) place {
	if f == mints {
		return place(pick(s, 4, 3, 3, 10, 3))
	}
	return place(pick(s, 6, 6, 6, 3, 2))
}

func drawFate(s source, o BatchOptions) fate {
	shares := []int{0, o.Failures, o.Mints, o.Cycles, o.Panics}
	shares[0] = max(0, 100-shares[1]-shares[2]-shares[3]-shares[4])
	return fate(pick(s, shares...))
}

// drawSize chooses a band of lengths: none, one, a few … so that small and large
// batches both occur, which a uniform or a geometric length would not give.
func drawSize(s source, o BatchOptions) length {
	bands := []length{{0, 0}, {1, 1}, {2, 5}, {6, 16}, {17, 64}, {65, o.MaxTransactions}}
	weights := []int{2, 4, 34, 36, 12, 6}
	for i := range bands {
		bands[i].max = min(bands[i].max, o.MaxTransactions)
		if bands[i].min > bands[i].max {
			bands, weights = bands[:i], weights[:i]
			break
		}
	}
	if o.LargeTransactions > o.MaxTransactions {
		bands = append(bands, length{(o.MaxTransactions + o.LargeTransactions) / 2, o.LargeTransactions})
		weights = append(weights, 2)
	}
	return bands[pick(s, weights...)]
}

func drawSlots(s source, size length, width int) []slot {
	var slots []slot
	for more := true; more; {
		s.group(func(s source) {
			if more = size.more(s, len(slots)); more {
				slots = append(slots, drawSlot(s, width))
			}
		})
	}
	return slices.Clip(slots)
}
