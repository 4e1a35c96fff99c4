package sched

import (
	"testing"

	"synchrony/models/schedule"
)

// TestTurns checks that the turns of a run lead to the same run, picks and the clock's steps among them.
func TestTurns(t *testing.T) {
	program := func(rt *Runtime) {
		var word Int64
		for w := range 3 {
			rt.Go("worker", w, func() {
				for range 3 {
					if rt.Pick(3) == 1 {
						rt.Sleep(10)
					}
					word.Add(rt, 1)
				}
				for word.Load(rt) < 6 {
					rt.Spin(schedule.Object{})
				}
			})
		}
	}
	var r Runner
	clock, picks := 0, 0
	for seed := range uint64(200) {
		rec := r.Run(Random(seed), Options{}, program).Clone()
		turns := turnsOf(&rec)
		for _, o := range turns {
			if o.pick {
				picks++
			}
			if o.to == Clock || o.task == Clock {
				clock++
			}
		}
		again := r.Run(takeTurns(turns, schedule.Deviation{}), Options{}, program)
		if again.Schedule.Hash != rec.Schedule.Hash || len(turns) != len(rec.Schedule.Deviations) {
			t.Fatalf("seed %d: %d turns of %d deviations lead to another run", seed, len(turns), len(rec.Schedule.Deviations))
		}
	}
	if clock == 0 || picks == 0 {
		t.Errorf("%d turns have to do with the clock, %d are picks: want some", clock, picks)
	}
}
