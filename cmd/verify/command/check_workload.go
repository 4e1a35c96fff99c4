package command

import (
	"fmt"
	"strconv"
	"strings"

	"synchrony/checkers/workload"
	"synchrony/models/recording"
)

// judgeWorkload judges what a workload promises.
func (a *app) judgeWorkload(o *checkOptions, path string, m workload.Model) (*checkReport, error) {
	h, err := recording.ReadOperations(path, a.stdin, o.options())
	if err != nil {
		return nil, err
	}
	r := &checkReport{File: path, Model: o.model, Operations: len(h.List) - h.Failed, Pending: h.Pending, Failed: h.Failed}
	r.told(h.Skipped, h.Notes)
	if r.Operations == r.Pending {
		r.nothing()
		return r, a.writePage(r, o, operationsPage(h, nil, nil), nil)
	}
	options := workload.Options{Negative: o.negative}
	for _, pair := range o.initial {
		word, value, _ := strings.Cut(pair, "=")
		total, err := strconv.ParseInt(value, 10, 64)
		if word != "total" || err != nil {
			return nil, fmt.Errorf("--initial: %q: what the model %s may be given is total=N", pair, o.model)
		}
		options.Total, options.Given = total, true
	}
	v, err := m.Check(h.List, options)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	r.Method = "count"
	r.Verdict, r.Rule, r.Reason, r.Evidence = v.Status.String(), v.Rule, v.Reason, v.Evidence
	return r, a.writePage(r, o, operationsPage(h, ofLines(h, v.Blamed), nil), nil)
}
