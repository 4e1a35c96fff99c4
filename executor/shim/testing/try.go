//go:build go1.26

package testing

import (
	"testing"

	"synchrony/executor/shim/task"
)

// Try searches schedules of a test in this process, without a parent. It fails if a strategy is not known.
func Try(name string, f func(*T), s Search) (findings []Finding, done Done, err error) {
	x := &search{subject: subject{name: name, f: f, settings: s.Settings}, Search: s}
	x.tell = func(a Answer) {
		if a.Finding != nil {
			findings = append(findings, *a.Finding)
		}
	}
	err = x.all()
	return findings, x.done, err
}

type runKey struct{}

// Short is [testing.Short]; in a controlled run, what the settings say.
func Short() bool {
	if c := task.Find(nil); c != nil {
		return task.Local(c, runKey{}, func() *run { return new(run) }).short
	}
	return testing.Short()
}

// Testing is [testing.Testing].
func Testing() bool { return true }

// Verbose is [testing.Verbose]; false in a controlled run.
func Verbose() bool { return task.Find(nil) == nil && testing.Verbose() }

// CoverMode is [testing.CoverMode].
func CoverMode() string { return testing.CoverMode() }

// Benchmark is [testing.Benchmark].
func Benchmark(f func(b *testing.B)) testing.BenchmarkResult {
	if c := task.Find(nil); c != nil {
		c.Doubt(task.Measured)
	}
	return testing.Benchmark(f)
}

// AllocsPerRun is [testing.AllocsPerRun].
func AllocsPerRun(runs int, f func()) float64 {
	if c := task.Find(nil); c != nil {
		c.Doubt(task.Measured)
	}
	return testing.AllocsPerRun(runs, f)
}
