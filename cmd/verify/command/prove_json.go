package command

import (
	"synchrony/checkers/smt"
	"synchrony/reports"
	"synchrony/reports/results"
)

// proofReport is what verify prove says of a file, and as JSON its contract.
type proofReport struct {
	Version    int               `json:"version"` // of this schema: results.SchemaVersion
	File       string            `json:"file"`
	Status     reports.Status    `json:"status"`          // pass only if there were statements, and all are proved
	About      []string          `json:"about,omitempty"` // which statements there are, and why no others
	Statements []provedStatement `json:"statements"`      // each pair of chunks by itself
}

// provedStatement is what became of one statement.
type provedStatement struct {
	Statement      string     `json:"statement"`
	Verdict        string     `json:"verdict"` // proved, refuted or unknown
	Method         smt.Method `json:"method,omitempty"`
	Reason         []string   `json:"reason,omitempty"`         // lines: why it is not proved, and the evidence
	Counterexample string     `json:"counterexample,omitempty"` // the file that reproduces what refutes it
	Unsaved        string     `json:"unsaved,omitempty"`        // why there is none, of a statement that is refuted
	Seconds        float64    `json:"seconds"`
}

func newProofReport(path string, todo *obligations) *proofReport {
	return &proofReport{Version: results.SchemaVersion, File: path, About: todo.heading, Statements: []provedStatement{}}
}

// add takes the claim about a statement.
func (r *proofReport) add(about statement, c claim) {
	r.Statements = append(r.Statements, provedStatement{
		Statement: about.text, Verdict: verdictWord(c.Status), Method: c.Method, Reason: c.Lines,
		Counterexample: c.Saved, Unsaved: c.Unsaved, Seconds: c.Elapsed.Seconds(),
	})
}
