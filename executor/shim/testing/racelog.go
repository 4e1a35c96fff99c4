//go:build go1.26

package testing

import (
	"fmt"
	"os"
	"strings"

	"synchrony/executor/shim/task"
)

// raceBuild says that the race detector watches.
const raceBuild = task.RaceDetector

// mostReport bounds the text of the race detector's report that is kept.
const mostReport = 16 << 10

// raceReport returns the first report of a run, before which the detector had written so many: those that follow may be consequences. It is
// in the detector's log, which the parent names by log_path in the environment variable GORACE; else it is on the standard error.
func raceReport(before int) string {
	path := ""
	for option := range strings.FieldsSeq(os.Getenv("GORACE")) {
		if p, ok := strings.CutPrefix(option, "log_path="); ok {
			path = fmt.Sprintf("%s.%d", p, os.Getpid())
		}
	}
	text, err := os.ReadFile(path)
	if path == "" || err != nil {
		return ""
	}
	const head = "WARNING: DATA RACE"
	reports := strings.Split(string(text), head)[1:]
	if len(reports) == 0 {
		return ""
	}
	report := head + reports[min(before, len(reports)-1)]
	return report[:min(len(report), mostReport)]
}
