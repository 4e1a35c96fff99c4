package spoiled

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/recorded"
	"synchrony/executor/synchrony"
	"synchrony/executor/vm"
	"synchrony/generators/batches"
	"synchrony/generators/programs"
	"synchrony/models/batch"
	"synchrony/models/program"
	"synchrony/models/trace"
	batchproperties "synchrony/properties/catalogue/batch"
	"synchrony/properties/catalogue/checks"
	vmproperties "synchrony/properties/catalogue/vm"
)

var recordNew = flag.String("record", "", "draw new recorded runs of batches or programs; -update is due then")

const drawnFolder = "../../../checkers/recorded/drawn"

// TestRecordedRunsAreRight: no checker refuses a run that was drawn, and reading what is written of it gives it back. With -record
// new ones are drawn.
func TestRecordedRunsAreRight(t *testing.T) {
	switch *recordNew {
	case "batches":
		drawBatches(t)
		return
	case "programs":
		drawPrograms(t)
		return
	}
	rightOnes(t, batchWitnesses(checks.Batches()), recorded.Batches)
	rightOnes(t, programWitnesses(checks.Programs()), recorded.Programs)
}

func rightOnes[W, O, R any](t *testing.T, s *witnesses[W, O], read func() ([]R, error)) {
	t.Helper()
	runs, err := read()
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.subjects()
	if err != nil || len(runs) < 10 || len(all) < len(runs) {
		t.Fatalf("%d recorded runs, %v", len(runs), err)
	}
	for _, r := range all[:len(runs)] {
		for _, c := range s.checkers {
			if v := c.Check(r.workload, r.seen); v.Status == checkers.Fail {
				t.Errorf("%s: %s: %s: %s", r.name, c.Name(), v.Rule, v.Reason)
			}
		}
	}
}

// How many runs are drawn, and how many kept at most.
const (
	drawn   = 400
	kept    = 24
	longest = 6000 // bytes of a run as it is written
)

// candidate is a run that was drawn.
type candidate[W, O any] struct {
	subject[W, O]
	files []byte
	shows map[string]bool // the verdicts of its spoiled forms, by class
}

// draw records runs of the generators in turn, and writes those that show the most verdicts that the others do not.
func draw[W, O any](t *testing.T, folder string, s *witnesses[W, O], rec recorder[W, O], gs []*rapid.Generator[W],
	write func(W, *O) ([]txtar.File, error), read func([]txtar.File) (subject[W, O], error),
) {
	var all []candidate[W, O]
	for i := range drawn {
		w := scheduled[W]{gs[i%len(gs)].Example(i), uint64(i / len(gs))}
		r, err := rec.Run(t.Context(), nil, w)
		if err != nil || r.Stuck != "" {
			continue
		}
		files, err := write(w.Workload, &r.Seen)
		if err != nil {
			continue
		}
		text := txtar.Format(&txtar.Archive{Comment: fmt.Appendf(nil, "Drawn, and recorded under the schedule of seed %d.\n\n", w.Seed), Files: files})
		run, err := read(txtar.Parse(text).Files)
		if err != nil || len(text) > longest || slices.ContainsFunc(s.checkers, func(c checkers.Checker[W, O]) bool {
			return c.Check(run.workload, run.seen).Status == checkers.Fail
		}) {
			continue
		}
		c := candidate[W, O]{run, text, map[string]bool{}}
		var changes []spoiling[W, O]
		one := witnesses[W, O]{checkers: s.checkers, subjects: func() ([]subject[W, O], error) { return []subject[W, O]{run}, nil }}
		if err := one.load(); err != nil {
			t.Fatal(err)
		}
		for _, cs := range one.changes {
			changes = append(changes, cs...)
		}
		for class, r := range one.ask(changes) {
			for _, verdict := range r.Verdicts() {
				c.shows[class+": "+verdict] = true
			}
		}
		all = append(all, c)
	}
	t.Logf("%d candidates", len(all))
	keep(t, folder, all)
}

