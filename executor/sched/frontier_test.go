//go:build !race

package sched

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"strings"
	"testing"

	"synchrony/models/schedule"
)

// picking is a program with what a frontier tells of: picks, steps on several objects, locks, tasks that are alike, a step that
// waits for a condition. It ends under every strategy. What it came to is added to end.
func picking(end map[string]bool) func(*Runtime) {
	return func(rt *Runtime) {
		var mu Mutex
		var wg WaitGroup
		var log []string
		x, y := schedule.Object{Class: schedule.ClassUser, Index: 1}, schedule.Object{Class: schedule.ClassUser, Index: 2}
		ready := false
		wg.Add(rt, 3)
		for i := range 2 {
			rt.Go("worker", i, func() {
				mu.Lock(rt)
				log = append(log, "abc"[rt.Pick(3):][:1])
				mu.Unlock(rt)
				rt.Step(schedule.OpStore, x, y)
				wg.Done(rt)
			})
		}
		rt.Go("waiter", 0, func() {
			rt.Until(func() bool { return ready }, schedule.OpLoad, y)
			log = append(log, "w")
			wg.Done(rt)
		})
		rt.Yield(schedule.OpStore, y)
		ready = true
		wg.Wait(rt)
		end[strings.Join(log, "")] = true
	}
}

// frontierPrograms are those that frontiers are of. What they showed is added to end.
func frontierPrograms(end map[string]bool) []func(*Runtime) {
	main, _, _ := script{tasks: [][]action{{{verb: store}, {verb: load}}, {{verb: load}, {verb: store, object: 1}}, {{verb: add}}}}.main(view{})
	return []func(*Runtime){picking(end), main}
}

// frontierBounds are those of explorations that are saved.
var frontierBounds = []Bounds{{Preemptions: Unbounded}, {Preemptions: 1}, {Preemptions: Unbounded, Symmetric: true}}

// goOn runs up to so many schedules.
func goOn(e *Explorer, limit int, main func(*Runtime)) error {
	var r Runner
	for range limit {
		s, ok := e.Next()
		if !ok {
			return nil
		}
		rec := r.Run(s, e.Options(), main)
		if err := e.Ran(&rec); err != nil {
			return err
		}
	}
	return nil
}

// TestPicksResume: an exploration of all kinds of steps, whole or in parts, comes to the same if it is saved and gone on with after every few
// schedules.
func TestPicksResume(t *testing.T) {
	for _, b := range frontierBounds {
		for _, parts := range []int{0, 3} {
			want, got := map[string]bool{}, map[string]bool{}
			var whole, pieces Coverage
			for part := range max(parts, 1) {
				fresh := func() *Explorer {
					e := NewHostedExplorer(Options{MaxSteps: 400}, b)
					if parts > 0 {
						e = e.Split(parts)[part]
					}
					return e
				}
				e := fresh()
				if err := goOn(e, math.MaxInt, picking(want)); err != nil {
					t.Fatal(err)
				}
				whole = whole.Add(e.Coverage())
				e = fresh()
				for !e.Coverage().Complete {
					if err := goOn(e, 7, picking(got)); err != nil {
						t.Fatal(err)
					}
					e = resumed(t, e, fresh())
				}
				pieces = pieces.Add(e.Coverage())
			}
			t.Logf("%+v, %d parts: %+v, %d ends", b, parts, whole, len(want))
			if pieces != whole || !maps.Equal(want, got) {
				t.Errorf("%+v, %d parts: in pieces %+v and %d ends, whole %+v and %d ends", b, parts, pieces, len(got), whole, len(want))
			}
		}
	}
}

// resumed makes fresh go on from where e stands.
func resumed(t testing.TB, e, fresh *Explorer) *Explorer {
	t.Helper()
	text, err := e.MarshalText()
	if err == nil {
		err = fresh.Resume(text)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	again, err := fresh.MarshalText()
	if err != nil || !bytes.Equal(again, text) {
		t.Fatalf("%v\n%s\nbecame\n%s", err, text, again)
	}
	return fresh
}

// TestResumeOther: what was saved under other options or bounds is not gone on with.
func TestResumeOther(t *testing.T) {
	o, b := Options{MaxSteps: 400}, Bounds{Preemptions: Unbounded, Schedules: 9}
	e := NewExplorer(o, b)
	text, err := e.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]*Explorer{
		"steps":    NewExplorer(Options{MaxSteps: 399}, b),
		"clock":    NewExplorer(Options{MaxSteps: 400, PatientClock: true}, b),
		"hosted":   NewHostedExplorer(o, b),
		"bounds":   NewExplorer(o, Bounds{Preemptions: 1, Schedules: 9}),
		"symmetry": NewExplorer(o, Bounds{Preemptions: Unbounded, Schedules: 9, Symmetric: true}),
		"part":     e.Split(2)[1],
	} {
		if other.Resume(text) == nil {
			t.Errorf("%s: it was gone on with", name)
		}
	}
	if err := e.Resume(text); err != nil {
		t.Error(err)
	}
}

// TestShorterRun: a program that ends where it went on before is told not to be deterministic.
func TestShorterRun(t *testing.T) {
	e := NewExplorer(Options{}, Bounds{Preemptions: Unbounded})
	runs := 0
	err := goOn(e, 10, func(rt *Runtime) {
		if runs++; runs == 2 {
			return
		}
		picking(map[string]bool{})(rt)
	})
	var strayed *NondeterminismError
	if !errors.As(err, &strayed) {
		t.Errorf("%v, want a *NondeterminismError", err)
	}
}

// FuzzFrontier: whatever a state holds, and even if its checksum is right, it is refused in one line, or is one that is written as it was
// read, and can be gone on with: the worst is that the program turns out to be another.
func FuzzFrontier(f *testing.F) {
	for p, main := range frontierPrograms(map[string]bool{}) {
		for _, b := range frontierBounds {
			for _, e := range append(NewExplorer(Options{MaxSteps: 400}, b).Split(3), NewHostedExplorer(Options{MaxSteps: 400}, b)) {
				for _, n := range []int{0, 1, 4, 30} {
					if err := goOn(e, n, main); err != nil {
						f.Fatal(err)
					}
					text, err := e.MarshalText()
					if err != nil {
						f.Fatal(err)
					}
					f.Add(uint8(p), text)
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, program uint8, text []byte) {
		body := text[:bytes.LastIndexByte(bytes.TrimSuffix(text, []byte("\n")), '\n')+1]
		for _, text := range [][]byte{text, seal(bytes.Clone(body))} {
			e := new(Explorer)
			if err := e.UnmarshalText(text); err != nil {
				if strings.Contains(err.Error(), "\n") {
					t.Fatalf("the error is %q", err)
				}
				continue
			}
			again, err := e.MarshalText()
			if err != nil || !bytes.Equal(again, text) {
				t.Fatalf("%v\n%s\nbecame\n%s", err, text, again)
			}
			if e.max > 400 { // the programs end long before
				continue
			}
			programs := frontierPrograms(map[string]bool{})
			err = goOn(e, 20, programs[int(program)%len(programs)])
			var strayed *NondeterminismError
			if err != nil && !errors.As(err, &strayed) {
				t.Fatal(err)
			}
			if d := e.Coverage().Done; !(d >= 0 && d <= 1+1e-6) {
				t.Fatalf("%v is done", d)
			}
		}
	})
}
