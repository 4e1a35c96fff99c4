package results

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/properties"
	"synchrony/properties/isolate"
	"synchrony/reports"
)

// rare is a property of numbers, of which the multiples of m are wrong and those
// one above cannot be judged.
func rare(m int) *properties.Property[int, int] {
	return &properties.Property[int, int]{
		ID: "rare", Group: "numbers", Statement: "no number is a multiple of " + strconv.Itoa(m),
		System: identity{}, Generator: rapid.IntRange(1, 1_000_000), Unscheduled: true,
		Checkers: []checkers.Checker[int, int]{multiples(m)},
		Codec: properties.Codec[int]{
			Format: func(n int) ([]txtar.File, error) {
				return []txtar.File{{Name: "n", Data: []byte(strconv.Itoa(n) + "\n")}}, nil
			},
			Parse: func(files []txtar.File) (int, error) { return strconv.Atoi(strings.TrimSpace(string(files[0].Data))) },
		},
		Sometimes: []properties.Condition[int, int]{
			{Name: "an even number", Holds: func(n, _ int) bool { return n%2 == 0 }},
			{Name: "a large number", Holds: func(n, _ int) bool { return n > 500_000 }},
		},
		Classify: func(n, _ int) []string { return []string{fmt.Sprintf("digits: %d", len(strconv.Itoa(n)))} },
	}
}

type identity struct{}

func (identity) Name() string                                                { return "identity" }
func (identity) Run(_ context.Context, _ *sched.Runtime, n int) (int, error) { return n, nil }

type multiples int

func (multiples) Name() string { return "multiples" }

func (m multiples) Check(n, _ int) checkers.Verdict {
	switch n % int(m) {
	case 0:
		return checkers.Failed("multiple", fmt.Sprintf("%d is a multiple of %d", n, int(m)))
	case 1:
		return checkers.Undecided("%d is one too much", n)
	}
	return checkers.Passed()
}

// test is the run of a shard of p, without its times.
func test(t interface{ Fatal(...any) }, p *properties.Property[int, int], shard Shard, cases int, seed uint64) *Run {
	first, count := shard.Cases(cases)
	r, err := p.Run(context.Background(), properties.Spec{Seed: seed, First: first, Count: count, Budget: properties.DefaultBudget}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Seconds = 0
	for i := range r.Failures {
		r.Failures[i].Found, r.Failures[i].Shrunk = 0, 0
	}
	return &Run{
		Tool: "verify", Build: build(shard), Command: "verify run" + shard.Flag(), Seed: seed, Iterations: cases, Shard: shard,
		Properties: []Property{{Info: p.Info(), Result: r, Part: !shard.Whole()}},
	}
}

// build is the one that a report of a shard names.
func build(s Shard) string {
	if s.Whole() {
		return ""
	}
	return "0123456789abcdef"
}

// TestShardsMergeToTheWholeRun: whatever a property's cases are, where its first
// violation is, and how many shards there are, their merged report is the one of the
// run in one piece.
func TestShardsMergeToTheWholeRun(t *testing.T) {
	statuses := map[reports.Status]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := rare(rapid.SampledFrom([]int{3, 30, 3000, 10_000_000}).Draw(t, "multiples of"))
		cases := rapid.IntRange(1, 60).Draw(t, "cases")
		of := rapid.IntRange(1, min(cases, 9)).Draw(t, "shards")
		seed := rapid.Uint64().Draw(t, "seed")
		var parts []Part
		for i := range of {
			shard := test(t, p, Shard{i + 1, of}, cases, seed)
			parts = append(parts, Part{fmt.Sprintf("%d.json", i+1), readBack(t, shard)})
		}
		merged, _, err := Merge(rapid.Permutation(parts).Draw(t, "order"))
		if err != nil {
			t.Fatal(err)
		}
		want := test(t, p, Shard{}, cases, seed)
		statuses[want.Status()]++
		var a, b bytes.Buffer
		if err := errors.Join(JSON(&a, want), JSON(&b, merged)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a.String(), b.String()); diff != "" {
			t.Fatalf("%d cases in %d shards (-whole +merged):\n%s", cases, of, diff)
		}
	})
	for _, s := range []reports.Status{reports.Pass, reports.Fail, reports.Inconclusive} {
		if statuses[s] == 0 {
			t.Errorf("no run was %s: this tested too little", s)
		}
	}
}

