package batch

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/conservation"
	"synchrony/checkers/metrics"
	"synchrony/checkers/order"
	"synchrony/checkers/outcome"
	"synchrony/checkers/overlap"
	"synchrony/checkers/race"
	"synchrony/checkers/timeout"
	"synchrony/executor"
	"synchrony/executor/synchrony"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/catalogue/checker"
)

// Group is the group of these properties.
const Group = "batch"

type (
	system       = executor.System[batch.Workload, trace.Observation]
	batchChecker = checkers.OfBatch
	condition    = properties.Condition[batch.Workload, trace.Observation]
	single       = properties.Property[batch.Workload, trace.Observation]
	pairwise     = properties.Property[batch.Workload, []execution]
)

// Properties returns S1 to S30 of Synchrony.
func Properties() []properties.Testable {
	s := synchrony.System{}
	return append(Of(s), atOnce(), misbehaviour(s), endedFromWithin(s), histories(s), leaving())
}

// Of returns the properties of any executor of batches, in order.
func Of(s system) []properties.Testable {
	checks := slices.Concat(structure(s), safety(s), gates(s), reporting(s), relations(s), parsing())
	return properties.ByNumber(checks)
}

// one is a property that judges one execution.
func one(s system, id, statement string, g batches.Options, sometimes []condition, cs ...batchChecker) *single {
	return &single{
		ID: id, Group: Group, Statement: statement, Source: properties.Here(1), System: s,
		Generator: workloads(g, asDrawn), Checkers: cs, Codec: codec,
		Sometimes: sometimes, Classify: classify, Size: size, Real: quick, Explain: explain, Object: objectOf, Large: large, Cause: cause, Acts: acts,
	}
}

// promisedCycle checks that the cycle that a batch is refused for is the one that the executor promises to name. Rule: "another cycle".
func promisedCycle() batchChecker {
	return checkers.New("cycle", func(w batch.Workload, o trace.Observation) checkers.Verdict {
		if len(o.Cycle) == 0 {
			return checkers.Passed() // whether there is one to name is asked by others
		}
		promised := batch.RunSerially(w.Batch, w.Setup.Panics...).Cycle
		if promised == nil || slices.Equal(promised.Cycle, o.Cycle) {
			return checkers.Passed()
		}
		return checkers.Failed("another cycle", fmt.Sprintf("the cycle %v is named, and the shortest one of the first transaction on any is %v", o.Cycle, promised.Cycle))
	})
}

// structure is about the analysis and the plan.
func structure(s system) []properties.Testable {
	return []properties.Testable{
		one(s, "S1", "two transactions are independent exactly if neither writes what the other reads or writes",
			batches.Contended(), []condition{conflicting, independent}, order.Plan()),
		one(s, "S2", "the dependency graph of a batch without after clauses is acyclic",
			without(batches.Contended(), func(o *batches.Options) { o.After = 0 }), []condition{conflicting}, order.Acyclic()),
		one(s, "S3", "a cycle is refused before execution, and named: the shortest one of the first transaction that is on any",
			batches.Cyclic(), []condition{cyclic, chained}, order.Acyclic(), outcome.New(), promisedCycle()),
		overlapping(s),
		one(s, "S5", "if T2 depends on T1, T1 has finished before T2 starts, in every schedule",
			without(batches.Contended(), func(o *batches.Options) { o.Failures, o.After = 20, 50 }),
			[]condition{conflicting, chained, aborted}, order.Execution()),
		one(s, "S13", "every conflicting pair is reported, with its kinds, and no other",
			batches.Anything(), []condition{conflicting, kind(trace.RAW, "RAW"), kind(trace.WAR, "WAR"), kind(trace.WAW, "WAW")}, order.Report()),
		one(s, "S15", "all conflicts and the plan's groups are in the result, whatever the outcome",
			batches.Failing(), []condition{conflicting, aborted}, order.Report(), order.Groups()),
		one(s, "S25", "every RAW, WAR and WAW that the execution's accesses show was in the analysis",
			batches.Contended(), []condition{conflicting}, order.Observed()),
	}
}

