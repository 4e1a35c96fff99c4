//go:build !race

package sched

import (
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synchrony/models/schedule"
)

// explored is what an exploration found.
type explored struct {
	Coverage
	outcomes map[string]string // with a schedule for each
	traces   map[uint64]bool   // canonical forms of complete runs
}

// exploreAll runs all schedules of a script, up to a limit.
func exploreAll(t testing.TB, s script, o Options, b Bounds, v view) explored {
	t.Helper()
	x := explored{outcomes: map[string]string{}, traces: map[uint64]bool{}}
	e := NewExplorer(o, b)
	var r Runner
	main, outcome, names := s.main(v)
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

// TestDPORFindsEveryOutcome compares DPOR with all schedules one by one, on random programs: the same
// outcomes, and each trace exactly once.
func TestDPORFindsEveryOutcome(t *testing.T) {
	const programs, limit = 2000, 80
	compared, naive, reduced, ends := 0, 0, 0, map[string]int{}
	for seed := range uint64(programs) {
		s, o := randomCase(seed)
		want := exploreAll(t, s, o, Bounds{Preemptions: math.MaxInt, Schedules: limit}, view{})
		if !want.Complete {
			continue
		}
		got := exploreAll(t, s, o, Bounds{Preemptions: Unbounded}, view{})
		compared++
		naive += want.Schedules
		reduced += got.Schedules
		for k := range want.outcomes {
			end, _, _ := strings.Cut(k, ";")
			end, _, _ = strings.Cut(end, "[")
			ends[strings.TrimSpace(end)]++
		}
		for _, diff := range difference(want, got) {
			t.Errorf("seed %d: %v, %+v: %s; DPOR ran %d of %d", seed, s, o, diff, got.Schedules, want.Schedules)
		}
		if got.Traces != len(want.traces) {
			t.Errorf("seed %d: %v, %+v: %d traces, want %d", seed, s, o, got.Traces, len(want.traces))
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d programs of %d schedules, of which DPOR ran %d; outcomes by end %v", compared, naive, reduced, ends)
	for _, end := range []string{"ended", "deadlock", "leak", "panic"} {
		if ends[end] == 0 {
			t.Errorf("no program had a schedule on which it ends so: %s", end)
		}
	}
}

func randomCase(seed uint64) (script, Options) {
	r := rand.New(rand.NewPCG(seed, 1))
	s := randomScript(r)
	return s, Options{MaxSteps: 400, PatientClock: r.IntN(4) == 0}
}

// difference tells which outcomes only one of two explorations found.
func difference(want, got explored) (list []string) {
	for _, k := range slices.Sorted(maps.Keys(want.outcomes)) {
		if _, ok := got.outcomes[k]; !ok {
			list = append(list, fmt.Sprintf("missed %q, of schedule %s", k, want.outcomes[k]))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got.outcomes)) {
		if _, ok := want.outcomes[k]; !ok {
			list = append(list, fmt.Sprintf("invented %q, of schedule %s", k, got.outcomes[k]))
		}
	}
	return list
}

// TestUndeclaredAccess: if one kind of access is not announced, the comparison shows it: DPOR misses outcomes, for it
// does not know what depends on that access.
func TestUndeclaredAccess(t *testing.T) {
	hidden := script{tasks: [][]action{
		{{verb: load}, {verb: write, value: 1}, {verb: load, object: 1}},
		{{verb: load}, {verb: read}, {verb: load, object: 1}},
	}}
	for _, blind := range []bool{false, true} {
		want := exploreAll(t, hidden, Options{}, Bounds{Preemptions: math.MaxInt}, view{blind: blind})
		got := exploreAll(t, hidden, Options{}, Bounds{Preemptions: Unbounded}, view{blind: blind})
		if diff := difference(want, got); (len(diff) > 0) != blind {
			t.Errorf("the write is announced: %v; differences %v", !blind, diff)
		} else if blind {
			t.Log(diff)
		}
	}
}

// TestSymmetricWorkers: with workers that do the same, one of each set of outcomes that differ in who did what is found, and
// every outcome is found but for who did what.
func TestSymmetricWorkers(t *testing.T) {
	compared, plain, symmetric := 0, 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 4))
		body := randomBody(r, themes[r.IntN(len(themes))], 1+r.IntN(2), 1)
		s := script{tasks: [][]action{{{verb: none}}, body, body, body}[:3+r.IntN(2)]}
		want := exploreAll(t, s, Options{MaxSteps: 400}, Bounds{Preemptions: Unbounded, Schedules: 300}, view{nameless: true})
		if !want.Complete {
			continue
		}
		got := exploreAll(t, s, Options{MaxSteps: 400}, Bounds{Preemptions: Unbounded, Symmetric: true}, view{nameless: true})
		for _, diff := range difference(want, got) {
			t.Errorf("seed %d: %v: %s", seed, s, diff)
		}
		compared++
		plain += want.Schedules
		symmetric += got.Schedules
	}
	t.Logf("%d programs: %d schedules, with symmetry %d", compared, plain, symmetric)
	if symmetric >= plain {
		t.Error("symmetry saved nothing")
	}
}

