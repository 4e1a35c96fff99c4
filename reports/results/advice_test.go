package results

import (
	"strings"
	"testing"
	"time"

	"synchrony/properties"
)

// TestAdvice: who is told that something never happened is told what would help.
func TestAdvice(t *testing.T) {
	property := func(id string, cases, met int, seconds float64) Property {
		return Property{
			Info:   properties.Info{ID: id, Enough: 64},
			Result: properties.Result{Cases: cases, Schedules: cases, Seconds: seconds, Sometimes: []properties.Count{{Name: "a fork", Cases: met}}},
		}
	}
	shrunk := func(p Property, seconds float64) Property {
		p.Result.Failures = []properties.Failure{{Shrunk: seconds}}
		return p
	}
	for _, c := range []struct {
		name string
		run  Run
		want string
	}{
		{"a number", Run{Iterations: 16, Elapsed: 5 * time.Second, Properties: []Property{property("S1", 16, 0, 6), property("S2", 16, 3, 4)}},
			"usually has by 64 cases: try -n 64, which takes about 20s here"},
		{"a time", Run{Limit: 5 * time.Second, Elapsed: 5 * time.Second, Properties: []Property{property("S1", 8, 0, 2), property("S2", 32, 3, 8)}},
			"usually has by 64 cases: try --time 16s"},
		{"no case yet", Run{Limit: time.Millisecond, Elapsed: time.Millisecond, Properties: []Property{property("S1", 0, 0, 0)}},
			"usually has by 64 cases: give it more --time"},
		{"a failure that was shrunk", Run{Iterations: 16, Elapsed: 30 * time.Second, Properties: []Property{property("S1", 16, 0, 10), shrunk(property("S2", 16, 3, 20), 10)}},
			"usually has by 64 cases: try -n 64, which takes about 1m0s here"},
		{"a failure that was shrunk, and gone on after", Run{KeepGoing: true, Iterations: 16, Elapsed: 30 * time.Second, Properties: []Property{property("S1", 16, 0, 10), shrunk(property("S2", 16, 3, 20), 10)}},
			"usually has by 64 cases: try -n 64, which takes about 1m30s here"},
		{"too few to say", Run{Iterations: 4, Elapsed: time.Second, Properties: []Property{property("S1", 4, 0, 1)}},
			"usually has by 64 cases: try -n 64\n"},
		{"a failure at once", Run{Iterations: 8, Elapsed: 4 * time.Second, Properties: []Property{property("S1", 8, 0, 2), shrunk(property("S2", 1, 0, 2), 1)}},
			"usually has by 64 cases: try -n 64, which takes about 18s here"},
		{"too little time to say", Run{Limit: time.Second, Elapsed: time.Second, Properties: []Property{property("S1", 4, 0, 1)}},
			"usually has by 64 cases: give it more --time\n"},
		{"all met", Run{Iterations: 16, Elapsed: time.Second, Properties: []Property{property("S1", 16, 1, 6)}}, ""},
		{"not for want of cases", Run{Iterations: 200, Elapsed: time.Second, Properties: []Property{property("S1", 200, 0, 6)}}, ""},
	} {
		for name, run := range map[string]*Run{c.name: &c.run, c.name + ", read back": readBack(t, &c.run)} {
			if got := consoleText(t, run, Usual); !strings.Contains(got, c.want) || strings.Contains(got, "usually") != (c.want != "") {
				t.Errorf("%s: not %q:\n%s", name, c.want, got)
			}
		}
	}
}
