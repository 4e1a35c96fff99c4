package properties

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// Wait is what a task waits for at the end of a run that cannot go on, or that has ended without it; or of one that did not come to an end, where it was.
type Wait struct {
	Task    string   `json:"task"`
	At      string   `json:"at,omitempty"`      // "file.go:12"; empty if that is not known
	Op      string   `json:"op"`                // what it is about to do: "lock"
	Object  string   `json:"object,omitempty"`  // and with what: "mutex 0"; all of them if it is several
	Holders []string `json:"holders,omitempty"` // the tasks that hold it; none if nobody does, or if it is neither a lock nor a once
	Manner  string   `json:"manner,omitempty"`  // what they have done to hold it, if it is not "locked": "locked for reading"
	Behind  string   `json:"behind,omitempty"`  // the task that waits to write what this one waits to read, and goes first; then it has no holders
	Ready   bool     `json:"ready,omitempty"`   // it need not wait: it goes round and round
	// For sentences, of a Go test's goroutine: where it was started, in which function it waits, and what it holds itself, if that is known.
	Started  string   `json:"-"`
	Function string   `json:"-"`
	Holds    []string `json:"-"`
}

// Waits says for what the task waits: "to lock mutex 0".
func (w Wait) Waits() string {
	op, err := schedule.ParseOp(w.Op)
	if err != nil {
		return strings.TrimRight("to "+w.Op+" "+w.Object, " ")
	}
	return op.Waits(w.Object)
}

func (w Wait) String() string {
	line, does := w.Task, " "+w.Waits()
	if w.Started != "" {
		line += ", started at " + w.Started + ","
	}
	if w.Ready {
		if line, does = line+" goes on", ""; w.Op != "" {
			does = " (" + strings.TrimRight(w.Op+" "+w.Object, " ") + ")"
		}
	} else {
		line += " waits"
	}
	if w.At != "" {
		line += " at " + w.At
	}
	if w.Function != "" {
		line += " in " + w.Function
	}
	line += does
	if len(w.Holders) > 0 {
		has := " has "
		if len(w.Holders) > 1 {
			has = " have "
		}
		line += ", which " + strings.Join(w.Holders, " and ") + has + cmp.Or(w.Manner, "locked")
	}
	if w.Behind != "" {
		line += ", behind " + w.Behind + ", which waits to lock it"
	}
	if len(w.Holds) > 0 {
		line += "; it holds " + strings.Join(w.Holds, ", ")
	}
	return line
}

// Circle says which tasks wait for each other: "So worker 0 waits for worker 1, which waits for worker 0."; empty if none do.
func Circle(waits []Wait) string {
	circle := circleOf(waits)
	if len(circle) == 0 {
		return ""
	}
	if len(circle) == 1 {
		return "So " + circle[0] + " waits for itself."
	}
	return "So " + circle[0] + " waits for " + strings.Join(append(circle[1:], circle[0]), ", which waits for ") + "."
}

// endless reports whether a run had not come to an end when it had taken all the steps that it may.
func endless(r *sched.Record) bool { return r.Stuck != nil && r.Stuck.Kind == sched.Livelock }

// unended reports whether tasks were left at the end of a run that wait for ever, or that went on for as long as they might.
func unended(r *sched.Record) bool {
	return r != nil && r.Stuck != nil && (r.Stuck.Kind == sched.Deadlock || r.Stuck.Kind == sched.Leak || endless(r))
}

// waitsOf tells of the tasks that were left at the end of a run, of which the positions are known, what each waits for; nothing of one in which none
// waits for ever. object names it.
func waitsOf(r *sched.Record, object func(schedule.Object) string) (list []Wait) {
	if !unended(r) {
		return nil
	}
	locks := schedule.LocksAfter(r.Steps)
	for _, state := range r.States {
		w := Wait{Task: r.Name(state.Task), At: short(sched.Position(state.Stack)), Op: state.Op.String(), Ready: state.Ready}
		var objects []string
		for _, o := range state.Objects {
			objects = append(objects, object(o))
			if ahead, ok := locks.Ahead(o); ok && state.Op == schedule.OpRLock {
				w.Behind = r.Name(ahead)
				continue
			}
			for _, by := range locks.Holders(o) {
				w.Holders = append(w.Holders, r.Name(by))
			}
			w.Manner = cmp.Or(w.Manner, locks.Manner(o))
		}
		w.Object = strings.Join(objects, ", ")
		list = append(list, w)
	}
	return list
}

// waits are those of an attempt; none if its tasks do not wait for ever.
func (p *engine[W, O]) waits(ctx context.Context, w W, a *attempt[O]) []Wait {
	if !unended(a.record) {
		return nil
	}
	return waitsOf(p.placed(ctx, w, a), p.objectNames(w, a))
}

// circleOf is tasks of which each waits for what the next one has locked, or waits to lock first, and the last for the first; none if there are no such.
func circleOf(waits []Wait) []string {
	holders := map[string][]string{}
	for _, w := range waits {
		holders[w.Task] = append(holders[w.Task], w.Holders...)
		if w.Behind != "" {
			holders[w.Task] = append(holders[w.Task], w.Behind)
		}
	}
	var path []string
	var from func(task string) []string
	done := map[string]bool{}
	from = func(task string) []string {
		if at := slices.Index(path, task); at >= 0 {
			return path[at:]
		}
		if done[task] {
			return nil
		}
		done[task] = true
		path = append(path, task)
		for _, holder := range holders[task] {
			if circle := from(holder); circle != nil {
				return circle
			}
		}
		path = path[:len(path)-1]
		return nil
	}
	for _, w := range waits {
		if circle := from(w.Task); circle != nil {
			return circle
		}
	}
	return nil
}
