package command

import (
	"io"
	"slices"

	"synchrony/models/history"
	"synchrony/models/recording"
	"synchrony/reports/checked"
)

// writePage writes the page of a report, if one was asked for.
func (a *app) writePage(r *checkReport, o *checkOptions, h checked.History, cycle []checked.Step) error {
	if o.html == "" {
		return nil
	}
	p := &checked.Page{
		Tool: "verify " + version(), File: r.File, Model: r.Model, Method: r.Method, Verdict: r.Verdict, Rule: r.Rule, Reason: r.Reason,
		Operations: r.Operations, Pending: r.Pending, Failed: r.Failed, Notes: r.Notes,
		Isolation: r.Isolation, Holds: r.Strongest, Violated: r.Weakest, Open: r.open(),
		Cycle: cycle, Prefix: r.Prefix, Minimal: r.Minimal, History: h,
	}
	if len(cycle) == 0 {
		p.Evidence = r.Evidence
	}
	for _, x := range r.Anomalies {
		p.Anomalies = append(p.Anomalies, checked.Anomaly(x))
	}
	if err := a.writeOutput(o.html, func(w io.Writer) error { return checked.Write(w, p) }); err != nil {
		return err
	}
	r.Page = o.html
	return nil
}

// callsPage is calls for a page, and behind them those that failed.
func callsPage(h *recording.Recording, blamed, explained []int, byKey bool) checked.History {
	part := func(c *history.Call) string {
		if byKey {
			return c.Actions[0].Key
		}
		return ""
	}
	page := checked.History{
		Blamed: blamed, Explained: explained, Timed: !h.Untimed, Client: h.Clients.Name,
		Text: func(i int) string {
			if i < len(h.Calls.Calls) {
				return h.Calls.Wording.Text(&h.Calls.Calls[i])
			}
			return h.Calls.Wording.Asked(&h.Failed[i-len(h.Calls.Calls)])
		},
	}
	for i := range h.Calls.Calls {
		c := &h.Calls.Calls[i]
		outcome := history.Committed
		if c.Pending() {
			outcome = 0
		}
		page.List = append(page.List, checked.Operation{Process: c.Process, Line: h.Lines[i], Part: part(c), Invoked: c.Invoked, Returned: c.Returned, Outcome: outcome})
	}
	for i := range h.Failed {
		c := &h.Failed[i]
		page.List = append(page.List, checked.Operation{Process: c.Process, Line: h.FailedLines[i], Part: part(c), Invoked: c.Invoked, Returned: c.Returned, Outcome: history.Aborted})
	}
	return page
}

// operationsPage is operations for a page.
func operationsPage(h *recording.Operations, blamed, explained []int) checked.History {
	page := checked.History{
		Blamed: blamed, Explained: explained, Timed: h.Timed, Client: h.Clients.Name,
		Text: func(i int) string { return h.List[i].Text() },
	}
	for i := range h.List {
		x := &h.List[i]
		page.List = append(page.List, checked.Operation{Process: x.Process, Line: x.Line, Invoked: x.Invoked, Returned: x.Returned, Outcome: x.Outcome})
	}
	return page
}

// ofLines are the operations of some lines, which are sorted.
func ofLines(h *recording.Operations, lines []int) []int {
	var list []int
	for i := range h.List {
		if _, ok := slices.BinarySearch(lines, h.List[i].Line); ok {
			list = append(list, i)
		}
	}
	return list
}

// transactionsPage is transactions for a page.
func transactionsPage(h *recording.Transactions, blamed []int32) checked.History {
	page := checked.History{Timed: h.Timed, Client: h.Clients.Name, Text: func(i int) string { return h.Name(int32(i)) + ": " + h.Transactions.Text(int32(i)) }}
	for _, tx := range blamed {
		page.Blamed = append(page.Blamed, int(tx))
	}
	for i := range h.List {
		x := &h.List[i]
		page.List = append(page.List, checked.Operation{Process: x.Process, Line: int(x.Line), Invoked: x.Invoked, Returned: x.Returned, Outcome: x.Outcome})
	}
	return page
}
