package programs

import (
	"testing"

	"pgregory.net/rapid"

	"synchrony/generators/internal/rapidtest"
	"synchrony/models/program"
)

// programs draws n workloads, the same ones every time.
func programs(n int, o Options) []program.Workload {
	g := Programs(o)
	ws := make([]program.Workload, n)
	for seed := range ws {
		ws[seed] = g.Example(seed).Workload
	}
	return ws
}

var programProfiles = []struct {
	name    string
	options Options
}{
	{"zero", Options{}},
	{"any", AnyProgram()},
	{"straight", StraightLine()},
	{"branching", Branching()},
	{"looping", Looping()},
	{"functions", Functions()},
	{"collections", Collections()},
	{"printing", Printing()},
	{"erring", Erring()},
	{"shared", SharedState()},
	{"forking", Forking()},
	{"barriers", Barriers()},
	{"mapping", Mapping()},
	{"chains", DeepChains()},
	{"wide", Wide()},
	{"faulty", Faulty()},
	{"timed", Timed()},
	{"long", longPrograms()},
	{"one of each", Options{MaxWorkers: 1, MaxForkWorkers: 1, Forks: 9, Shared: 9, Barriers: 9, Variables: Single}},
}

func longPrograms() Options {
	o := AnyProgram()
	o.MaxStatements, o.MaxForkWorkers = 300, 16
	return o
}

// Every program is valid, ends within the limits, and succeeds unless it is meant not to.
func TestProgramsAreValidAndEnd(t *testing.T) {
	for _, p := range programProfiles {
		t.Run(p.name, func(t *testing.T) {
			for seed, w := range programs(300, p.options) {
				o := p.options
				outcome, err := program.Run(w.Program, program.Limits{Steps: 20_000})
				if err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, w.Format())
				}
				meant := o.Errors+o.Unmatched+o.JoinLimit > 0
				if e := outcome.Err; e != nil && (!meant || e.Kind.Limit()) {
					t.Fatalf("seed %d: %v\n%s", seed, e, w.Format())
				}
			}
		})
	}
}

func TestProgramsRoundTrip(t *testing.T) {
	for _, p := range programProfiles {
		for seed, w := range programs(50, p.options) {
			text := w.Format()
			again, err := program.ParseWorkload("case", []byte(text))
			if err != nil {
				t.Fatalf("%s, seed %d: %v\n%s", p.name, seed, err, text)
			}
			if !again.Program.Equal(w.Program) || again.Format() != text {
				t.Fatalf("%s, seed %d: printed and parsed it is\n%s\nbut was\n%s", p.name, seed, again.Format(), text)
			}
		}
	}
}

func TestProgramsAreDeterministic(t *testing.T) {
	a, b := programs(50, AnyProgram()), programs(50, AnyProgram())
	for i := range a {
		if a[i].Format() != b[i].Format() {
			t.Fatalf("seed %d gives two workloads", i)
		}
	}
}

// Options bound what is drawn, and what they do not ask for is not there.
func TestProgramOptionsBoundWhatIsDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{MaxStatements: 5, MaxWorkers: 2, MaxForkWorkers: 2, MaxSteps: 50, Forks: 20, Loops: 20, Calls: 10, Maps: 10}
		w, l := Program(t, o)
		outcome, err := program.Run(w.Program, program.Limits{Steps: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if w.Setup.Workers > 2 || outcome.Err != nil || outcome.Steps > 400 {
			t.Fatalf("%d workers, %d steps, %v", w.Setup.Workers, outcome.Steps, outcome.Err)
		}
		for _, in := range w.Program.Main().Code {
			if in.Op == program.ForkExecution && in.A > 2 {
				t.Fatalf("a fork of %d workers", in.A)
			}
		}
		for _, label := range []string{"code: print", "shared: plain", "shared: atomic", "parallel: barrier", "time: work", "fault: fail", "mode: auto"} {
			if l.Has(label) {
				t.Fatalf("%s was not asked for", label)
			}
		}
	})
}

// A program that is called race-free has one outcome, and many that are called racy have several.
func TestRaceLabelsAgreeWithTheSpecification(t *testing.T) {
	racy, several := 0, 0
	for seed, w := range programs(700, SharedState()) {
		l := Classify(w)
		if !l.Has("shared: racy") && !l.Has("shared: race-free") {
			continue
		}
		outcomes, _, err := program.Outcomes(w.Program, w.Setup.Limits, 300)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case l.Has("shared: racy"):
			racy++
			if len(outcomes) > 1 {
				several++
			}
		case len(outcomes) > 1:
			t.Fatalf("seed %d is called race-free, but\n%s", seed, outcomes[0].Diff(outcomes[1])+w.Format())
		}
	}
	t.Logf("%d of %d racy programs have several outcomes", several, racy)
	if several < racy/3 {
		t.Errorf("only %d of %d racy programs have several outcomes", several, racy)
	}
}

func BenchmarkClassifyProgram(b *testing.B) {
	ws := programs(100, AnyProgram())
	for b.Loop() {
		for _, w := range ws {
			Classify(w)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/program")
}

// BenchmarkProgram draws a hundred programs of the default profile at a time.
func BenchmarkProgram(b *testing.B) {
	g := Programs(AnyProgram())
	for b.Loop() {
		rapid.Check(rapidtest.New(b.Name()), func(t *rapid.T) { // a hundred times
			g.Draw(t, "workload")
		})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/program")
}
