package campaign

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"synchrony/properties"
)

// FuzzState: whatever a file of --state holds, it is refused in one line, or a state that an
// exploration can have come to, and that is written as it was read.
func FuzzState(f *testing.F) {
	add := func(s state) {
		data, err := s.write()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	add(state{Format: stateFormat, Build: "this build", Of: "what"})
	add(state{Format: stateFormat, Units: map[int]properties.Exploration{
		0: {Cases: 32, Complete: 31, Schedules: 400, Traces: 300, Unknown: 1, UnknownBy: "no time", Seconds: 1.5},
		3: {Cases: 3, Suspended: &properties.Suspended{State: "explorer 1\n", Schedules: 7, Traces: 6, Done: 0.25}},
	}})
	add(state{Format: stateFormat, Units: map[int]properties.Exploration{4: {Cases: 1}}})
	f.Add([]byte(`{"format":1}`))
	f.Add([]byte(`{"format":2,"build":"","of":"","units":null} x`))
	units := divide(100)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := readState(data)
		if err == nil {
			err = s.fits(100)
		}
		if err != nil {
			if strings.ContainsFunc(err.Error(), unicode.IsControl) {
				t.Fatalf("the error is %q", err)
			}
			return
		}
		for u, r := range s.Units { // what an exploration does with it
			units[u].metered(r)
			if done, _ := explored(r); done < 0 || done > float64(units[u].to-units[u].from)+0.01 {
				t.Fatalf("%v of the %d cases of unit %d are explored", done, units[u].to-units[u].from, u)
			}
		}
		again, err := s.write()
		if err != nil {
			t.Fatal(err)
		}
		s.Sum = string(again[len(again)-len(`"}`)-1-64 : len(again)-len(`"}`)-1])
		back, err := readState(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, back); diff != "" {
			t.Fatalf("(-read +read again):\n%s", diff)
		}
	})
}
