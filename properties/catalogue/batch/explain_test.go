package batch

import (
	"testing"

	"synchrony/models/batch"
	"synchrony/models/schedule"
)

// TestObjectsOfStories: what only the executor knows is called in a story as it is everywhere else.
func TestObjectsOfStories(t *testing.T) {
	n := explainer{b: &batch.Batch{}}
	for want, o := range map[string]schedule.Object{
		"cancel flag 2":               {Class: schedule.ClassCancel, Index: 2},
		"mutex 1":                     {Class: schedule.ClassMutex, Index: 1},
		"the number of claimed roots": {Class: schedule.ClassQueue, Index: -1},
	} {
		if got := n.object(o); got != want {
			t.Errorf("%v is %q, want %q", o, got, want)
		}
	}
}
