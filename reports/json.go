package reports

import (
	"encoding/json"
	"io"

	"synchrony/properties"
)

// SchemaVersion is the version of the JSON form. It rises when a field is renamed,
// removed or changes its meaning; new fields do not raise it.
const SchemaVersion = 1

// document is the JSON form of a run. It depends on the seed, the iterations, the
// budget, the corpus and the code alone, but for the fields named seconds,
// foundSeconds and shrunkSeconds.
type document struct {
	Version     int               `json:"version"` // of this schema
	Tool        string            `json:"tool"`    // the program and its version
	Command     string            `json:"command"` // that repeats the run
	Seed        uint64            `json:"seed"`
	Iterations  int               `json:"iterations"`     // cases for each property; 0 is as many as fit into time
	Time        string            `json:"time,omitempty"` // the limit of the whole run, as "1m30s"
	Budget      properties.Budget `json:"budget"`         // of schedules for each case
	Status      Status            `json:"status"`         // pass, fail, inconclusive or error
	Interrupted bool              `json:"interrupted"`    // by Ctrl-C or the like
	Cases       int               `json:"cases"`          // in all
	Schedules   int               `json:"schedules"`      // in all
	Properties  []property        `json:"properties"`     // in the registry's order
	Tables      []table           `json:"classification"` // of each group's cases
	Seconds     float64           `json:"seconds"`
}

// property is the JSON form of a property's result.
type property struct {
	ID        string               `json:"id"`
	Group     string               `json:"group"`
	Statement string               `json:"statement"`
	System    string               `json:"system"`
	Checkers  []string             `json:"checkers"`
	Status    Status               `json:"status"`
	Why       string               `json:"why,omitempty"`   // if inconclusive or error
	Error     string               `json:"error,omitempty"` // of the harness, also beside a violation
	Cases     int                  `json:"cases"`
	Replayed  int                  `json:"replayed"` // counterexamples of the corpus
	Schedules int                  `json:"schedules"`
	Unknown   int                  `json:"unknown"`             // observations that a checker could not judge
	Labels    []properties.Count   `json:"labels,omitempty"`    // cases with each label
	Sometimes []properties.Count   `json:"sometimes,omitempty"` // cases that met each condition
	Failures  []properties.Failure `json:"failures,omitempty"`
	Stale     []string             `json:"stale,omitempty"` // files of the corpus that no longer fit
	Seconds   float64              `json:"seconds"`
}

// table is the JSON form of a classification.
type table struct {
	Group  string             `json:"group"`
	Cases  int                `json:"cases"`
	Labels []properties.Count `json:"labels"`
}

// JSON writes a run as one JSON document.
func JSON(w io.Writer, run *Run) error {
	d := document{
		Version: SchemaVersion, Tool: run.Tool, Command: run.Command,
		Seed: run.Seed, Iterations: run.Iterations, Budget: run.Budget,
		Status: run.Status(), Interrupted: run.Interrupted, Cases: run.Cases(), Schedules: run.Schedules(),
		Properties: []property{}, Tables: []table{}, Seconds: run.Elapsed.Seconds(),
	}
	if run.Limit > 0 {
		d.Time = run.Limit.String()
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
	in, r := &p.Info, &p.Result
	out := property{
		ID: in.ID, Group: in.Group, Statement: in.Statement, System: in.System, Checkers: in.Checkers,
		Status: p.Status(), Why: p.Why(),
		Cases: r.Cases, Replayed: r.Replayed, Schedules: r.Schedules, Unknown: r.Unknown,
		Labels: r.Labels, Sometimes: r.Sometimes, Failures: r.Failures, Stale: r.Stale, Seconds: r.Seconds,
	}
	if p.Err != nil {
		out.Error = p.Err.Error()
	}
	return out
}

// WriteJSON writes v indented, and leaves <, > and & as they are.
func WriteJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
