package forks_test

import (
	"fmt"
	"time"

	"synchrony/checkers/forks"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Of two workers one passes a barrier at which the other has not arrived.
func Example() {
	w, err := program.ParseWorkload("example", []byte("FORK_EXECUTION 2\nBARRIER_SYNC 7\nJOIN_WORKERS 0\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	event := func(at int, kind trace.ForkEventKind, worker int32) trace.ForkEvent {
		return trace.ForkEvent{Time: time.Duration(at), Kind: kind, Fork: 2, Worker: worker, Workers: 2}
	}
	v := forks.Barriers().Check(*w, trace.ProgramObservation{
		End:   trace.ProgramRan,
		Forks: []trace.ForkEvent{event(1, trace.ForkBegin, -1), event(2, trace.WorkerBegin, 0), event(3, trace.WorkerBegin, 1)},
		Barriers: []trace.BarrierEvent{
			{Time: 4, Kind: trace.BarrierArrive, Fork: 2, Worker: 0, Workers: 2, Barrier: 7}, {Time: 5, Kind: trace.BarrierPass, Fork: 2, Worker: 0, Workers: 2, Barrier: 7},
		},
	})
	fmt.Println(v.Status, v.Rule)
	// Output: fail passed early
}
