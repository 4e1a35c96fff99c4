package properties_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/properties"
)

// worth is the condition that one worker adds a value, with a generator that draws it and up to
// five smaller ones.
func worth(value int) properties.Condition[shares, int] {
	return properties.Condition[shares, int]{
		Name:  fmt.Sprint("a share of ", value),
		Holds: func(w shares, _ int) bool { return len(w) > 0 && w[0] == value },
		Generator: rapid.Custom(func(t *rapid.T) shares {
			w := shares{value}
			for range rapid.IntRange(0, 5).Draw(t, "others") {
				w = append(w, rapid.IntRange(1, 100).Draw(t, "share"))
			}
			return w
		}),
	}
}

// rare is a property with conditions that its own generator never meets.
func rare(cs []checkers.Checker[shares, int], values ...int) *properties.Property[shares, int] {
	p := property(adder{locked: true}, cs...)
	for _, v := range values {
		p.Sometimes = append(p.Sometimes, worth(v))
	}
	return p
}

// TestConditionsHaveCases: each condition with a generator has one case of sixteen, or of twice as many as there
// are such conditions; the other cases are those of a property without any.
func TestConditionsHaveCases(t *testing.T) {
	many := make([]int, 20)
	for i := range many {
		many[i] = 1000 + i
	}
	for _, c := range []struct {
		values []int
		every  int
	}{{[]int{1000}, 16}, {[]int{1000, 1001, 1002}, 16}, {many, 40}} {
		p, plain := rare(nil, c.values...), property(adder{locked: true})
		r := run(t, p, properties.Spec{Seed: 1, Count: 10 * c.every})
		for _, s := range r.Sometimes[1:] {
			if s.Cases != 10 {
				t.Errorf("%d conditions: %d of %d cases meet %q, want 10", len(c.values), s.Cases, r.Cases, s.Name)
			}
		}
		others := 0
		for i := range r.Cases {
			got, err := p.Case(properties.Spec{Seed: 1}, i)
			if err != nil {
				t.Fatal(err)
			}
			want, err := plain.Case(properties.Spec{Seed: 1}, i)
			if err != nil {
				t.Fatal(err)
			}
			if cmp.Equal(got, want) {
				others++
			}
		}
		if want := r.Cases - 10*len(c.values); others != want {
			t.Errorf("%d conditions: %d of %d cases are the property's own, want %d", len(c.values), others, r.Cases, want)
		}
	}
	withOnly := rare(nil, 1000)
	withOnly.Sometimes[1].Generator = nil
	if r := run(t, withOnly, properties.Spec{Seed: 1, Count: 160}); r.Status() != checkers.Unknown || r.Why() != "never happened: a share of 1000" {
		t.Errorf("without a generator the condition is met: %v, %s", r.Status(), r.Why())
	}
}

// TestPartsDrawTheCasesOfTheWhole: what a part draws does not depend on what the others have met.
func TestPartsDrawTheCasesOfTheWhole(t *testing.T) {
	p := rare([]checkers.Checker[shares, int]{total{}}, 1000, 1001)
	whole := run(t, p, spec(50))
	var parts properties.Result
	for _, part := range [][2]int{{0, 7}, {7, 8}, {15, 1}, {16, 34}} {
		s := spec(part[1])
		s.First = part[0]
		parts.Merge(run(t, p, s))
	}
	whole.Seconds, parts.Seconds = 0, 0
	if d := cmp.Diff(whole, parts); d != "" {
		t.Errorf("the whole (-) and its parts (+) differ:\n%s", d)
	}
}

// few fails for more than two workers of which the first adds 1000.
type few struct{}

func (few) Name() string { return "few" }

func (few) Check(w shares, _ int) checkers.Verdict {
	if len(w) > 2 && w[0] == 1000 {
		return checkers.Failed("too many", "too many workers")
	}
	return checkers.Passed()
}

// TestACaseOfAConditionIsShrunk by its own generator, which has drawn it.
func TestACaseOfAConditionIsShrunk(t *testing.T) {
	p := rare([]checkers.Checker[shares, int]{few{}}, 1000)
	r := run(t, p, spec(160))
	if len(r.Failures) != 1 {
		t.Fatalf("%d failures", len(r.Failures))
	}
	f := r.Failures[0]
	c, err := properties.ParseCounterexample("", []byte(f.Text))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(c.Workload[0].Data); f.Case%16 != 15 || !f.Replayed || f.Cut || got != "1000 1 1\n" {
		t.Errorf("case %d, replayed %v, cut %v, shrunk to %q; want a last of sixteen, and 1000 1 1", f.Case, f.Replayed, f.Cut, got)
	}
	files, size, err := p.ShrinkCase(spec(160), f.Case, 1000, func(fs []txtar.File) bool { w, _ := p.Codec.Parse(fs); return len(w) > 1 })
	if err != nil || size != 2 || string(files[0].Data) != "1000 1\n" {
		t.Errorf("shrunk to size %d: %v, %v", size, files, err)
	}
}

// TestLargeCasesAreRunOnce: of a large case the default schedule is run, and one that is sampled; of others many are.
func TestLargeCasesAreRunOnce(t *testing.T) {
	p := property(adder{locked: true})
	all := run(t, p, properties.Spec{Seed: 1, Count: 20, Budget: properties.Budget{Single: 10, Random: 5, Exhaustive: 5}})
	p.Large = func(shares) bool { return true }
	large := run(t, p, properties.Spec{Seed: 1, Count: 20, Budget: properties.Budget{Single: 10, Random: 5, Exhaustive: 5}})
	if large.Schedules > 2*20 || large.Schedules < 20 || all.Schedules < 3*large.Schedules {
		t.Errorf("%d schedules of 20 large cases, and %d of others", large.Schedules, all.Schedules)
	}
}
