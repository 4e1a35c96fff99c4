package forks_test

import (
	"slices"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/forks"
	"synchrony/models/program"
	"synchrony/models/trace"
)

const text = "FORK_EXECUTION 2\nBARRIER_SYNC 7\nBARRIER_SYNC 8\nJOIN_WORKERS 0\n"

const timedText = "FORK_EXECUTION 2\nBARRIER_SYNC 7\nBARRIER_SYNC 8\nJOIN_WORKERS 5\n"

func load(t *testing.T, text string) program.Workload {
	t.Helper()
	w, err := program.ParseWorkload("case", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return *w
}

// right is a run in which both workers pass both barriers.
func right() trace.ProgramObservation {
	fork := func(at int, kind trace.ForkEventKind, worker int32) trace.ForkEvent {
		return trace.ForkEvent{Time: time.Duration(at), Kind: kind, Fork: 3, Worker: worker, Workers: 2}
	}
	barrier := func(at int, kind trace.BarrierEventKind, worker, round int32) trace.BarrierEvent {
		return trace.BarrierEvent{Time: time.Duration(at), Kind: kind, Fork: 3, Worker: worker, Workers: 2, Round: round, Barrier: 7 + round}
	}
	return trace.ProgramObservation{
		End: trace.ProgramRan,
		Forks: []trace.ForkEvent{
			fork(1, trace.ForkBegin, -1), fork(2, trace.WorkerBegin, 1), fork(3, trace.WorkerBegin, 0),
			fork(20, trace.WorkerEnd, 0), fork(21, trace.WorkerEnd, 1),
			fork(22, trace.ForkJoin, -1), fork(23, trace.ForkMerge, 0), fork(24, trace.ForkMerge, 1),
		},
		Barriers: []trace.BarrierEvent{
			barrier(4, trace.BarrierArrive, 1, 0), barrier(5, trace.BarrierArrive, 0, 0),
			barrier(6, trace.BarrierPass, 0, 0), barrier(7, trace.BarrierPass, 1, 0),
			barrier(8, trace.BarrierArrive, 0, 1), barrier(9, trace.BarrierArrive, 1, 1),
			barrier(10, trace.BarrierPass, 1, 1), barrier(11, trace.BarrierPass, 0, 1),
		},
	}
}

// broken is a run whose second worker ends before the second barrier.
func broken(o *trace.ProgramObservation) {
	o.Barriers = append([]trace.BarrierEvent(nil), o.Barriers[:5]...)
	last := o.Barriers[4]
	last.Kind, last.Time = trace.BarrierBreak, 19
	o.Barriers = append(o.Barriers, last)
	o.Forks = o.Forks[:5]
	o.Outcome.Err = &program.RunError{Kind: program.BarrierBroken, PC: 2}
}

// timedOut is a run whose join has timed out.
func timedOut(o *trace.ProgramObservation) {
	o.Forks = append([]trace.ForkEvent(nil), o.Forks[:6]...)
	o.Forks[5].Kind = trace.ForkTimeout
	o.Outcome.Err = &program.RunError{Kind: program.JoinTimeout, PC: 3}
}

func TestRules(t *testing.T) {
	cut := func(o *trace.ProgramObservation, i int) {
		o.Forks = append(append([]trace.ForkEvent(nil), o.Forks[:i]...), o.Forks[i+1:]...)
	}
	for _, c := range []struct {
		name, text string
		checker    checkers.OfProgram
		change     func(o *trace.ProgramObservation)
		rule       string // empty for a pass
	}{
		{"all is well", text, forks.Workers(), func(*trace.ProgramObservation) {}, ""},
		{"the chunk was attempted twice", text, forks.Workers(), func(o *trace.ProgramObservation) {
			o.Forks = append(append([]trace.ForkEvent(nil), o.Forks[:2]...), o.Forks...)
			o.Events = []trace.ChunkEvent{{Kind: trace.ChunkPanic}}
		}, ""},
		{"three workers", text, forks.Workers(), func(o *trace.ProgramObservation) {
			for i := range o.Forks {
				o.Forks[i].Workers = 3
			}
		}, "wrong number of workers"},
		{"a worker begins twice", text, forks.Workers(), func(o *trace.ProgramObservation) { o.Forks[2].Worker = 1 }, "worker ran twice"},
		{"a worker ends twice", text, forks.Workers(), func(o *trace.ProgramObservation) { o.Forks[4].Worker = 0 }, "worker ran twice"},
		{"a worker is missing", text, forks.Workers(), func(o *trace.ProgramObservation) {
			o.Forks = o.Forks[:4]
			o.Outcome.Err = &program.RunError{}
		}, "worker not run"},
		{"joined before the end", text, forks.Workers(), func(o *trace.ProgramObservation) { cut(o, 4) }, "early join"},
		{"merged before the join", text, forks.Workers(), func(o *trace.ProgramObservation) { cut(o, 5) }, "early join"},
		{"merged backwards", text, forks.Workers(), func(o *trace.ProgramObservation) { o.Forks[6].Worker, o.Forks[7].Worker = 1, 0 }, "merge out of order"},
		{"one is not merged", text, forks.Workers(), func(o *trace.ProgramObservation) { o.Forks = o.Forks[:7] }, "lost merge"},
		{"nothing of it", text, forks.Workers(), func(o *trace.ProgramObservation) { o.Forks, o.Barriers = nil, nil }, "fork not run"},
		{"never joined", text, forks.Workers(), func(o *trace.ProgramObservation) { o.Forks = o.Forks[:5] }, "lost merge"},
		{"the same fork twice, and the chunk was attempted once", text, forks.Workers(), func(o *trace.ProgramObservation) {
			o.Forks = append(append([]trace.ForkEvent(nil), o.Forks...), o.Forks...)
		}, "one number for two forks"},
		{"a timeout", timedText, forks.Workers(), timedOut, ""},
		{"a timeout and no limit", text, forks.Workers(), timedOut, "timeout without a limit"},
		{"a timeout and no error", timedText, forks.Workers(), func(o *trace.ProgramObservation) { timedOut(o); o.Outcome.Err = nil }, "timeout without an error"},
		{"a timeout and a merge", timedText, forks.Workers(), func(o *trace.ProgramObservation) { o.Forks[5].Kind = trace.ForkTimeout }, "merge after a timeout"},

		{"all is well", text, forks.Barriers(), func(*trace.ProgramObservation) {}, ""},
		{"passed too soon", text, forks.Barriers(), func(o *trace.ProgramObservation) { o.Barriers[2].Time = 4 }, "passed early"},
		{"the last one passes at once", text, forks.Barriers(), func(o *trace.ProgramObservation) { o.Barriers[5].Time = 12; o.Barriers[6].Time = 13 }, "passed early"},
		{"another barrier", text, forks.Barriers(), func(o *trace.ProgramObservation) { o.Barriers[0].Barrier = 1 }, "passed early"},
		{"passed out of nowhere", text, forks.Barriers(), func(o *trace.ProgramObservation) { o.Barriers = slices.Delete(o.Barriers, 5, 6) }, "passed without arriving"},
		{"came twice", text, forks.Barriers(), func(o *trace.ProgramObservation) { o.Barriers[5].Worker = 0 }, "twice in a round"},
		{"of three", text, forks.Barriers(), func(o *trace.ProgramObservation) { o.Barriers[5].Workers = 3 }, "wrong number of workers"},
		{"broken for one only", text, forks.Barriers(), func(o *trace.ProgramObservation) { o.Barriers[7].Kind = trace.BarrierBreak }, "passed a broken barrier"},
		{"broken", text, forks.Barriers(), broken, ""},
		{"broken and no error", text, forks.Barriers(), func(o *trace.ProgramObservation) { broken(o); o.Outcome.Err = nil }, "broken without an error"},
		{"broken for no reason", text, forks.Barriers(), func(o *trace.ProgramObservation) {
			o.Barriers[6].Kind, o.Barriers[7].Kind = trace.BarrierBreak, trace.BarrierBreak
			o.Outcome.Err = &program.RunError{}
		}, "broken without a reason"},
		{"left waiting", text, forks.Barriers(), func(o *trace.ProgramObservation) { o.Barriers = o.Barriers[:7] }, "left waiting"},
		{"a round is left out", text, forks.Barriers(), func(o *trace.ProgramObservation) {
			for i := range o.Barriers[4:] {
				o.Barriers[4+i].Round = 2
			}
		}, "round skipped"},
	} {
		t.Run(c.checker.Name()+"/"+c.name, func(t *testing.T) {
			o := right()
			c.change(&o)
			v := c.checker.Check(load(t, c.text), o)
			if (v.Status == checkers.Pass) != (c.rule == "") || v.Rule != c.rule {
				t.Errorf("%v %q, want %q: %s\n%q", v.Status, v.Rule, c.rule, v.Reason, v.Evidence)
			}
		})
	}
}

// TestMalformed: what refers to nothing is refused, and no violation.
func TestMalformed(t *testing.T) {
	for name, change := range map[string]func(*trace.ProgramObservation){
		"a fork that never began":    func(o *trace.ProgramObservation) { o.Forks = o.Forks[1:] },
		"a worker from nowhere":      func(o *trace.ProgramObservation) { o.Forks[1].Worker = 2 },
		"a barrier of no fork":       func(o *trace.ProgramObservation) { o.Barriers[0].Fork = 9 },
		"a barrier before the fork":  func(o *trace.ProgramObservation) { o.Barriers[0].Time = 0 },
		"a barrier's unknown worker": func(o *trace.ProgramObservation) { o.Barriers[0].Worker = 5 },
	} {
		for _, c := range []checkers.OfProgram{forks.Workers(), forks.Barriers()} {
			o := right()
			change(&o)
			if v := c.Check(load(t, text), o); v.Status != checkers.Unknown {
				t.Errorf("%s, %s: %v, want unknown", name, c.Name(), v.Status)
			}
		}
	}
}