// keep writes a small set of runs that shows almost all that all show.
func keep[W, O any](t *testing.T, folder string, all []candidate[W, O]) {
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	gain := func(c candidate[W, O]) (n int) {
		for verdict := range c.shows {
			if !shown[verdict] {
				n++
			}
		}
		return n * 1000 / (1000 + len(c.files))
	}
	for n := range kept {
		best := slices.MaxFunc(all, func(a, b candidate[W, O]) int { return gain(a) - gain(b) })
		g := gain(best)
		if g == 0 {
			break
		}
		for verdict := range best.shows {
			shown[verdict] = true
		}
		t.Logf("run %d, of %d bytes: %d, in all %d", n+1, len(best.files), g, len(shown))
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("run%02d.txt", n+1)), best.files, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func drawBatches(t *testing.T) {
	long := batches.Options{MaxTransactions: 5, Work: 100, MaxAccounts: 12}
	sized := batches.Committing()
	sized.MaxTransactions, sized.LargeTransactions = 5, 0
	attested := batches.Attested()
	attested.MaxTransactions, attested.LargeTransactions = 4, 0
	mapped := func(o batches.Options, f func(*batch.Workload)) *rapid.Generator[batch.Workload] {
		return rapid.Map(batches.Workloads(o), func(d batches.Drawn) batch.Workload {
			if f != nil {
				f(&d.Workload)
			}
			return d.Workload
		})
	}
	overlapping := mapped(long, func(w *batch.Workload) {
		w.Setup.Mode, w.Setup.Timeout, w.Setup.CancelAfter = batch.Parallel, 0, 0
		w.Setup.Workers = max(w.Setup.Workers, len(w.Batch.Transactions))
	})
	codec := batchproperties.Codec()
	write := func(w batch.Workload, o *trace.Observation) ([]txtar.File, error) {
		files, err := codec.Format(w)
		if len(o.Steps) > 120 {
			o.Steps = nil
		}
		return append(files, txtar.File{Name: recorded.TraceFile, Data: []byte(trace.Format(*o, w.Batch))}), err
	}
	read := func(files []txtar.File) (subject[batch.Workload, trace.Observation], error) {
		r, err := recorded.Parse("drawn", files)
		return subject[batch.Workload, trace.Observation]{name: r.Name, workload: r.Workload, seen: r.Seen}, err
	}
	draw(t, filepath.Join(drawnFolder, "batches"), batchWitnesses(checks.Batches()), recorder[batch.Workload, trace.Observation]{synchrony.System{}},
		[]*rapid.Generator[batch.Workload]{batchRuns(), mapped(sized, nil), mapped(attested, nil), overlapping}, write, read)
}

func drawPrograms(t *testing.T) {
	var gs []*rapid.Generator[program.Workload]
	for _, o := range []programs.Options{programs.Forking(), programs.Barriers(), programs.SharedState(), programs.Faulty(), programs.Timed(), programs.Functions(), programs.Erring()} {
		o.Racy, o.LargeStatements, o.MaxForkWorkers = 0, 0, 3
		gs = append(gs, programRuns(), rapid.Map(vmproperties.Workloads(o), reread))
	}
	codec := vmproperties.Codec()
	write := func(w program.Workload, o *trace.ProgramObservation) ([]txtar.File, error) {
		expecting := *w.Program
		expecting.Expect = expectationOf(o)
		w.Program = &expecting
		files, err := codec.Format(w)
		if err != nil {
			return nil, err
		}
		o.Steps = nil // no checker of programs looks at them
		text, err := trace.FormatProgram(*o)
		return append(files, txtar.File{Name: recorded.TraceFile, Data: bytes.Clone([]byte(text))}), err
	}
	read := func(files []txtar.File) (subject[program.Workload, trace.ProgramObservation], error) {
		r, err := recorded.ParseProgram("drawn", files)
		return subject[program.Workload, trace.ProgramObservation]{name: r.Name, workload: r.Workload, seen: r.Seen}, err
	}
	draw(t, filepath.Join(drawnFolder, "programs"), programWitnesses(checks.Programs()), recorder[program.Workload, trace.ProgramObservation]{vm.System{Accesses: true}},
		gs, write, read)
}

// expectationOf is that the run ends as it did; nil, if it did not come to its end.
func expectationOf(o *trace.ProgramObservation) *program.Expectation {
	switch err := o.Outcome.Err; {
	case o.End != trace.ProgramRan:
		return nil
	case err != nil:
		return &program.Expectation{Error: err.Kind}
	default:
		return &program.Expectation{
			Result: &o.Outcome.Result, Variables: o.Outcome.Variables, Shared: o.Outcome.Shared,
			Output: o.Outcome.Output, HasOutput: true,
		}
	}
}
