package batch

import (
	"cmp"
	"fmt"
	"strings"

	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/schedule"
	"synchrony/models/trace"
	"synchrony/properties"
)

// explain tells what happened in an execution, in order.
func explain(w batch.Workload, o trace.Observation, r *sched.Record) []string {
	n := explainer{b: w.Batch}
	n.say("Before: %s.", n.balances(o.Initial))
	n.table(o, r)
	for _, e := range o.Late {
		n.say("After the executor had returned, worker %d: %s.", e.Worker, n.event(e))
	}
	n.outcome(o)
	want := batch.RunSerially(w.Batch, w.Setup.Panics...)
	switch {
	case want.Cycle != nil:
		n.say("One after another in submission order: refused, %v.", want.Cycle)
	case want.Failure != nil:
		n.say("One after another in submission order: aborted, %v.", want.Failure)
	default:
		n.say("One after another in submission order: %s.", n.balances(want.Balances))
	}
	return n.lines
}

// explainer collects the lines of an explanation.
type explainer struct {
	b     *batch.Batch
	lines []string
}

func (n *explainer) say(format string, args ...any) {
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
}

func (n *explainer) balances(vs []int64) string {
	if len(vs) == 0 {
		return "no accounts"
	}
	var parts []string
	for i, v := range vs {
		parts = append(parts, fmt.Sprintf("%s %d", n.account(batch.AccountID(i)), v))
	}
	return strings.Join(parts, ", ")
}

func (n *explainer) account(id batch.AccountID) string {
	if id < 0 || int(id) >= len(n.b.Accounts) {
		return fmt.Sprintf("account %d", id)
	}
	return n.b.Accounts[id].Name
}

func (n *explainer) transaction(i int32) string {
	if i < 0 || int(i) >= len(n.b.Transactions) {
		return fmt.Sprintf("transaction %d", i)
	}
	return n.b.Transactions[i].ID
}

// object names what a step touched as a reader of the batch knows it.
func (n *explainer) object(o schedule.Object) string {
	return cmp.Or(objectOf(batch.Workload{Batch: n.b}, o), o.Name())
}

// objectOf names it; empty if only the executor knows it.
func objectOf(w batch.Workload, o schedule.Object) string {
	n := explainer{b: w.Batch}
	switch {
	case o.Class == schedule.ClassCell:
		return "the value of " + n.account(batch.AccountID(o.Index))
	case o.Class == schedule.ClassStore:
		return "the published value of " + n.account(batch.AccountID(o.Index))
	case o.Class == schedule.ClassCounter && o.Index >= 0:
		return "predecessors of " + n.transaction(o.Index)
	}
	return synchrony.ObjectName(o)
}

// event says what a transaction did.
func (n *explainer) event(e trace.Event) string {
	tx := n.transaction(e.Tx)
	switch e.Kind {
	case trace.Start:
		return tx + " starts"
	case trace.Read:
		return fmt.Sprintf("%s reads %s: %d%s", tx, n.account(e.Account), e.Old, n.version(e.Version))
	case trace.Write:
		return fmt.Sprintf("%s writes %s: %d over %d%s", tx, n.account(e.Account), e.New, e.Old, n.version(e.Version))
	case trace.Commit:
		return tx + " is done"
	case trace.Rollback:
		return tx + " is rolled back"
	}
	return fmt.Sprintf("%s: %v", tx, e.Kind)
}

func (n *explainer) version(v int32) string {
	if v == history.InitialVersion {
		return ""
	}
	return ", from " + n.transaction(v)
}

func (n *explainer) outcome(o trace.Observation) {
	what := fmt.Sprintf("The batch ended %v", o.Outcome)
	if o.Error != "" {
		what += ": " + o.Error
	}
	n.say("%s.", what)
	n.say("After: %s.", n.balances(o.Final))
}

// acts are the reads and writes of an execution.
func acts(w batch.Workload, o trace.Observation) (list []properties.Act) {
	n := explainer{b: w.Batch}
	for _, e := range o.Events {
		what := map[trace.EventKind]string{trace.Read: "reads ", trace.Write: "writes "}[e.Kind]
		if account := n.account(e.Account); what != "" {
			list = append(list, properties.Act{Who: n.transaction(e.Tx), What: what + account, Object: account, Changes: e.Kind == trace.Write})
		}
	}
	return list
}
