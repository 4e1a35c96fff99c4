package programtest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/properties"
	"synchrony/properties/gotest"
	"synchrony/properties/internal/stranger"
)

// TestStranger: in a module of somebody else's, elsewhere, with an interpreter on the standard library whose ATOMIC_ADD is torn and a test of a few lines, verify test
// finds that under control, makes the program and the schedule small, tells what happened, and replays it each time.
func TestStranger(t *testing.T) {
	dir := stranger.Module(t, "../..", strangers(t))
	options := gotest.Options{Dir: dir, Patterns: []string{"./..."}, Cache: t.TempDir(), Search: gotest.Search{Schedules: 1000, Seed: 1, Corpus: filepath.Join(dir, "counterexamples")}}
	suite, err := gotest.Build(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if len(suite.Left) > 0 || len(suite.Tests) != 1 {
		t.Fatalf("%d tests; left native: %s", len(suite.Tests), strings.Join(suite.Left, "\n"))
	}
	r, err := suite.Run(t.Context(), suite.Tests[0].Info.ID, properties.Spec{}, func(properties.Progress) {})
	if err != nil || r.Status() != checkers.Fail {
		t.Fatalf("%v: %v", err, r.Status())
	}
	f := r.Failures[0]
	x, err := properties.LoadCounterexample(f.File)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.Reason, "wrong shared variables") || f.Deviations > 2 || !f.Replayed || !strings.Contains(strings.Join(x.Story, "\n"), "machine.go:") {
		t.Errorf("%s; %d deviations, replayed %v:\n%s", f.Reason, f.Deviations, f.Replayed, f.Text)
	}
	text := x.Workload[1].Data
	if p, err := program.Assemble("found", text); err != nil || len(p.Main().Code) > 5 || len(p.Functions) > 1 || !strings.Contains(string(text), "ATOMIC_ADD") {
		t.Errorf("%v: the program is\n%s", err, text)
	}
	loaded, err := gotest.Load(t.Context(), options, f.File, x)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if rep, err := loaded.Replay(t.Context(), x); err != nil || !rep.Reproduced || rep.Stale != "" || len(rep.Differs) > 0 {
			t.Errorf("%v: %+v", err, rep)
		}
	}
}

// strangers are the files of the module: its interpreter is that of these tests, on the standard library.
func strangers(t *testing.T) []txtar.File {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/stranger.txtar")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("machine_test.go")
	if err != nil {
		t.Fatal(err)
	}
	theirs := strings.NewReplacer("package programtest_test", "package machine", "synchrony/executor/shim/sync", "sync").Replace(string(text))
	return append(archive.Files, txtar.File{Name: "machine.go", Data: []byte(theirs)})
}
