package results

import (
	"fmt"
	"math/bits"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/reports"
)

// Run is a run of properties: what was asked for, and what each property showed.
type Run struct {
	Tool       string // the program and its version
	Build      string // of the program, if this is a shard: all must be of the same
	Command    string // that repeats the run
	Seed       uint64
	Iterations int           // cases for each property; 0 is as many as fit into Limit
	Limit      time.Duration // of the whole run; 0 is none
	Budget     properties.Budget
	Began      time.Time // when the run began; zero if that is not known
	// Environment is where it ran; of a run in parts, what these have in common.
	Environment Environment
	Shard       Shard // which part of the run this is; zero is all of it
	// Smoke says that the run must only not fail: what has to happen sometimes need not.
	Smoke bool
	// KeepGoing says that each property was tested to its last case, whatever was found before.
	KeepGoing bool
	Require   Requirements
	// Interrupted says that a person or the system ended the run early.
	Interrupted bool
	Properties  []Property // in the registry's order
	Elapsed     time.Duration

	Subject Subject  // what the Properties are
	PerTest int      // schedules for each test at most; 0 is as many as fit into Limit
	Left    []string // of tests, what stays native, with the place and the reason
	Refused []string // of tests, those that could not be run, with the reason
}

// Subject is what a run is of.
type Subject string

// The subjects.
const (
	Properties Subject = ""
	Tests      Subject = "tests" // ordinary Go tests: each is a property that has one case, the test
)

// Property is what one property showed in a run, with the verdict on it.
type Property campaign.Outcome

// Shard is a part of a run: of the tests, or of the cases of each property, the Index-th of Of equal
// ranges, counted from 1. The first also replays the corpus.
type Shard struct {
	Index int `json:"index"`
	Of    int `json:"of"`
}

// Whole reports whether s is all of a run.
func (s Shard) Whole() bool { return s.Of == 0 }

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Of) }

// Cases is the range of the shard's cases, of n in all: its first, and how many
// they are. Ranges of the same n differ in length by one at most.
func (s Shard) Cases(n int) (first, count int) {
	if s.Whole() {
		return 0, n
	}
	// i*n/Of in 128 bits, rounded up, so that only the first shard begins at case 0.
	begin := func(i int) int {
		high, low := bits.Mul64(uint64(i), uint64(n))
		low, carry := bits.Add64(low, uint64(s.Of-1), 0)
		q, _ := bits.Div64(high+carry, low, uint64(s.Of))
		return int(q)
	}
	first = begin(s.Index - 1)
	return first, begin(s.Index) - first
}

// Flag is the argument that makes a run this shard, after a space; empty for the
// whole run.
func (s Shard) Flag() string {
	if s.Whole() {
		return ""
	}
	return " --shard " + s.String()
}

// Status is the verdict on the property. A violation outweighs everything that
// went wrong beside it.
func (p *Property) Status() reports.Status {
	verdict := p.Result.Status()
	switch {
	case verdict == checkers.Fail:
		return reports.Fail
	case p.Err != nil:
		return reports.Broken
	case p.Interrupted || p.Result.Cases == 0 || p.Result.Unknown > 0:
		return reports.Inconclusive
	case verdict != checkers.Pass && !p.Part:
		return reports.Inconclusive
	}
	return reports.Pass
}

// Why says why the property is inconclusive or the harness broke; empty if it
// passed or failed.
func (p *Property) Why() string {
	switch p.Status() {
	case reports.Broken:
		return p.Err.Error()
	case reports.Inconclusive:
		if p.Interrupted {
			if p.Result.Cases <= 1 && p.Result.Schedules > 0 {
				return "interrupted after " + reports.Plural(p.Result.Schedules, "schedule")
			}
			return "interrupted after " + reports.Plural(p.Result.Cases, "case")
		}
		return p.Result.Why()
	}
	return ""
}

// alsoUnmet says of an inconclusive property what never happened beside what Why says; empty if nothing.
func (p *Property) alsoUnmet() string {
	unmet := p.Result.Unmet()
	switch {
	case p.Status() != reports.Inconclusive || p.Result.Cases == 0 || len(unmet) == 0:
		return ""
	case p.Interrupted || p.Result.Unknown > 0: // Why says that, and names none of them
		return "also never happened: " + strings.Join(unmet, "; ")
	case len(unmet) == 1:
		return ""
	}
	return "nor these: " + strings.Join(unmet[1:], "; ")
}

// Count returns how many properties have status s.
func (r *Run) Count(s reports.Status) int {
	n := 0
	for i := range r.Properties {
		if r.Properties[i].Status() == s {
			n++
		}
	}
	return n
}

// Status is the verdict on the whole run: Fail if any property failed; else
// Broken if the harness did; else Inconclusive if any property is, if there is
// none, or if the run lacks what is required of it; else Pass.
func (r *Run) Status() reports.Status {
	for _, s := range reports.WorstFirst {
		if s != reports.Pass && r.Count(s) > 0 {
			return s
		}
	}
	if r.Interrupted || len(r.Properties) == 0 || len(r.Missed()) > 0 {
		return reports.Inconclusive
	}
	return reports.Pass
}

// short is how many properties the time ended before all their cases were run.
func (r *Run) short() int {
	if r.Limit == 0 {
		return 0
	}
	_, asked := r.Shard.Cases(r.Iterations)
	n := 0
	for i := range r.Properties {
		if p := &r.Properties[i]; p.Result.Cases < asked && len(p.Result.Failures) == 0 && p.Err == nil {
			n++
		}
	}
	return n
}

// Cases is how many cases were run in all.
func (r *Run) Cases() int {
	n := 0
	for _, p := range r.Properties {
		n += p.Result.Cases
	}
	return n
}

// Schedules is how many schedules were run in all.
func (r *Run) Schedules() int {
	n := 0
	for _, p := range r.Properties {
		n += p.Result.Schedules
	}
	return n
}

// Covered is how many cases were tried on every schedule.
func (r *Run) Covered() int {
	n := 0
	for i := range r.Properties {
		n += r.Properties[i].Result.Covered
	}
	return n
}

// uncontrolled is how many cases were not under control.
func (r *Run) uncontrolled() int {
	n := 0
	for i := range r.Properties {
		switch p := &r.Properties[i].Result; {
		case p.Lost() == "":
		case p.Uncontrolled > 0:
			n += p.Uncontrolled
		default: // all of them were idle
			n += p.Cases
		}
	}
	return n
}

// replayed is how many known counterexamples were replayed in all.
func (r *Run) replayed() int {
	n := 0
	for _, p := range r.Properties {
		n += p.Result.Replayed
	}
	return n
}

// Table is the classification of a group's cases.
type Table struct {
	Group  string
	Cases  int // classified: of the properties that label their cases
	Labels []properties.Count
}

// Tables adds up the labels of each group of properties: groups in order of first
// appearance, labels by kind and frequency.
func (r *Run) Tables() []Table {
	var tables []Table
	index := map[string]int{}
	sums := map[string]*properties.Result{}
	for _, p := range r.Properties {
		if len(p.Result.Labels) == 0 {
			continue
		}
		g := p.Info.Group
		if sums[g] == nil {
			index[g], sums[g] = len(tables), &properties.Result{}
			tables = append(tables, Table{Group: g})
		}
		sums[g].Merge(properties.Result{Labels: p.Result.Labels})
		tables[index[g]].Cases += p.Result.Cases
	}
	for i := range tables {
		tables[i].Labels = reports.ByKind(sums[tables[i].Group].Labels)
	}
	return tables
}
