package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// benchstat is the real one, as make bench-compare uses it.
const benchstat = "go tool -modfile=../../tools/go.mod benchstat"

// TestDecide: of measurements in files, benchstat and the rule tell what became worse
// for real from what is noise, too little, or better. The noisy benchmark was 100 ns
// and is 115, give or take 60 %; the little one is 3 % slower, without any doubt.
func TestDecide(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"as it is", nil, []string{"Slower-2 sec/op", "Allocates-2 allocs/op", "FromNothing-2 allocs/op"}},
		{"time only", []string{"-units", "sec/op"}, []string{"Slower-2 sec/op"}},
		{"a low threshold", []string{"-units", "sec/op", "-threshold", "2"}, []string{"Slower-2 sec/op", "Little-2 sec/op"}},
		{"a high threshold", []string{"-units", "sec/op", "-threshold", "60"}, nil},
		{"nothing is sure enough", []string{"-alpha", "0"}, nil},
	} {
		var out, stderr bytes.Buffer
		o, err := parse(append([]string{"-base", "x", "-benchstat", benchstat}, append(c.args, "p")...), &stderr)
		if err != nil {
			t.Fatal(err)
		}
		worse, err := o.decide(t.Context(), []string{"testdata/base.txt", "testdata/head.txt"}, &out)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range worse {
			if w.pkg != "synchrony/executor/x" {
				t.Errorf("%s: the package is %q", c.name, w.pkg)
			}
			got = append(got, w.name+" "+w.unit)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: worse are %q, want %q", c.name, got, c.want)
		}
		if !strings.Contains(out.String(), "+39.90%") {
			t.Errorf("%s: benchstat's table is not printed:\n%s", c.name, &out)
		}
	}
}

func TestChange(t *testing.T) {
	c := change{"p", "A-2", "sec/op", 1e-7, 1.5e-7, 0.001}
	if got, want := c.String(), "p A-2: +50.0 % sec/op (1.5e-07, was 1e-07; p=0.001)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if p := (change{}).percent(); p != 0 {
		t.Errorf("nothing is %v %% more than nothing", p)
	}
	list := []change{{name: "Plan/big-4"}, {name: "Plan-4"}, {name: "Check/a/b-4"}, {name: "One"}}
	if got, want := expression(list), "^(BenchmarkCheck|BenchmarkOne|BenchmarkPlan)$"; got != want {
		t.Errorf("the expression is %s, want %s", got, want)
	}
}

// repository is a module in git with one benchmark, which allocates twice for an
// operation in the first revision, and now in the working tree.
func repository(t *testing.T, now int) string {
	t.Helper()
	root := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	git := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-C", root, "-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	benchmark := func(allocations int) string {
		return fmt.Sprintf(`package fixture

import "testing"

var sink []*[64]byte

func BenchmarkWork(b *testing.B) {
	for b.Loop() {
		sink = sink[:0]
		for range %d {
			sink = append(sink, new([64]byte))
		}
	}
}
`, allocations)
	}
	write("go.mod", "module fixture\n\ngo 1.26\n")
	write("work.go", "package fixture\n")
	write("work_test.go", benchmark(2))
	git("init", "--quiet", "--initial-branch=main")
	git("add", ".")
	git("commit", "--quiet", "-m", "as it was")
	write("work_test.go", benchmark(now))
	return root
}

// TestCompare: the whole program, on what does not depend on the machine: how often a
// benchmark allocates.
func TestCompare(t *testing.T) {
	args := func(root string) []string {
		return []string{
			"-C", root, "-base", "main", "-count", "6", "-benchtime", "20x", "-units", "allocs/op", "-benchstat", benchstat, "./...",
		}
	}
	for _, c := range []struct {
		name string
		now  int
		code int
		want string
	}{
		{"better", 1, exitFine, "no regression against main"},
		{"worse", 3, exitRegression, "worse than main, twice:\n  fixture Work"},
	} {
		root := repository(t, c.now)
		var out, stderr bytes.Buffer
		if code := run(t.Context(), args(root), &out, &stderr); code != c.code || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: exit code %d, want %d, and %q:\n%s%s", c.name, code, c.code, c.want, &out, &stderr)
		}
		if left, err := exec.Command("git", "-C", root, "worktree", "list").Output(); err != nil || bytes.Count(left, []byte("\n")) != 1 {
			t.Errorf("%s: work trees are left (%v):\n%s", c.name, err, left)
		}
	}
}

func TestMistakes(t *testing.T) {
	root := repository(t, 2)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"./..."}, "compared with what? -base names a revision"},
		{[]string{"-base", "main"}, "which packages?"},
		{[]string{"-base", "main", "-count", "0", "./..."}, "-count is 0, and must be at least 1"},
		{[]string{"-C", root, "-base", "nowhere", "./..."}, "invalid reference: nowhere"},
		{[]string{"-C", root, "-base", "main", "-count", "1", "-bench", "Nothing", "-benchstat", benchstat, "./..."}, "there is nothing to compare"},
		{[]string{"-C", root, "-base", "main", "-count", "1", "-benchtime", "1x", "-benchstat", "no-such-program", "./..."}, "no-such-program"},
	} {
		var out, stderr bytes.Buffer
		if code := run(t.Context(), c.args, &out, &stderr); code != exitError || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%q: exit code %d, want %d, and %q:\n%s%s", c.args, code, exitError, c.want, &out, &stderr)
		}
	}
}
