package properties_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties"
)

// The system of these tests is a counter to which workers add. The workload is
// how much each adds.
type shares []int

type adder struct {
	locked bool
	detour bool // takes a step more
}

func (adder) Name() string { return "adder" }

func (a adder) Run(_ context.Context, rt *sched.Runtime, w shares) (int, error) {
	object := schedule.Object{Class: schedule.ClassUser}
	var (
		mu    sched.Mutex
		group sched.WaitGroup
		sum   atomic.Int64 // so that the race detector has nothing to say: the bug is a lost update
	)
	group.Add(rt, len(w))
	for i, n := range w {
		rt.Go("worker", i, func() {
			defer group.Done(rt)
			if a.locked {
				mu.Lock(rt)
				defer mu.Unlock(rt)
			}
			if a.detour {
				rt.Yield(schedule.OpLoad, object)
			}
			rt.Yield(schedule.OpLoad, object)
			v := sum.Load()
			rt.Yield(schedule.OpStore, object)
			sum.Store(v + int64(n))
		})
	}
	group.Wait(rt)
	return int(sum.Load()), nil
}

type total struct{}

func (total) Name() string { return "total" }

func (total) Check(w shares, sum int) checkers.Verdict {
	want := 0
	for _, n := range w {
		want += n
	}
	if sum == want {
		return checkers.Passed()
	}
	return checkers.Failed("lost update", fmt.Sprintf("the shares add up to %d, and the counter is %d", want, sum))
}

type undecided struct{}

func (undecided) Name() string                       { return "undecided" }
func (undecided) Check(shares, int) checkers.Verdict { return checkers.Undecided("nobody knows") }

func property(s adder, cs ...checkers.Checker[shares, int]) *properties.Property[shares, int] {
	return &properties.Property[shares, int]{
		ID: "A1", Group: "test", Statement: "no addition is lost", System: s,
		Generator: rapid.Custom(func(t *rapid.T) shares {
			n := rapid.IntRange(0, 5).Draw(t, "workers")
			w := make(shares, n)
			for i := range w {
				w[i] = rapid.IntRange(1, 100).Draw(t, "share")
			}
			return w
		}),
		Checkers: cs,
		Codec: properties.Codec[shares]{
			Format: func(w shares) ([]txtar.File, error) {
				return []txtar.File{{Name: "shares", Data: []byte(strings.Trim(fmt.Sprint([]int(w)), "[]") + "\n")}}, nil
			},
			Parse: func(fs []txtar.File) (shares, error) {
				var w shares
				for word := range strings.FieldsSeq(string(fs[0].Data)) {
					n, err := strconv.Atoi(word)
					if err != nil {
						return nil, err
					}
					w = append(w, n)
				}
				return w, nil
			},
		},
		Sometimes: []properties.Condition[shares, int]{{Name: "two workers", Holds: func(w shares, _ int) bool { return len(w) > 1 }}},
		Classify:  func(w shares, _ int) []string { return []string{fmt.Sprintf("workers: %d", len(w))} },
		Size:      func(w shares) int { return len(w) },
		Real:      func(shares) bool { return false },
	}
}

func spec(n int) properties.Spec {
	return properties.Spec{Seed: 1, Count: n, Budget: properties.DefaultBudget}
}

func run(t *testing.T, p properties.Testable, s properties.Spec) properties.Result {
	t.Helper()
	r, err := p.Run(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, s := range r.Strategies {
		sum += s.Schedules
	}
	if sum != r.Schedules {
		t.Errorf("the strategies' schedules add up to %d, not to %d: %+v", sum, r.Schedules, r.Strategies)
	}
	return r
}

func TestPasses(t *testing.T) {
	r := run(t, property(adder{locked: true}, total{}), spec(50))
	if r.Status() != checkers.Pass || r.Cases != 50 {
		t.Fatalf("got %v after %d cases: %+v", r.Status(), r.Cases, r.Failures)
	}
	if r.Schedules < 10*r.Cases {
		t.Errorf("only %d schedules for %d cases", r.Schedules, r.Cases)
	}
	labelled := 0
	for _, l := range r.Labels {
		labelled += l.Cases
	}
	if labelled != r.Cases {
		t.Errorf("%d cases are labelled, of %d", labelled, r.Cases)
	}
}

// TestInconclusive: what was not tested, or not decided, has not passed.
func TestInconclusive(t *testing.T) {
	for _, c := range []struct {
		name string
		p    properties.Testable
		n    int
		why  string
	}{
		{"no case", property(adder{locked: true}, total{}), 0, "no case was run"},
		{"a condition never met", func() properties.Testable {
			p := property(adder{locked: true}, total{})
			p.Sometimes[0].Holds = func(shares, int) bool { return false }
			return p
		}(), 20, "never happened: two workers"},
		{"an undecided checker", property(adder{locked: true}, total{}, undecided{}), 20, "nobody knows"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(t, c.p, spec(c.n))
			if r.Status() != checkers.Unknown || !strings.Contains(r.Why(), c.why) {
				t.Errorf("got %v because %q, want unknown because %q", r.Status(), r.Why(), c.why)
			}
		})
	}
}

