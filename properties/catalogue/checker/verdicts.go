package checker

import (
	"context"
	"slices"
	"sync"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/serializability"
	"synchrony/checkers/smt"
	"synchrony/executor/sched"
	"synchrony/generators/histories"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// judges are the checkers of histories. None shares more than the history with
// another, but that what they are given is derived from it.
type judges struct {
	graph  func(*history.History) serializability.Result
	search func(*history.History) linearizability.Result
	values func(*history.Calls) checkers.Verdict
	order  func(*history.History, smt.OrderOptions) smt.OrderProof
	plan   func(*batch.Batch, []trace.Dependency) smt.PlanProof
}

// maxWork is far more of Z3's steps than any query about a small history takes.
const maxWork = 10_000_000

// builtIn are the checkers of this module. They keep one prover, for its context is
// large. They are bounded by what they do and not by time: the same history has the same
// verdicts however busy the machine is.
func builtIn() judges {
	unhurried := linearizability.Options{Timeout: -1}
	var mu sync.Mutex
	var one *smt.Prover
	prover := func() *smt.Prover { // with mu locked
		if one == nil {
			one = smt.New(smt.Limits{Time: -1, Work: maxWork})
		}
		return one
	}
	return judges{
		graph:  serializability.Judge,
		search: func(h *history.History) linearizability.Result { return linearizability.Transactions(h, unhurried) },
		values: func(c *history.Calls) checkers.Verdict {
			return linearizability.Check(linearizability.Bank(), c, unhurried).Verdict
		},
		order: func(h *history.History, o smt.OrderOptions) smt.OrderProof {
			mu.Lock()
			defer mu.Unlock()
			return prover().SerialOrder(h, o)
		},
		plan: func(b *batch.Batch, edges []trace.Dependency) smt.PlanProof {
			mu.Lock()
			defer mu.Unlock()
			return prover().PlanEquivalence(b, edges)
		},
	}
}

// verdicts are what the checkers say of one history: whether there is a serial order
// of its transactions in which …
type verdicts struct {
	// … each sees and replaces the versions that it recorded, with their values, and
	// whoever had returned comes before whoever was invoked then.
	Graph, Search, Installed checkers.Verdict
	// … the same without the last.
	GraphUntimed, InstalledUntimed checkers.Verdict
	// … the same as Graph, if each read had the value of its version.
	Versions checkers.Verdict
	// … each read sees the version that it saw, whatever the writes replaced.
	Seen, SeenUntimed checkers.Verdict
	// … each read sees the value that it saw, whatever the versions.
	Values checkers.Verdict
	// Computed is whether the transactions, executed in the graph's order, compute
	// what they wrote; Unknown if it has none.
	Computed checkers.Verdict
	// Other is Seen's order.
	Other []int32

	// What the graph shows for its verdict, and the transactions that the search could explain if it found no order.
	Order, Longest []int32
	Cycle          []serializability.Edge
}

// system asks all the checkers about a history.
type system struct{ judges }

func (system) Name() string { return "checkers of histories" }

func (s system) Run(_ context.Context, _ *sched.Runtime, h histories.History) (verdicts, error) {
	graph := s.graph(h.History)
	seen := s.order(h.History, smt.OrderOptions{RealTime: true})
	found := s.search(h.History)
	v := verdicts{
		Graph: graph.Verdict, Search: found.Verdict, Values: s.values(calls(h.History)), Order: graph.Order, Cycle: graph.Cycle,
		Installed:        s.order(h.History, smt.OrderOptions{Versions: true, RealTime: true}).Verdict,
		InstalledUntimed: s.order(h.History, smt.OrderOptions{Versions: true}).Verdict,
		Seen:             seen.Verdict, Other: seen.Order,
		SeenUntimed:  s.order(h.History, smt.OrderOptions{}).Verdict,
		GraphUntimed: s.graph(untimed(h.History)).Verdict,
		Versions:     s.graph(truthful(h.History)).Verdict,
		Computed:     checkers.Undecided("there is no order to execute the transactions in"),
	}
	for _, tx := range found.Longest {
		v.Longest = append(v.Longest, int32(tx))
	}
	if graph.Status == checkers.Pass {
		v.Computed = execute(h.History, graph.Order, true)
	}
	return v, nil
}

// untimed is h with all transactions concurrent.
func untimed(h *history.History) *history.History {
	u := *h
	u.Invoked = make([]time.Duration, h.Len())
	u.Returned = make([]time.Duration, h.Len())
	return &u
}

// truthful is h with each read of the value that its version has.
func truthful(h *history.History) *history.History {
	t := *h
	t.Accesses = slices.Clone(h.Accesses)
	for i := range t.Accesses {
		if a := &t.Accesses[i]; !a.IsWrite() {
			a.Value = histories.ValueOf(h, a)
		}
	}
	return &t
}

// calls is h without versions: each transaction that was not aborted is one call, and
// one of unknown outcome never returned.
func calls(h *history.History) *history.Calls {
	c := &history.Calls{}
	for k, v := range h.Initial {
		c.Initial = append(c.Initial, history.Entry{Key: h.KeyName(int32(k)), Value: history.NumberOf(v)})
	}
	for tx := range int32(h.Len()) {
		if h.Outcomes[tx] == history.Aborted || len(h.Of(tx)) == 0 {
			continue
		}
		call := history.Call{Process: tx, Invoked: h.Invoked[tx], Returned: h.Returned[tx]}
		if h.Outcomes[tx] != history.Committed {
			call.Returned = history.Forever
		}
		for _, a := range h.Of(tx) {
			kind := history.ReadKey
			if a.IsWrite() {
				kind = history.WriteKey
			}
			call.Actions = append(call.Actions, history.Action{Kind: kind, Key: h.KeyName(a.Key()), Value: history.NumberOf(a.Value)})
		}
		c.Calls = append(c.Calls, call)
	}
	return c
}

// execute executes transactions one after another on values alone: each read must have
// seen what is there, and, if so asked, each write have written what is computed. The
// order must be one of all that committed, and agree with real time.
func execute(h *history.History, order []int32, computed bool) checkers.Verdict {
	for tx := range int32(h.Len()) {
		if h.Outcomes[tx] == history.Committed && !slices.Contains(order, tx) {
			return checkers.Failed("no order", h.TxName(tx)+" is left out")
		}
	}
	for i, tx := range order {
		for _, earlier := range order[:i] {
			if h.Returned[tx] < h.Invoked[earlier] {
				return checkers.Failed("no order", h.TxName(tx)+" had returned before "+h.TxName(earlier)+" was invoked")
			}
		}
	}
	values := slices.Clone(h.Initial)
	for _, tx := range order {
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			a := &h.Accesses[i]
			k := a.Key()
			switch want := histories.Computed(h, tx, i); {
			case !a.IsWrite() && a.Value != values[k]:
				return checkers.Failed("wrong value", h.TxName(tx)+" read "+h.KeyName(k)+" as it never was there")
			case a.IsWrite() && computed && a.Value != want:
				return checkers.Failed("wrong computation", h.TxName(tx)+" wrote "+h.KeyName(k)+" another value than it computes")
			case a.IsWrite():
				values[k] = a.Value
			}
		}
	}
	return checkers.Passed()
}
