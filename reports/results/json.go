package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"synchrony/properties"
	"synchrony/properties/document"
	"synchrony/reports"
)

// SchemaVersion is the version of the JSON form. It rises when a field is renamed,
// removed or changes its meaning; new fields do not raise it.
const SchemaVersion = 1

// form is the JSON form of a run. It depends on the seed, the iterations, the
// budget, the corpus and the code alone, but for the fields named began, environment,
// seconds, foundSeconds, shrunkSeconds, lines and output.
type form struct {
	Version     int               `json:"version"`         // of this schema
	Tool        string            `json:"tool"`            // the program and its version
	Build       string            `json:"build,omitempty"` // which build of the program, of a shard
	Command     string            `json:"command"`         // that repeats the run
	Began       time.Time         `json:"began,omitzero"`
	Environment Environment       `json:"environment,omitzero"`
	Seed        uint64            `json:"seed"`
	Iterations  int               `json:"iterations"`          // cases for each property; 0 is as many as fit into time
	Smoke       bool              `json:"smoke,omitempty"`     // what has to happen sometimes need not
	KeepGoing   bool              `json:"keepGoing,omitempty"` // after a violation, to the last case
	Require     *Requirements     `json:"require,omitempty"`   // what the run must have tested to pass
	Missed      []string          `json:"missed,omitempty"`    // what it lacks of that
	Shard       *Shard            `json:"shard,omitempty"`     // which part of the run this is
	Time        string            `json:"time,omitempty"`      // the limit of the whole run, as "1m30s"
	Budget      properties.Budget `json:"budget"`              // of schedules for each case
	Status      reports.Status    `json:"status"`              // pass, fail, inconclusive or error
	Interrupted bool              `json:"interrupted"`         // by Ctrl-C or the like
	Cases       int               `json:"cases"`               // in all
	Schedules   int               `json:"schedules"`           // in all
	Properties  []property        `json:"properties"`          // in the registry's order
	Tables      []table           `json:"classification"`      // of each group's cases
	Seconds     float64           `json:"seconds"`
	Subject     Subject           `json:"subject,omitempty"`          // tests, if the properties are Go tests
	PerTest     int               `json:"schedulesPerTest,omitempty"` // at most
	Left        []string          `json:"left,omitempty"`             // of tests, what stays native
	Refused     []string          `json:"refused,omitempty"`          // tests that could not be run
}

// property is the JSON form of a property's result.
type property struct {
	ID          string         `json:"id"`
	Group       string         `json:"group"`
	Statement   string         `json:"statement"`
	System      string         `json:"system"`
	Checkers    []string       `json:"checkers"`
	Source      string         `json:"source,omitempty"` // where it is defined: file and line
	Status      reports.Status `json:"status"`
	Why         string         `json:"why,omitempty"`         // if inconclusive or error
	Error       string         `json:"error,omitempty"`       // of the harness, also beside a violation
	Interrupted bool           `json:"interrupted,omitempty"` // not run to its end
	Enough      int            `json:"enough,omitempty"`      // by how many cases all that has to happen usually has
	properties.Result
}

// table is the JSON form of a classification.
type table struct {
	Group  string             `json:"group"`
	Cases  int                `json:"cases"`
	Labels []properties.Count `json:"labels"`
}

// JSON writes a run as one JSON document.
func JSON(w io.Writer, run *Run) error {
	d := form{
		Version: SchemaVersion, Tool: run.Tool, Build: run.Build, Command: run.Command, Began: run.Began.UTC(), Environment: run.Environment,
		Seed: run.Seed, Iterations: run.Iterations, Budget: run.Budget, Smoke: run.Smoke, KeepGoing: run.KeepGoing, Missed: run.Missed(),
		Status: run.Status(), Interrupted: run.Interrupted, Cases: run.Cases(), Schedules: run.Schedules(),
		Properties: []property{}, Tables: []table{}, Seconds: run.Elapsed.Seconds(),
		Subject: run.Subject, PerTest: run.PerTest, Left: run.Left, Refused: run.Refused,
	}
	if run.Limit > 0 {
		d.Time = run.Limit.String()
	}
	if !run.Shard.Whole() {
		d.Shard = &run.Shard
	}
	if run.Require.any() {
		d.Require = &run.Require
	}
	for i := range run.Properties {
		d.Properties = append(d.Properties, toProperty(&run.Properties[i]))
	}
	for _, t := range run.Tables() {
		d.Tables = append(d.Tables, table(t))
	}
	return WriteJSON(w, d)
}