// staring is a system of which a task looks at a flag again and again: turns times, or for ever.
type staring struct{ turns int }

func (staring) Name() string { return "staring" }

func (s staring) Run(_ context.Context, rt *sched.Runtime, _ shares) (int, error) {
	for i := 0; i != s.turns; i++ {
		rt.Yield(schedule.OpLoad, schedule.Object{Class: schedule.ClassUser})
	}
	return 0, nil
}

// TestLongRuns: a run of too many steps is undecided if it ends, and a livelock if not.
func TestLongRuns(t *testing.T) {
	p := property(adder{}, total{})
	p.System = staring{turns: 300_000}
	r := run(t, p, spec(2))
	if r.Status() != checkers.Unknown || !strings.Contains(r.Why(), "does within") {
		t.Errorf("got %v because %q", r.Status(), r.Why())
	}
	p.System = staring{turns: -1}
	r = run(t, p, spec(2))
	if r.Status() != checkers.Fail || r.Failures[0].Rule != "livelock" {
		t.Fatalf("got %v because %q", r.Status(), r.Why())
	}
	if text := r.Failures[0].Text; !strings.Contains(text, "… 199900 steps …") || !strings.Contains(text, "main goes on at properties_test.go:") {
		t.Errorf("it does not say who goes on where:\n%s", text)
	}
}

// TestLostUpdate follows a failure all the way: found, shrunk to two workers
// and one deviation, saved, read, and replayed.
func TestLostUpdate(t *testing.T) {
	s := spec(100)
	s.Corpus = t.TempDir()
	p := property(adder{}, total{})
	r := run(t, p, s)
	if r.Status() != checkers.Fail || len(r.Failures) != 1 {
		t.Fatalf("got %v with %d failures", r.Status(), len(r.Failures))
	}
	f := r.Failures[0]
	if f.Checker != "total" || f.Rule != "lost update" || f.Size != 2 || f.Deviations != 1 || !f.Replayed {
		t.Errorf("not as small as it should be: %+v\n%s", f, f.Text)
	}
	if !strings.Contains(f.Text, "-- shares --\n1 1\n") {
		t.Errorf("the shares are not minimal:\n%s", f.Text)
	}
	c, err := properties.LoadCounterexample(f.File)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		rep, err := p.Replay(t.Context(), c)
		if err != nil || !rep.Reproduced {
			t.Fatalf("not reproduced: %+v, %v", rep, err)
		}
	}

	t.Run("the corpus is replayed first", func(t *testing.T) {
		s.Count = 0
		r := run(t, p, s)
		if r.Replayed != 1 || len(r.Failures) != 1 || r.Failures[0].Case != -1 {
			t.Errorf("got %+v", r)
		}
	})
	t.Run("a mended system passes, and its schedule is stale", func(t *testing.T) {
		fixed := property(adder{locked: true}, total{})
		rep, err := fixed.Replay(t.Context(), c)
		if err != nil || rep.Stale == "" || rep.Reproduced || rep.Refreshed != nil || rep.Runs < 10 || rep.Verdict.Status != checkers.Pass {
			t.Errorf("got %+v, %v, want a stale schedule, and a search without a finding", rep, err)
		}
		r := run(t, fixed, spec(10))
		if r.Status() != checkers.Pass {
			t.Errorf("got %v", r.Status())
		}
		s.Count = 10
		if r = run(t, fixed, s); len(r.Stale) != 1 || r.Stale[0].Schedules < 10 || r.Status() != checkers.Pass {
			t.Errorf("got %+v", r)
		}
	})
	t.Run("a system that was changed and is as wrong as before fails, and its file is refreshed", func(t *testing.T) {
		moved := property(adder{detour: true}, total{})
		r := run(t, moved, s)
		if len(r.Failures) != 1 || r.Failures[0].Case != -1 || !r.Failures[0].Refreshed || len(r.Stale) != 0 {
			t.Fatalf("got %+v", r)
		}
		c, err := properties.LoadCounterexample(f.File)
		if err != nil {
			t.Fatal(err)
		}
		if rep, err := moved.Replay(t.Context(), c); err != nil || rep.Stale != "" || !rep.Reproduced {
			t.Errorf("the refreshed file: %+v, %v", rep, err)
		}
	})
}

