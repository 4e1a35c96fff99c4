package clients

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/workload"
	"synchrony/executor/sched"
	"synchrony/generators/choice"
	"synchrony/generators/histories"
	"synchrony/models/history"
	"synchrony/properties"
)

// performed is what clients saw of the operations of a workload.
type performed struct {
	Workload   string
	Fault      string // what was planted; of kafka only
	Operations []history.Operation
}

const kafka = "kafka"

// performedOf draws histories of workloads.
func performedOf(names ...string) *rapid.Generator[performed] {
	return rapid.Custom(func(t *rapid.T) performed { return drawPerformed(choice.From(t), names...) })
}

func drawPerformed(s choice.Source, names ...string) performed {
	p := performed{Workload: names[choice.Below(s, len(names))]}
	if p.Workload == kafka {
		faults := histories.LogFaults()
		p.Fault = faults[choice.Below(s, len(faults))]
		p.Operations = histories.Logs(s, p.Fault)
		return p
	}
	n := choice.Length{Min: 3, Max: 7}
	if p.Workload != "total-queue" && p.Workload != "bounded-counter" && choice.Chance(s, 10) { // of these all sets of operations are tried
		n.Max = 40
	}
	p.Operations = histories.Operations(s, p.Workload, n)
	if len(p.Operations) > 0 && choice.Chance(s, 3) {
		p.Operations[choice.Below(s, len(p.Operations))].Name = strange
	}
	return p
}

// promiseSeen is what the checker of workloads says of a history: a verdict, or that it has an operation that is none of the workload.
type promiseSeen struct {
	workload.Result
	Malformed string
	Changed   bool            // whether it changed the history
	AsEnded   workload.Result // the same if it is told of the operations in the order in which they end
}

// keeping is a checker of workloads as a system of its own.
type keeping func(workload.Model, []history.Operation, workload.Options) (workload.Result, error)

func (keeping) Name() string { return "the checker of workloads" }

func (check keeping) Run(_ context.Context, _ *sched.Runtime, list []performed) ([]promiseSeen, error) {
	var all []promiseSeen
	for _, p := range list {
		m, ok := workload.Lookup(p.Workload)
		if !ok {
			return nil, fmt.Errorf("there is no workload %q", p.Workload)
		}
		before := textOf(p.Operations)
		r, err := check(m, p.Operations, workload.Options{})
		seen := promiseSeen{Result: r, Changed: textOf(p.Operations) != before}
		if err != nil {
			seen.Malformed = err.Error()
		} else if seen.AsEnded, err = check(m, asEnded(p.Operations), workload.Options{}); err != nil {
			return nil, err
		}
		all = append(all, seen)
	}
	return all, nil
}

// asEnded are operations in the order of their ends.
func asEnded(list []history.Operation) []history.Operation {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y history.Operation) int { return cmp.Compare(x.Returned, y.Returned) })
	return list
}

// textOf is all of what was seen.
func textOf(list []history.Operation) string {
	s := ""
	for i := range list {
		s += fmt.Sprintln(list[i].Process, list[i].Line, list[i].Outcome, list[i].Invoked, list[i].Returned, list[i].Name, list[i].Argument.Text(), list[i].Result.Text())
	}
	return s
}

// promised is X11, of a checker.
func promised(check keeping) properties.Testable {
	all := append(histories.Workloads(), kafka)
	p := &properties.Property[[]performed, []promiseSeen]{
		ID: "X11", Group: group, Unscheduled: true, Source: properties.Here(0),
		Statement: "the operations of a workload are accepted if and only if its promise, as it is worded, is kept",
		System:    check, Generator: sheets(performedOf(all...), 12), Checkers: []checkers.Checker[[]performed, []promiseSeen]{eachOf("promise", judgePromise, func(p performed) string { return ", of " + p.Workload })},
		Classify: func(list []performed, rs []promiseSeen) []string {
			var labels []string
			for i, p := range list {
				labels = append(labels, p.Workload+": "+rs[i].Status.String())
			}
			slices.Sort(labels)
			return slices.Compact(labels)
		},
		Size: func(list []performed) (n int) {
			for _, p := range list {
				n += len(p.Operations)
			}
			return n
		},
	}
	for _, name := range all {
		for _, status := range []checkers.Status{checkers.Pass, checkers.Fail} {
			p.Sometimes = append(p.Sometimes, properties.Condition[[]performed, []promiseSeen]{
				Name: name + ": " + status.String(), Generator: sheets(performedOf(name), 12),
				Holds: func(list []performed, rs []promiseSeen) bool {
					for i := range list {
						if list[i].Workload == name && rs[i].Status == status {
							return true
						}
					}
					return false
				},
			})
		}
	}
	return p
}

