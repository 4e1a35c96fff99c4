package gotest

import (
	"regexp"
	"testing"

	"synchrony/executor/instrument"
)

// TestLeftOut: benchmarks and examples are counted and named, as far as they were asked for.
func TestLeftOut(t *testing.T) {
	p := instrument.Package{Benchmarks: []string{"BenchmarkA"}, Examples: []string{"Example", "ExampleB"}}
	for _, c := range []struct {
		p    instrument.Package
		run  *regexp.Regexp
		want string
	}{
		{instrument.Package{}, nil, ""},
		{p, nil, "2 examples, 1 benchmark left out: Example, ExampleB, BenchmarkA"},
		{p, regexp.MustCompile("B$"), "1 example left out: ExampleB"},
		{p, regexp.MustCompile("Test"), ""},
	} {
		if got := leftOut(c.p, c.run); got != c.want {
			t.Errorf("--run %v: %q, want %q", c.run, got, c.want)
		}
	}
}
