package certificate_test

import (
	"fmt"
	"slices"

	"synchrony/checkers/certificate"
	"synchrony/checkers/recorded"
	"synchrony/models/history"
)

// A committed run with its certificate, and without.
func Example() {
	runs, err := recorded.Batches()
	if err != nil {
		fmt.Println(err)
		return
	}
	run := runs[slices.IndexFunc(runs, func(r recorded.Run) bool { return r.Seen.Outcome == history.Committed && r.Seen.Certificate != nil })]
	fmt.Println(certificate.New().Check(run.Workload, run.Seen).Status)
	run.Seen.Certificate = nil
	fmt.Println(certificate.New().Check(run.Workload, run.Seen).Status)
	// Output:
	// pass
	// fail
}
