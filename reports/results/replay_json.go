package results

import (
	"io"
	"time"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/reports"
)

// Replayed is what replaying one counterexample showed, be it of a property or of a Go test. Marshalled, it is its JSON form.
type Replayed struct {
	File     string         `json:"file"`
	Property string         `json:"property,omitempty"` // its ID, or the test's; empty if the file cannot be read
	Recorded *Violation     `json:"recorded,omitempty"` // what the file says; nil if it cannot be read
	Status   reports.Status `json:"status"`             // of the first replay: pass if nothing is wrong, error if there was none
	// Found is what the first replay showed; nil if nothing is wrong, or there was none.
	Found *Violation `json:"found,omitempty"`
	Story []string   `json:"story,omitempty"` // what happened, a line each
	Why   []string   `json:"why,omitempty"`   // what the failure depends on, as the file says
	// Reproduced of Times replays showed what is recorded: the same checker's violation, of a test the same kind of failure.
	Reproduced int `json:"reproduced"`
	Times      int `json:"times"`
	// Executions is how many different ones there were; 0 is not known, as of a process that died.
	Executions int    `json:"executions,omitempty"`
	Schedules  int    `json:"schedules"`           // that the first replay ran: 1, or more if they had to be searched
	Stale      string `json:"stale,omitempty"`     // why the recorded schedule no longer fits
	Refreshed  bool   `json:"refreshed,omitempty"` // the schedules searched in its place failed, and the file was written anew
	Changed    bool   `json:"changed,omitempty"`   // the tested code has changed since
	// Differs is what the file says of the violation and the first replay does not show.
	Differs []properties.Difference `json:"differs,omitempty"`
	Error   string                  `json:"error,omitempty"` // why it could not be replayed so often, or not be judged
	Seconds float64                 `json:"seconds"`         // of all replays together
}

// Violation is what is wrong, who says so, and why; without a rule it is what could not be judged.
type Violation struct {
	Checker  string   `json:"checker"`
	Rule     string   `json:"rule,omitempty"`
	Reason   string   `json:"reason"`
	Evidence []string `json:"evidence,omitempty"`
	// Because is what was wrong first, if that is known, and something else.
	Because *properties.Cause `json:"because,omitempty"`
}

// NewReplayed is what is known of a counterexample before it is replayed.
func NewReplayed(file string, c *properties.Counterexample) Replayed {
	return Replayed{
		File: file, Property: c.Property, Status: reports.Broken, Why: c.Why,
		Recorded: &Violation{Checker: c.Checker, Rule: c.Rule, Reason: c.Reason, Evidence: c.Evidence, Because: c.Because},
	}
}

// Shown takes what the first replay showed.
func (r *Replayed) Shown(first *properties.Replay) {
	r.Story, r.Schedules, r.Stale, r.Refreshed, r.Differs = first.Story, first.Runs, first.Stale, first.Refreshed != nil, first.Differs
	v := first.Verdict
	r.Status = map[checkers.Status]reports.Status{
		checkers.Pass: reports.Pass, checkers.Fail: reports.Fail, checkers.Unknown: reports.Inconclusive,
	}[v.Status]
	if v.Status != checkers.Pass {
		r.Found = &Violation{Checker: first.Checker, Rule: v.Rule, Reason: v.Reason, Evidence: v.Evidence, Because: first.Because}
	}
}

// Add takes one replay more, whether it reproduced what is recorded; so many different executions there were in all of them,
// which took elapsed together.
func (r *Replayed) Add(reproduced bool, executions int, elapsed time.Duration) {
	r.Times++
	if reproduced {
		r.Reproduced++
	}
	r.Executions, r.Seconds = executions, elapsed.Seconds()
}

// replays is the JSON form of what replaying some counterexamples showed.
type replays struct {
	Version int        `json:"version"` // of this schema: SchemaVersion
	Replays []Replayed `json:"replays"` // in the order of the command line
}

// ReplaysJSON writes what replaying counterexamples showed as one JSON document.
func ReplaysJSON(w io.Writer, all []Replayed) error {
	return WriteJSON(w, replays{SchemaVersion, all})
}
