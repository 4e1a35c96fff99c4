package sched

import (
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// explored is what an exploration found.
type explored struct {
	Coverage
	outcomes map[string]string // with a schedule for each
	traces   map[uint64]bool   // canonical forms of complete runs
}

// exploreAll runs all schedules of a script, up to a limit.
func exploreAll(t testing.TB, s script, o Options, b Bounds, blind bool) explored {
	t.Helper()
	x := explored{outcomes: map[string]string{}, traces: map[uint64]bool{}}
	e := NewExplorer(o, b)
	var r Runner
	main, outcome, names := s.main(blind)
	for strategy, ok := e.Next(); ok; strategy, ok = e.Next() {
		rec := r.Run(strategy, o, main)
		got := outcome(&rec)
		if _, ok := x.outcomes[got]; !ok {
			x.outcomes[got] = rec.Schedule.String()
		}
		e.complete(&rec)
		form := canonical(e, names())
		redundant := e.walk.blocked
		if err := e.Ran(&rec); err != nil {
			t.Fatalf("%v\n%v", err, s)
		}
		if !redundant && x.traces[form] && b.Preemptions < 0 {
			t.Fatalf("a trace was explored twice\n%v\n%v", s, rec.Steps)
		}
		x.traces[form] = true
	}
	x.Coverage = e.Coverage()
	return x
}

// canonical is the same for two runs if and only if they are one trace (but for collisions of hashes): for each step, named by its
// task and number there, which steps it depends on. It must be called before Ran.
func canonical(e *Explorer, titles map[int32]string) uint64 {
	sum := uint64(0)
	taken := map[int32]uint64{}
	names := make([]uint64, len(e.nodes))
	for i := range e.nodes {
		s := &e.nodes[i].step
		h := fnv.New64a()
		h.Write([]byte(titles[s.task]))
		taken[s.task]++
		names[i] = mix(h.Sum64() + taken[s.task])
		line := names[i] + uint64(s.op)<<8 + uint64(s.tail)
		for j := range i {
			p := &e.nodes[j].step
			if p.task == s.task || int(s.cause) == j || e.between(&p.footprint, &s.footprint) {
				line += mix(names[j])
			}
		}
		sum += mix(line)
	}
	return sum
}

// TestDPORFindsEveryOutcome compares DPOR with all schedules one by one, on random programs.
func TestDPORFindsEveryOutcome(t *testing.T) {
	const programs, limit = 800, 120
	compared, naive, reduced, kinds := 0, 0, 0, map[string]int{}
	for seed := range uint64(programs) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := randomScript(r)
		o := Options{MaxSteps: 400, PatientClock: r.IntN(4) == 0}
		want := exploreAll(t, s, o, Bounds{Preemptions: math.MaxInt, Schedules: limit}, false)
		if !want.Complete {
			continue
		}
		got := exploreAll(t, s, o, Bounds{Preemptions: Unbounded}, false)
		compared++
		naive += want.Schedules
		reduced += got.Schedules
		for k := range want.outcomes {
			kind, _, _ := strings.Cut(k, ";")
			kind, _, _ = strings.Cut(kind, "[")
			kinds[kind]++
			if _, ok := got.outcomes[k]; !ok {
				t.Errorf("seed %d: %v, %+v: DPOR missed %q, of schedule %s; it ran %d of %d", seed, s, o, k, want.outcomes[k], got.Schedules, want.Schedules)
			}
		}
		for k := range got.outcomes {
			if _, ok := want.outcomes[k]; !ok {
				t.Errorf("seed %d: %v, %+v: DPOR invented %q, of schedule %s", seed, s, o, k, got.outcomes[k])
			}
		}
		if got.Traces != len(want.traces) {
			t.Errorf("seed %d: %v, %+v: %d traces, want %d", seed, s, o, got.Traces, len(want.traces))
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d programs, %d schedules, of which DPOR ran %d; ends %v", compared, naive, reduced, slices.Sorted(maps.Keys(kinds)))
	t.Log(kinds)
}