// overlapping is S4: on a clock that stands still while anybody can run, long
// independent transactions always overlap if there is a worker for each.
func overlapping(s system) *single {
	p := one(s, "S4", "independent transactions overlap in time, and dependent ones begin as soon as they can",
		without(batches.Committing(), func(o *batches.Options) {
			o.MaxTransactions, o.LargeTransactions, o.Work, o.Untraced, o.Modes = 5, 5, 100, 0, 0
		}),
		[]condition{{Name: "long independent transactions had a worker each", Holds: func(w batch.Workload, o trace.Observation) bool {
			return overlap.Applies(w) && len(o.Groups) > 0 && len(o.Groups[0]) > 1
		}}, {Name: "a chain of three, with a worker for each", Holds: func(w batch.Workload, o trace.Observation) bool {
			return overlap.Applies(w) && len(o.Groups) > 2
		}}, condition{Name: "more than eight that are ready at once", Holds: func(w batch.Workload, o trace.Observation) bool {
			return overlap.Applies(w) && len(o.Groups) > 1 && len(o.Groups[1]) > 8
		}}.DrawnBy(fans()), condition{Name: "several that are ready when one has ended that takes no time", Holds: func(w batch.Workload, o trace.Observation) bool {
			return overlap.Applies(w) && len(o.Groups) > 1 && len(o.Groups[1]) > 1 && w.Batch.Transactions[o.Groups[0][0]].Work == 0
		}}.DrawnBy(drawn(batches.Instant()))}, overlap.New())
	p.Generator = workloads(batches.Options{MaxTransactions: 5, Work: 100, MaxAccounts: 12}, func(w batch.Workload) batch.Workload {
		w = untimed(w)
		w.Setup.Mode = batch.Parallel
		w.Setup.Workers = max(w.Setup.Workers, len(w.Batch.Transactions))
		return w
	})
	p.PatientClock = true
	p.Real = nil
	return p
}

// safety is about what an execution does to the accounts.
func safety(s system) []properties.Testable {
	return []properties.Testable{
		one(s, "S6", "conflicting accesses are ordered by happens-before, and the final state is the serial one",
			batches.Contended(), []condition{conflicting, committed}, race.New(), outcome.New()),
		one(s, "S7", "all or nothing: after any failure the accounts equal the initial ones",
			batches.Failing(), []condition{aborted, committed, observed}, conservation.New(), outcome.New()),
		one(s, "S8", "the sum of balances is conserved by the batch and by each transaction",
			without(batches.Anything(), func(o *batches.Options) { o.Mints = 30 }), []condition{committed, minting}, conservation.New(), outcome.New()),
		one(s, "S10", "there is a serial order with the identical final state and reads, and submission order is one",
			batches.Contended(), crossChecked(), checker.CrossChecked(), outcome.New()),
		one(s, "S22", "a failure's diagnostics name the transaction, condition, values and accounts",
			without(batches.Failing(), func(o *batches.Options) { o.Misconfigured = 10 }), []condition{aborted, misconfigured, overflowed, brimful, barred}, outcome.New()),
		one(s, "S23", "a timeout rolls back and errs within the bound; no late effect",
			without(batches.Timing(), func(o *batches.Options) { o.Failures = 20 }), []condition{timedOut, cancelled, committed, aborted, overran.DrawnBy(overrunning()), lastTooLate},
			timeout.New(), conservation.New(), outcome.New()),
		one(s, "S24", "the default timeout is at least 30 s and 10 times the serial estimate",
			without(batches.Timing(), func(o *batches.Options) { o.Timeouts = 0 }), []condition{defaultTimeout.DrawnBy(slow())}, timeout.Limit()),
	}
}

// reporting is about the figures of a result.
func reporting(s system) []properties.Testable {
	return []properties.Testable{
		one(s, "S19", "metrics are complete and add up",
			without(batches.Anything(), func(o *batches.Options) { o.Untraced = 15 }),
			[]condition{committed, aborted, conflicting, untraced, uneven}, metrics.New()),
	}
}

// relations compare several executions.
func relations(s system) []properties.Testable {
	rel := func(id, statement, name string, g batches.Options, vs func(batch.Workload) ([]variant, error),
		same func(batch.Workload, execution, execution) string, sometimes ...condition,
	) properties.Testable {
		return &pairwise{
			ID: id, Group: Group, Statement: statement, Source: properties.Here(1), System: related{name, s, vs},
			Generator: workloads(g, untimed), Codec: codec, Size: size, Real: quick, Large: large,
			Checkers:  []checkers.Checker[batch.Workload, []execution]{agree{"agreement", same}},
			Sometimes: onFirst(sometimes),
			Classify: func(w batch.Workload, es []execution) []string {
				return classify(w, es[0].Observations[0])
			},
			Cause: causeAmong(vs),
		}
	}
	free := without(batches.Anything(), func(o *batches.Options) {
		o.Timeouts, o.Cancels, o.MaxTransactions, o.LargeTransactions = 0, 0, 8, 0
	})
	unordered := without(free, func(o *batches.Options) { o.After, o.Cycles = 0, 0 })
	return []properties.Testable{
		rel("S14", "repeated runs are identical: state, error, conflicts, plan", "run twice", free, repeated, sameResult, committed, aborted, conflicting),
		rel("S18", "the text form and the Go API give the same result", "text and Go form", without(free, func(o *batches.Options) { o.Failures = 40 }), bothForms, sameForm, committed, aborted, conflicting),
		rel("S20", "a single transaction equals a batch of one", "as a batch and one at a time", unordered, oneByOne, sameInSequence, committed, aborted, conflicting),
		rel("S21", "batches of any size give the same result serially and on 1 to 16 workers", "on one worker, serially and on many",
			without(free, func(o *batches.Options) { o.Failures, o.Detours = 50, 70 }), pooled, sameResult, committed, aborted, conflicting, sizeable.DrawnBy(scaled(batches.All))),
	}
}

