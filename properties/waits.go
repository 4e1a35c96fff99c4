package properties

import (
	"context"
	"strings"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// Wait is what a task waits for at the end of a run that cannot go on, or that has ended without it.
type Wait struct {
	Task    string   `json:"task"`
	At      string   `json:"at,omitempty"`      // "file.go:12"; empty if that is not known
	Op      string   `json:"op"`                // what it is about to do: "lock"
	Object  string   `json:"object,omitempty"`  // and with what: "mutex/0"; all of them if it is several
	Holders []string `json:"holders,omitempty"` // the tasks that hold it; none if nobody does, or if it is no lock
}

func (w Wait) String() string {
	line := w.Task + " waits"
	if w.At != "" {
		line += " at " + w.At
	}
	line += strings.TrimRight(": "+w.Op+" "+w.Object, " ")
	if len(w.Holders) > 0 {
		line += ", which " + strings.Join(w.Holders, " and ") + " has locked"
	}
	return line
}

// blocked reports whether tasks were left at the end of a run that wait for ever.
func blocked(r *sched.Record) bool {
	return r != nil && r.Stuck != nil && (r.Stuck.Kind == sched.Deadlock || r.Stuck.Kind == sched.Leak)
}

// waitsOf tells of the tasks that were left at the end of a run, of which the positions are known, what each waits for; nothing of one in which none
// waits for ever. object names it.
func waitsOf(r *sched.Record, object func(schedule.Object) string) (list []Wait) {
	if !blocked(r) {
		return nil
	}
	locks := schedule.LocksAfter(r.Steps)
	for _, state := range r.States {
		w := Wait{Task: r.Name(state.Task), At: short(sched.Position(state.Stack)), Op: state.Op.String()}
		var objects []string
		for _, o := range state.Objects {
			objects = append(objects, object(o))
			for _, by := range locks.Holders(o) {
				w.Holders = append(w.Holders, r.Name(by))
			}
		}
		w.Object = strings.Join(objects, " ")
		list = append(list, w)
	}
	return list
}

// waits are those of an attempt; none if its tasks do not wait for ever.
func (p *engine[W, O]) waits(ctx context.Context, w W, a *attempt[O]) []Wait {
	if !blocked(a.record) {
		return nil
	}
	return waitsOf(p.placed(ctx, w, a), p.objectNames(w, a))
}
