package html

import (
	"slices"
	"strings"
	"time"

	"synchrony/checkers/serializability"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	batchprops "synchrony/properties/catalogue/batch"
)

// batchRun is one execution of a batch.
type batchRun struct {
	Title        string     `json:"title,omitempty"` // which execution, if there are several
	Transactions *text      `json:"transactions"`    // names, a line each
	Accounts     []string   `json:"accounts"`
	Workers      int        `json:"workers"`
	First        string     `json:"first,omitempty"` // the task that is worker 0, if it has another name
	Outcome      string     `json:"outcome"`
	Error        string     `json:"error,omitempty"`
	Initial      []exact    `json:"initial"`
	Final        []exact    `json:"final"`
	Serial       serialEnd  `json:"serial"`
	Events       *events    `json:"events"`
	Snapshots    []snapshot `json:"snapshots,omitempty"`
	Graph        *graph     `json:"graph,omitempty"`
	Cycle        []link     `json:"cycle,omitempty"`
	CycleGraph   *graph     `json:"cycleGraph,omitempty"`
	Anomaly      string     `json:"anomaly,omitempty"` // the cycle's name, after Adya
}

// serialEnd is what executing the transactions one after another gives.
type serialEnd struct {
	Outcome  string  `json:"outcome"` // committed, aborted or refused
	Error    string  `json:"error,omitempty"`
	Balances []exact `json:"balances"`
	Differs  bool    `json:"differs"` // the execution ended otherwise
}

// snapshot is what somebody outside the batch read.
type snapshot struct {
	After    int     `json:"after"` // so many events
	Balances []exact `json:"balances"`
}

// link is an edge of a cycle of the direct serialization graph.
type link struct {
	From string `json:"from"` // transactions
	To   string `json:"to"`
	Kind string `json:"kind"` // ww, wr, rw or real-time
	Why  string `json:"why"`
}

func toBatchRun(title string, w batch.Workload, o trace.Observation, tasks []string) batchRun {
	r := batchRun{
		Title: title, Workers: o.Workers, Outcome: o.Outcome.String(), Error: o.Error,
		Accounts: []string{}, Initial: exacts(o.Initial), Final: exacts(o.Final),
	}
	names := make([]string, len(w.Batch.Transactions))
	for i := range w.Batch.Transactions {
		names[i] = oneLine(w.Batch.Transactions[i].ID)
	}
	r.Transactions = takeApart(strings.Join(names, "\n"))
	for _, a := range w.Batch.Accounts {
		r.Accounts = append(r.Accounts, a.Name)
	}
	taskOf := trace.TaskOf(tasks)
	if task := taskOf(0); int(task) < len(tasks) && !strings.EqualFold(tasks[task], "worker 0") {
		r.First = tasks[task]
	}
	r.Serial = runSerially(w)
	all := slices.Concat(o.Events, o.Late)
	r.Events = toEvents(all, o.Initial, trace.StepsOf(all, o.Steps, taskOf))
	r.Events.Late = len(o.Late)
	for _, s := range o.Snapshots {
		after, _ := slices.BinarySearchFunc(all, s.Time, func(e trace.Event, t time.Duration) int { return int(e.Time - t) })
		r.Snapshots = append(r.Snapshots, snapshot{after, exacts(s.Balances)})
	}
	r.Serial.Differs = r.differs()
	cycle := r.cycle(w, o)
	r.CycleGraph = cycleGraph(r.Cycle)
	r.Graph = batchGraph(w.Batch, o, cycle)
	return r
}

// runSerially asks the sequential specification.
func runSerially(w batch.Workload) serialEnd {
	want := batch.RunSerially(w.Batch, w.Setup.Panics...)
	end := serialEnd{Outcome: history.Committed.String(), Balances: exacts(want.Balances)}
	switch {
	case want.Cycle != nil:
		end.Outcome, end.Error = history.Refused.String(), want.Cycle.Error()
	case want.Failure != nil:
		end.Outcome, end.Error = history.Aborted.String(), want.Failure.Error()
	}
	return end
}

// differs reports whether the execution ended otherwise than a serial one.
func (r *batchRun) differs() bool {
	return r.Outcome != r.Serial.Outcome || !slices.Equal(r.Final, r.Serial.Balances)
}

// cycle looks for a cycle in the direct serialization graph, and returns its transactions.
func (r *batchRun) cycle(w batch.Workload, o trace.Observation) []int32 {
	log, err := trace.NewLog(&o, w.Batch)
	if err != nil || len(o.Initial) != len(w.Batch.Accounts) { // a malformed trace has no graph
		return nil
	}
	h := log.HistoryOf(trace.NamesOf(w.Batch), o.Initial)
	judged := serializability.Judge(h)
	var txs []int32
	for k, e := range judged.Cycle {
		r.Cycle = append(r.Cycle, link{h.TxName(e.From), h.TxName(e.To), e.Kind.String(), why(judged.Evidence, k)})
		txs = append(txs, e.From)
	}
	if len(txs) > 0 {
		r.Anomaly = judged.Rule
	}
	return txs
}

// why is what the k-th line of evidence says after its edge: "t1 -> t2 (rw): why".
func why(evidence []string, k int) string {
	if k >= len(evidence) {
		return ""
	}
	_, reason, _ := strings.Cut(evidence[k], "): ")
	return reason
}

// toVariants shows the executions that a property compares. A variant that executes the transactions
// one at a time is put together to one execution.
func toVariants(w batch.Workload, executions []batchprops.Execution, tasks []string) []batchRun {
	var runs []batchRun
	for _, e := range executions {
		if o, ok := whole(w, e.Observations); ok {
			runs = append(runs, toBatchRun(e.Name, w, o, tasks))
		}
	}
	return runs
}

// whole is the observation of the whole batch: the last one; or all, one after another, if they are of
// one transaction each.
func whole(w batch.Workload, os []trace.Observation) (trace.Observation, bool) {
	n := len(w.Batch.Transactions)
	if len(os) == 0 {
		return trace.Observation{}, false
	}
	sum := os[len(os)-1]
	if len(os) != n || n < 2 || transactionsOf(sum) != 1 {
		return sum, transactionsOf(sum) == n
	}
	sum.Initial, sum.Events, sum.Late, sum.Edges, sum.Groups = os[0].Initial, nil, nil, nil, nil
	for i, o := range os {
		for _, e := range slices.Concat(o.Events, o.Late) {
			e.Tx = int32(i)
			if e.Version != history.InitialVersion {
				e.Version = int32(i)
			}
			sum.Events = append(sum.Events, e)
		}
		if sum.Outcome, sum.Error = o.Outcome, o.Error; o.Outcome != history.Committed {
			break
		}
	}
	return sum, true
}

// transactionsOf is how many transactions the plan of an execution has.
func transactionsOf(o trace.Observation) int {
	n := 0
	for _, g := range o.Groups {
		n += len(g)
	}
	return n
}
