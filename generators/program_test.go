package generators

import (
	"testing"

	"pgregory.net/rapid"

	"synchrony/models/program"
)

// programs draws n workloads, the same ones every time.
func programs(n int, o ProgramOptions) []program.Workload {
	g := Programs(o)
	ws := make([]program.Workload, n)
	for seed := range ws {
		ws[seed] = g.Example(seed).Workload
	}
	return ws
}

var programProfiles = []struct {
	name    string
	options ProgramOptions
}{
	{"zero", ProgramOptions{}},
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

// A program that is called race-free has one outcome, and many that are called racy have several.
func TestRaceLabelsAgreeWithTheSpecification(t *testing.T) {
	racy, several := 0, 0
	for seed, w := range programs(1500, SharedState()) {
		l := ClassifyProgram(w)
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

// BenchmarkProgram draws a hundred programs of the default profile at a time.
func BenchmarkProgram(b *testing.B) {
	g := Programs(AnyProgram())
	for b.Loop() {
		rapid.Check(&recorder{name: b.Name()}, func(t *rapid.T) { // a hundred times
			g.Draw(t, "workload")
		})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/program")
}
