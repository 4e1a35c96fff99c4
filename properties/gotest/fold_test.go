package gotest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	protocol "synchrony/executor/shim/testing"
)

// steps repeats steps; %d in the name of an object is the round's number.
func steps(n int, round ...protocol.Step) (list []protocol.Step) {
	for i := range n {
		for _, s := range round {
			if strings.Contains(s.Object, "%d") {
				s.Object = fmt.Sprintf(s.Object, i)
			}
			list = append(list, s)
		}
	}
	return list
}

// TestFold: a story of many rounds that are alike tells the first and the last, and how many steps are between them.
func TestFold(t *testing.T) {
	begin := protocol.Step{Task: 0, Op: "lock", Object: "mutex/0", Position: "/m/a_test.go:7 m.TestA"}
	tick := protocol.Step{Task: -1, Op: "fire", Object: "timer/%d"}
	woken := protocol.Step{Task: 1, Op: "recv", Object: "chan/0", Position: "/m/a.go:9 m.run"}
	busy := protocol.Step{Task: 1, Op: "yield"}
	end := protocol.Step{Task: 0, Op: "unlock", Object: "mutex/0", Position: "/m/a_test.go:8 m.TestA"}
	for _, c := range []struct {
		name       string
		steps      []protocol.Step
		deviations string
		want       []string
	}{
		{"ticks", slices.Concat(steps(1, begin), steps(414, tick), steps(1, end)), "default", []string{
			"7 locks mutex 0", "1 time passes: timer 0 fires", "… 412 steps of time passes: timer 0 fires …", "414 time passes: timer 413 fires", "415 8 unlocks mutex 0",
		}},
		{"a loop", slices.Concat(steps(1, begin), steps(100, tick, woken), steps(1, end)), "default", []string{
			"a_test.go:7 locks mutex 0", "1 time passes: timer 0 fires", "2 a.go:9 receives from channel 0", "… 196 steps: 98 times these 2 rows …",
			"199 time passes: timer 99 fires", "200 a.go:9 receives from channel 0", "201 a_test.go:8 unlocks mutex 0",
		}},
		{"too few", slices.Concat(steps(1, begin), steps(3, busy), steps(1, end)), "default", []string{
			"7 locks mutex 0", "1 lets others go first", "2 lets others go first", "3 lets others go first", "4 8 unlocks mutex 0",
		}},
		{"a deviation", slices.Concat(steps(1, begin), steps(10, busy), steps(1, end)), "6+1", []string{
			"7 locks mutex 0", "1 lets others go first", "… 3 steps of lets others go first …", "5 lets others go first", "6* lets others go first", "7 lets others go first", "… 2 steps of lets others go first …", "10 lets others go first", "11 8 unlocks mutex 0",
		}},
	} {
		d := &describer{names: namer{"/m"}}
		var got []string
		f := &protocol.Finding{Steps: c.steps, Schedule: c.deviations}
		for _, line := range columns(f).Lines(d.rows(f, onlyFile(f)))[1:] {
			got = append(got, strings.Join(strings.Fields(line), " "))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

// TestPartsOfALine: of a line of source that does several things, in a run in which another goroutine comes between them, each row says which it is.
func TestPartsOfALine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "count.go")
	if err := os.WriteFile(file, []byte("n.Store(n.Load() + 1)\nn.Add(1)\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	do := func(task int32, op string, line int) protocol.Step {
		return protocol.Step{Task: task, Op: op, Object: "atomic/0", Position: fmt.Sprintf("%s:%d m.run", file, line)}
	}
	f := &protocol.Finding{Schedule: "default", Steps: []protocol.Step{do(1, "load", 1), do(2, "load", 1), do(2, "store", 1), do(1, "store", 1), do(1, "rmw", 2)}}
	var got []string
	for _, row := range (&describer{}).rows(f, file) {
		got = append(got, row.Text)
	}
	want := []string{"1 (loads atomic 0) n.Store(n.Load() + 1)", "1 n.Store(n.Load() + 1)", "1 (stores atomic 0) n.Store(n.Load() + 1)", "2 n.Add(1)"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
