//go:build go1.26

package testing

import (
	stdtesting "testing"
	"time"

	"synchrony/models/schedule"
)

// TestAliveWhileMinimising: the parent hears of a search that minimises, after a second of silence.
func TestAliveWhileMinimising(t *stdtesting.T) {
	progress := 0
	s := &search{tell: func(a Answer) {
		if a.Progress != nil {
			progress++
		}
	}}
	s.f = func(*T) { s.told = time.Time{} } // long ago
	s.alive = s.progress
	s.minimise(&found{schedule: schedule.Schedule{Deviations: []schedule.Deviation{{Step: 0, Skip: 1}}}})
	if progress == 0 {
		t.Error("the parent was told nothing")
	}
}

// TestWithin: a request ends when its time is over.
func TestWithin(t *stdtesting.T) {
	findings, done, err := Try("Test", func(*T) {}, Search{Schedules: 1000, Within: 1})
	if err != nil || len(findings) > 0 || done.Schedules != 1 {
		t.Errorf("%v %+v %+v", err, findings, done)
	}
}
