package batch

import (
	"fmt"
	"slices"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/story"
)

// table lays out the events of an execution, with a column for each task, or for each worker if tasks are not known; where somebody
// watched the commit or a timer rang, what was published, and when; and where the schedule left the default.
func (n *explainer) table(o trace.Observation, r *sched.Record) {
	var steps []int
	task, name := func(worker int32) int32 { return worker }, func(worker int32) string { return fmt.Sprintf("worker %d", worker) }
	if r != nil {
		task, name = trace.TaskOf(r.Tasks), r.Name
		steps = trace.StepsOf(o.Events, r.Steps, task)
	}
	rows := make([]story.Row, len(o.Events))
	for i, e := range o.Events {
		rows[i] = story.Row{Worker: task(e.Worker), Text: n.event(e), Kind: fmt.Sprint(i)} // no two are alike
		if steps != nil {
			rows[i].Step = steps[i]
		}
	}
	seen := false
	if r != nil {
		watched := n.watched(o, r)
		seen = len(watched) > 0
		rows = append(rows, watched...)
		slices.SortStableFunc(rows, func(a, b story.Row) int { return a.Step - b.Step })
	}
	properties.MarkDeviations(rows, r, func(task int32) int32 { return task })
	n.lines = append(n.lines, story.NewTable(rows, name).Lines(rows)...)
	n.lines = append(n.lines, properties.TellSchedule(r, n.object)...)
	for i, s := range o.Snapshots {
		if !seen {
			n.say("Read %d from outside of the batch, by observer %d: %s.", i+1, s.Observer, n.balances(s.Balances))
		}
	}
}

// watched are the steps beside the events, if an observer read or a timer rang: what was published, what observers read, and
// that the timer rang. Other executions are told without them.
func (n *explainer) watched(o trace.Observation, r *sched.Record) (rows []story.Row) {
	rang := slices.ContainsFunc(r.Steps, func(s schedule.Step) bool { return s.Op == schedule.OpFire })
	if len(o.Snapshots) == 0 && !rang {
		return nil
	}
	read := n.reads(o, r)
	for i, s := range r.Steps {
		text, observed := read[i]
		switch {
		case observed:
		case s.Op == schedule.OpFire:
			text = "the timer rings"
		case s.Object.Class == schedule.ClassStore && s.Op == schedule.OpStore:
			text = "stores the new balance of " + n.account(batch.AccountID(s.Object.Index))
		case s.Object == (schedule.Object{Class: schedule.ClassCommit}) && s.Op == schedule.OpStore:
			text = "publishes the new balances"
		default:
			continue
		}
		rows = append(rows, story.Row{Step: i, Worker: s.Task, Text: text, Kind: fmt.Sprint("step ", i)})
	}
	return rows
}

// reads are what observers read, by step, as far as their steps and their snapshots agree: an observer reads each account once for a
// snapshot.
func (n *explainer) reads(o trace.Observation, r *sched.Record) map[int]string {
	read, accounts := map[int]string{}, len(n.b.Accounts)
	for task, name := range r.Tasks {
		var balances []int64 // in the order in which the observer read them
		for _, s := range o.Snapshots {
			if fmt.Sprintf("observer %d", s.Observer) == name {
				balances = append(balances, s.Balances...)
			}
		}
		var loads []int
		for i, s := range r.Steps {
			if s.Task == int32(task) && s.Object.Class == schedule.ClassStore && s.Op == schedule.OpLoad {
				loads = append(loads, i)
			}
		}
		if accounts == 0 || len(loads) != len(balances) {
			continue
		}
		for k, i := range loads {
			account := batch.AccountID(k % accounts)
			read[i] = fmt.Sprintf("reads %s: %d", n.account(account), balances[k])
		}
	}
	return read
}
