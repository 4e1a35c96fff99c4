package execution

import (
	"io"
	"strconv"
	"strings"
	"time"

	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/reports"
)

// ProgramExecution is everything about one execution of a program.
type ProgramExecution struct {
	Workload    *program.Workload // as it was executed
	Observation trace.ProgramObservation
	Analysis    *trace.ProgramAnalysis // its chunks; nil if nobody wants to see them
	Events      bool                   // Observation has events, and they are to be shown
	Comparison  *Comparison            // nil if speedup was not measured
}

// Comparison is what executing a program repeatedly, each time sequentially and then as it
// was asked for, has shown.
type Comparison struct {
	Pairs               int           // of executions
	Sequential, Elapsed time.Duration // medians, positive
}

// speedup is how many times faster than sequential execution it was.
func (c *Comparison) speedup() float64 { return float64(c.Sequential) / float64(c.Elapsed) }

// efficiency is the measured speedup for each worker.
func (e *ProgramExecution) efficiency() float64 {
	return e.Comparison.speedup() / float64(max(1, e.Observation.Metrics.Workers))
}

// Outcome is how the execution ended, in a word or two.
func (e *ProgramExecution) Outcome() string {
	if o := &e.Observation; o.End != trace.ProgramRan || o.Outcome.Err == nil {
		return o.End.String()
	}
	return "failed"
}

// differences says what differs from what the program's text expects: nothing if it expects
// nothing.
func (e *ProgramExecution) differences() []string {
	return e.Observation.Missed(e.Workload.Program.Expect)
}

// Succeeded reports whether the execution came to an end, and to the expected one; if the
// program's text expects nothing, to one without an error.
func (e *ProgramExecution) Succeeded() bool {
	switch {
	case e.Observation.End != trace.ProgramRan:
		return false
	case e.Workload.Program.Expect != nil:
		return len(e.differences()) == 0
	}
	return e.Observation.Outcome.Err == nil
}

// ProgramText writes an execution for a person.
func ProgramText(w io.Writer, e *ProgramExecution, colour bool) error {
	t := newPage(w, colour)
	t.ending(e)
	if e.Observation.End == trace.ProgramRan {
		t.outcome(&e.Observation.Outcome)
	}
	t.chunks(e)
	if e.Events {
		t.Printf("\nevents:\n")
		for _, event := range ProgramEvents(&e.Observation) {
			t.Printf("  %v\n", event)
		}
	}
	t.metrics(e)
	return t.Err()
}

// ending writes how it ended, and whether that was expected.
func (t *page) ending(e *ProgramExecution) {
	status := reports.Pass
	if !e.Succeeded() {
		status = reports.Fail
	}
	o := &e.Observation
	t.Printf("%s", t.paint.Of(status, e.Outcome()))
	if o.End == trace.ProgramRan {
		if len(e.Workload.Program.Main().Code) == 0 {
			t.Printf(": the program is empty,")
		} else {
			t.Printf(":")
		}
		t.Printf(" %s", reports.Plural(int(o.Outcome.Steps), "instruction"))
	}
	if total := o.Metrics.Total; total > 0 {
		preposition := "in"
		if o.End != trace.ProgramRan {
			preposition = "after"
		}
		t.Printf(" %s %v", preposition, total)
	}
	t.Printf("\n")
	if o.Error != "" {
		t.Printf("%s\n", o.Error)
	}
	differences := e.differences()
	switch {
	case e.Workload.Program.Expect == nil || o.End != trace.ProgramRan:
	case len(differences) == 0:
		t.Printf("as expected\n")
	default:
		t.Printf("%s:\n", t.paint.Bold("not as expected"))
		for _, d := range differences {
			t.Printf("  %s\n", d)
		}
	}
}

// outcome writes what the program computed and printed.
func (t *page) outcome(o *program.Outcome) {
	if o.Err == nil {
		t.Printf("result: %s\n", shorten(o.Result))
	}
	if len(o.Output) > 0 {
		t.Printf("\noutput:\n")
		for _, line := range o.Output {
			t.Printf("  %s\n", printable(line))
		}
	}
	t.bindings("variables", o.Variables)
	t.bindings("shared variables", o.Shared)
}

func (t *page) bindings(title string, list []program.Binding) {
	if len(list) == 0 {
		return
	}
	t.Printf("\n%s:\n", title)
	width := 0
	shown := list[:min(len(list), maxRows)]
	for _, b := range shown {
		width = max(width, len(b.Name))
	}
	for _, b := range shown {
		t.Printf("  %-*s  %s\n", width, b.Name, shorten(b.Value))
	}
	t.rest(len(list)-maxRows, "variable")
}

// shorten is a value's literal, or the beginning of a long one.
func shorten(v program.Value) string {
	text, cut := v.Excerpt(200)
	if !cut {
		return text
	}
	return text + "… (--json shows all of it)"
}

// printable is a line as it is; quoted, if a terminal would not show it as one line of text.
func printable(line string) string {
	if strings.IndexFunc(line, func(r rune) bool { return !strconv.IsPrint(r) && r != '\t' }) < 0 {
		return line
	}
	return strconv.Quote(line)
}

// metrics writes how the program was executed, and what that took.
func (t *page) metrics(e *ProgramExecution) {
	s, o, m := &e.Workload.Setup, &e.Observation, &e.Observation.Metrics
	t.Printf("\n")
	switch {
	case s.NoMetrics:
		t.Printf("mode: %v; metrics are off (.set no_metrics true)\n", s.Mode)
		return
	case o.Mode == s.Mode:
		t.Printf("mode: %v; %s\n", s.Mode, reports.Plural(m.Workers, "worker"))
	case m.Fallbacks > 0:
		t.Printf("mode: %v, until it fell back to sequential execution; %s\n", s.Mode, reports.Plural(m.Workers, "worker"))
	case s.Mode == program.Auto:
		t.Printf("mode: %v, which chose %v; %s\n", s.Mode, o.Mode, reports.Plural(m.Workers, "worker"))
	}
	if m.Chunks > 0 {
		t.Printf("chunks: %s; attempts that succeeded %s, failed %s, were abandoned %s; retries %s, fallbacks %s\n", reports.Thousands(m.Chunks),
			reports.Thousands(m.Succeeded), reports.Thousands(m.Failed), reports.Thousands(m.Abandoned), reports.Thousands(m.Retried), reports.Thousands(m.Fallbacks))
		t.Printf("time: %v in all, %v in parallel, %v to merge\n", m.Total, m.Parallel, m.Merge)
	}
	if len(m.Errors) > 0 {
		t.Printf("failed attempts:\n")
		for _, line := range m.Errors[:min(len(m.Errors), maxRows)] {
			t.Printf("  %s\n", line)
		}
		t.rest(len(m.Errors)-maxRows, "failure")
	}
	if o.End == trace.ProgramRan {
		t.Printf("used: %s, %s of values, %d ms of virtual time\n", reports.Plural(int(o.Outcome.Steps), "instruction"),
			reports.Plural(int(o.Outcome.Memory), "byte"), o.Outcome.Time)
	}
	if c := e.Comparison; c != nil {
		t.Printf("speedup: %.2f, efficiency %.2f; measured: %v sequentially, %v in mode %v (medians of %s each way, in turn)\n",
			c.speedup(), e.efficiency(), c.Sequential, c.Elapsed, s.Mode, reports.Plural(c.Pairs, "execution"))
	} else {
		t.Printf("speedup: not measured (--compare does)\n")
	}
}
