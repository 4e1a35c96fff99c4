package html

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"synchrony/properties"
	"synchrony/reports"
	"synchrony/reports/results"
)

// view is what the template sets.
type view struct {
	assets
	Title      string
	Status     reports.Status // of the run; of the failures, without one
	Headline   string
	Facts      []fact
	Ran        []string     // when and where, in words
	Changes    []changeView // since the runs before; nil if none is known
	Earlier    bool         // that of any property is known
	Command    string       // that repeats the run
	Properties []propertyRow
	Filters    []filter
	Tables     []classTable
	Sometimes  []sometimesTable
	Strategies []bar
	Covered    string // how many cases were tried on every schedule; empty if none were
	Failures   []failureView
	Causes     []causeView // the failures, in groups
	Mutants    *mutantTable
	Trends     []trendView
	Tool       string
	HasRun     bool
	Tests      bool // the properties are Go tests, which draw no cases
}

// fact is a figure and what it is of.
type fact struct{ Name, Value string }

// filter is how many properties have a status.
type filter struct {
	Status reports.Status
	Count  int
}

// propertyRow is a line of the table of verdicts.
type propertyRow struct {
	ID, Statement    string
	Status           reports.Status
	Cases, Schedules string
	Seconds          string
	Why              string // if it is inconclusive, or the harness broke
	Lost             string // why it was not under control
	Stale            []properties.Stale
	Earlier          *earlierView // nil if there was no run before
	Failures         []int        // numbers of its failures on the page
}

// failureView is what the page says of a failure without scripts, and its data.
type failureView struct {
	Number   int    // on the page, from 1
	Anchor   string // leads to it, from page to page
	ID       string
	Claim    string // what it is held to, behind its name
	Test     bool   // it is a Go test, whose end is all that is judged
	Checker  string
	Rule     string
	Reason   string
	Because  string   // what was wrong first, if that is something else
	Why      []string // what it depends on
	Evidence []string
	More     int // lines of evidence that are left out
	Facts    []string
	Command  string
	Note     string
	Open     bool
	Data     packed
}

func toView(p *Page) (*view, error) {
	a, err := readAssets()
	if err != nil {
		return nil, err
	}
	v := &view{assets: a, Tool: p.Tool, HasRun: p.Run != nil}
	switch m := p.Mutants; {
	case p.Run != nil:
		v.run(p)
	case m != nil:
		v.Headline, v.Status, v.Command, v.Tool = mutantHeadline(m), m.Status(), m.Command, cmp.Or(p.Tool, m.Tool)
		v.Title = "verify: " + v.Headline
	default:
		v.Title = "verify: " + reports.Plural(len(p.Failures), "counterexample")
		v.Headline, v.Status = replayHeadline(p.Failures)
	}
	for i := range p.Failures {
		f, err := toFailureView(i+1, &p.Failures[i], v.Tests || p.Failures[i].Test)
		if err != nil {
			return nil, err
		}
		f.Open = i == 0
		v.Failures = append(v.Failures, f)
	}
	v.Causes = byCause(p.Failures, v.Failures)
	v.Mutants, v.Trends = toMutantTable(p.Mutants), toTrendViews(p.Trends)
	return v, nil
}

// replayHeadline sums up failures that no run stands for.
func replayHeadline(list []Failure) (string, reports.Status) {
	shown := 0
	for i := range list {
		if list[i].Again {
			shown++
		}
	}
	switch {
	case shown < len(list):
		return fmt.Sprintf("%d of %s reproduced", shown, reports.Plural(len(list), "counterexample")), reports.Inconclusive
	case shown == 1:
		return "The counterexample shows its violation again", reports.Fail
	}
	return "All " + reports.Plural(shown, "counterexample") + " show their violations again", reports.Fail
}

// run fills in what a run showed.
func (v *view) run(p *Page) {
	r := p.Run
	v.Status, v.Command, v.Tool = r.Status(), r.Command, cmp.Or(p.Tool, r.Tool)
	v.Title = fmt.Sprintf("verify: %s", headline(r))
	v.Headline = headline(r)
	v.Tests = r.Subject == results.Tests
	if v.Tests {
		v.Facts = []fact{{"tests", reports.Thousands(len(r.Properties))}}
	} else {
		v.Facts = []fact{{"properties", reports.Thousands(len(r.Properties))}, {"cases", reports.Thousands(r.Cases())}}
	}
	v.Facts = append(v.Facts, []fact{
		{"schedules", reports.Thousands(r.Schedules())},
		{"failures", reports.Thousands(len(p.Failures))},
		{"seed", fmt.Sprint(r.Seed)},
		{"time", seconds(r.Elapsed.Seconds())},
	}...)
	for _, s := range []reports.Status{reports.Fail, reports.Broken, reports.Inconclusive, reports.Pass} {
		if n := r.Count(s); n > 0 {
			v.Filters = append(v.Filters, filter{s, n})
		}
	}
	numbers := map[string][]int{}
	for i := range p.Failures {
		id := p.Failures[i].Info.ID
		numbers[id] = append(numbers[id], i+1)
	}
	trends := map[string]*Trend{}
	for i := range p.Trends {
		trends[p.Trends[i].Property] = &p.Trends[i]
	}
	for i := range r.Properties {
		row := toPropertyRow(&r.Properties[i], numbers)
		if t := trends[row.ID]; t != nil {
			row.Earlier = toEarlier(t)
			v.Earlier = v.Earlier || row.Earlier != nil
		}
		v.Properties = append(v.Properties, row)
	}
	v.Changes = toChanges(p.Trends)
	if !r.Began.IsZero() {
		v.Ran = append(v.Ran, minute(r.Began)+" UTC")
	}
	v.Ran = append(append(v.Ran, v.Tool), r.Environment.Words()...)
	if n := r.Covered(); n > 0 {
		v.Covered = reports.Plural(n, "case")
	}
	v.Tables, v.Sometimes, v.Strategies = toClassTables(r), toSometimes(r), toStrategies(r)
}

