package vm

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/vm"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// budget is small: make verify spends more.
var budget = properties.Budget{Single: 12, Random: 5, Real: 1, Shrink: 2000}

func TestTheVMHolds(t *testing.T) {
	for _, c := range Properties() {
		t.Run(c.Info().ID, func(t *testing.T) {
			t.Parallel()
			r, err := c.Run(t.Context(), properties.Spec{Seed: 1, Count: 150, Budget: budget}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Failures {
				t.Error(f.Text)
			}
			if r.Unknown > 0 {
				t.Errorf("%v: %s", r.Status(), r.Why())
			}
		})
	}
}

// liar is a machine that tells something else than what happened, if the program uses an instruction.
type liar struct {
	vm.System
	lie  func(*trace.ProgramObservation)
	uses program.Opcode // 0 for any program
}

func (l liar) Run(ctx context.Context, rt *sched.Runtime, w program.Workload) (trace.ProgramObservation, error) {
	o, err := l.System.Run(ctx, rt, w)
	if l.uses == 0 || uses(w.Program, l.uses) {
		l.lie(&o)
	}
	return o, err
}

// TestLiesAreFound: each property fails on a machine that breaks what it states, and what
// it reports is replayed from its text.
func TestLiesAreFound(t *testing.T) {
	for _, c := range []struct {
		name string
		kill string // the property that must fail
		rule string
		lie  func(*trace.ProgramObservation)
	}{
		{"a line is printed twice", "V1", "wrong output", func(o *trace.ProgramObservation) {
			if len(o.Outcome.Output) > 0 {
				o.Outcome.Output = append(slices.Clone(o.Outcome.Output), o.Outcome.Output[0])
			}
		}},
		{"a hand-over in mode auto loses a variable", "V1", "wrong variables", func(o *trace.ProgramObservation) {
			if n := len(o.Outcome.Variables); n > 0 && len(o.Events) > 0 && o.Events[0].Chunk > 0 {
				o.Outcome.Variables = o.Outcome.Variables[:n-1]
			}
		}},
		{"nothing that chunks access is recorded", "V2", "no accesses", func(o *trace.ProgramObservation) { o.Accesses = nil }},
		{"WAR edges are dropped", "V2", "wrong dependency", func(o *trace.ProgramObservation) {
			for i := range o.Edges {
				o.Edges[i].Kinds &^= trace.ChunkWAR
			}
		}},
		{"the first cut is late", "V3", "", func(o *trace.ProgramObservation) {
			if len(o.Chunks) > 1 {
				o.Chunks[0].To++
				o.Chunks[1].From++
			}
		}},
		{"a shared read is stale", "V4b", "not linearizable", func(o *trace.ProgramObservation) {
			for i := range o.Calls {
				if o.Calls[i].Op == program.SharedRead {
					o.Calls[i].Result = program.String("stale")
				}
			}
		}},
		{"the last worker's merge is lost", "V5", "lost merge", func(o *trace.ProgramObservation) {
			if n := len(o.Forks); n > 0 && o.Forks[n-1].Kind == trace.ForkMerge {
				o.Forks = o.Forks[:n-1]
			}
		}},
		{"everybody passes at once", "V6", "passed early", func(o *trace.ProgramObservation) {
			for i := range o.Barriers {
				if o.Barriers[i].Kind == trace.BarrierPass {
					o.Barriers[i].Time = 0
				}
			}
			if len(o.Forks) > 0 {
				o.Forks[0].Time = 0
			}
		}},
		{"a map loses its result", "V7", "", func(o *trace.ProgramObservation) { o.Outcome.Variables = nil }},
		{"a map's function leaves a variable", "V7b", "not a map", func(o *trace.ProgramObservation) {
			if n := len(o.Outcome.Variables); n > 0 && o.Outcome.Err == nil {
				o.Outcome.Variables = slices.Clone(o.Outcome.Variables)
				o.Outcome.Variables[n-1].Value = program.String("left")
			}
		}},
		{"a chunk is merged twice", "V8", "merged twice", func(o *trace.ProgramObservation) {
			if n := len(o.Events); n > 0 && o.Events[n-1].Kind == trace.ChunkMerge {
				o.Events = append(slices.Clone(o.Events), o.Events[n-1])
			}
		}},
		{"a fallback prints again", "V9", "wrong output", func(o *trace.ProgramObservation) {
			if fellBack.Holds(program.Workload{}, *o) {
				o.Outcome.Output = append(slices.Clone(o.Outcome.Output), o.Outcome.Output...)
			}
		}},
		{"a timeout is no end", "V10", "wrong end", func(o *trace.ProgramObservation) {
			if o.Outcome.Err != nil && o.Outcome.Err.Kind == program.StepLimit {
				o.End = 0
			}
		}},
		{"a speedup is claimed", "V11", "unmeasured speedup", func(o *trace.ProgramObservation) {
			if o.Metrics.Chunks > 1 {
				o.Metrics.Speedup, o.Metrics.Efficiency = 1.5, 0.75
			}
		}},
		{"two errors are mixed up", "V16", "wrong error", func(o *trace.ProgramObservation) {
			if e := o.Outcome.Err; e != nil && e.Kind == program.ArityError {
				wrong := *e
				wrong.Kind, o.Outcome.Err = program.TypeError, &wrong
			}
		}},
		{"an error tells of nothing", "V16", "wrong error", func(o *trace.ProgramObservation) {
			if e := o.Outcome.Err; e != nil && e.Kind == program.IndexError {
				dumb := *e
				dumb.Detail, o.Outcome.Err = "", &dumb
			}
		}},
		{"an attempt that panics is made again", "V7", "failure without a fault", func(o *trace.ProgramObservation) {
			if len(o.Events) > 0 && o.Events[0].Kind == trace.ChunkStart {
				panics := o.Events[0]
				panics.Kind = trace.ChunkPanic
				events := append([]trace.ChunkEvent{o.Events[0], panics}, o.Events...)
				for i := range events[2:] {
					if e := &events[2+i]; e.Chunk == panics.Chunk && e.Kind != trace.ChunkMerge && e.Kind != trace.ChunkFallback {
						e.Attempt++
					}
				}
				o.Events = events
			}
		}},
		{"a run that succeeds falls back", "V3", "fallback without a reason", func(o *trace.ProgramObservation) {
			if i := slices.IndexFunc(o.Events, func(e trace.ChunkEvent) bool { return e.Kind == trace.ChunkMerge }); i >= 0 {
				o.Events = append(slices.Clone(o.Events[:i]), trace.ChunkEvent{Time: o.Events[i].Time, Kind: trace.ChunkFallback, Why: trace.AttemptsUsedUp})
			}
		}},
		{"the order of dependencies is by chance", "V19", "results differ", unordered()},
		{"a comparison held over a branch is lost", "V20", "wrong variables", func(o *trace.ProgramObservation) {
			if n := len(o.Outcome.Variables); n > 4 {
				o.Outcome.Variables = o.Outcome.Variables[:n-1]
			}
		}},
		{"a worker goes on when its run is over", "V21", "work after the end", func(o *trace.ProgramObservation) {
			if n := len(o.Calls); n > 0 {
				late := o.Calls[n-1]
				late.Call, late.Return = time.Hour, time.Hour
				o.Calls = append(slices.Clone(o.Calls), slices.Repeat([]trace.SharedCall{late}, unendingSteps/8+1)...)
			}
		}},
		{"a chunk waits for another one's hang", "V22", "idle", func(o *trace.ProgramObservation) {
			var hung time.Duration
			for i := range o.Events {
				e := &o.Events[i]
				if e.Kind == trace.ChunkTimeout {
					hung = e.Time
				}
				if hung > 0 && e.Chunk == int32(len(o.Chunks)-1) && e.Time < hung {
					e.Time = hung
				}
			}
			for i := range o.Events {
				if e := &o.Events[i]; e.Chunk == int32(len(o.Chunks)-1) && hung > 0 {
					e.Time += hung
				}
			}
		}},
		{"invalid programs are run", "V13", "disagreement", func(o *trace.ProgramObservation) { o.End = trace.ProgramRan }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var only program.Opcode
			if c.kill == "V7b" { // what it compares is the same with loops for maps, or the lie is in both
				only = program.ParallelMap
			}
			s, recording := liar{vm.System{}, c.lie, only}, liar{vm.System{Accesses: true}, c.lie, only}
			for _, p := range Of(s, recording) {
				if p.Info().ID != c.kill {
					continue
				}
				r, err := p.Run(t.Context(), properties.Spec{Seed: 1, Count: 200, Budget: budget}, nil)
				if err != nil {
					t.Fatal(err)
				}
				if r.Status() != checkers.Fail {
					t.Fatalf("%v after %d cases, want a failure", r.Status(), r.Cases)
				}
				f := r.Failures[0]
				if c.rule != "" && f.Rule != c.rule || !f.Replayed {
					t.Errorf("rule %q, replayed %v, want %q:\n%s", f.Rule, f.Replayed, c.rule, f.Text)
				}
			}
		})
	}
}

