package campaign_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/executor/sched"
	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/isolate"
)

// runner runs properties in children: this program again, which then calls isolate.Serve.
func runner() *isolate.Runner {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return &isolate.Runner{Executable: self, Environment: []string{childVariable + "=1"}, Patience: 30 * time.Second, Lookup: lookup}
}

// Two properties are tested, each in a process of its own. One of the systems loses updates; the
// other crashes, which ends its process and not the campaign.
func Example() {
	c := campaign.Campaign{
		Runner:     runner(),
		Properties: []properties.Info{info("broken-lost-update"), info("broken-panic")},
		Spec:       properties.Spec{Seed: 1, Count: 100, Budget: properties.DefaultBudget},
		Jobs:       2,
		Meter:      campaign.NewMeter(), // whose Progress another goroutine may show meanwhile
	}
	c.Run(context.Background(), func(_ int, o campaign.Outcome) {
		if o.Err != nil {
			fmt.Println(o.Info.ID, "could not be tested:", o.Err)
			return
		}
		for _, f := range o.Result.Failures {
			fmt.Printf("%s: %s: %s, with %d workers\n", o.Info.ID, f.Checker, f.Rule, f.Size)
		}
	})
	p := c.Meter.Progress()
	fmt.Printf("%d of %d finished, %d failed\n", p.Finished, p.Parts, p.Failed)
	// Output:
	// broken-lost-update: complete: lost update, with 2 workers
	// broken-panic: process: crash, with 3 workers
	// 2 of 2 finished, 2 failed
}

// Every schedule of one case: a single worker loses nothing.
func ExampleExploration() {
	x := campaign.Exploration{
		Runner: runner(),
		Subject: campaign.Subject{
			Title: "one worker", Property: "broken-lost-update", Cases: 1,
			Texts: func(from, to int) ([][]txtar.File, error) {
				return [][]txtar.File{{{Name: "workers", Data: []byte("1\n")}}}[from:to], nil
			},
		},
		Spec: properties.ExploreSpec{Bounds: sched.Bounds{Preemptions: sched.Unbounded}},
		Jobs: 2,
	}
	r, err := x.Run(context.Background())
	fmt.Println(r.Complete, "complete, violated:", r.Failure != nil, err)
	// Output: 1 complete, violated: false <nil>
}
