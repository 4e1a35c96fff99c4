package forks

import (
	"fmt"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// verdict is what a rule returns.
type verdict = checkers.Verdict

// ruled returns the checker of one question about the forks of a run, "forks/" and its
// name. It is Unknown for a malformed observation.
func ruled(name string, check func(*run) verdict) checkers.OfProgram {
	return checkers.Ran("forks/"+name, func(w program.Workload, o *trace.ProgramObservation) verdict {
		r := &run{program: w.Program, seen: o, clean: o.End == trace.ProgramRan}
		for _, e := range o.Events {
			switch e.Kind {
			case trace.ChunkFail, trace.ChunkPanic, trace.ChunkTimeout, trace.ChunkAbandon, trace.ChunkFallback:
				r.clean = false
			}
		}
		if err := r.gather(); err != nil {
			return checkers.Undecided("malformed: %v", err)
		}
		return check(r)
	})
}

// run is what a rule judges.
type run struct {
	program *program.Program
	seen    *trace.ProgramObservation
	forks   []*fork
	// clean says that nothing was cut short: every fork came to its end.
	clean bool
}

// fork is one execution of a fork. A chunk that is attempted again executes its forks
// again, under their old numbers: each beginning is another fork.
type fork struct {
	number   int32
	workers  int32
	begun    time.Duration
	events   []trace.ForkEvent // after its beginning
	barriers []trace.BarrierEvent
}

func (f *fork) String() string { return fmt.Sprintf("fork %d of %d workers", f.number, f.workers) }

// gather sorts events by fork.
func (r *run) gather() error {
	last := map[int32]*fork{}
	byNumber := map[int32][]*fork{}
	for i, e := range r.seen.Forks {
		if ofAll := e.Kind == trace.ForkBegin || e.Kind == trace.ForkJoin || e.Kind == trace.ForkTimeout; ofAll != (e.Worker == -1) || e.Kind == 0 || e.Kind > trace.ForkTimeout {
			return fmt.Errorf("event %d is of worker %d, which is none that such an event (%d) has", i, e.Worker, e.Kind)
		}
		if e.Kind == trace.ForkBegin {
			f := &fork{number: e.Fork, workers: e.Workers, begun: e.Time}
			r.forks = append(r.forks, f)
			last[e.Fork] = f
			byNumber[e.Fork] = append(byNumber[e.Fork], f)
			continue
		}
		f := last[e.Fork]
		switch {
		case f == nil:
			return fmt.Errorf("event %d is of fork %d, which has not begun", i, e.Fork)
		case e.Worker < -1 || e.Worker >= f.workers || e.Workers != f.workers:
			return fmt.Errorf("event %d is of worker %d of %d, of the %v", i, e.Worker, e.Workers, f)
		}
		f.events = append(f.events, e)
	}
	for i, e := range r.seen.Barriers {
		at := -1
		for k, f := range byNumber[e.Fork] {
			if f.begun <= e.Time {
				at = k
			}
		}
		if at < 0 {
			return fmt.Errorf("barrier event %d is of fork %d, which has not begun", i, e.Fork)
		}
		f := byNumber[e.Fork][at]
		if e.Worker < 0 || e.Worker >= f.workers || e.Round < 0 || e.Kind == 0 || e.Kind > trace.BarrierBreak {
			return fmt.Errorf("barrier event %d (%d) is of worker %d in round %d of the %v", i, e.Kind, e.Worker, e.Round, f)
		}
		f.barriers = append(f.barriers, e)
	}
	for _, f := range r.forks {
		slices.SortStableFunc(f.barriers, func(a, b trace.BarrierEvent) int { return int(a.Time - b.Time) })
	}
	return nil
}

// ends returns when each worker ended; absent for one that did not.
func (f *fork) ends() map[int32]time.Duration {
	at := map[int32]time.Duration{}
	for _, e := range f.events {
		if e.Kind == trace.WorkerEnd {
			at[e.Worker] = e.Time
		}
	}
	return at
}
