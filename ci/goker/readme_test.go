package main

import (
	"slices"
	"testing"
)

const sample = `package sample

type box struct{}

func (b *box) put() {
	println()
}

func use() {
	println()
}
`

// TestNames: the places are read from stacks, else from lines, else from diagrams.
func TestNames(t *testing.T) {
	stacks := "# GoKer\n## Description\nline 10 is wrong\n## Backtrace\n```\ngoroutine 7 [chan send]:\n" +
		own + "(*box).put.func1(0xc0, {0x1})\n\t/root/sample_test.go:6 +0x1\n" + own + "use()\n\t/root/sample_test.go:10 +0x1\n```\n"
	lines := "## Description\nline 6 double locking\n"
	diagram := "## Description\n```\n/// G1 \t\t G2\n/// b.put()\n```\n"
	put := &failure{Rule: "leak", Evidence: []string{"goroutine 1, started at a_test.go:9, waits to lock mutex 0 at a_test.go:6 in (*box).put.func2; it holds mutex 1"}}
	other := &failure{Rule: "panic", Evidence: []string{"use at a_test.go:10"}}
	for name, readme := range map[string]string{"stacks": stacks, "lines": lines, "diagram": diagram} {
		n := namesIn(readme, sample)
		if n.empty() || !n.has(put) || n.has(other) {
			t.Errorf("%s: %+v", name, n)
		}
	}
	if n := namesIn("## Description\nnothing\n", sample); !n.empty() {
		t.Errorf("%+v", n)
	}
}

// TestFunctions: evidence tells the functions, of races those of both accesses.
func TestFunctions(t *testing.T) {
	race := &failure{Rule: "race", Evidence: []string{
		"a write in (*box).put at a_test.go:6", "  called by use.func1 at a_test.go:10", "a previous read in use.deferwrap1 at a_test.go:10",
	}}
	if got := race.functions(); !slices.Equal(got, []string{"(*box).put", "use"}) {
		t.Errorf("%q", got)
	}
}