func toProperty(p *Property) property {
	in := &p.Info
	out := property{
		ID: in.ID, Group: in.Group, Statement: in.Statement, System: in.System, Checkers: in.Checkers, Source: in.Source,
		Status: p.Status(), Why: p.Why(), Interrupted: p.Interrupted, Enough: in.Enough, Result: p.Result,
	}
	if out.Checkers == nil {
		out.Checkers = []string{}
	}
	if p.Err != nil {
		out.Error = p.Err.Error()
	}
	return out
}

// maxReport is how many bytes a report has at most that is read.
const maxReport = 256 << 20

// ReadJSON reads what [JSON] wrote, and refuses what it would not have written: see
// [document.Read] for the form, and [Run.Check] for what is in it. What can be computed from the
// rest, such as verdicts and sums, is, and must be what the report says. The error is one line.
func ReadJSON(r io.Reader) (*Run, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxReport+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the report cannot be read: %w", err)
	case len(data) > maxReport:
		return nil, fmt.Errorf("the report has more than %d bytes", maxReport)
	}
	if err := readable(data); err != nil {
		return nil, err
	}
	var d form
	if err := document.Read(data, &d); err != nil {
		return nil, fmt.Errorf("the report is damaged, or of another version of verify: %w", err)
	}
	run, err := d.back()
	if err == nil {
		err = d.check(run)
	}
	if err != nil {
		return nil, fmt.Errorf("the report cannot be true: %w", err)
	}
	return run, nil
}

// readable reports whether data is a report at all, of the version that this program reads.
func readable(data []byte) error {
	var d struct {
		Version *int `json:"version"`
	}
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&d); err != nil {
		return fmt.Errorf("not a report of verify run --json: %w", err)
	}
	switch {
	case d.Version == nil:
		return errors.New(`not a report of verify run --json: it has no "version"`)
	case *d.Version != SchemaVersion:
		return fmt.Errorf("a report of version %d; this program reads version %d", *d.Version, SchemaVersion)
	}
	return nil
}

// back is the Run that d is the form of.
func (d *form) back() (*Run, error) {
	run := &Run{
		Tool: d.Tool, Build: d.Build, Command: d.Command, Seed: d.Seed, Iterations: d.Iterations, Budget: d.Budget, Smoke: d.Smoke, KeepGoing: d.KeepGoing,
		Began: d.Began, Environment: d.Environment, Interrupted: d.Interrupted, Elapsed: fromSeconds(d.Seconds),
		Subject: d.Subject, PerTest: d.PerTest, Left: d.Left, Refused: d.Refused,
	}
	if d.Time != "" {
		limit, err := time.ParseDuration(d.Time)
		if err != nil {
			return nil, &document.Error{Path: "time", What: fmt.Sprintf("%q, which is no duration", d.Time)}
		}
		run.Limit = limit
	}
	if d.Shard != nil {
		run.Shard = *d.Shard
	}
	if d.Require != nil {
		run.Require = *d.Require
	}
	for i := range d.Properties {
		p := d.Properties[i].back(!run.Shard.Whole() || run.Smoke)
		p.KeepGoing = run.KeepGoing
		run.Properties = append(run.Properties, p)
	}
	return run, nil
}

// back is the Property that toProperty made p of.
func (p *property) back(part bool) Property {
	out := Property{
		Info: properties.Info{
			ID: p.ID, Group: p.Group, Statement: p.Statement, System: p.System, Checkers: p.Checkers, Source: p.Source,
			Enough: p.Enough,
		},
		Result:      p.Result,
		Interrupted: p.Interrupted, Part: part,
	}
	for _, c := range p.Result.Sometimes {
		out.Info.Sometimes = append(out.Info.Sometimes, c.Name)
	}
	if p.Error != "" {
		out.Err = errors.New(p.Error)
	}
	return out
}

func fromSeconds(s float64) time.Duration { return time.Duration(math.Round(s * float64(time.Second))) }

// WriteJSON writes v indented, and leaves <, > and & as they are.
func WriteJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