// TestPreemptionBound counts schedules by their preemptions, and compares with bounded explorations.
func TestPreemptionBound(t *testing.T) {
	for seed := range uint64(150) {
		s, o := randomCase(seed)
		e := NewExplorer(o, Bounds{Preemptions: math.MaxInt, Schedules: 200})
		main, _, _ := s.main(view{})
		var r Runner
		var within [3]int // schedules, by bound
		for strategy, ok := e.Next(); ok; strategy, ok = e.Next() {
			rec := r.Run(strategy, o, main)
			for bound := preemptions(e.nodes); bound < len(within); bound++ {
				within[bound]++
			}
			if err := e.Ran(&rec); err != nil {
				t.Fatal(err)
			}
		}
		if !e.Coverage().Complete {
			continue
		}
		if n := countSchedules(o, main, 200); !s.spins() && n != e.Coverage().Schedules {
			t.Errorf("seed %d: %v: %d schedules, counted otherwise %d", seed, s, e.Coverage().Schedules, n)
		}
		for bound, want := range within {
			got := exploreAll(t, s, o, Bounds{Preemptions: bound}, view{})
			if got.Schedules != want || !got.Complete || got.Preemptions != bound {
				t.Errorf("seed %d: %v: within %d preemptions %+v, want %d schedules", seed, s, bound, got.Coverage, want)
			}
		}
	}
}

// preemptions counts how often somebody else took a turn although the task before could go on.
func preemptions(nodes []node) (n int) {
	for i := 1; i < len(nodes); i++ {
		before := nodes[i-1].step.task
		could := slices.ContainsFunc(nodes[i].enabled, func(c Choice) bool { return c.Task == before && c.Op != schedule.OpSpin })
		if before != Clock && could && nodes[i].step.task != before {
			n++
		}
	}
	return n
}

// choices makes given choices, then the first of each.
type choices struct{ made, among []int }

func (c *choices) Choose(p *Point) int {
	if p.Step == len(c.made) {
		c.made = append(c.made, 0)
	}
	c.among = append(c.among, len(p.Enabled))
	return c.made[p.Step]
}

// countSchedules counts all schedules up to a limit, knowing of nothing but choices.
func countSchedules(o Options, main func(*Runtime), limit int) int {
	var r Runner
	var made []int
	for n := 1; ; n++ {
		c := &choices{made: made}
		r.Run(c, o, main)
		last := len(c.made) - 1
		for last >= 0 && c.made[last]+1 == c.among[last] {
			last--
		}
		if last < 0 || n > limit {
			return n
		}
		made = c.made[:last+1]
		made[last]++
	}
}

// spins reports whether any task can spin: an Explorer leaves turns out that find nothing new.
func (s script) spins() bool {
	return strings.Contains(fmt.Sprint(s.tasks), "spin")
}

// exploreWith runs what is left of an exploration, and adds the outcomes of the runs that count.
func exploreWith(t testing.TB, e *Explorer, s script, limit int, outcomes map[string]bool) {
	t.Helper()
	var r Runner
	main, outcome, _ := s.main(view{})
	for range limit {
		strategy, ok := e.Next()
		if !ok {
			return
		}
		rec := r.Run(strategy, e.Options(), main)
		outcomes[outcome(&rec)] = true
		if err := e.Ran(&rec); err != nil {
			t.Fatal(err)
		}
	}
}

// TestExplorationResumes: to stop after any schedule, to save, and to go on elsewhere changes nothing.
func TestExplorationResumes(t *testing.T) {
	saved := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		s := randomScript(r)
		for _, b := range []Bounds{{Preemptions: Unbounded}, {Preemptions: 1}, {Preemptions: Unbounded, Symmetric: true}} {
			want, got := map[string]bool{}, map[string]bool{}
			whole := NewExplorer(Options{MaxSteps: 400}, b)
			exploreWith(t, whole, s, 500, want)
			if !whole.Coverage().Complete {
				continue
			}
			e := NewExplorer(Options{MaxSteps: 400}, b)
			for !e.Coverage().Complete {
				exploreWith(t, e, s, 1+r.IntN(5), got)
				text, err := e.MarshalText()
				if err != nil {
					t.Fatal(err)
				}
				e = new(Explorer)
				if err := e.UnmarshalText(text); err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				again, err := e.MarshalText()
				if err != nil || string(again) != string(text) {
					t.Fatalf("%v\n%s\nbecame\n%s", err, text, again)
				}
				saved++
			}
			if e.Coverage() != whole.Coverage() || !maps.Equal(got, want) {
				t.Errorf("seed %d, %+v: %+v, want %+v; outcomes %v, want %v", seed, b, e.Coverage(), whole.Coverage(), got, want)
			}
		}
	}
	t.Logf("saved %d times", saved)
}

