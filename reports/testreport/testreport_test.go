package testreport

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties"
)

// counter loses updates, unless it is locked.
type counter struct{ locked bool }

func (counter) Name() string { return "counter" }

func (c counter) Run(_ context.Context, rt *sched.Runtime, workers int) (int, error) {
	var group sched.WaitGroup
	var lock sched.Mutex
	value, object := 0, schedule.Object{Class: schedule.ClassUser}
	group.Add(rt, workers)
	for i := range workers {
		rt.Go("worker", i, func() {
			defer group.Done(rt)
			if c.locked {
				lock.Lock(rt)
				defer lock.Unlock(rt)
			}
			rt.Yield(schedule.OpLoad, object)
			v := value
			rt.Yield(schedule.OpStore, object)
			value = v + 1
		})
	}
	group.Wait(rt)
	return value, nil
}

func property(id string, c counter) *properties.Property[int, int] {
	return &properties.Property[int, int]{
		ID: id, Statement: "every worker is counted", System: c, Generator: rapid.IntRange(1, 3),
		Checkers: []checkers.Checker[int, int]{checkers.New("count", func(workers, counted int) checkers.Verdict {
			if workers != counted {
				return checkers.Failed("lost update", "an addition was lost")
			}
			return checkers.Passed()
		})},
	}
}

// quiet is a test whose failures do not count.
type quiet struct{ testing.TB }

func (quiet) Errorf(string, ...any) {}
func (quiet) Error(...any)          {}
func (quiet) Logf(string, ...any)   {}
func (quiet) Failed() bool          { return false }

// TestReport: the page has all properties that were checked so far, and what was found.
func TestReport(t *testing.T) {
	page := filepath.Join(t.TempDir(), "report.html")
	if err := flag.Set("verify.html", page); err != nil {
		t.Fatal(err)
	}
	defer flag.Set("verify.html", "")
	properties.Check(t, property("right", counter{locked: true}), properties.Iterations(5))
	properties.Check(quiet{t}, property("hasty", counter{}), properties.Iterations(5), properties.Corpus(t.TempDir()))
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"right", "hasty", "lost update", "go test synchrony/reports/testreport"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page has no %q", want)
		}
	}
}
