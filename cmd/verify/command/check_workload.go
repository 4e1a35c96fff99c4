package command

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"synchrony/checkers"
	"synchrony/checkers/workload"
	"synchrony/models/history"
	"synchrony/models/recording"
)

// judgeWorkload judges what a workload promises.
func (a *app) judgeWorkload(o *checkOptions, path string, m workload.Model) (*checkReport, error) {
	options := workload.Options{Negative: o.negative}
	for _, pair := range o.initial {
		if !m.HasTotal() {
			return nil, fmt.Errorf("--initial: the model %s begins with nothing: there is no initial state to give", o.model)
		}
		word, value, _ := strings.Cut(pair, "=")
		total, err := strconv.ParseInt(value, 10, 64)
		if word != "total" || err != nil {
			return nil, fmt.Errorf("--initial: %q: what the model %s may be given is total=N", pair, o.model)
		}
		options.Total, options.Given = total, true
	}
	r, rest, err := o.whileRead(a.stdin, func(in io.Reader) (*checkReport, error) { return a.streamWorkload(o, path, m.Stream(options), in) })
	if rest == nil {
		return r, err
	}
	h, err := recording.ReadOperations(path, rest, o.options())
	if err != nil {
		return nil, err
	}
	v, err := m.Check(h.List, options)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	r = &checkReport{File: path, Model: o.model}
	r.promised(h.Summary, len(h.List), v)
	return r, a.writePage(r, o, operationsPage(h, ofLines(h, v.Blamed), nil), nil)
}

// promised takes over what was found out of so many operations, unless none of them was completed.
func (r *checkReport) promised(h recording.Summary, operations int, v workload.Result) {
	r.Operations, r.Pending, r.Failed = operations-h.Failed, h.Pending, h.Failed
	if r.told(h.Skipped, h.Notes); r.Operations == r.Pending {
		r.nothing()
		return
	}
	r.Method = "count"
	r.Verdict, r.Rule, r.Reason, r.Evidence = v.Status.String(), v.Rule, v.Reason, v.Evidence
}

// streamWorkload judges what a workload promises while the history is read.
func (a *app) streamWorkload(o *checkOptions, path string, s *workload.Stream, content io.Reader) (*checkReport, error) {
	operations := 0
	h, err := recording.VisitOperations(path, content, o.options(), func(x *history.Operation) error {
		operations++
		if err := s.Add(x); err != nil {
			return fmt.Errorf("%s:%w", path, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	v := s.Result()
	r := &checkReport{File: path, Model: o.model}
	if r.promised(h, operations, v); o.html == "" {
		return r, nil
	}
	shown := &recording.Operations{Summary: h}
	if r.Verdict == checkers.Fail.String() && o.again != nil {
		if shown, err = a.around(o, path, v.Blamed); err != nil {
			return nil, err
		}
		r.Notes = append(r.Notes, fmt.Sprintf("the history was judged while it was read: the page shows the operations within %d lines of those to blame", nearLines))
	} else {
		r.Notes = append(r.Notes, unshown)
	}
	return r, a.writePage(r, o, operationsPage(shown, ofLines(shown, v.Blamed), nil), nil)
}

// nearLines is how far from an operation to blame those are that a page shows of a long history.
const nearLines = 100

// around reads again the operations near some lines, which are sorted.
func (a *app) around(o *checkOptions, path string, lines []int) (*recording.Operations, error) {
	content, err := o.again()
	if err != nil {
		return nil, err
	}
	h := &recording.Operations{}
	h.Summary, err = recording.VisitOperations(path, content, o.options(), func(x *history.Operation) error {
		if i, _ := slices.BinarySearch(lines, x.Line-nearLines); i < len(lines) && lines[i] <= x.Line+nearLines {
			h.List = append(h.List, *x)
		}
		return nil
	})
	slices.SortStableFunc(h.List, func(x, y history.Operation) int { return cmp.Compare(x.Invoked, y.Invoked) })
	return h, err
}
