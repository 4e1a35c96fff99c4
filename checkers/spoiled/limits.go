package spoiled

import (
	"fmt"
	"slices"
	"time"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Met is a change of a workload and of what a run of it showed, which belong together.
type Met[W, O any] struct {
	Class string // "the timeout is what the run took, and 1"
	Spoil func(W, O) (W, O)
}

// Limits are changes after which a run took just what a limit of its workload allows, and those after which it took a little more,
// or less: on which side of a limit is what meets it exactly, no other recording shows.
func Limits[W, O any](w *W, o *O) []Met[W, O] {
	var all []Met[W, O]
	switch w := any(w).(type) {
	case *batch.Workload:
		all = any(batchLimits(w, any(o).(*trace.Observation))).([]Met[W, O])
	case *program.Workload:
		all = any(programLimits(w, any(o).(*trace.ProgramObservation))).([]Met[W, O])
	}
	return all
}

// near adds, for each offset, a change that sets something to a value and the offset.
func near[W, O any](all *[]Met[W, O], class string, value time.Duration, set func(*W, *O, time.Duration), offsets ...time.Duration) {
	for _, offset := range offsets {
		name := class
		switch {
		case offset < 0:
			name += fmt.Sprintf(", less %d", -offset)
		case offset > 0:
			name += fmt.Sprintf(", and %d", offset)
		}
		*all = append(*all, Met[W, O]{name, func(w W, o O) (W, O) {
			set(&w, &o, value+offset)
			return w, o
		}})
	}
}

func batchLimits(w *batch.Workload, o *trace.Observation) []Met[batch.Workload, trace.Observation] {
	type (
		W = batch.Workload
		O = trace.Observation
	)
	var all []Met[W, O]
	timeout := func(w *W, o *O, d time.Duration) { w.Setup.Timeout, o.Limit = d, d }
	near(&all, "the timeout is what the run took", o.Elapsed, timeout, 0, 1)
	near(&all, "the timeout of a transaction is what the run took", o.Elapsed, func(w *W, _ *O, d time.Duration) { w.Setup.TransactionTimeout = d }, 0, 1)
	near(&all, "the caller cancels when the run was over", o.Elapsed, func(w *W, _ *O, d time.Duration) { w.Setup.CancelAfter = d }, 0, 1)
	near(&all, "the default limit is half a minute", 30*time.Second, func(w *W, o *O, d time.Duration) { w.Setup.Timeout, o.Limit = 0, d }, -1, 0)
	if n := len(o.Events); n > 0 {
		near(&all, "the timeout is when the last event was", o.Events[n-1].Time, timeout, -1, 0)
		near(&all, "the run took as long as to its last event", o.Events[n-1].Time, func(_ *W, o *O, d time.Duration) { o.Elapsed = d }, -1, 0)
	}
	if o.Certificate != nil {
		near(&all, "the certificate took as long as the run", o.Elapsed, func(_ *W, o *O, d time.Duration) {
			c := *o.Certificate
			c.Elapsed = d
			o.Certificate = &c
		}, 0, 1)
	}
	var work time.Duration
	for i := range w.Batch.Transactions {
		work = max(work, w.Batch.Transactions[i].Work)
	}
	if work > 0 {
		near(&all, "the timeout of a transaction is its work", work, func(w *W, _ *O, d time.Duration) { w.Setup.TransactionTimeout = d }, -1, 0)
	}
	if len(w.Batch.Attestations) > 0 {
		expires := w.Batch.Attestations[0].Expires
		near(&all, "the time of day is when an attestation expires", 0, func(w *W, _ *O, d time.Duration) { w.Setup.Now = expires.Add(d) }, -1, 0)
	}
	if wait, some := longestWait(o); some {
		near(&all, "the least work is the longest wait", wait, func(w *W, _ *O, d time.Duration) { w.Batch = workingFor(w.Batch, d) }, 0, 1)
	}
	return all
}

// longestWait is the time between the commit of a transaction and the start of one that waited for it, in a committed batch.
func longestWait(o *trace.Observation) (wait time.Duration, some bool) {
	if o.Outcome != history.Committed {
		return 0, false
	}
	at := func(kind trace.EventKind, tx int32) int {
		return slices.IndexFunc(o.Events, func(e trace.Event) bool { return e.Kind == kind && e.Tx == tx })
	}
	for _, e := range o.Edges {
		if from, to := at(trace.Commit, e.From), at(trace.Start, e.To); from >= 0 && to >= 0 {
			wait, some = max(wait, o.Events[to].Time-o.Events[from].Time), true
		}
	}
	return wait, some && wait > 0
}

// workingFor is a batch whose transactions work for at least some time.
func workingFor(b *batch.Batch, least time.Duration) *batch.Batch {
	own := *b
	own.Transactions = slices.Clone(b.Transactions)
	for i := range own.Transactions {
		own.Transactions[i].Work = max(own.Transactions[i].Work, least)
	}
	return &own
}

func programLimits(w *program.Workload, o *trace.ProgramObservation) []Met[program.Workload, trace.ProgramObservation] {
	type (
		W = program.Workload
		O = trace.ProgramObservation
	)
	var all []Met[W, O]
	timeout := func(w *W, _ *O, d time.Duration) { w.Setup.Timeout = d }
	near(&all, "the timeout is what the run took", o.Metrics.Total, timeout, 0, 1)
	near(&all, "there may be as many steps as there are", time.Duration(o.Outcome.Steps), func(w *W, _ *O, n time.Duration) { w.Setup.Limits.Steps = int64(n) }, -1, 0)
	near(&all, "the run took what its parts did", o.Metrics.Parallel+o.Metrics.Merge, func(_ *W, o *O, d time.Duration) { o.Metrics.Total = d }, -1, 0)
	if o.End == trace.ProgramTimedOut {
		near(&all, "the calls after the end are as many as there may be", lateCalls-1, func(_ *W, o *O, n time.Duration) { goOn(int(n))(o) }, 0, 1)
	}
	if program.Has(w.Program.Main().Code, program.JoinWorkers) {
		near(&all, "the run gave up, and each of its joins may wait for so long", 1, func(w *W, o *O, d time.Duration) {
			w.Program = joining(w.Program, int32(d))
			w.Setup.NoFallback, w.Setup.Faults = true, nil
			o.End, o.Error, o.Outcome = trace.ProgramGaveUp, "no result", program.Outcome{}
		}, -1, 0)
	}
	attempts, began := int32(0), map[int32]time.Duration{}
	parts := time.Duration(2 * (w.Setup.MostRetries() + 2)) // of the run's time, of which an attempt may take one
	for i := range o.Events {
		e := &o.Events[i]
		attempts = max(attempts, e.Attempt)
		switch e.Kind {
		case trace.ChunkStart:
			began[e.Chunk] = e.Time
		case trace.ChunkTimeout:
			near(&all, "an attempt timed out that took its time", parts*(e.Time-began[e.Chunk]), timeout, 0, parts)
		case trace.ChunkFallback:
			near(&all, "the run fell back when half of its time was over", 2*(e.Time+time.Microsecond), timeout, 0, 2)
		}
	}
	if attempts > 0 {
		near(&all, "there may be as many attempts as there are", time.Duration(attempts), func(w *W, _ *O, n time.Duration) {
			if w.Setup.Retries = int(n); n == 0 {
				w.Setup.Retries = -1 // none: 0 is the default
			}
		}, -1, 0)
	}
	attempted := slices.DeleteFunc(slices.Clone(o.Events), func(e trace.ChunkEvent) bool {
		return e.Kind == trace.ChunkMerge || e.Kind == trace.ChunkFallback
	})
	if n := len(attempted); n > 0 {
		near(&all, "the chunks took as long as their attempts", attempted[n-1].Time-attempted[0].Time, func(_ *W, o *O, d time.Duration) {
			o.Metrics.Parallel = d
		}, -1, 0)
	}
	return all
}

// joining is a program whose main code's joins wait for so many milliseconds; for any time if that is 0.
func joining(p *program.Program, wait int32) *program.Program {
	own := *p
	own.Functions = slices.Clone(p.Functions)
	main := own.Main()
	main.Code = slices.Clone(main.Code)
	for i := range main.Code {
		if main.Code[i].Op == program.JoinWorkers {
			main.Code[i].A = wait
		}
	}
	return &own
}
