package properties

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/executor/sched"
)

// rapidFlags guards rapid's settings, which are process-wide flags: shrinking changes them, and
// drawing reads them.
var rapidFlags sync.RWMutex

// shrunk is the smallest failing case that shrinking found.
type shrunk[W, O any] struct {
	workload   W
	finding    finding[O]
	runs       int       // schedules run meanwhile
	until      time.Time // when what is run to explain it must end; zero is never
	explaining int       // runs to say what it depends on
	cut        bool      // it ended before nothing was smaller
	differs    string    // why it does not fail each time; empty if it does
}

// shrink minimises case c, which failed as f says, workload
// first: rapid, or the property itself, proposes smaller ones, and each counts if a search finds a
// schedule on which the same checker fails. Then the schedule's deviations are
// minimised, for which half of the budget is kept. It is bounded by schedules run, so that it is deterministic, unless a time
// is given until which it must end. With no schedules to spend, the case stays as it is, and so it does if its run did not end.
func (p *engine[W, O]) shrink(ctx context.Context, c drawn[W], f *finding[O], b Budget, until time.Time, alive func()) (shrunk[W, O], error) {
	s := &shrinking[W, O]{
		engine: p, best: shrunk[W, O]{workload: c.workload, finding: *f}, seed: c.seed, budget: b, alive: alive, until: until, seen: map[string]*finding[O]{},
	}
	if b.Shrink <= 0 || f.hung {
		return s.best, nil
	}
	text, err := p.format(c.workload)
	if err != nil {
		return s.best, err
	}
	s.seen[text] = f
	if err := s.workload(ctx, c); err != nil {
		return s.best, err
	}
	err = p.minimiseSchedule(ctx, &s.best, func() bool { return s.spent(ctx, b.Shrink) })
	return s.best, err
}

// minimiseSchedule removes the deviations that the failure does not need.
func (p *engine[W, O]) minimiseSchedule(ctx context.Context, best *shrunk[W, O], over func() bool) error {
	if best.finding.record == nil {
		return nil
	}
	defer p.apart()()
	var broken error
	unavailable := false // in the last run
	run := func(s sched.Strategy) (*sched.Record, bool) {
		a, err := p.run(ctx, best.workload, s)
		if err != nil {
			broken = err
			return nil, false
		}
		if unavailable = a.unavailable != ""; !unavailable {
			best.runs++
		}
		fails := a.failed(best.finding.checker)
		if fails {
			best.finding.attempt = a.detach()
		}
		return a.record, fails
	}
	found := best.finding.attempt
	devs := sched.Minimise(found.deviations(), func(s sched.Strategy) (*sched.Record, bool) {
		if over() {
			return nil, false
		}
		return run(s)
	})
	if broken != nil {
		return broken
	}
	if _, fails := run(sched.Deviate(devs)); !fails && !unavailable && broken == nil {
		best.finding.attempt = found
		best.differs = "the same schedule does not fail each time: the system is not deterministic under control"
	}
	return broken
}

// ShrinkCase shrinks case i by a test of the caller's: see [Testable].
func (p *Property[W, O]) ShrinkCase(spec Spec, i, tries int, fails func([]txtar.File) bool) ([]txtar.File, int, error) {
	p, err := p.complete()
	if err != nil {
		return nil, 0, err
	}
	c := p.draw(spec.Seed, i)
	best := c.workload
	var broken error
	seen := map[string]bool{}
	rapidShrink(c.seed, func() bool { return broken != nil || tries <= 0 }, func(t *rapid.T) {
		w := c.generator.Draw(t, "workload")
		text, err := p.format(w)
		if err != nil {
			broken = err
			return
		}
		failed, known := seen[text]
		if !known {
			tries--
			files, _ := p.Codec.Format(w) // format has just succeeded
			failed = fails(files)
			seen[text] = failed
		}
		if failed {
			best = w
			t.FailNow()
		}
	})
	if broken != nil {
		return nil, 0, broken
	}
	files, err := p.Codec.Format(best)
	size := 0
	if p.Size != nil {
		size = p.Size(best)
	}
	return files, size, err
}

// rapidShrink runs rapid's shrinker on prop, starting from the case that seed
// draws. It returns when rapid can find nothing smaller on which prop fails, or when it is
// over: rapid, which remembers all it has tried, is not left to try what prop would not run.
func rapidShrink(seed uint64, over func() bool, prop func(*rapid.T)) {
	rapidFlags.Lock()
	defer rapidFlags.Unlock()
	checks := 1
	if testing.Short() {
		checks = 5 // of which rapid does a fifth: one
	}
	for name, value := range map[string]string{
		"rapid.seed":       strconv.FormatUint(seed, 10),
		"rapid.checks":     strconv.Itoa(checks),
		"rapid.nofailfile": "true",
		"rapid.shrinktime": "24h", // over is the bound
	} {
		defer setRapid(name, value)()
	}
	done := make(chan struct{})
	go func() { // rapid ends a failed check by FailNow, which ends its goroutine
		defer close(done)
		rapid.Check(&silentTB{}, func(t *rapid.T) {
			if over() {
				runtime.Goexit()
			}
			prop(t)
		})
	}()
	<-done
}

// setRapid changes a setting of rapid, and returns what changes it back: the process
// may be a test that uses rapid for itself.
func setRapid(name, value string) (restore func()) {
	f := flag.Lookup(name)
	if f == nil {
		panic(fmt.Sprintf("properties: rapid has no setting %s", name))
	}
	before := f.Value.String()
	if err := f.Value.Set(value); err != nil {
		panic(fmt.Sprintf("properties: rapid's setting %s cannot be %s: %v", name, value, err))
	}
	return func() { _ = f.Value.Set(before) } // it was valid
}

// silentTB is a rapid.TB of our own: rapid's messages are not for our readers.
type silentTB struct{ failed bool }

func (*silentTB) Helper()                 {}
func (*silentTB) Name() string            { return "property" }
func (*silentTB) Logf(string, ...any)     {}
func (*silentTB) Log(...any)              {}
func (*silentTB) Skipf(string, ...any)    { runtime.Goexit() }
func (*silentTB) Skip(...any)             { runtime.Goexit() }
func (*silentTB) SkipNow()                { runtime.Goexit() }
func (t *silentTB) Errorf(string, ...any) { t.failed = true }
func (t *silentTB) Error(...any)          { t.failed = true }
func (t *silentTB) Fatalf(string, ...any) { t.FailNow() }
func (t *silentTB) Fatal(...any)          { t.FailNow() }
func (t *silentTB) FailNow()              { t.failed = true; runtime.Goexit() }
func (t *silentTB) Fail()                 { t.failed = true }
func (t *silentTB) Failed() bool          { return t.failed }
