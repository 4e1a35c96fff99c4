package batchtest_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/properties/gotest"
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

// stranger writes the module, whose test is to have no more than 15 lines of its author's own.
func stranger(t *testing.T) string {
	t.Helper()
	ours, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile("testdata/stranger.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sums, err := os.ReadFile(filepath.Join(ours, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(archive.Files, txtar.File{Name: "go.sum", Data: sums}) {
		data := strings.ReplaceAll(string(f.Data), "SYNCHRONY", ours)
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, body, ok := strings.Cut(data, "func Test"); ok && strings.Count(body, "\n") > 15 {
			t.Errorf("the test has %d lines", strings.Count(body, "\n"))
		}
	}
	for name, version := range versions(t, ours) {
		command(t.Context(), t, dir, "go", "mod", "edit", "-require="+name+"@"+version)
	}
	return dir
}

// versions are those of the modules that a user's test needs, as ours requires them.
func versions(t *testing.T, ours string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(ours, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\s+(\S+) (v\S+)`).FindAllStringSubmatch(string(text), -1) {
		list[m[1]] = m[2]
	}
	return list
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

func command(ctx context.Context, t *testing.T, dir, name string, args ...string) {
	t.Helper()
	c := exec.CommandContext(ctx, name, args...)
	c.Dir, c.Env = dir, append(os.Environ(), "GOWORK=off")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}