// onFirst asks the conditions of the first variant's observation.
func onFirst(cs []condition) []properties.Condition[batch.Workload, []execution] {
	var out []properties.Condition[batch.Workload, []execution]
	for _, c := range cs {
		out = append(out, properties.Condition[batch.Workload, []execution]{
			Name:      c.Name,
			Holds:     func(w batch.Workload, es []execution) bool { return c.Holds(w, es[0].Observations[0]) },
			Generator: c.Generator,
		})
	}
	return out
}

// workloads draws from a profile, and changes what was drawn.
func workloads(o batches.Options, change func(batch.Workload) batch.Workload) *rapid.Generator[batch.Workload] {
	return rapid.Map(batches.Workloads(o), func(d batches.Drawn) batch.Workload { return change(d.Workload) })
}

// slow draws batches without a limit, of which each transaction takes two seconds: two take more
// than a tenth of the least default limit, so that theirs is longer.
func slow() *rapid.Generator[batch.Workload] {
	o := without(batches.Committing(), func(o *batches.Options) { o.MaxTransactions, o.LargeTransactions, o.Work, o.Inline = 8, 8, 0, 0 })
	return workloads(o, func(w batch.Workload) batch.Workload { return withWork(w, 2*time.Second) })
}

// overrunning draws batches that only the limit of a transaction ends: each takes twice as long. Whether somebody notices while it is
// under way, or when it has ended, depends on the schedule.
func overrunning() *rapid.Generator[batch.Workload] { return limitedTo(time.Millisecond / 2) }

// tooShort draws batches of which each transaction lacks a nanosecond.
func tooShort() *rapid.Generator[batch.Workload] { return limitedTo(time.Millisecond - 1) }

// limitedTo draws small batches of which each transaction takes a millisecond, and may take so long.
func limitedTo(limit time.Duration) *rapid.Generator[batch.Workload] {
	o := without(batches.Committing(), func(o *batches.Options) {
		o.MaxTransactions, o.LargeTransactions, o.Work, o.Inline, o.Observed = 2, 2, 0, 0, 0
	})
	return workloads(o, func(w batch.Workload) batch.Workload {
		w = untimed(withWork(w, time.Millisecond))
		w.Setup.TransactionTimeout = limit
		return w
	})
}

// sums draws batches that overflow by what all transactions together add, or just do not.
func sums(fits bool) *rapid.Generator[batch.Workload] {
	return drawn(batches.Sums(6, fits))
}

// drawn are the workloads of what is drawn.
func drawn(g *rapid.Generator[batches.Drawn]) *rapid.Generator[batch.Workload] {
	return rapid.Map(g, func(d batches.Drawn) batch.Workload { return d.Workload })
}

// fans draws batches with many transactions that become ready at once, and a worker for each.
func fans() *rapid.Generator[batch.Workload] {
	return drawn(batches.Fans(2 * largePool))
}

// strands draws batches without a trace, of wide levels and a narrow one, that are aborted while workers are within transactions that no longer matter.
func strands() *rapid.Generator[batch.Workload] {
	return drawn(batches.Strands())
}

// withWork is the workload with transactions that all take so long.
func withWork(w batch.Workload, d time.Duration) batch.Workload {
	b := *w.Batch
	b.Transactions = slices.Clone(b.Transactions)
	for i := range b.Transactions {
		b.Transactions[i].Work = d
	}
	w.Batch = &b
	return w
}

// scaled draws large batches.
func scaled(most int) *rapid.Generator[batch.Workload] {
	return drawn(batches.Scaled(most))
}

func asDrawn(w batch.Workload) batch.Workload { return w }

// untimed takes away what ends a batch by time: on a virtual clock, which may
// run at any speed, it could end any batch.
func untimed(w batch.Workload) batch.Workload {
	w.Setup.Timeout, w.Setup.TransactionTimeout, w.Setup.CancelAfter = batch.NoTimeout, 0, 0
	return w
}

func without(o batches.Options, change func(*batches.Options)) batches.Options {
	change(&o)
	return o
}
