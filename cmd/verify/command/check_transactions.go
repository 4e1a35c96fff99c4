package command

import (
	"cmp"
	"fmt"
	"slices"

	"synchrony/checkers/isolation"
	"synchrony/checkers/linearizability"
	"synchrony/models/history"
	"synchrony/models/recording"
	"synchrony/reports/checked"
)

// judgeTransactions judges a history of transactions by their graph.
func (a *app) judgeTransactions(o *checkOptions, path string) (*checkReport, error) {
	h, err := recording.ReadTransactions(path, a.stdin, o.model == linearizability.ListAppend().Name(), o.options())
	if err != nil {
		return nil, err
	}
	r := &checkReport{
		File: path, Model: o.model, Isolation: o.isolation,
		Operations: len(h.List) - h.Failed, Pending: h.Pending, Failed: h.Failed,
	}
	r.told(h.Skipped, h.Notes)
	if r.Operations == r.Pending {
		r.nothing()
		return r, a.writePage(r, o, transactionsPage(h, nil), nil)
	}
	level, err := isolation.ParseLevel(o.isolation)
	if err != nil {
		return nil, err
	}
	report, err := isolation.JudgeTelling(&h.Transactions, level, func(early *isolation.Report) {
		if o.news == nil {
			return
		}
		told := *r // in case that the other levels take too much
		told.Notes = append(slices.Clone(r.Notes), "no other level was decided within the limits of time and memory")
		told.conclude(&h.Transactions, early)
		o.news(&told)
	})
	if err != nil {
		return nil, err
	}
	r.conclude(&h.Transactions, report)
	var cycle []checked.Step
	for _, e := range report.Cycle {
		cycle = append(cycle, checked.Step{Name: h.Name(e.From), Text: h.Show(e.From), Kind: isolation.KindName(e.Kind), Why: report.Why(e)})
	}
	return r, a.writePage(r, o, transactionsPage(h, report.Blamed), cycle)
}

// conclude takes over what the graph says.
func (r *checkReport) conclude(h *history.Transactions, report *isolation.Report) {
	r.Method = "graph"
	r.Verdict, r.Rule, r.Reason, r.Evidence = report.Status.String(), report.Rule, report.Reason, report.Evidence
	r.Cycle = cycleNames(h, report.Cycle)
	for _, s := range report.Standings {
		r.Levels = append(r.Levels, standing{s.Level.String(), s.Status.String(), s.Anomaly})
	}
	for _, s := range report.Strongest() {
		r.Strongest = append(r.Strongest, s.Level.String())
	}
	for _, s := range report.Weakest() {
		r.Weakest = append(r.Weakest, fmt.Sprintf("%s (%s)", s.Level, cmp.Or(s.Anomaly, "no order of the versions satisfies it")))
	}
	for i := range report.Anomalies {
		x := &report.Anomalies[i]
		r.Anomalies = append(r.Anomalies, anomaly{x.Name, x.Count, x.Reason, cycleNames(h, x.Cycle)})
	}
}

// cycleNames are the transactions of a cycle, and the first once more.
func cycleNames(h *history.Transactions, cycle []isolation.Edge) []string {
	var list []string
	for _, e := range cycle {
		list = append(list, h.Name(e.From))
	}
	if len(list) > 0 {
		list = append(list, list[0])
	}
	return list
}
