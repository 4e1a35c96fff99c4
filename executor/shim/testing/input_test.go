//go:build go1.26

package testing_test

import (
	"slices"
	"strconv"
	"strings"
	stdtesting "testing"

	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/testing"
)

// adding adds the numbers of its input to a counter, one by each goroutine, which reads and writes it apart: updates are lost. It draws eight numbers,
// and counts how often.
func adding(drawn *int) func(*testing.T) {
	return func(t *testing.T) {
		text := t.Input(func() string { *drawn++; return "1 2 3 4 5 6 7 8" }, dropping)
		var mu sync.Mutex
		var wg sync.WaitGroup
		counter, sum := 0, 0
		for word := range strings.FieldsSeq(text) {
			n, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			sum += n
			wg.Go(func() {
				mu.Lock()
				v := counter
				mu.Unlock()
				mu.Lock()
				counter = v + n
				mu.Unlock()
			})
		}
		wg.Wait()
		if counter != sum {
			t.Errorf("%d, want %d", counter, sum)
		}
	}
}

// dropping proposes inputs without one number.
func dropping(text string, fails func(string) bool) {
	words := strings.Fields(text)
	for i := 0; i < len(words); {
		rest := slices.Delete(slices.Clone(words), i, i+1)
		if fails(strings.Join(rest, " ")) {
			words = rest
		} else {
			i++
		}
	}
}

// TestInputIsReduced: a test that hands over its input has a finding with a smaller one, under a schedule of few deviations, and that replays.
func TestInputIsReduced(t *stdtesting.T) {
	for seed := range uint64(5) {
		drawn := 0
		f, done := one(t, testing.Search{Settings: testing.Settings{Seed: seed}, Schedules: 500}, adding(&drawn))
		if f == nil {
			t.Fatalf("seed %d: nothing is found: %+v", seed, done)
		}
		if len(strings.Fields(f.Workload)) != 2 || f.Minimised != 1 || drawn != 1 {
			t.Errorf("seed %d: the input is %q, drawn %d times, with %d deviations", seed, f.Workload, drawn, f.Minimised)
		}
		again, _ := one(t, testing.Search{Settings: f.Settings, Schedules: 200}, adding(&drawn))
		if again == nil || again.Workload != f.Workload || drawn != 1 {
			t.Errorf("seed %d: the input that is given is not the one that runs: %+v", seed, again)
		}
	}
}

// TestSecondInput: a second input of a test is its own, also where the first is given.
func TestSecondInput(t *stdtesting.T) {
	f, _ := one(t, testing.Search{Settings: testing.Settings{Workload: "given"}, Schedules: 1}, func(t *testing.T) {
		none := func(string, func(string) bool) {}
		first, second := t.Input(func() string { return "drawn" }, none), t.Input(func() string { return "drawn second" }, none)
		if first != "given" || second != "drawn second" {
			t.Errorf("%q, %q", first, second)
		}
	})
	if f != nil {
		t.Error(f.Message)
	}
}

// TestUndecided: a test that says that it cannot tell has neither passed nor been skipped, and what is wrong otherwise is still found.
func TestUndecided(t *stdtesting.T) {
	f, done := one(t, testing.Search{Schedules: 20}, func(t *testing.T) { t.Undecided("nobody knows") })
	if f == nil || f.Kind != testing.Undecided || f.Message != "nobody knows" || done.Kinds[testing.Undecided] != 20 || done.Kinds[testing.Skipped] > 0 {
		t.Errorf("%+v, %+v", f, done)
	}
	drawn := 0
	findings, _, err := testing.Try("adding", func(t *testing.T) {
		if adding(&drawn)(t); !t.Failed() {
			t.Undecided("it may be luck")
		}
	}, testing.Search{Schedules: 500})
	if err != nil || len(findings) != 2 || findings[1].Kind != testing.Failed {
		t.Errorf("%v: %+v", err, findings)
	}
}
