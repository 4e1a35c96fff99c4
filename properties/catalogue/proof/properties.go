package proof

import (
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/properties"
)

type (
	planProperty   = properties.Property[ordering, ends]
	intentProperty = properties.Property[*batch.Batch, batch.Outcome]
)

// Properties returns P1 to P4.
func Properties() []properties.Testable {
	return []properties.Testable{planned(), conserving(), bounded(), crossed()}
}

func planned() *planProperty {
	o := batches.Contended()
	o.MaxTransactions, o.LargeTransactions, o.Failures = 8, 8, 20
	return &planProperty{
		ID: "P1", Group: properties.ProofGroup, Source: properties.Here(0), Unscheduled: true,
		Statement: "every order that a batch's plan allows is as good as the serial one",
		System:    bothOrders{},
		Generator: orderings(o),
		Checkers:  []checkers.Checker[ordering, ends]{sameEnd{}},
		Codec:     properties.Codec[ordering]{Format: formatOrdering, Parse: parseOrdering},
		Sometimes: []properties.Condition[ordering, ends]{
			{Name: "another order than the serial one", Holds: func(w ordering, _ ends) bool { return !serial(w) }},
			{Name: "a batch that commits", Holds: func(_ ordering, e ends) bool { return e.Serial.Failure == nil }},
		},
		Size:    func(w ordering) int { return len(w.Batch.Transactions) },
		Explain: explainOrders,
	}
}

func conserving() *intentProperty {
	return intents("P2", "a transaction conserves the sum of balances", conserves{})
}

func bounded() *intentProperty {
	return intents("P3", "a transaction does not overflow", staysInRange{})
}

// intents is a property of each transaction of a batch, in serial order.
func intents(id, statement string, c checkers.Checker[*batch.Batch, batch.Outcome]) *intentProperty {
	return &intentProperty{
		ID: id, Group: properties.ProofGroup, Source: properties.Here(1), Unscheduled: true, Statement: statement,
		System:    serially{},
		Generator: rapid.Map(batches.Workloads(batches.Committing()), func(d batches.Drawn) *batch.Batch { return d.Batch }),
		Checkers:  []checkers.Checker[*batch.Batch, batch.Outcome]{c},
		Codec:     properties.Codec[*batch.Batch]{Format: formatBatch, Parse: parseBatch},
		Sometimes: []properties.Condition[*batch.Batch, batch.Outcome]{{
			Name: "two transactions or more", Holds: func(_ *batch.Batch, o batch.Outcome) bool { return len(o.Order) > 1 },
		}},
		Size: func(b *batch.Batch) int { return len(b.Transactions) },
		Explain: func(b *batch.Batch, o batch.Outcome, _ *sched.Record) []string {
			return []string{before(b), "In serial order: " + ended(b, o) + "."}
		},
	}
}

// orderings draws a batch and any order that the executor's plan for it allows.
func orderings(o batches.Options) *rapid.Generator[ordering] {
	return rapid.Custom(func(t *rapid.T) ordering {
		b := batches.Workloads(o).Draw(t, "workload").Batch
		w := ordering{Batch: b}
		waiting := make([]int, len(b.Transactions))
		for _, d := range synchrony.Plan(b) {
			w.Plan = append(w.Plan, edge{int(d.From), int(d.To)})
			waiting[d.To]++
		}
		var ready []int
		for i, n := range waiting {
			if n == 0 {
				ready = append(ready, i)
			}
		}
		for len(ready) > 0 {
			k := rapid.IntRange(0, len(ready)-1).Draw(t, "next")
			next := ready[k]
			ready = append(ready[:k], ready[k+1:]...)
			w.Order = append(w.Order, next)
			for _, e := range w.Plan {
				if e.From != next {
					continue
				}
				if waiting[e.To]--; waiting[e.To] == 0 {
					ready = append(ready, e.To)
				}
			}
		}
		return w
	})
}