// unordered turns the dependencies around every other time.
func unordered() func(*trace.ProgramObservation) {
	var times atomic.Int64
	return func(o *trace.ProgramObservation) {
		if times.Add(1)%2 == 0 {
			o.Edges = slices.Clone(o.Edges)
			slices.Reverse(o.Edges)
		}
	}
}

// TestScriptsRoundTrip: what V4 saves can be read again.
func TestScriptsRoundTrip(t *testing.T) {
	for seed := range 200 {
		s := scripts().Example(seed)
		files, err := formatScript(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseScript(files)
		if err != nil {
			t.Fatalf("%v\n%s", err, files[0].Data)
		}
		back, _ := formatScript(again)
		if string(back[0].Data) != string(files[0].Data) {
			t.Fatalf("%s\nbecame\n%s", files[0].Data, back[0].Data)
		}
	}
}

// TestBytesRoundTrip: what V13 saves can be read again.
func TestBytesRoundTrip(t *testing.T) {
	for seed := range 200 {
		data := binaries().Example(seed)
		files, err := formatBytes(data)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseBytes(files)
		if err != nil || string(again) != string(data) {
			t.Fatalf("%v: %x became %x", err, data, again)
		}
	}
}

// TestProgramsInBothForms: what V12 saves can be read again, also if the text is not what it should be.
func TestProgramsInBothForms(t *testing.T) {
	p, err := program.Assemble("p.zxasm", []byte("LOAD_CONST 1.0\nRETURN\n"))
	if err != nil {
		t.Fatal(err)
	}
	w := program.Workload{Program: p}
	w.Setup.Workers = 3
	files, err := formatTested(w)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %d files, want the text", err, len(files))
	}
	data, err := p.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	binary, _ := formatBytes(data)
	for text, workers := range map[string]int{".set workers 3\nLOAD_CONST 1\n": 3, "FLY\n": 0} {
		got, err := parseTested([]txtar.File{{Name: programFile, Data: []byte(text)}, binary[0]})
		if err != nil || !got.Program.Equal(p) || got.Setup.Workers != workers {
			t.Errorf("%q: %v, %d workers, want %d", text, err, got.Setup.Workers, workers)
		}
	}
}

// TestBadScripts: what can't be read is refused with its place.
func TestBadScripts(t *testing.T) {
	for _, text := range []string{"read x\n", "task 0\nfly x\n", "task 0\nwrite x\n", "task 0\nread x=1\n", "task 0\nwrite x=one\n", "task 0\nread\n"} {
		files, _ := formatScript(nil)
		files[0].Data = []byte(text)
		if _, err := parseScript(files); err == nil || !strings.HasPrefix(err.Error(), "script:") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