// TestSameSeed: the same seed gives the same result, but for times; another
// seed gives other cases.
func TestSameSeed(t *testing.T) {
	result := func(seed uint64, system adder) properties.Result {
		s := spec(60)
		s.Seed = seed
		r := run(t, property(system, total{}), s)
		r.Seconds = 0
		for i := range r.Failures {
			r.Failures[i].Found, r.Failures[i].Shrunk = 0, 0
		}
		return r
	}
	for _, system := range []adder{{}, {locked: true}} {
		if d := cmp.Diff(result(7, system), result(7, system)); d != "" {
			t.Errorf("two runs of one seed differ:\n%s", d)
		}
	}
	if cmp.Equal(result(7, adder{locked: true}).Labels, result(8, adder{locked: true}).Labels) {
		t.Error("two seeds give the same cases")
	}
}

// TestParts: a run in parts adds up to the whole.
func TestParts(t *testing.T) {
	p := property(adder{locked: true}, total{})
	whole := run(t, p, spec(30))
	var sum properties.Result
	for first := 0; first < 30; first += 10 {
		s := spec(10)
		s.First = first
		sum.Merge(run(t, p, s))
	}
	whole.Seconds, sum.Seconds = 0, 0
	if d := cmp.Diff(whole, sum); d != "" {
		t.Errorf("three parts differ from the whole:\n%s", d)
	}
}

// TestTimeEndsShrinking: what was found is kept, as small as it got.
func TestTimeEndsShrinking(t *testing.T) {
	s := spec(100)
	s.ShrinkTime = time.Nanosecond
	r := run(t, property(adder{}, total{}), s)
	if len(r.Failures) != 1 || !r.Failures[0].Cut || !r.Failures[0].Replayed {
		t.Fatalf("got %+v", r.Failures)
	}
	s.ShrinkTime = 0
	whole := run(t, property(adder{}, total{}), s)
	if len(whole.Failures) != 1 || whole.Failures[0].Cut || whole.Failures[0].Case != r.Failures[0].Case {
		t.Errorf("without a limit: %+v", whole.Failures)
	}
}

// TestTimeEndsTesting: before the deadline, so that there is time for shrinking.
func TestTimeEndsTesting(t *testing.T) {
	for _, c := range []struct {
		name              string
		deadline, reserve time.Duration // from now
		cases             int
	}{
		{"the time is over", -time.Hour, 0, 0},
		{"what is left is reserved", time.Hour, 2 * time.Hour, 0},
		{"there is time", time.Hour, time.Minute, 20},
	} {
		s := spec(20)
		s.Deadline, s.Reserve = time.Now().Add(c.deadline), c.reserve
		if r := run(t, property(adder{locked: true}, total{}), s); r.Cases != c.cases {
			t.Errorf("%s: %d cases, want %d", c.name, r.Cases, c.cases)
		}
	}
}

