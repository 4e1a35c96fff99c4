package gotest

import (
	"fmt"
	"slices"
	"strings"

	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
	"synchrony/properties/story"
)

// telling makes the rows of a story. Steps of one goroutine on one line of source, with nothing told between them, are one row, which says how often the
// line was executed; but each case that a select takes has a row.
type telling struct {
	t    *describer
	only string // see describer.rows
	all  map[string][]string
	rows []story.Row
	deed []string // by step

	steps []int // that the last row is of; none if no step may join them
	list  []protocol.Step
	// deviates has the goroutines that went on where by default another would have, and of which no row has told since.
	deviates map[int32]bool
}

// rows are the steps of a run, those of one goroutine on one line of source together. only is the file of all of them; empty if
// there are several.
func (t *describer) rows(f *protocol.Finding, only string) []story.Row {
	deviations := map[int]bool{}
	if s, err := schedule.ParseSchedule(f.Schedule); err == nil {
		for _, d := range s.Deviations {
			deviations[d.Step] = true
		}
	}
	r := &telling{t: t, only: only, all: t.opsOf(f), deed: t.deedsOf(f), list: f.Steps, deviates: map[int32]bool{}}
	for k, s := range f.Steps {
		i := f.Number(k)
		if k == protocol.FirstSteps && f.Left > 0 {
			r.end()
			r.rows = append(r.rows, story.Row{Text: fmt.Sprintf("… %d steps …", f.Left), Folded: true})
		}
		if isDataChoice(s) && !deviations[i] { // as by default
			continue
		}
		if deviations[i] {
			r.deviates[s.Task] = true
		}
		if text := t.step(s, r.deed[k], only); text != "" {
			r.add(k, i, text)
		}
	}
	r.end()
	return t.racing(f, r.rows, only)
}

// add tells of step k, which has a number.
func (r *telling) add(k, number int, text string) {
	s := r.list[k]
	if !r.joins(s) {
		r.end()
		r.rows = append(r.rows, story.Row{Step: number, Worker: s.Task, Text: text, Deviates: r.deviates[s.Task], Kind: kindOf(s, text)})
		delete(r.deviates, s.Task)
	}
	r.steps = append(r.steps, k)
	if s.Case != 0 {
		last := len(r.rows) - 1
		r.rows[last].Text, r.rows[last].Kind = text, text
		if !r.t.isNamed(s) {
			r.steps = nil
			return
		}
		r.end()
	}
}

// joins reports whether a step is told in the last row.
func (r *telling) joins(s protocol.Step) bool {
	if len(r.steps) == 0 || s.Position == "" || r.deviates[s.Task] {
		return false
	}
	last := r.list[r.steps[len(r.steps)-1]]
	return last.Task == s.Task && last.Position == s.Position
}

// end adds to the last row what its line of source does not say.
func (r *telling) end() {
	var ops, deeds []string
	waits, unsaid := false, false // at the end; and by the line, or a signal that nobody hears
	for _, k := range r.steps {
		s := r.list[k]
		if !r.t.isNamed(s) {
			continue
		}
		ops, deeds = appendNew(ops, opOf(s)), appendNew(deeds, r.deed[k])
		waits, unsaid = s.Waits, unsaid || strings.HasSuffix(r.deed[k], schedule.NobodyWaits) || r.t.source.unsaid(placeOf(s.Position), sourceOp(s.Op, s.Object))
	}
	if len(ops) > 0 {
		row := &r.rows[len(r.rows)-1]
		at := r.list[r.steps[0]].Position
		var kinds, notes []string
		if waits || unsaid || len(ops) < len(r.all[at]) {
			kinds, notes = ops, []string{strings.Join(deeds, ", ")}
		}
		if n := r.times(); n > 1 {
			again := fmt.Sprintf("… %d times", n)
			kinds, notes = append(kinds, again), append(notes, again)
		}
		note := strings.Join(notes, " ")
		if note != "" {
			row.Kind += " (" + strings.Join(kinds, ", ") + ")"
			place, source, _ := strings.Cut(row.Text, " ") // what comes last may be cut off
			if row.Text = place + " (" + note + ") " + source; unsaid && isHead(source) {
				row.Text = place + " " + note
			}
		}
	}
	r.steps = nil
}

// times is how often the line of the last row was executed there, as far as its steps and its calls say so.
func (r *telling) times() (most int) {
	counts := map[string]int{}
	for _, k := range r.steps {
		s := r.list[k]
		if again := s.Op == schedule.OpLock.String() || s.Op == schedule.OpJoin.String(); s.Waits && again {
			continue // another step says when it has it
		}
		calls := 1
		if s.Op != schedule.OpSpawn.String() {
			calls = r.t.source.mentions(placeOf(s.Position), sourceOp(s.Op, s.Object))
		}
		if counts[s.Op]++; calls > 0 {
			most = max(most, counts[s.Op]/calls)
		}
	}
	return most
}

// opsOf are the operations of the steps of each line of source. Where they are several, the line alone does not say which of them a step is.
func (t *describer) opsOf(f *protocol.Finding) map[string][]string {
	ops := map[string][]string{}
	for _, s := range f.Steps {
		if t.isNamed(s) {
			ops[s.Position] = appendNew(ops[s.Position], opOf(s))
		}
	}
	return ops
}

// opOf is a step's operation, and whether its task then has to wait.
func opOf(s protocol.Step) string {
	if s.Waits {
		return "waits to " + s.Op
	}
	return s.Op
}

func appendNew(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// isNamed reports whether a step's operation says more than its line of source does. The case that a select takes says it all, if it is known.
func (t *describer) isNamed(s protocol.Step) bool {
	if s.Position == "" || s.Op == schedule.OpNone.String() {
		return false
	}
	if s.Case == 0 {
		return true
	}
	_, known := t.source.selected(placeOf(s.Position), s.Case)
	return !known && s.Op != schedule.OpPick.String()
}
