package command

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/serializability"
	recorded "synchrony/models/block"
	"synchrony/models/history"
	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/properties/document"
	"synchrony/reports/checked"
)

// batchModel is the model of recorded blocks, which are no histories: they are judged by what their transactions read and wrote.
const batchModel = "batch"

// batchAbout says what it is.
const batchAbout = "a block of transactions in the order of their commits, with what each did"

// judgeBlock reads a recorded block from standard input, and judges it.
func (a *app) judgeBlock(o *checkOptions, path string, began time.Time) (*checkReport, error) {
	rec, err := readBlock(path, a.stdin)
	if err != nil {
		return nil, err
	}
	r := &checkReport{File: path, Model: batchModel, Operations: len(rec.Transactions), Method: "graph"}
	for i := range rec.Transactions {
		if rec.Transactions[i].Aborted {
			r.Failed++
		}
	}
	r.Operations -= r.Failed
	if r.Operations == 0 {
		r.Verdict, r.Reason, r.Method = checkers.Unknown.String(), "no transaction took effect, so there is nothing to judge", ""
		return r, nil
	}
	result := serializability.JudgeBlock(rec)
	cycle := r.concludeBlock(result.History, result.Result)
	if err := a.writePage(r, o, checked.History{}, cycle); err != nil {
		return nil, err
	}
	r.Seconds = time.Since(began).Seconds()
	return r, nil
}

// readBlock reads a recorded block. The error names the line and the column of what is wrong.
func readBlock(path string, content io.Reader) (*recorded.Record, error) {
	data, err := io.ReadAll(io.LimitReader(content, properties.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	if len(data) > properties.MaxFile {
		return nil, fmt.Errorf("%s: it has more than %d MiB", path, properties.MaxFile>>20)
	}
	var rec recorded.Record
	var wrong *document.Error
	switch err := document.Read(data, &rec); {
	case errors.As(err, &wrong):
		what := wrong.What
		if wrong.Path != "" {
			what = wrong.Path + ": " + what
		}
		return nil, fmt.Errorf("%s:%d:%d: %s", path, max(wrong.Line, 1), max(wrong.Column, 1), what)
	case err != nil:
		return nil, err
	}
	var bad *text.MalformedError
	if _, _, err := rec.History(); errors.As(err, &bad) {
		line, column := document.Locate(data, bad.Where)
		return nil, fmt.Errorf("%s:%d:%d: %s: %s", path, line, column, bad.Where, bad.Reason)
	}
	return &rec, nil
}

// blockOptions refuses what does not go with a recorded block.
func (o *checkOptions) blockOptions() string {
	switch {
	case o.model != batchModel:
		return ""
	case !slices.Contains([]string{"auto", "json"}, o.format):
		return fmt.Sprintf("--format is %q, and a recorded block is JSON", o.format)
	case len(o.initial) > 0:
		return "--initial is for histories; a recorded block says itself what is there at first"
	}
	return ""
}

// concludeBlock takes over what is wrong with a block, and returns the cycle that shows it.
func (r *checkReport) concludeBlock(h *history.History, result serializability.Result) []checked.Step {
	r.Verdict, r.Rule, r.Reason, r.Evidence = result.Status.String(), result.Rule, result.Reason, result.Evidence
	if len(result.Cycle) == 0 {
		return nil
	}
	var cycle []checked.Step
	for _, e := range result.Cycle {
		r.Cycle = append(r.Cycle, h.TxName(e.From))
		cycle = append(cycle, checked.Step{
			Name: h.TxName(e.From), Text: serializability.Show(h, e.From), Kind: e.Kind.String(), Why: serializability.Why(h, e),
		})
	}
	r.Cycle = append(r.Cycle, r.Cycle[0])
	return cycle
}
