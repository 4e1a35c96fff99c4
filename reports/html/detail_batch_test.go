package html

import (
	"testing"

	"synchrony/models/batch"
	"synchrony/models/trace"
)

// TestFirstWorker: the worker that has no task of its own is called as the task that it runs in, as in the story; others are called by their numbers.
func TestFirstWorker(t *testing.T) {
	w := batch.Workload{Batch: &batch.Batch{}}
	for _, c := range []struct {
		tasks []string
		want  string
	}{{[]string{"main", "worker 1"}, "main"}, {[]string{"main", "worker 0", "worker 1"}, ""}, {nil, ""}} {
		if got := toBatchRun("", w, trace.Observation{}, c.tasks).First; got != c.want {
			t.Errorf("of %q: %q, want %q", c.tasks, got, c.want)
		}
	}
}
