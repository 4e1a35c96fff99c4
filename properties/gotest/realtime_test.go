package gotest

import (
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/properties"
)

// TestRealTime: what fails only because a real connection, file or certificate goes by real time is no failure of the test, and no other bug
// is missed for that.
func TestRealTime(t *testing.T) {
	const dir = "testdata/realtime"
	want := expected(t, dir+"/realtime_test.go", "pass|failed|inconclusive")
	s, err := Build(t.Context(), Options{Dir: dir, Search: Search{Schedules: 50, Seed: 1, Patience: time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Tests) != len(want) || len(want) < 15 {
		t.Fatalf("%d tests are built, and %d say what is to come of them", len(s.Tests), len(want))
	}
	for i := range s.Tests {
		t.Run(s.Tests[i].Name, func(t *testing.T) {
			res, err := s.Run(t.Context(), s.Tests[i].Info.ID, properties.Spec{}, func(properties.Progress) {})
			if err != nil {
				t.Fatal(err)
			}
			got := "pass"
			switch res.Status() {
			case checkers.Fail:
				got = res.Failures[0].Rule
			case checkers.Unknown:
				got = "inconclusive"
			}
			if got != want[s.Tests[i].Name] {
				t.Errorf("%s after %d schedules, want %s: %s", got, res.Schedules, want[s.Tests[i].Name], why(&res))
			}
			t.Log(why(&res))
		})
	}
}

// why is what a result says of itself.
func why(res *properties.Result) string {
	if len(res.Failures) > 0 {
		return res.Failures[0].Text
	}
	return res.UnknownBy
}
