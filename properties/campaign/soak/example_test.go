package soak_test

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/campaign/soak"
)

// A failure is new in the first round that has it, and not in the next.
func Example() {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	memory, err := soak.Open(filepath.Join(folder, "soak.json"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer memory.Close()
	for range 2 {
		round := memory.Round([]string{"S1", "S2"}, nil, 200)
		began := time.Now()
		outcomes := []campaign.Outcome{ // of a campaign with that seed
			{Info: properties.Info{ID: "S1"}},
			{Info: properties.Info{ID: "S2"}, Result: properties.Result{Failures: []properties.Failure{{Checker: "graph", Rule: "cycle"}}}},
		}
		news := memory.Take(round, outcomes, "build 1", true, began, time.Now())
		fmt.Printf("seed %d, %d properties: %d new\n", round.Seed, len(round.Properties), len(news))
	}
	if err := memory.Save(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// seed 0, 2 properties: 1 new
	// seed 1, 1 properties: 0 new
}