func TestShrinkUntil(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	in := func(s int) time.Time { return now.Add(time.Duration(s) * time.Second) }
	for _, c := range []struct {
		spec properties.Spec
		want time.Time
	}{
		{properties.Spec{}, time.Time{}},
		{properties.Spec{Deadline: in(9)}, in(9)},
		{properties.Spec{ShrinkTime: 5 * time.Second}, in(5)},
		{properties.Spec{ShrinkTime: 5 * time.Second, Deadline: in(9)}, in(5)},
		{properties.Spec{ShrinkTime: 5 * time.Second, Deadline: in(3)}, in(3)},
	} {
		if got := c.spec.ShrinkUntil(now); !got.Equal(c.want) {
			t.Errorf("%+v: %v, want %v", c.spec, got, c.want)
		}
	}
}

func TestCounterexampleRefused(t *testing.T) {
	s := spec(100)
	s.Corpus = t.TempDir()
	good := run(t, property(adder{}, total{}), s).Failures[0].Text
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "first line"},
		{"something else", "hello\n", "first line"},
		{"another version", strings.Replace(good, "verify counterexample 1", "verify counterexample 99", 1), "version"},
		{"cut in the verdict", good[:strings.Index(good, "-- shares")], "cut short"},
		{"cut before the verdict", good[:strings.Index(good, "-- verdict")], "cut short"},
		{"a cause of no rule", strings.Replace(good, "\nreason", "\nbecause of that\nreason", 1), "no cause"},
		{"a broken schedule", strings.Replace(good, "-- schedule --\n", "-- schedule --\nx", 1), "schedule"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "case.txtar")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := properties.LoadCounterexample(path)
			var format *properties.FormatError
			if !errors.As(err, &format) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want a FormatError about %q in %s", err, c.want, path)
			}
		})
	}
}

// TestSaveFails: a counterexample that cannot be saved is not lost.
func TestSaveFails(t *testing.T) {
	s := spec(100)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.Corpus = filepath.Join(file, "folder")
	if err := properties.CheckFolder(s.Corpus); err == nil {
		t.Error("a folder inside a file is taken for writable")
	}
	_, err := property(adder{}, total{}).Run(t.Context(), s, nil)
	var save *properties.SaveError
	if !errors.As(err, &save) || !strings.Contains(save.Text, "-- shares --") {
		t.Errorf("got %v, want a SaveError with the counterexample", err)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	r, err := property(adder{locked: true}, total{}).Run(ctx, spec(1000), func(p properties.Progress) {
		if n++; p.Case == 5 {
			cancel()
		}
	})
	if err != nil || r.Cases != 6 {
		t.Errorf("got %d cases and %v, want the 6 that were run", r.Cases, err)
	}
}

// obedient is a system that does nothing once it is told to stop.
type obedient struct{ adder }

func (o obedient) Run(ctx context.Context, rt *sched.Runtime, w shares) (int, error) {
	if ctx.Err() != nil {
		return -1, nil
	}
	return o.adder.Run(ctx, rt, w)
}

// TestInterruptionIsNoViolation: what a system does because the run was interrupted is
// not held against it.
func TestInterruptionIsNoViolation(t *testing.T) {
	p := property(adder{}, total{})
	p.System = obedient{adder{locked: true}}
	p.Real = func(shares) bool { return true }
	ctx, cancel := context.WithCancel(t.Context())
	r, err := p.Run(ctx, spec(1000), func(p properties.Progress) {
		if p.Case == 5 {
			cancel()
		}
	})
	if err != nil || r.Cases != 6 || len(r.Failures) > 0 {
		t.Errorf("%d cases, %+v, %v", r.Cases, r.Failures, err)
	}
}

func TestSelect(t *testing.T) {
	locked := property(adder{locked: true}, total{})
	broken := property(adder{}, total{})
	broken.ID, broken.Group = "B1", properties.BrokenGroup
	reg, err := properties.NewRegistry(locked, broken)
	if err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]int{"": 1, "a1": 1, "broken": 1, "A1 B1": 2} {
		got, err := reg.Select(strings.Fields(words)...)
		if err != nil || len(got) != want {
			t.Errorf("%q selects %d (%v), want %d", words, len(got), err, want)
		}
	}
	var unknown *properties.UnknownPropertyError
	if _, err := reg.Select("A1", "A9"); !errors.As(err, &unknown) || unknown.Word != "A9" {
		t.Errorf("got %v", err)
	}
	if _, err := properties.NewRegistry(locked, locked); err == nil {
		t.Error("two properties of one ID are accepted")
	}
}
