package html

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/schedule"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/mutants"
	"synchrony/properties/story"
	"synchrony/reports/mutation"
	"synchrony/reports/results"
)

// hostile is what a name would be if its author wanted to be more than read.
const hostile = `</script><script>document.title="owned"</script><img src=x onerror="document.title='owned'">`

// lostUpdate is two transactions that both add to an account, neither of which saw the other: the second
// one's plan lacks an edge.
func lostUpdate(account, first, second string) Failure {
	adding := func(id string, n int64) batch.Transaction {
		return batch.Transaction{
			ID: id, Reads: []batch.AccountID{0, 1}, Writes: []batch.AccountID{0, 1},
			Apply: func(v batch.View) error {
				v.SetBalance(0, v.Balance(0)-n)
				v.SetBalance(1, v.Balance(1)+n)
				return nil
			},
		}
	}
	b := &batch.Batch{
		Accounts:     []batch.Account{{Name: account, Balance: 100}, {Name: "bob", Balance: 1<<62 + 1}},
		Transactions: []batch.Transaction{adding(first, 10), adding(second, 20)},
	}
	event := func(ns int, kind trace.EventKind, tx int32) trace.Event {
		return trace.Event{Time: time.Duration(ns), Kind: kind, Worker: tx, Tx: tx}
	}
	access := func(ns int, kind trace.EventKind, tx int32, account batch.AccountID, old, value int64, version int32) trace.Event {
		e := event(ns, kind, tx)
		e.Account, e.Old, e.New, e.Version = account, old, value, version
		return e
	}
	const big = 1<<62 + 1
	o := trace.Observation{
		Outcome: history.Committed, Initial: []int64{100, big}, Final: []int64{80, big + 20}, Workers: 2,
		Groups: [][]int32{{0, 1}},
		Events: []trace.Event{
			event(1, trace.Start, 0),
			access(2, trace.Read, 0, 0, 100, 0, -1),
			event(3, trace.Start, 1),
			access(4, trace.Read, 1, 0, 100, 0, -1),
			access(5, trace.Read, 0, 1, big, 0, -1),
			access(6, trace.Read, 1, 1, big, 0, -1),
			access(7, trace.Write, 0, 0, 100, 90, -1),
			access(8, trace.Write, 0, 1, big, big+10, -1),
			event(9, trace.Commit, 0),
			access(10, trace.Write, 1, 0, 100, 80, -1),
			access(11, trace.Write, 1, 1, big, big+20, -1),
			event(12, trace.Commit, 1),
		},
	}
	w := batch.Workload{Batch: b, Setup: batch.Setup{Workers: 2}}
	steps := []schedule.Step{{Task: 0, Op: schedule.OpBegin, Object: schedule.Object{Class: schedule.ClassTask}}}
	for _, e := range o.Events {
		switch object := (schedule.Object{Class: schedule.ClassCell, Index: int32(e.Account)}); e.Kind {
		case trace.Read:
			steps = append(steps, schedule.Step{Task: e.Worker + 1, Op: schedule.OpRead, Object: object})
		case trace.Write:
			steps = append(steps, schedule.Step{Task: e.Worker + 1, Op: schedule.OpWrite, Object: object})
		}
	}
	o.Steps = steps
	return failureOf(w, o, storyOf(b.Transactions[0].ID, b.Accounts[0].Name), steps, schedule.Schedule{Deviations: []schedule.Deviation{{Step: 2, Skip: 1}}, Steps: len(steps), Hash: 1})
}

// failureOf is a failure as a run would find it, and its replay.
func failureOf(w batch.Workload, o trace.Observation, story []string, steps []schedule.Step, schedule schedule.Schedule) Failure {
	first := w.Batch.Transactions[0].ID
	verdict := checkers.Failed("lost update", first+" is lost", "step 3: "+first+" wrote", "and step 99 is none")
	c := &properties.Counterexample{
		Property: "S10", System: "synchrony", Checker: "serializability", Rule: verdict.Rule, Reason: verdict.Reason,
		Evidence: verdict.Evidence, Story: story,
		Workload: []txtar.File{{Name: batch.BatchFile, Data: []byte(first + "\n")}}, Schedule: &schedule,
	}
	return Failure{
		Info: properties.Info{ID: "S10", Group: "batch", Statement: "there is a serial order", System: "synchrony", Checkers: []string{"serializability"}},
		Found: properties.Failure{
			Checker: c.Checker, Rule: c.Rule, Reason: c.Reason, Evidence: c.Evidence, Case: 3, Strategy: "POS",
			Size: len(w.Batch.Transactions), Deviations: 1, Replayed: true, File: "counterexamples/S10-" + first + ".txtar", Found: 0.5, Shrunk: 1.25,
		},
		Text: string(c.Format()),
		Replay: &properties.Replay{
			Reproduced: true, Checker: c.Checker, Verdict: verdict, Story: c.Story, Runs: 1,
			Steps: steps, Tasks: []string{"main", "worker 0", "worker 1"}, Workload: w, Observation: o,
		},
	}
}

