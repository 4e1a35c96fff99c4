package results

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"synchrony/properties/document"
	"synchrony/reports"
)

// Check says what cannot be of a run, whoever has written it: parts that cannot be, counts that
// contradict one another or what was asked for, times that did not pass. The error is one line,
// which says where in the JSON form it is.
func (r *Run) Check() error {
	var f document.Faults
	f.Count("iterations", r.Iterations)
	f.Count("schedulesPerTest", r.PerTest)
	f.Count("environment.processors", r.Environment.Processors)
	f.In("budget", r.Budget.Check())
	f.If(r.Subject != Properties && r.Subject != Tests, "subject", "%q, which is not known", r.Subject)
	f.If(r.Limit < 0, "time", "%v, which is no limit", r.Limit)
	f.If(r.Elapsed < 0, "seconds", "%v, which is no time", r.Elapsed.Seconds())
	began := r.Began.UTC()
	f.If(!began.IsZero() && (began.Before(earliest) || began.After(latest)), "began", "%v, which cannot be", began)
	f.In("require", r.Require.check())
	f.In("shard", r.Shard.check(r))
	if f.Err() != nil { // what follows counts with the shard
		return f.Err()
	}
	first, asked := r.Shard.Cases(r.Iterations)
	ids := map[string]int{}
	cases, schedules := 0, 0
	for i := range r.Properties {
		p, path := &r.Properties[i], fmt.Sprintf("properties[%d]", i)
		other, twice := ids[p.Info.ID]
		f.If(p.Info.ID == "", path+".id", "it is empty")
		f.If(twice, path+".id", "%q is that of properties[%d], too", p.Info.ID, other)
		ids[p.Info.ID] = i
		f.Count(path+".enough", p.Info.Enough)
		f.In(path, p.Result.Check(p.Err == nil && !p.Interrupted))
		if r.Iterations > 0 {
			f.In(path, p.within(first, asked))
		}
		if f.Err() != nil {
			return f.Err()
		}
		cases, schedules = cases+p.Result.Cases, schedules+p.Result.Schedules
		f.Count("cases", cases)
		f.Count("schedules", schedules)
	}
	return f.Err()
}

// When a run can have begun: the history keeps nanoseconds of Unix time.
var (
	earliest = time.Unix(0, 0)
	latest   = time.Unix(0, 1<<63-1)
)

// check says what cannot be of a shard of a run.
func (s Shard) check(r *Run) error {
	var f document.Faults
	switch {
	case s == Shard{}:
	case s.Of < 1 || s.Index < 1 || s.Index > s.Of:
		f.If(true, "", "%v, which is no part of a run", s)
	case r.Subject == Properties:
		f.If(s.Of > r.Iterations, "", "%v, of a run of %d cases for each property", s, r.Iterations)
	}
	return f.Err()
}

// within says which cases of a property are not among those that were asked for.
func (p *Property) within(first, asked int) error {
	var f document.Faults
	f.If(p.Result.Cases > asked, "cases", "%d, and %d were asked for", p.Result.Cases, asked)
	for i := range p.Result.Failures {
		c := p.Result.Failures[i].Case
		f.If(c >= 0 && (c < first || c >= first+asked), fmt.Sprintf("failures[%d].case", i), "%d, which is none of the cases %d to %d", c, first, first+asked-1)
	}
	return f.Err()
}

// check says what d, whose run that is, does not say as it is computed from the rest.
func (d *form) check(run *Run) error {
	var f document.Faults
	f.Seconds("seconds", d.Seconds)
	f.If(d.Time != "" && run.Limit == 0, "time", "%q, which is no limit", d.Time)
	f.If(d.Shard != nil && run.Shard.Whole(), "shard", "%v, which is no part of a run", run.Shard)
	f.If(d.Shard != nil && d.Build == "", "build", "it is missing, so that the shard cannot be told from one of another build")
	f.If(d.Properties == nil, "properties", "it is null, and must be a list")
	f.If(d.Tables == nil, "classification", "it is null, and must be a list")
	f.In("", run.Check())
	if f.Err() != nil {
		return f.Err()
	}
	for i := range d.Properties {
		p, path := &d.Properties[i], fmt.Sprintf("properties[%d]", i)
		status := run.Properties[i].Status()
		f.If(p.Checkers == nil, path+".checkers", "it is null, and must be a list")
		f.If(p.Status != status, path+".status", "%q, and what it contains makes it %q", p.Status, status)
		explained := status == reports.Inconclusive || status == reports.Broken
		f.If((p.Why != "") != explained, path+".why", "%q, of a property whose status is %q", p.Why, status)
	}
	f.If(d.Status != run.Status(), "status", "%q, and what it contains makes it %q", d.Status, run.Status())
	f.If(d.Cases != run.Cases(), "cases", "%d, and the properties have %d", d.Cases, run.Cases())
	f.If(!slices.Equal(d.Missed, run.Missed()), "missed", "%q, and what it contains lacks %q", d.Missed, run.Missed())
	f.If(d.Schedules != run.Schedules(), "schedules", "%d, and the properties have %d", d.Schedules, run.Schedules())
	f.In("classification", sameTables(d.Tables, run.Tables()))
	return f.Err()
}

// sameTables says where tables are not those that the properties' labels make.
func sameTables(have []table, want []Table) error {
	var f document.Faults
	f.If(len(have) != len(want), "", "%d groups, and the properties' labels are of %d", len(have), len(want))
	for i := range min(len(have), len(want)) {
		f.If(!reflect.DeepEqual(Table(have[i]), want[i]), fmt.Sprintf("[%d]", i), "of %q, and it is not the sum of the properties' labels", have[i].Group)
	}
	return f.Err()
}