// shards are the reports of n shards of a property with the results given.
func shards(results ...Property) []Part {
	var parts []Part
	for i, p := range results {
		s := Shard{i + 1, len(results)}
		p.Info = properties.Info{ID: "S1"}
		p.Part = true
		parts = append(parts, Part{fmt.Sprintf("%d.json", i+1), &Run{
			Build: build(s), Command: "verify run" + s.Flag(), Iterations: 30, Shard: s, Properties: []Property{p}, Elapsed: time.Duration(i),
			Began: time.Date(2026, 1, 10-i, 0, 0, 0, 0, time.UTC),
		}})
	}
	return parts
}

// TestMergeOfWhatEndsAProperty: a process that dies takes with it what it had seen;
// so does a harness that breaks.
func TestMergeOfWhatEndsAProperty(t *testing.T) {
	seen := Property{Result: properties.Result{Cases: 5, Schedules: 50, Replayed: 1, Labels: []properties.Count{{Name: "a", Cases: 5}}}}
	dead := Property{Result: properties.Result{Cases: 3, Schedules: 20, Failures: []properties.Failure{{Checker: isolate.Checker, Rule: "crash", Strategy: properties.ByProcess, Case: 12}}}}
	later := dead
	later.Result.Failures = []properties.Failure{{Checker: isolate.Checker, Rule: "crash", Strategy: properties.ByProcess, Case: 22}}
	broken := Property{Err: errors.New("case 6: broken")}
	interrupted := Property{Interrupted: true, Result: properties.Result{Cases: 2}}
	for name, c := range map[string]struct {
		parts  []Part
		want   properties.Result
		status reports.Status
		beyond int
	}{
		"a crash": {
			shards(seen, dead, later), properties.Result{Cases: 8, Schedules: 70, Failures: dead.Result.Failures}, reports.Fail, 1,
		},
		"a broken harness": {shards(seen, broken, later), properties.Result{}, reports.Broken, 1},
		"an interruption": {
			shards(interrupted, seen), properties.Result{Cases: 7, Schedules: 50, Replayed: 1, Labels: seen.Result.Labels}, reports.Inconclusive, 0,
		},
		"one shard": {shards(seen), seen.Result, reports.Pass, 0},
	} {
		run, beyond, err := Merge(c.parts)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		p := run.Properties[0]
		if diff := cmp.Diff(c.want, p.Result); diff != "" || p.Status() != c.status || len(beyond) != c.beyond {
			t.Errorf("%s: %s, want %s; beyond it %q, want %d (-want +got):\n%s", name, p.Status(), c.status, beyond, c.beyond, diff)
		}
		if want := time.Duration(len(c.parts) - 1); run.Elapsed != want || run.Command != "verify run" || run.Began.Day() != 11-len(c.parts) {
			t.Errorf("%s: took %v, began %v, repeated by %q", name, run.Elapsed, run.Began, run.Command)
		}
	}
}

func TestWhatDoesNotMerge(t *testing.T) {
	change := func(f func(*Run)) []Part {
		parts := shards(Property{}, Property{})
		f(parts[1].Run)
		return parts
	}
	for want, parts := range map[string][]Part{
		"no reports to merge":                                      nil,
		"shards are missing: 2/3":                                  {shards(Property{}, Property{}, Property{})[0], shards(Property{}, Property{}, Property{})[2]},
		"2.json: is of shard 1/2, as is 1.json":                    change(func(r *Run) { r.Shard.Index = 1; r.Command = "verify run --shard 1/2" }),
		"2.json: cannot be true: shard: 3/2, which is no part":     change(func(r *Run) { r.Shard.Index = 3 }),
		"2.json: is the report of a whole run":                     change(func(r *Run) { r.Shard = Shard{} }),
		"run than 1.json: the build is 0123, not 0123456789abcdef": change(func(r *Run) { r.Build = "0123" }),
		"run than 1.json: the version is verify v2, not ":          change(func(r *Run) { r.Tool = "verify v2" }),
		"run than 1.json: the seed is 7, not 0":                    change(func(r *Run) { r.Seed = 7 }),
		"run than 1.json: the iterations is 9, not 30":             change(func(r *Run) { r.Iterations = 9 }),
		"run than 1.json: the time is 1s, not 0s":                  change(func(r *Run) { r.Limit = time.Second }),
		"run than 1.json: the properties is S1 S2, not S1":         change(func(r *Run) { r.Properties = append(r.Properties, Property{Info: properties.Info{ID: "S2"}}) }),
		"the command is verify run --corpus x, not verify run":     change(func(r *Run) { r.Command = "verify run --corpus x --shard 2/2" }),
		"run than 1.json: the budget is {Single:1 ":                change(func(r *Run) { r.Budget.Single = 1 }),
	} {
		_, _, err := Merge(parts)
		var refused *MergeError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error with %q", err, want)
		}
	}
}
