package execution

import (
	"io"
	"time"

	"synchrony/models/batch"
	"synchrony/models/trace"
	"synchrony/reports/results"
)

// execution is the JSON form of an Execution.
type execution struct {
	Version     int           `json:"version"` // of this schema: SchemaVersion
	Batch       string        `json:"batch,omitempty"`
	Outcome     string        `json:"outcome"` // committed, aborted, refused, timeout or cancelled
	Error       string        `json:"error,omitempty"`
	Failure     *failedTx     `json:"failure,omitempty"` // if aborted
	Cycle       []string      `json:"cycle,omitempty"`   // if refused for one
	Accounts    []balance     `json:"accounts"`
	Groups      [][]string    `json:"groups"`
	Conflicts   []conflict    `json:"conflicts"`
	TooMany     int           `json:"conflictsNotListed,omitempty"` // at most so many pairs; conflicts is empty
	Serial      bool          `json:"serial"`
	Why         string        `json:"why"`
	Workers     int           `json:"workers"`
	Executed    int           `json:"executed"`
	Parallel    int           `json:"parallel"`
	Parallelism float64       `json:"averageParallelism"` // of the plan
	Speedup     *float64      `json:"speedup,omitempty"`  // if a serial run was measured
	Limit       float64       `json:"timeoutSeconds"`     // 0 is none
	Estimate    float64       `json:"serialEstimateSeconds"`
	Seconds     float64       `json:"seconds"`
	Certificate *certificate  `json:"certificate,omitempty"`    // if committed, unless none was asked for
	Refusal     *gateRefusal  `json:"counterexample,omitempty"` // if a gate refused to commit
	Events      []eventRecord `json:"events,omitempty"`
}

type failedTx struct {
	Transaction string  `json:"transaction"`
	Kind        string  `json:"kind"`
	Condition   string  `json:"condition,omitempty"`
	Detail      string  `json:"detail,omitempty"`
	Values      []value `json:"values,omitempty"`
	Stack       string  `json:"stack,omitempty"`
}

type value struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

type balance struct {
	Name   string `json:"name"`
	Before int64  `json:"before"`
	After  int64  `json:"after"`
}

type conflict struct {
	From     string   `json:"from"`
	To       string   `json:"to"`
	Kinds    string   `json:"kinds"` // RAW, WAR, WAW or several
	Accounts []string `json:"accounts"`
}

type eventRecord struct {
	Nanoseconds int64  `json:"ns"`
	Kind        string `json:"kind"`
	Worker      int32  `json:"worker"`
	Transaction string `json:"transaction"`
	Account     string `json:"account,omitempty"`
	Old         *int64 `json:"old,omitempty"`
	New         *int64 `json:"new,omitempty"`
	Version     string `json:"version,omitempty"` // the transaction that wrote old, or init
}

// ExecutionJSON writes an execution as one JSON document.
func JSON(w io.Writer, e *Execution) error {
	o, b := &e.Observation, e.Batch
	d := execution{
		Version: results.SchemaVersion, Batch: b.Name, Outcome: o.Outcome.String(), Error: o.Error, Failure: toFailedTx(o.Failure), Cycle: o.Cycle,
		Accounts: []balance{}, Groups: [][]string{}, Conflicts: []conflict{},
		Serial: o.Serial, Why: e.Plan.Why, Workers: o.Workers, Executed: o.Executed, Parallel: o.Parallel,
		Parallelism: e.Plan.AverageParallelism, Speedup: o.Speedup,
		Limit: o.Limit.Seconds(), Estimate: e.Plan.SerialEstimate.Seconds(), Seconds: o.Elapsed.Seconds(),
		Certificate: toCertificate(b, o.Certificate), Refusal: toRefusal(b, o.Counterexample),
	}
	for a, account := range b.Accounts {
		d.Accounts = append(d.Accounts, balance{account.Name, o.Initial[a], o.Final[a]})
	}
	for _, g := range o.Groups {
		ids := make([]string, len(g))
		for i, tx := range g {
			ids[i] = b.Transactions[tx].ID
		}
		d.Groups = append(d.Groups, ids)
	}
	pairs, tooMany := e.conflicts()
	d.TooMany = tooMany
	for _, p := range pairs {
		d.Conflicts = append(d.Conflicts, toConflict(b, p))
	}
	for _, event := range o.Events {
		d.Events = append(d.Events, toEvent(b, event))
	}
	return results.WriteJSON(w, d)
}

func toFailedTx(f *batch.Failure) *failedTx {
	if f == nil {
		return nil
	}
	out := &failedTx{Transaction: f.ID, Kind: f.Kind.String(), Condition: f.Condition, Detail: f.Detail, Stack: f.Stack}
	for _, v := range f.Values {
		out.Values = append(out.Values, value(v))
	}
	return out
}

func toConflict(b *batch.Batch, d trace.Dependency) conflict {
	c := conflict{From: b.Transactions[d.From].ID, To: b.Transactions[d.To].ID, Kinds: d.Kinds.String()}
	for _, a := range d.Accounts {
		c.Accounts = append(c.Accounts, b.Accounts[a].Name)
	}
	return c
}

func toEvent(b *batch.Batch, e trace.Event) eventRecord {
	out := eventRecord{
		Nanoseconds: int64(e.Time / time.Nanosecond), Kind: e.Kind.String(), Worker: e.Worker,
		Transaction: b.Transactions[e.Tx].ID,
	}
	if e.Kind == trace.Read || e.Kind == trace.Write {
		out.Account, out.Old = b.Accounts[e.Account].Name, &e.Old
		out.Version = trace.NamesOf(b).Version(e.Version)
	}
	if e.Kind == trace.Write {
		out.New = &e.New
	}
	return out
}
