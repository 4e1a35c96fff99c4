package gotest

import (
	"slices"
	"strconv"
	"strings"

	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
	"synchrony/properties/story"
)

// racing are the rows of a story with the two accesses of its race, unless these are steps: that which the detector reported, where it did, and the earlier one
// in what its goroutine did before.
func (t *describer) racing(f *protocol.Finding, rows []story.Row, only string) []story.Row {
	sides := sidesOf(f)
	if f.Raced == nil || len(sides) != 2 || sides[0].position == "" || sides[1].position == "" || sides[0].isStep {
		return rows
	}
	late := slices.IndexFunc(rows, func(r story.Row) bool { return !r.Folded && r.Step >= f.Raced.Step })
	if late < 0 {
		late = len(rows)
	}
	rows = slices.Insert(rows, late, story.Row{Worker: f.Raced.Task, Text: t.access(sides[0], only)})
	by := earlier(f, sides[1])
	row := story.Row{Text: t.access(sides[1], only)}
	if len(by) == 0 { // it began in what is left out
		return rows
	}
	if len(by) > 1 {
		names := make([]string, len(by))
		for i, task := range by {
			names[i] = f.Name(task)
		}
		return slices.Insert(rows, late, story.Row{Text: "… before, by one of " + strings.Join(names, ", ") + ": " + row.Text + " …", Folded: true})
	}
	row.Worker = by[0]
	return slices.Insert(rows, afterWhich(f, rows[:late], row.Worker, sides[1]), row)
}

// behalfOps are the operations whose accesses the detector knows of, though they are none of the program's own, in words; two that race are of one kind of object.
var behalfOps = map[string]string{
	schedule.OpSend.String(): "send", schedule.OpClose.String(): "close",
	schedule.OpAdd.String(): "add", schedule.OpJoin.String(): "wait",
}

// sidesOf are the two accesses of a finding's race. Of those that were made on the program's behalf the steps of the run say where.
func sidesOf(f *protocol.Finding) []side {
	sides := raceSides(f.Report)
	if len(sides) != 2 || !sides[0].behalf && !sides[1].behalf {
		return sides
	}
	before := func(end int, of func(protocol.Step) bool) int {
		for i := end - 1; i >= 0; i-- {
			if s := f.Steps[i]; behalfOps[s.Op] != "" && s.Position != "" && of(s) {
				return i
			}
		}
		return -1
	}
	end := len(f.Steps)
	if f.Raced != nil {
		for end > 0 && f.Number(end-1) >= f.Raced.Step {
			end--
		}
	}
	late := before(end, func(s protocol.Step) bool { return f.Raced == nil || s.Task == f.Raced.Task })
	if late < 0 {
		return sides
	}
	with := f.Steps[late]
	early := before(late, func(s protocol.Step) bool { return s.Object == with.Object && s.Task != with.Task && s.Op != with.Op })
	if early < 0 {
		return sides
	}
	for k, i := range []int{late, early} {
		s := f.Steps[i]
		sides[k].access = []string{"a ", "a previous "}[k] + behalfOps[s.Op]
		sides[k].position, sides[k].frames, sides[k].behalf = s.Position, append([]string{s.Position}, sides[k].frames...), false
		sides[k].isStep = true
	}
	return sides
}

// access is one of the two accesses of a race as the text of a row.
func (t *describer) access(s side, only string) string {
	p := placeOf(s.position)
	access := strings.TrimPrefix(strings.TrimPrefix(s.access, "a "), "previous ")
	return strings.TrimSpace(t.rowPlace(p, only) + " (race: " + access + ") " + t.source.line(p))
}

// earlier are the goroutines that may have made the earlier access of a race: those that had begun, other than the one that made the later access, and of them
// those that ran the function which the access was made in, if that is known of any.
func earlier(f *protocol.Finding, s side) (list []int32) {
	var exact []int32
	function := placeOf(s.frames[len(s.frames)-1]).function
	for i, step := range f.Steps {
		task := step.Task
		if f.Number(i) >= f.Raced.Step {
			break
		}
		if task < 0 || int(task) >= len(f.Tasks) || task == f.Raced.Task || slices.Contains(list, task) {
			continue
		}
		switch known := f.Tasks[task].Function; {
		case known == "":
			list = append(list, task)
		case functionName(known) == function:
			list, exact = append(list, task), append(exact, task)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return list
}

// afterWhich is the index that a row gets of an access that a goroutine made, after the last of its rows that is not of a later line of a function in which the
// access was made.
func afterWhich(f *protocol.Finding, rows []story.Row, worker int32, s side) int {
	at := -1
	for i, r := range rows {
		if r.Folded || r.Worker != worker {
			continue
		}
		if at < 0 {
			at = i // before its first one
		}
		if p := f.StepPosition(r.Step); p != "" && !later(p, s) { // what has none comes at a goroutine's end
			at = i + 1
		}
	}
	if at < 0 {
		return len(rows)
	}
	return at
}

// later reports whether a step is at a later line than an access of the function that both were in.
func later(position string, s side) bool {
	p := placeOf(position)
	for _, frame := range s.frames {
		if at := placeOf(frame); at.file == p.file && at.function == p.function {
			line, _ := strconv.Atoi(p.line)
			accessed, _ := strconv.Atoi(at.line)
			return line > accessed
		}
	}
	return false
}
