package program

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// outcomes explores a program completely and returns the texts of what it found, sorted.
func outcomes(t *testing.T, text string, reduces bool) (texts []string, runs int) {
	t.Helper()
	w := load(t, text)
	shapes, err := Analyze(w.Program)
	if err != nil {
		t.Fatal(err)
	}
	x := newExplorer(w.Program, w.Setup.Limits, shapes)
	x.reduces = reduces
	all, complete := x.explore(200_000)
	if !complete {
		t.Fatalf("more than %d executions", x.runs)
	}
	for _, o := range all {
		texts = append(texts, o.Text())
	}
	slices.Sort(texts)
	return texts, x.runs
}

// forked is a fork of workers with a body each.
func forked(timeout int, bodies ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "FORK_EXECUTION %d\n", len(bodies))
	for i, body := range bodies {
		fmt.Fprintf(&b, "LOAD_NAME worker_id\nLOAD_CONST %d\nEQ\nJUMP_IF_FALSE skip%d\n%sJUMP end\nskip%d:\n", i, i, program(body), i)
	}
	fmt.Fprintf(&b, "end: JOIN_WORKERS %d\n", timeout)
	return b.String()
}

// TestOutcomes checks the number of outcomes of small racy programs, known by hand, and a fact
// that some outcome has and some that none has.
func TestOutcomes(t *testing.T) {
	increment := "SHARED_READ n; LOAD_CONST 1; ADD; SHARED_WRITE n"
	for _, c := range []struct {
		name, text string
		outcomes   int
		some, none string
	}{
		{
			"lost update", "LOAD_CONST 0\nSHARED_WRITE n\n" + forked(0, increment, increment),
			2, "shared n = 1", "shared n = 0",
		},
		{
			"atomic increments", forked(0, "LOAD_CONST 1; ATOMIC_ADD n; POP", "LOAD_CONST 1; ATOMIC_ADD n; POP", "LOAD_CONST 1; ATOMIC_ADD n; POP"),
			1, "shared n = 3", "shared n = 2",
		},
		{
			"one winner", forked(0, "LOAD_CONST nil; LOAD_CONST 0; ATOMIC_CAS n; STORE_NAME a", "LOAD_CONST nil; LOAD_CONST 1; ATOMIC_CAS n; STORE_NAME b"),
			2, "var a = false\nvar b = true", "var a = true\nvar b = true",
		},
		{
			// store buffering: both reading nil needs a memory that is not sequentially consistent
			"store buffering", forked(0, "LOAD_CONST 1; SHARED_WRITE x; SHARED_READ y; STORE_NAME a", "LOAD_CONST 1; SHARED_WRITE y; SHARED_READ x; STORE_NAME b"),
			3, "var a = 1\nvar b = 1", "var a = nil\nvar b = nil",
		},
		{
			"barrier orders", forked(0, "LOAD_CONST 1; SHARED_WRITE x; BARRIER_SYNC 0", "BARRIER_SYNC 0; SHARED_READ x; STORE_NAME b"),
			1, "var b = 1", "var b = nil",
		},
		{
			"timeout at any point", forked(5, "LOAD_CONST 1; SHARED_WRITE x; LOAD_CONST 2; SHARED_WRITE x", "NOP"),
			4, "error join timeout at main+16\nshared x = 1", "result nil\nshared x = 1",
		},
		{
			"timeout before the join", forked(5, "NOP", "NOP"),
			2, "error join timeout", "shared",
		},
		{
			"map reads race", forked(0, "LOAD_CONST [0, 1]; PARALLEL_MAP @f; STORE_NAME a", "LOAD_CONST 1; SHARED_WRITE x") +
				"\n.func f(i)\nSHARED_READ x\n.end\n",
			4, "var a = [1, nil]", "var a = [0",
		},
		{
			"error depends on the race", forked(0, "LOAD_CONST 1; SHARED_WRITE x", "SHARED_READ x; LOAD_CONST 1; ADD; STORE_NAME b"),
			2, "error type error", "var b = 1",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, runs := outcomes(t, c.text, true)
			naive, naiveRuns := outcomes(t, c.text, false)
			if !slices.Equal(got, naive) {
				t.Errorf("reduced:\n%s\nall:\n%s", strings.Join(got, "\n"), strings.Join(naive, "\n"))
			}
			if runs > naiveRuns {
				t.Errorf("%d executions, %d of all interleavings", runs, naiveRuns)
			}
			has := func(fact string) bool {
				return slices.ContainsFunc(got, func(text string) bool { return strings.Contains(text, fact) })
			}
			if len(got) != c.outcomes || !has(c.some) || has(c.none) {
				t.Errorf("%d outcomes, not %d, or not the right ones:\n%s", len(got), c.outcomes, strings.Join(got, "\n"))
			}
		})
	}
}

// TestOutcomesIncomplete stops at the limit and says so.
func TestOutcomesIncomplete(t *testing.T) {
	w := load(t, forked(0, "LOAD_CONST 1; SHARED_WRITE x", "LOAD_CONST 2; SHARED_WRITE x"))
	all, complete, err := Outcomes(w.Program, Limits{}, 1)
	if err != nil || complete || len(all) != 1 {
		t.Errorf("%d outcomes, complete %v, %v", len(all), complete, err)
	}
	all, complete, _ = Outcomes(w.Program, Limits{}, 2)
	if !complete || len(all) != 2 {
		t.Errorf("%d outcomes, complete %v", len(all), complete)
	}
}

// TestSleepSetsReduce: workers on variables of their own have one interleaving.
func TestSleepSetsReduce(t *testing.T) {
	own := func(v string) string { return "LOAD_CONST 1; SHARED_WRITE " + v + "; SHARED_READ " + v + "; POP" }
	text := forked(0, own("x"), own("y"), own("z"))
	_, runs := outcomes(t, text, true)
	_, naive := outcomes(t, text, false)
	if naive != 90 || runs > 10 { // 6!/(2!2!2!) interleavings; pruned executions count too
		t.Errorf("%d executions, %d without sleep sets", runs, naive)
	}
}
