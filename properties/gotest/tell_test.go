package gotest

import (
	"testing"

	protocol "synchrony/executor/shim/testing"
)

// TestPlaceOf: a position is told apart whatever its file is called, and a renamed test has its own name.
func TestPlaceOf(t *testing.T) {
	for position, want := range map[string]place{
		"/u/a.go:7 m.F":                             {"/u/a.go", "7", "F"},
		"/my code/a b.go:12 m.(*Cart).Add":          {"/my code/a b.go", "12", "(*Cart).Add"},
		`/q "x"/ü 'y': z.go:3 m.Verify_TestA.func1`: {`/q "x"/ü 'y': z.go`, "3", "TestA.func1"},
		"C:/a b/c.go:1 m.G[...]":                    {"C:/a b/c.go", "1", "G[...]"},
		"/u/a b.go:9 example.com/m.F":               {"/u/a b.go", "9", "F"},
	} {
		if got := placeOf(position); got != want {
			t.Errorf("%s: %+v, want %+v", position, got, want)
		}
	}
}

// TestChoices: what was not tried in full is said with its place, as far as that is known.
func TestChoices(t *testing.T) {
	d := &describer{names: namer{"/my code"}}
	got := d.choices([]protocol.DataChoice{{What: "the order of the map", Position: "/my code/a b.go:12 m.F"}, {What: "the random numbers"}})
	if want := "the order of the map at a b.go:12, the random numbers"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
