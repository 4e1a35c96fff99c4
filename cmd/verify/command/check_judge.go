package command

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/serializability"
	"synchrony/models/history"
	"synchrony/models/recording"
	"synchrony/models/text"
	"synchrony/reports/execution"
)

// judge reads a history from standard input, and judges it.
func (a *app) judge(o *checkOptions, path string, began time.Time) (*checkReport, error) {
	if o.model == batchModel {
		return a.judgeBlock(o, path, began)
	}
	h, err := readHistory(o, path, a.stdin)
	if err != nil {
		return nil, err
	}
	model, err := linearizability.Lookup(o.model)
	if err != nil {
		return nil, err
	}
	err = model.Admit(&h.Calls, func(call int) string { return strconv.Itoa(h.Lines[call]) })
	var bad *text.MalformedError
	if errors.As(err, &bad) {
		return nil, fmt.Errorf("%s:%s: %s", path, bad.Where, bad.Reason)
	}
	if err != nil {
		return nil, err
	}
	r := &checkReport{File: path, Model: o.model, Operations: len(h.Lines), Failed: len(h.Failed)}
	for i := range h.Calls.Calls {
		if h.Calls.Calls[i].Pending() {
			r.Pending++
		}
	}
	if r.Operations == r.Pending {
		r.Verdict, r.Reason = checkers.Unknown.String(), "no operation was completed, so there is nothing to judge"
		r.Seconds = time.Since(began).Seconds()
		return r, nil
	}
	decided, page := false, &execution.CyclePage{File: path, Model: o.model}
	switch o.model {
	case linearizability.ListAppend().Name():
		decided, err = r.byGraph(h.ListAppends, page)
	case linearizability.RWRegister().Name():
		decided, err = r.byGraph(h.RegisterWrites, page)
	}
	if err != nil {
		return nil, err
	}
	switch {
	case decided && o.html != "" && r.Verdict == checkers.Fail.String():
		page.Rule, page.Reason = r.Rule, r.Reason
		if err := a.writeOutput(o.html, func(w io.Writer) error { return execution.CycleHTML(w, page) }); err != nil {
			return nil, err
		}
	case !decided:
		if err := a.bySearch(r, model, h, o, began); err != nil {
			return nil, err
		}
	}
	r.Seconds = time.Since(began).Seconds()
	return r, nil
}

// byGraph judges transactions by their serialization graph, and fills in a page of what is wrong. It
// reports whether that decides.
func (r *checkReport) byGraph(infer func() (*recording.Versioned, error), page *execution.CyclePage) (bool, error) {
	r.Method = "graph"
	v, err := infer()
	var c *recording.ContradictionError
	if errors.As(err, &c) {
		r.Verdict, r.Rule, r.Reason = checkers.Fail.String(), c.Rule, c.Reason
		return true, nil
	}
	if err != nil {
		return false, err
	}
	likely := serializability.Judge(v.Likely)
	if likely.Status == checkers.Pass || likely.Status == checkers.Fail && v.Exact {
		r.conclude(v.Likely, likely, page)
		return true, nil
	}
	if certain := serializability.Judge(v.Certain); certain.Status == checkers.Fail {
		r.conclude(v.Certain, certain, page)
		return true, nil
	}
	return false, nil
}

// conclude takes over the graph's verdict.
func (r *checkReport) conclude(h *history.History, result serializability.Result, page *execution.CyclePage) {
	r.Verdict, r.Rule, r.Reason, r.Evidence = result.Status.String(), result.Rule, result.Reason, result.Evidence
	if len(result.Cycle) == 0 {
		page.Evidence = result.Evidence
		return
	}
	for _, e := range result.Cycle {
		r.Cycle = append(r.Cycle, h.TxName(e.From))
		page.Transactions = append(page.Transactions, execution.CycleTransaction{
			Name: h.TxName(e.From), Text: serializability.Show(h, e.From), Kind: e.Kind.String(), Why: serializability.Why(h, e),
		})
	}
	r.Cycle = append(r.Cycle, r.Cycle[0])
}

// bySearch looks for an order of the operations.
func (a *app) bySearch(r *checkReport, m linearizability.Model, h *recording.Recording, o *checkOptions, began time.Time) error {
	r.Method = "search"
	result := linearizability.Check(m, &h.Calls, linearizability.Options{Timeout: max(o.time-time.Since(began), time.Millisecond)})
	r.Verdict, r.Rule, r.Reason = result.Status.String(), result.Rule, result.Reason
	if result.Status != checkers.Fail {
		return nil
	}
	operations := func(indices []int) []operation {
		var list []operation
		for _, i := range indices {
			list = append(list, operation{h.Lines[i], h.Calls.Calls[i].String()})
		}
		return list
	}
	if result.Prefix >= 0 {
		r.Prefix = h.Lines[result.Prefix]
	}
	r.Longest, r.Core, r.Minimal = operations(result.Longest), operations(result.Core), result.Minimal
	if o.html != "" {
		return a.writeOutput(o.html, result.Visualize)
	}
	return nil
}