func judgePromise(p performed, r promiseSeen) checkers.Verdict {
	switch line := stranger(&p); {
	case r.Changed:
		return checkers.Failed("changed", "the history is not what it was before it was judged")
	case (line > 0) != (r.Malformed != "") || line > 0 && !strings.HasPrefix(r.Malformed, fmt.Sprintf("%d: ", line)):
		return checkers.Failed("malformed", fmt.Sprintf("the operation of line %d is none of the workload (0: all are), and it is told: %q", line, r.Malformed))
	case line > 0:
		return checkers.Passed()
	}
	right, empty := p.Fault == "", false
	if p.Workload != kafka {
		right = nothingJudged(&p) || promises()[p.Workload](p.Operations)
		empty = right && nothingTold(&p)
	}
	blamed := slices.ContainsFunc(r.Blamed, func(line int) bool { return line < 1 || line > len(p.Operations) })
	switch {
	case empty != (r.Status == checkers.Unknown):
		return checkers.Failed("undecided", fmt.Sprintf("the verdict is %v, and that there is nothing to judge is %v", r.Status, empty), r.Reason)
	case right && r.Status == checkers.Fail:
		return checkers.Failed("refused", "the promise is kept, and the history was refused", r.Reason)
	case !right && r.Status == checkers.Pass:
		return checkers.Failed("accepted", "the promise is broken, and the history was accepted")
	case p.Fault != "" && r.Rule != p.Fault && !slices.ContainsFunc(r.Evidence, func(line string) bool { return len(line) > len(p.Fault) && line[:len(p.Fault)] == p.Fault }):
		return checkers.Failed("wrong rule", fmt.Sprintf("it was refused for %q, and what was planted is %q", r.Rule, p.Fault), r.Reason)
	case !reflect.DeepEqual(r.AsEnded, r.Result):
		return checkers.Failed("other in another order", fmt.Sprintf("the verdict is %v, by lines %v (%s); and %v, by lines %v (%s), if it is told of the operations in the order in which they end",
			r.Status, r.Blamed, r.Reason, r.AsEnded.Status, r.AsEnded.Blamed, r.AsEnded.Reason))
	case blamed, (len(r.Blamed) > 0) != (r.Status == checkers.Fail), (len(r.Evidence) > 0) != (r.Status == checkers.Fail):
		return checkers.Failed("wrong blame", fmt.Sprintf("the verdict is %v, and the lines to blame are %v of %d, by %d lines of evidence", r.Status, r.Blamed, len(p.Operations), len(r.Evidence)))
	}
	return checkers.Passed()
}

// strange is the name of an operation that no workload has.
const strange = "stand"

// stranger is the line of the first operation that is none of the workload; 0 if all are.
func stranger(p *performed) int {
	for i := range p.Operations {
		if p.Operations[i].Name == strange {
			return p.Operations[i].Line
		}
	}
	return 0
}

// nothingJudged reports whether no operation was completed that a workload is judged by.
func nothingJudged(p *performed) bool {
	judged := map[string][]string{"unique-ids": {"generate"}, "total-queue": {"dequeue", "drain"}}[p.Workload]
	if judged == nil {
		judged = []string{"read"}
	}
	return !slices.ContainsFunc(p.Operations, func(x history.Operation) bool {
		return slices.ContainsFunc(judged, func(name string) bool { return did(&x, name) })
	})
}

// nothingTold reports whether none of a workload's operations tells whether its promise was kept: of sets, because no read began late enough.
func nothingTold(p *performed) bool {
	list := p.Operations
	read := func(holds func(r *history.Operation) bool) bool {
		return slices.ContainsFunc(list, func(r history.Operation) bool { return did(&r, "read") && holds(&r) })
	}
	none := func(holds func(x *history.Operation) bool) bool {
		return !slices.ContainsFunc(list, func(x history.Operation) bool { return may(&x, "add") && holds(&x) })
	}
	switch {
	case nothingJudged(p):
		return true
	case p.Workload == "g-set":
		return !read(func(r *history.Operation) bool {
			return every(list, "add", func(x *history.Operation) bool { return x.Returned < r.Invoked })
		})
	case p.Workload == "set-full" && !none(func(*history.Operation) bool { return true }):
		return none(func(x *history.Operation) bool {
			return read(func(r *history.Operation) bool { return has(r, &x.Argument) || knownBefore(list, &x.Argument, r) })
		})
	}
	return false
}