// TestMalformedFrontier: what no exploration has written is refused for what is wrong with it, though its checksum is right.
func TestMalformedFrontier(t *testing.T) {
	e := NewExplorer(Options{MaxSteps: 99}, Bounds{Preemptions: Unbounded})
	exploreWith(t, e, script{tasks: [][]action{{{verb: store}}, {{verb: load}}}}, 1, map[string]bool{})
	text, err := e.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	good, _, _ := strings.Cut(string(text), "sum ")
	for _, test := range []struct{ old, bad, want string }{
		{"explorer 2", "explorer 1", "another version"},
		{"steps 99", "step 99", "its head"},
		{"steps 99", "steps 0", "not written as one is"},
		{"steps 99", "steps 2", "3 nodes, in runs of at most 2 steps"},
		{"part 0 of 0", "part 2 of 2", "part 2 of 2"},
		{"part 0 of 0", "part 1 of 0", "part 1 of 0"},
		{"ran 1", "ran 2", "2 schedules, of which 1 are traces"},
		{"over false", "over true", "it is over"},
		{"todo -", "todo x", "node 0: "},
		{"todo -", "todo -2", "node 0: a task that cannot be"},
		{"todo -", "todo 0", "or is there twice"},
		{"done -", "done 1:2", "no explored step"},
		{"done -", "done 1:store:user/0:none/0:false:0:64:-", "no set of effects"},
		{"done -", "done 1:storm:user/0:none/0:false:0:0:-", "storm"},
		{"sleep -", "sleep 1:store:user/0:none/0:false:0:0:-", "sleeps, and nothing before says why"},
		{"fans 0", "fans 1", "explored in full"},
		{"full false", "full true", "explored in full"},
		{"pick -1", "pick 0", "has not taken the step before"},
		{"patient false", "patient  false", "not written as one is"},
	} {
		bad := strings.Replace(good, test.old, test.bad, 1)
		if err := new(Explorer).UnmarshalText(seal([]byte(bad))); bad == good || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q in place of %q: %v, want %q\n%s", test.bad, test.old, err, test.want, bad)
		}
	}
	for i := range text { // whatever one character becomes
		if bad := slices.Concat(text[:i], []byte{text[i] ^ 1}, text[i+1:]); new(Explorer).UnmarshalText(bad) == nil {
			t.Errorf("read:\n%s", bad)
		}
		if new(Explorer).UnmarshalText(text[:i]) == nil {
			t.Errorf("read:\n%s", text[:i])
		}
	}
	if _, ok := e.Next(); !ok {
		t.Fatal("nothing left")
	}
	if _, err := e.MarshalText(); err == nil {
		t.Error("saved in the middle of a schedule")
	}
}

// TestSplit: the parts cover what the whole does, and their coverage adds up to the same however many there are.
func TestSplit(t *testing.T) {
	for seed := range uint64(80) {
		s := randomScript(rand.New(rand.NewPCG(seed, 3)))
		want := map[string]bool{}
		e := NewExplorer(Options{MaxSteps: 400}, Bounds{Preemptions: Unbounded})
		exploreWith(t, e, s, 400, want)
		if !e.Coverage().Complete {
			continue
		}
		var one Coverage
		for _, n := range []int{1, 2, 5} {
			var sum Coverage
			got := map[string]bool{}
			for _, part := range NewExplorer(e.Options(), Bounds{Preemptions: Unbounded}).Split(n) {
				exploreWith(t, part, s, 5000, got)
				sum = sum.Add(part.Coverage())
			}
			if n == 1 {
				one = sum
			}
			sum.parts, one.parts = 0, 0
			if sum != one || sum.Traces != e.Coverage().Traces || !maps.Equal(got, want) {
				t.Errorf("seed %d: %d parts covered %+v, one %+v, the whole %+v; outcomes %v, want %v", seed, n, sum, one, e.Coverage(), got, want)
			}
		}
	}
}

// TestNondeterminismIsTold: a program that keeps something from run to run is found out.
func TestNondeterminismIsTold(t *testing.T) {
	runs := 0
	main := func(rt *Runtime) {
		runs++
		var v Int64
		rt.Go("worker", 1, func() { v.Store(rt, 1) })
		if runs > 1 {
			rt.Go("worker", 2, func() { v.Store(rt, 2) })
		}
		v.Load(rt)
	}
	e := NewExplorer(Options{}, Bounds{Preemptions: Unbounded})
	var err error
	for s, ok := e.Next(); ok && err == nil; s, ok = e.Next() {
		rec := Run(s, Options{}, main)
		err = e.Ran(&rec)
	}
	var told *NondeterminismError
	if !errors.As(err, &told) || !strings.Contains(err.Error(), "not deterministic: at step ") || e.Coverage().Complete {
		t.Errorf("after %d runs: %v, %+v", runs, err, e.Coverage())
	}
	if err := NewExplorer(Options{}, Bounds{}).Ran(new(Record)); err == nil {
		t.Error("a run that nobody asked for was taken")
	}
}
