package command

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/pflag"

	"synchrony/reports"
	"synchrony/reports/history"
	"synchrony/reports/html"
	"synchrony/reports/results"
)

// storeOptions say where runs are kept.
type storeOptions struct {
	path string // empty is the user's own
	none bool
}

// flags adds the flag that says where runs are kept.
func (o *storeOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.path, "store", "", "`file` with the history of runs (default history.db in the folder that verify doctor calls state)")
	unrepeated(f, "store")
}

// noneFlag adds the flag that keeps a run from being kept.
func (o *storeOptions) noneFlag(f *pflag.FlagSet) {
	f.BoolVar(&o.none, "no-store", false, "do not keep the run in the history, as a run at a terminal is")
	unrepeated(f, "no-store")
}

// file is the file that runs are kept in.
func (o *storeOptions) file() (string, error) {
	if o.path != "" {
		return o.path, nil
	}
	folder := stateFolder(runtime.GOOS, os.Getenv)
	if folder == "" {
		return "", errors.New("nothing says where the history of runs is: HOME is not set; name its file with --store")
	}
	return filepath.Join(folder, "history.db"), nil
}

// check refuses a file that was named and cannot be used, before anything runs.
func (o *storeOptions) check() error {
	if o.path == "" {
		return nil
	}
	if info, err := os.Stat(o.path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("the history of runs cannot be kept in %s: it is no file", o.path)
	}
	return checkOutput(o.path)
}

// keeps reports whether a run is to be kept: if a file was named, or a person is
// watching. A shard is never kept, but what its run is merged to.
func (a *app) keeps(o *storeOptions, run *results.Run) bool {
	return !o.none && run.Shard.Whole() && (o.path != "" || isTerminal(a.stdout) && !isCI(os.Getenv))
}

// trendRuns is how many runs a trend goes back.
const trendRuns = 50

// keep keeps a run in the history if it is to be kept, and returns how its properties
// did from run to run, itself the last. A history that cannot be used is told, and
// changes nothing about the run.
func (a *app) keep(ctx context.Context, o *storeOptions, run *results.Run) []html.Trend {
	if !a.keeps(o, run) {
		return nil
	}
	ctx = context.WithoutCancel(ctx) // an interrupted run is kept, too
	trends, err := func() ([]html.Trend, error) {
		file, err := o.file()
		if err != nil {
			return nil, err
		}
		s, err := history.Open(ctx, file)
		if err != nil {
			return nil, err
		}
		defer s.Close()
		id, err := s.Add(ctx, run)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(a.stderr, "verify: kept as run %d of %s\n", id, file)
		return trendsOf(ctx, s, testedBy(run), id, trendRuns)
	}()
	if err != nil {
		fmt.Fprintf(a.stderr, "verify: the run is not kept in the history: %v\n", err)
	}
	return trends
}

// costRuns is how many runs back it is looked for one that says what a case costs.
const costRuns = 10

// costs are how many seconds a case of each property takes: as in the history of runs, or else as the registry says, made comparable by those of which
// both are known.
func (a *app) costs(ctx context.Context, o *storeOptions, run *results.Run) map[string]float64 {
	costs := a.pastCosts(ctx, o, run)
	past, usual := 0.0, 0.0
	for id, cost := range costs {
		if c := a.registry.Costs[id]; c > 0 {
			past, usual = past+cost, usual+c
		}
	}
	factor := 1.0
	if past > 0 {
		factor = past / usual
	}
	for id, cost := range a.registry.Costs {
		if _, known := costs[id]; !known {
			costs[id] = factor * cost
		}
	}
	return costs
}

// pastCosts are how many seconds a case of each property took in the last run that it passed, of those in the history that this run is kept in. A history
// that cannot be read tells nothing: that is said when the run is to be kept.
func (a *app) pastCosts(ctx context.Context, o *storeOptions, run *results.Run) map[string]float64 {
	costs := map[string]float64{}
	file, err := o.file()
	if err != nil || !a.keeps(o, run) {
		return costs
	}
	if _, err := os.Stat(file); err != nil {
		return costs
	}
	s, err := history.Open(ctx, file)
	if err != nil {
		return costs
	}
	defer s.Close()
	trends, err := s.Trends(ctx, testedBy(run), math.MaxInt64, costRuns)
	if err != nil {
		return costs
	}
	for _, t := range trends {
		for _, e := range slices.Backward(t.Runs) {
			if e.Status == reports.Pass && e.Cases > 0 { // others have spent time on shrinking
				costs[t.Property] = e.Seconds / float64(e.Cases)
				break
			}
		}
	}
	return costs
}

// testedBy are the IDs of the properties of a run.
func testedBy(run *results.Run) (ids []string) {
	for i := range run.Properties {
		ids = append(ids, run.Properties[i].Info.ID)
	}
	return ids
}

// trendsOf is how properties did from run to run, up to the run of that number, in at most limit runs.
func trendsOf(ctx context.Context, s *history.Store, ids []string, until int64, limit int) ([]html.Trend, error) {
	trends, err := s.Trends(ctx, ids, until, limit)
	if err != nil {
		return nil, err
	}
	var out []html.Trend
	for _, t := range trends {
		page := html.Trend{Property: t.Property, More: len(t.Runs) == limit}
		for _, e := range t.Runs {
			page.Runs = append(page.Runs, html.TrendRun{ID: e.ID, Began: e.Began, Status: e.Status, Cases: e.Cases, Schedules: e.Schedules, Seconds: e.Seconds})
		}
		out = append(out, page)
	}
	return out, nil
}
