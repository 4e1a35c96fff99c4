package batchtest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/properties/gotest"
	strangers "synchrony/properties/internal/stranger"
)

// TestStranger: a module of somebody else's, elsewhere, with an executor that loses updates and a test of a few lines: go test finds it, shrinks it, tells it, and
// replays it first the next time; verify test finds it under control, and replays it each time.
func TestStranger(t *testing.T) {
	dir := stranger(t)
	out := goTest(t, dir, ".")
	for _, want := range []string{
		"Ledger is violated: a block has the effect of its transactions one after another",
		"stale read: the final state is not the serial one: a is ", "; it is as if t2 had not seen t1's write of a",
		"  t1: write a 1\n", "finds no a, ", "of size 2", "on real goroutines", "of 200 repeats",
		"saved as testdata/counterexamples/Ledger-stale-read-",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("go test does not say %q:\n%s", want, out)
		}
	}
	if again := goTest(t, dir, "."); !strings.Contains(again, "known: replayed from testdata/counterexamples/Ledger-stale-read-") {
		t.Errorf("the second go test does not replay what the first has saved:\n%s", again)
	}
	if out := goTest(t, dir, "./dropin"); !strings.Contains(out, "of size 2; controlled: its schedule deviates from the default once") {
		t.Errorf("what is written on executor/shim is not controlled:\n%s", out)
	}
	options := gotest.Options{Dir: dir, Patterns: []string{"./..."}, Cache: t.TempDir(), Search: gotest.Search{Schedules: 1000, Seed: 1, Corpus: filepath.Join(dir, "counterexamples")}}
	suite, err := gotest.Build(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if len(suite.Left) > 0 {
		t.Errorf("left native: %s", strings.Join(suite.Left, "\n"))
	}
	for _, test := range suite.Tests {
		findControlled(t, suite, options, test.Info.ID)
	}
}

// findControlled has verify test search a test, and replays what it finds.
func findControlled(t *testing.T, suite *gotest.Suite, options gotest.Options, id string) {
	t.Helper()
	r, err := suite.Run(t.Context(), id, properties.Spec{}, func(properties.Progress) {})
	if err != nil || r.Status() != checkers.Fail {
		t.Fatalf("%v: %v", err, r.Status())
	}
	f := r.Failures[0]
	x, err := properties.LoadCounterexample(f.File)
	if err != nil {
		t.Fatal(err)
	}
	if block := string(x.Workload[1].Data); f.Deviations > 2 || !f.Replayed || !strings.HasPrefix(block, "workers 2\nt1: write a 1\nt2: ") || strings.Count(block, "\n") != 3 {
		t.Errorf("%d deviations, and the block\n%s", f.Deviations, block)
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

// stranger writes the module.
func stranger(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/stranger.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return strangers.Module(t, "../..", archive.Files)
}

// goTest runs go test, which is to fail.
func goTest(t *testing.T, dir, pattern string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "go", "test", pattern)
	c.Dir, c.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "VERIFY_SEED=", "VERIFY_ITERATIONS=")
	out, err := c.CombinedOutput()
	if err == nil {
		t.Fatalf("go test passes:\n%s", out)
	}
	return string(out)
}
