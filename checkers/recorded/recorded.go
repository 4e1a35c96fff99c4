// Package recorded holds recorded runs of batches, right and wrong ones, each with the verdicts that the checkers of batches
// must give: begin with [All]; and runs of batches and programs that are right and complete: [Batches], [Programs]. They are
// for whoever tests checkers.
package recorded

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"synchrony/models/batch"
	"synchrony/models/trace"
)

// Run is a recorded run.
type Run struct {
	Name     string // lost_update
	About    string // what happened, for a person
	Workload batch.Workload
	Seen     trace.Observation
	// Verdicts are those that are not a pass, in order: "race: fail: stale read", or
	// "order/plan: unknown".
	Verdicts []string
	// Files are the run as it is written: the batch, its setup if it matters, the trace and
	// the verdicts.
	Files []txtar.File
}

// The files of a run that are not a workload's.
const (
	TraceFile    = "trace"
	VerdictsFile = "verdicts"
)

//go:embed runs/*.txt
var runs embed.FS

// All returns the runs, in the order of their names.
func All() ([]Run, error) {
	paths, err := fs.Glob(runs, "runs/*.txt")
	if err != nil {
		return nil, err
	}
	var all []Run
	for _, path := range paths {
		data, err := runs.ReadFile(path)
		if err != nil {
			return nil, err
		}
		archive := txtar.Parse(data)
		r, err := Parse(strings.TrimSuffix(strings.TrimPrefix(path, "runs/"), ".txt"), archive.Files)
		if err != nil {
			return nil, err
		}
		r.About = strings.TrimSpace(string(archive.Comment))
		all = append(all, r)
	}
	return all, nil
}

// Parse reads a run of some name. Without a setup it had two workers.
func Parse(name string, files []txtar.File) (Run, error) {
	r := Run{Name: name, Workload: batch.Workload{Setup: batch.Setup{Workers: 2}}, Files: files}
	var err error
	for _, f := range files {
		place := name + "/" + f.Name
		switch f.Name {
		case batch.BatchFile:
			r.Workload.Batch, err = batch.Parse(place, f.Data)
		case batch.SetupFile:
			r.Workload.Setup, err = batch.ParseSetup(place, f.Data)
		case TraceFile:
			if r.Workload.Batch == nil {
				return Run{}, fmt.Errorf("%s: %s must come first", place, batch.BatchFile)
			}
			r.Seen, err = trace.Parse(place, string(f.Data), r.Workload.Batch)
		case VerdictsFile:
			for line := range strings.Lines(string(f.Data)) {
				if line = strings.TrimSpace(line); line != "" {
					r.Verdicts = append(r.Verdicts, line)
				}
			}
		default:
			err = fmt.Errorf("%s: a run is %s, %s, %s and %s", place, batch.BatchFile, batch.SetupFile, TraceFile, VerdictsFile)
		}
		if err != nil {
			return Run{}, err
		}
	}
	if r.Workload.Batch == nil {
		return Run{}, fmt.Errorf("%s: the file %q is missing", name, batch.BatchFile)
	}
	slices.Sort(r.Verdicts)
	return r, nil
}
