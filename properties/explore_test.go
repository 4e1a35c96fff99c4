package properties_test

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties"
)

// everySchedule is an exploration without bounds of one case.
func everySchedule(t *testing.T, p *properties.Property[shares, int], w shares) properties.ExploreSpec {
	t.Helper()
	files, err := p.Codec.Format(w)
	if err != nil {
		t.Fatal(err)
	}
	return properties.ExploreSpec{
		Cases: [][]txtar.File{files}, Bounds: sched.Bounds{Preemptions: sched.Unbounded}, Outcomes: true,
	}
}

func explored(t *testing.T, p *properties.Property[shares, int], spec properties.ExploreSpec) properties.Exploration {
	t.Helper()
	r, err := p.Explore(t.Context(), spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Seconds = 0
	return r
}

// TestExploredOutcomes: each outcome is counted in as many schedules as have it, the most frequent first, and in parts
// they add up to the same outcomes.
func TestExploredOutcomes(t *testing.T) {
	p := of(adder{})
	p.Checkers, p.Outcome = nil, func(_ shares, sum int) string { return strconv.Itoa(sum) }
	spec := everySchedule(t, p, shares{1, 2, 4})
	whole := explored(t, p, spec)
	check := func(x properties.Exploration) (texts []string) {
		t.Helper()
		sum := x.Outcomes.Others
		for _, c := range x.Outcomes.Counts {
			sum += c.Schedules
			texts = append(texts, c.Text)
		}
		if sum != x.Schedules {
			t.Errorf("outcomes of %d schedules, of %d", sum, x.Schedules)
		}
		if !slices.IsSortedFunc(x.Outcomes.Counts, func(a, b properties.OutcomeCount) int {
			return cmp.Or(cmp.Compare(b.Schedules, a.Schedules), strings.Compare(a.Text, b.Text))
		}) {
			t.Errorf("not in order: %v", x.Outcomes.Counts)
		}
		slices.Sort(texts)
		return texts
	}
	want := []string{"1", "2", "3", "4", "5", "6", "7"}
	if got := check(whole); !slices.Equal(got, want) || whole.Complete != 1 {
		t.Errorf("outcomes %v, want %v, of %+v", got, want, whole)
	}
	for _, parts := range []int{1, 3} {
		var sum properties.Exploration
		for part := range parts {
			spec.Part, spec.Parts = part, parts
			sum.Add(explored(t, p, spec))
		}
		if got := check(sum); !slices.Equal(got, want) {
			t.Errorf("%d parts: outcomes %v, want %v", parts, got, want)
		}
	}
	spec.Part, spec.Parts, spec.Outcomes = 0, 0, false
	if got := explored(t, p, spec); len(got.Outcomes.Counts) > 0 {
		t.Errorf("outcomes that nobody asked for: %v", got.Outcomes)
	}
}

// TestManyOutcomes: outcomes that are too many to be kept apart are counted all the same, and long ones that differ
// at their ends stay apart.
func TestManyOutcomes(t *testing.T) {
	p := of(adder{})
	n := 0
	p.Checkers, p.Outcome = nil, func(shares, int) string {
		n++
		return strings.Repeat("x", 10_000) + strconv.Itoa(n)
	}
	spec := everySchedule(t, p, shares{1, 2, 4, 8, 16})
	spec.Bounds.Schedules = 1500
	got := explored(t, p, spec)
	if len(got.Outcomes.Counts) != 1000 || got.Outcomes.Others != 500 {
		t.Errorf("%d outcomes and %d others, want 1000 and 500", len(got.Outcomes.Counts), got.Outcomes.Others)
	}
	if text := got.Outcomes.Counts[0].Text; len(text) > 500 {
		t.Errorf("an outcome has %d bytes", len(text))
	}
}

// TestExploreUncontrolled: an exploration of what the scheduler does not control covers nothing, counts no schedule, and says so.
func TestExploreUncontrolled(t *testing.T) {
	turn := 0
	for _, c := range []struct {
		name, why string
		system    system
		stress    int // at least
	}{
		{"goroutines of its own", "starts goroutines of its own", goroutines(nil, false), 10},
		{"no step", "took no step on the runtime", func(_ *sched.Runtime, w shares) int {
			sum := 0
			for _, n := range w {
				sum += n
			}
			return sum
		}, 10},
		{"another order each time", "", func(rt *sched.Runtime, w shares) int {
			turn++
			sum := 0
			for _, n := range w {
				for range turn % 3 {
					rt.Yield(schedule.OpLoad, schedule.Object{Class: schedule.ClassUser})
				}
				sum += n
			}
			return sum
		}, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := of(c.system)
			got := explored(t, p, everySchedule(t, p, shares{1, 2}))
			if got.Uncontrolled != 1 || got.Complete != 0 || got.Cases != 1 || got.Schedules != 0 || got.Stress < c.stress ||
				!strings.Contains(got.UncontrolledBy, c.why) || got.UncontrolledBy == "" || got.Failure != nil {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestExploreUncontrolledFailure: what fails without control is found, and told with how often it failed.
func TestExploreUncontrolledFailure(t *testing.T) {
	var runs atomic.Int64
	p := of(goroutines(&runs, true))
	got := explored(t, p, everySchedule(t, p, shares{1, 2}))
	if f := got.Failure; f == nil || f.Strategy != "uncontrolled" || f.Runs == 0 || f.Hits == f.Runs || got.Schedules != 0 {
		t.Errorf("%+v, failure %+v", got, f)
	}
}

// patient is a checker that decides only when it has seen some signs of life meanwhile.
type patient struct{ signs chan struct{} }

func (patient) Name() string { return "patient" }

func (c patient) Check(shares, int) checkers.Verdict {
	for range 3 {
		<-c.signs
	}
	return checkers.Passed()
}

// TestHarnessShowsLife: a harness that computes long shows that it does, in an exploration and in a run.
func TestHarnessShowsLife(t *testing.T) {
	c := patient{make(chan struct{}, 1)}
	p := of(adder{locked: true})
	p.Checkers = []checkers.Checker[shares, int]{c}
	var last properties.Progress
	sign := func(now properties.Progress) {
		last = now
		select {
		case c.signs <- struct{}{}:
		default:
		}
	}
	if _, err := p.Explore(t.Context(), everySchedule(t, p, shares{1}), sign); err != nil {
		t.Fatal(err)
	}
	want := properties.Progress{Property: p.ID, Phase: properties.PhaseExploring, Schedules: last.Schedules, Done: last.Done}
	if diff := gocmp.Diff(want, last); diff != "" {
		t.Error(diff)
	}
	if _, err := p.Run(t.Context(), properties.Spec{Count: 1}, sign); err != nil {
		t.Fatal(err)
	}
}