// storyOf is a story with a column for each of three workers.
func storyOf(transaction, account string) []string {
	rows := []story.Row{
		{Step: 1, Worker: 0, Text: "spawn task/1 and task/2"},
		{Step: 2, Worker: 1, Text: transaction + " reads " + account + ": 100, as it was before the batch"},
		{Step: 3, Worker: 2, Text: transaction + " reads " + account + ": 100", Deviates: true},
		{Step: 4, Worker: 2, Text: transaction + " writes " + account + ": 90 over 100"},
		{Text: "… 12 steps of worker 1 …", Folded: true},
		{Step: 17, Worker: 1, Text: transaction + " writes " + account + ": 80 over 90"},
	}
	table := story.NewTable(rows, func(worker int32) string { return []string{"main", "worker 0", "worker 1"}[worker] })
	return slices.Concat([]string{"Before: " + account + " 100."}, table.Lines(rows), []string{"On the default schedule, but for this:", "  at step 3, it was worker 1 that went on."})
}

// transfers is a controlled execution of n random transfers between 100 accounts, with 6 events each, as if
// it had failed.
func transfers(t testing.TB, seed uint64, n int) Failure {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	b := batch.NewBuilder()
	var accounts []batch.AccountID
	for i := range 100 {
		accounts = append(accounts, b.Account(fmt.Sprintf("account%d", i), 1_000_000))
	}
	for i := range n {
		from := rng.IntN(len(accounts))
		to := (from + 1 + rng.IntN(len(accounts)-1)) % len(accounts)
		b.Transfer(fmt.Sprintf("transfer%d", i+1), accounts[from], accounts[to], int64(1+rng.IntN(100)))
	}
	built, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	w := batch.Workload{Batch: built, Setup: batch.Setup{Workers: 4, Mode: batch.Parallel}}
	var o trace.Observation
	record := sched.Run(sched.Deviate([]schedule.Deviation{{Step: 100 + int(seed)%50, Skip: 1}}), sched.Options{MaxSteps: 1_000_000}, func(rt *sched.Runtime) {
		o, err = synchrony.System{}.Run(t.Context(), rt, w)
	})
	if err != nil || record.Stuck != nil {
		t.Fatal(err, record.Stuck)
	}
	o.Steps = record.Steps
	f := failureOf(w, o, []string{"Before: " + w.Batch.Accounts[0].Name + " 100."}, record.Steps, record.Schedule)
	f.Replay.Tasks = record.Tasks
	text, err := batch.Format(built)
	if err != nil {
		t.Fatal(err)
	}
	c, err := properties.ParseCounterexample("x", []byte(f.Text))
	if err != nil {
		t.Fatal(err)
	}
	c.Workload[0].Data = text
	f.Text = string(c.Format())
	return f
}

// runOf is a run that found the failures of one property, and one that passed beside it.
func runOf(failures []Failure) *results.Run {
	run := &results.Run{Tool: "verify (test)", Command: "verify run S10 --seed 1", Seed: 1, Iterations: 20, Elapsed: time.Second}
	pass := results.Property{
		Info: properties.Info{ID: "S1", Group: "batch", Statement: "independence is symmetric", System: "synchrony"},
		Result: properties.Result{
			Cases: 20, Schedules: 400, Covered: 7, Seconds: 0.5,
			Labels:     []properties.Count{{Name: "size: one", Cases: 5}, {Name: "size: 2-5", Cases: 15}, {Name: "contention: high", Cases: 20}},
			Sometimes:  []properties.Count{{Name: "a conflict", Cases: 12}},
			Strategies: []properties.Strategy{{Name: "default", Schedules: 20}, {Name: "POS", Schedules: 380}},
		},
	}
	run.Properties = []results.Property{pass}
	if len(failures) == 0 {
		return run
	}
	fail := results.Property{Info: failures[0].Info, Result: properties.Result{Cases: 4, Schedules: 90}}
	for i := range failures {
		fail.Result.Failures = append(fail.Result.Failures, failures[i].Found)
	}
	run.Properties = append(run.Properties, fail)
	return run
}

// twoMutants is a kill table of one that was killed and one that survived, both described by the same word.
func twoMutants(word string) *mutation.Mutants {
	m := &mutants.Mutant{Name: word, Breaks: word, Seen: word, KilledBy: "S6", Path: word, Diff: "-" + word}
	found := properties.Failure{Checker: "race", Rule: word, Case: 1, Found: 0.02, Size: 2, Deviations: 1}
	return &mutation.Mutants{
		Tool: word, Command: word, Units: map[string]string{"S6": "transactions"},
		Records: []mutants.Record{
			{Mutant: m, Result: mutants.AsExpected, Outcome: mutants.Outcome{Status: mutants.Killed, Property: "S6", Failure: found}, Replayed: 10},
			{Mutant: m, Result: mutants.Alive, Why: word},
		},
	}
}
