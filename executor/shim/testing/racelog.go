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

// raceReport returns what the detector has last written to its log. The parent names that by log_path in the environment variable
// GORACE; else the report is on the standard error.
func raceReport() string {
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
	report := string(text)
	if i := strings.LastIndex(report, head); i >= 0 {
		report = report[i:]
	}
	return report[:min(len(report), mostReport)]
}
