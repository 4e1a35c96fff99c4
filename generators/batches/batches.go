package batches

import (
	"fmt"

	"pgregory.net/rapid"

	"synchrony/generators"
	"synchrony/generators/choice"
	"synchrony/models/batch"
)

// Workload draws a batch and how to run it, and says what it is. The same choice
// sequence gives the same workload.
func Workload(t *rapid.T, o Options) (batch.Workload, generators.Labels) {
	d := Workloads(o).Draw(t, "workload")
	return d.Workload, Classify(d.Workload)
}

// Workloads returns the generator that [Workload] draws from.
func Workloads(o Options) *rapid.Generator[Drawn] {
	o = o.withDefaults()
	return rapid.Custom(func(t *rapid.T) Drawn {
		s := choice.From(t)
		attestations := drawAttestations(s, o)
		return Drawn{attestations.attest(makeWorkload(drawBatch(s, o), o))}
	})
}

// Drawn is a workload that prints as its text.
type Drawn struct{ batch.Workload }

// GoString returns the workload's text, for rapid's log.
func (d Drawn) GoString() string {
	text, err := batch.FormatWorkload(d.Workload)
	if err != nil {
		return err.Error()
	}
	return "\n" + string(text)
}

// Bulk returns a workload of exactly n transactions from a seed, without rapid: for
// sizes at which neither rapid's choice sequence nor shrinking is of use. The
// batch commits: the options' sizes of batches, their faults and their timers do not
// count. Balances are ordinary and all MaxAccounts are in use if the way to choose
// them reaches them. It takes time and memory in proportion to n, 2–5 µs each.
func Bulk(seed uint64, n int, o Options) batch.Workload {
	o = o.withDefaults()
	s := choice.Seeded(seed)
	o.Failures, o.Mints, o.Cycles, o.Panics, o.Timeouts, o.Cancels = 0, 0, 0, 0, 0, 0
	numbers := drawBatch(s, o)
	numbers.accounts = o.MaxAccounts
	numbers.balances = hundreds
	numbers.slots = make([]slot, max(n, 0))
	for i := range numbers.slots {
		numbers.slots[i] = drawSlot(s, numbers.width)
	}
	return makeWorkload(numbers, o)
}

// makeWorkload is the second phase: a pure function of the numbers.
func makeWorkload(n batchNumbers, o Options) batch.Workload {
	r := newResolver(n, o.MaxAccounts)
	b, err := r.assemble(r.drafts())
	if err != nil {
		panic(fmt.Sprint(err)) // a mistake of this package, which its tests would find
	}
	w := batch.Workload{Batch: b, Setup: n.setup.setup(b)}
	if n.ending == panics {
		for i := range b.Transactions {
			if n.place.Strikes(i, len(b.Transactions)) {
				w.Setup.Panics = append(w.Setup.Panics, b.Transactions[i].ID)
			}
		}
	}
	return w
}
