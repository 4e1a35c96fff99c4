package mutation

import (
	"io"

	"synchrony/properties"
	"synchrony/properties/mutants"
	"synchrony/reports"
	"synchrony/reports/results"
)

// mutantsSchemaVersion is the version of the kill table's JSON form. It rises when a
// field is renamed, removed or changes its meaning; new fields do not raise it.
const mutantsSchemaVersion = 1

// killTable is the JSON form of a run of mutants. It depends on the seed, the
// iterations, the patches and the code alone, but for the fields named seconds,
// foundSeconds and shrunkSeconds, and a file's path.
type killTable struct {
	Version     int            `json:"version"` // of this schema
	Tool        string         `json:"tool"`    // the program and its version
	Command     string         `json:"command"` // that repeats the run
	Seed        uint64         `json:"seed"`
	Iterations  int            `json:"iterations"`  // cases for each mutant that does not ask for more
	Status      reports.Status `json:"status"`      // pass: all as their patches say; fail: one was not; inconclusive; error
	Interrupted bool           `json:"interrupted"` // by Ctrl-C or the like
	Mutants     []mutant       `json:"mutants"`     // by name
	Killed      int            `json:"killed"`      // of mutants, those killed as their patches say
	Survived    int            `json:"survived"`    // of mutants, those that survived as their patches say
	Medians     []Median       `json:"medians"`     // of the killed ones' counterexamples, by unit of size
	Seconds     float64        `json:"seconds"`
}

// mutant is the JSON form of what became of a mutant.
type mutant struct {
	Name     string         `json:"name"`
	Breaks   string         `json:"breaks"` // what is broken
	Seen     string         `json:"seen"`   // where such a bug was seen
	Report   string         `json:"report,omitempty"`
	ShownBy  string         `json:"shownBy,omitempty"`
	Path     string         `json:"path"`     // of the source file that is changed
	Property string         `json:"property"` // that must kill it
	Cases    int            `json:"cases,omitempty"`
	Verdict  string         `json:"verdict,omitempty"` // that is expected
	Result   mutants.Result `json:"result"`
	Why      string         `json:"why,omitempty"` // of a result other than "killed"; what is missing if it was to survive
	Kill     *kill          `json:"kill,omitempty"`
	Seconds  float64        `json:"seconds"` // build, run, shrinking and replays
}

// kill is the JSON form of the run that killed a mutant.
type kill struct {
	Property  string             `json:"property"`
	Cases     int                `json:"cases"`     // run until found, in all
	Schedules int                `json:"schedules"` // run in all, shrinking included
	Failure   properties.Failure `json:"failure"`   // size counts what the unit says
	Unit      string             `json:"unit"`      // transactions or instructions
	Replayed  int                `json:"replayed"`  // of 10 replays, those that failed again
}

// MutantsJSON writes a run of mutants as one JSON document.
func MutantsJSON(w io.Writer, m *Mutants) error {
	d := killTable{
		Version: mutantsSchemaVersion, Tool: m.Tool, Command: m.Command, Seed: m.Seed, Iterations: m.Iterations,
		Status: m.Status(), Interrupted: m.Interrupted, Mutants: []mutant{}, Killed: m.Count(mutants.AsExpected),
		Survived: m.Count(mutants.KnownAlive), Medians: m.Medians(), Seconds: m.Elapsed.Seconds(),
	}
	for i := range m.Records {
		r := &m.Records[i]
		out := mutant{
			Name: r.Mutant.Name, Breaks: r.Mutant.Breaks, Seen: r.Mutant.Seen, Report: r.Mutant.Report, ShownBy: r.Mutant.ShownBy,
			Path: r.Mutant.Path, Property: r.Mutant.KilledBy, Cases: r.Mutant.Cases, Verdict: r.Mutant.Verdict, Result: r.Result, Why: r.Why, Seconds: r.Seconds,
		}
		if o := &r.Outcome; o.Status == mutants.Killed {
			out.Kill = &kill{o.Property, o.Cases, o.Schedules, o.Failure, m.unit(r), r.Replayed}
		}
		d.Mutants = append(d.Mutants, out)
	}
	return results.WriteJSON(w, d)
}
