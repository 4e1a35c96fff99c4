package command

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/workload"
	"synchrony/models/history"
	"synchrony/models/recording"
	"synchrony/models/text"
)

// judge reads a history from standard input, and judges it.
func (a *app) judge(o *checkOptions, path string, began time.Time) (*checkReport, error) {
	if o.model == batchModel {
		return a.judgeBlock(o, path, began)
	}
	if o.modelFile != "" {
		return a.judgeDeclared(o, path, began)
	}
	var r *checkReport
	var err error
	w, promised := workload.Lookup(o.model)
	switch o.model {
	case linearizability.ListAppend().Name(), linearizability.RWRegister().Name():
		r, err = a.judgeTransactions(o, path)
	default:
		if promised {
			r, err = a.judgeWorkload(o, path, w)
		} else {
			r, err = a.judgeCalls(o, path, began)
		}
	}
	var bad *text.MalformedError
	if errors.As(err, &bad) {
		return nil, fmt.Errorf("%s:%s: %s", path, bad.Where, bad.Reason)
	}
	if err != nil {
		return nil, err
	}
	if o.model == linearizability.Counter().Name() && len(o.initial) == 0 && r.Verdict == checkers.Fail.String() {
		r.Notes = append(r.Notes, "nothing (nil) is there at first: if these counters begin at 0, say so by --initial 0, or --initial KEY=0 for each of several")
	}
	r.Seconds = time.Since(began).Seconds()
	return r, nil
}

// judgeCalls judges a history of calls by looking for an order of them.
func (a *app) judgeCalls(o *checkOptions, path string, began time.Time) (*checkReport, error) {
	model, err := linearizability.Lookup(o.model)
	if err != nil {
		return nil, err
	}
	content := a.stdin
	if model.Streams() && o.parts < 2 {
		r, rest, err := o.whileRead(content, func(in io.Reader) (*checkReport, error) { return a.judgeStream(o, path, model, in, began) })
		if rest == nil {
			return r, err
		}
		content = rest
	}
	h, err := readHistory(o, path, model, content)
	if err != nil {
		return nil, err
	}
	if err := model.Admit(&h.Calls, func(call int) string { return strconv.Itoa(h.Lines[call]) }); err != nil {
		return nil, err
	}
	r := &checkReport{File: path, Model: o.model, Operations: len(h.Lines), Failed: len(h.Failed)}
	r.notes(h)
	silent := 0
	for i := range h.Calls.Calls {
		if c := &h.Calls.Calls[i]; c.Pending() {
			r.Pending++
			if linearizability.SaysNothing(c) {
				silent++
			}
		}
	}
	if !r.saysNothing(silent) {
		return r, a.byOrder(r, model, h, o, began)
	}
	return r, a.writePage(r, o, callsPage(h, nil, nil, model.ByKey()), nil)
}

// notes takes over what was said of the notation of calls.
func (r *checkReport) notes(h *recording.Recording) {
	r.told(h.Skipped, h.Notes)
	if h.Untold > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s of nil left out, which tell nothing", text.Plural(h.Untold, "read")))
	}
}

// saysNothing gives the verdict of a history of which nothing can be judged, and in which so many operations say nothing; false if it can be.
func (r *checkReport) saysNothing(silent int) bool {
	switch {
	case r.Operations > 0 && silent == r.Operations:
		r.silent()
	case r.Operations == r.Pending:
		r.nothing()
	default:
		return false
	}
	return true
}

// silent is the verdict of a history in which every operation says nothing.
func (r *checkReport) silent() {
	r.Verdict, r.Method = checkers.Pass.String(), "nothing to search"
	r.Reason = "all operations are reads of unknown outcome, which nothing contradicts"
}

// told takes over what was said of the notation.
func (r *checkReport) told(skipped recording.Skipped, notes []string) {
	r.Notes = notes
	if r.Skipped = skipped.Count; r.Skipped > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s skipped, which %s no operation of a client; line %d is the first: %.100s",
			text.Plural(skipped.Count, "record"), isAre(skipped.Count), skipped.Line, skipped.First))
	}
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// nothing is the verdict of a history of which nothing can be judged.
func (r *checkReport) nothing() {
	r.Verdict, r.Reason = checkers.Unknown.String(), "no operation was completed, so there is nothing to judge"
}

// byOrder looks for an order of the operations.
func (a *app) byOrder(r *checkReport, m linearizability.Model, h *recording.Recording, o *checkOptions, began time.Time) error {
	result := linearizability.Check(m, &h.Calls, o.limits(began))
	r.Refuted = result.Status == checkers.Fail && !result.Searched && o.parts > 1
	r.searched(result, func(i int) int { return h.Lines[i] }, func(i int) string { return showCall(h, i) })
	return a.writePage(r, o, callsPage(h, result.Core, result.Longest, m.ByKey()), nil)
}

// How a verdict on the order of calls was found.
const (
	byMonitors = "monitor"
	bySearch   = "search"
)

// searched takes over what was found out, of operations with these lines and in these words.
func (r *checkReport) searched(result linearizability.Result, line func(int) int, words func(int) string) {
	r.Method = byMonitors
	if result.Searched {
		r.Method = bySearch
	}
	r.Verdict, r.Rule, r.Reason = result.Status.String(), result.Rule, result.Reason
	operations := func(indices []int) []operation {
		var list []operation
		for _, i := range indices {
			list = append(list, operation{line(i), words(i)})
		}
		return list
	}
	if result.Status == checkers.Fail && result.Prefix >= 0 {
		r.Prefix = line(result.Prefix)
	}
	r.Longest, r.Core, r.Minimal = operations(result.Longest), operations(result.Core), result.Minimal
}

// showCall is a call with its client and, if they are known, its times: "p1: read x 5 (10ns to 40ns)".
func showCall(h *recording.Recording, i int) string {
	c := &h.Calls.Calls[i]
	return shown(h.Clients.Name(c.Process)+": "+h.Calls.Wording.Text(c), !h.Untimed, c.Invoked, c.Returned)
}

// shown is an operation with its times, if they are known.
func shown(what string, timed bool, invoked, returned time.Duration) string {
	switch {
	case !timed:
		return what
	case returned == history.Forever:
		return fmt.Sprintf("%s (from %v on)", what, invoked)
	default:
		return fmt.Sprintf("%s (%v to %v)", what, invoked, returned)
	}
}