// headline is the verdict in a sentence.
func headline(r *results.Run) string {
	n, one, violated, are := len(r.Properties), "The property", "is violated", "are violated"
	if r.Subject == results.Tests {
		one, violated, are = "The test", "failed", "failed"
	}
	text := ""
	switch r.Status() {
	case reports.Pass:
		text = "All " + r.Subject.Count(n) + " passed"
		if n == 1 {
			text = one + " passed"
		}
	case reports.Fail:
		text = fmt.Sprintf("%d of %s %s", r.Count(reports.Fail), r.Subject.Count(n), are)
		if n == 1 {
			text = one + " " + violated
		}
	case reports.Broken:
		text = "The harness failed: " + r.Subject.Count(r.Count(reports.Broken)) + " could not be judged"
	default:
		text = "Inconclusive: " + r.Subject.Count(r.Count(reports.Pass)) + " of " + reports.Thousands(n) + " passed"
	}
	if r.Interrupted {
		text += ", and the run was interrupted"
	}
	return text
}

func toPropertyRow(p *results.Property, numbers map[string][]int) propertyRow {
	r := &p.Result
	row := propertyRow{
		ID: p.Info.ID, Statement: p.Info.Statement,
		Status: p.Status(), Why: p.Why(), Lost: r.Lost(), Stale: r.Stale,
		Cases: reports.Thousands(r.Cases), Schedules: reports.Thousands(r.Schedules), Seconds: seconds(r.Seconds),
		Failures: numbers[p.Info.ID],
	}
	if row.Status == reports.Fail && p.Err != nil {
		row.Why = "also: " + p.Err.Error()
	}
	return row
}

// maxEvidence is how many lines of evidence stand on the page; the file has all.
const maxEvidence = 12

func toFailureView(number int, f *Failure, test bool) (failureView, error) {
	found := &f.Found
	v := failureView{
		Number: number, Anchor: strings.TrimSuffix(fileName(f), ".txtar"), ID: f.Info.ID, Claim: "states that " + f.Info.Statement,
		Checker: found.Checker, Rule: found.Rule, Reason: found.Reason,
		Test: test, Evidence: found.Evidence[:min(len(found.Evidence), maxEvidence)],
		More: max(0, len(found.Evidence)-maxEvidence), Note: f.Note,
	}
	if test { // it states nothing: the command holds it to its end
		v.Claim = "must end well under every schedule"
	}
	if found.File != "" {
		v.Command = (&properties.Failure{File: found.File, Text: f.Text}).Reproduce()
	}
	v.Facts = failureFacts(found, f.Replay, test)
	if c := found.Because(); c != nil {
		v.Because = c.String()
	}
	if c, err := properties.ParseCounterexample(found.File, []byte(f.Text)); err == nil {
		v.Why = c.Why
	}
	var err error
	v.Data, err = pack(toDetail(f))
	return v, err
}

// failureFacts says how a failure was found, and whether it shows again. That of a test is in its only case.
func failureFacts(f *properties.Failure, r *properties.Replay, test bool) []string {
	var facts []string
	switch {
	case f.Strategy == "": // a counterexample by itself does not say
	case f.Case < 0:
		facts = append(facts, "a known counterexample, replayed from the corpus")
	case test:
		facts = append(facts, fmt.Sprintf("found in schedule %s by %s after %s", reports.Thousands(f.Schedules), strategy(f.Strategy), seconds(f.Found)))
	default:
		facts = append(facts,
			fmt.Sprintf("found in case %d by %s after %s", f.Case, strategy(f.Strategy), seconds(f.Found)),
			"shrunk in "+seconds(f.Shrunk))
	}
	if f.Size > 0 {
		facts = append(facts, fmt.Sprintf("size %d", f.Size))
	}
	switch {
	case f.Strategy == "" || f.Strategy == died || f.Strategy == onGoroutines: // no schedule is known
	case f.Deviations == 0:
		facts = append(facts, "no deviation from the default schedule")
	default:
		facts = append(facts, reports.Plural(f.Deviations, "deviation")+" from the default schedule")
	}
	switch {
	case r != nil && r.Reproduced:
		facts = append(facts, "replayed for this page: it failed again")
	case r != nil:
		facts = append(facts, "replayed for this page: it did not fail this time")
	case f.Strategy != "" && f.Repeats() != "":
		facts = append(facts, f.Repeats())
	}
	return facts
}

// The strategies that leave no schedule.
const (
	died         = "child process"
	onGoroutines = "real goroutines"
)

// strategy is how a strategy's name is spoken of.
func strategy(name string) string {
	switch name {
	case "default":
		return "the default schedule"
	case "single deviation":
		return "a single deviation"
	case died:
		return "the death of its process"
	}
	return name
}

// seconds is a duration with what precision makes sense.
func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second))
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", s)
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", s)
	}
	return fmt.Sprintf("%.0f ms", s*1000)
}
