package mutants

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/properties"
	"synchrony/properties/isolate"
)

// testBudget is enough to kill what these tests break.
var testBudget = Budget{Seed: 1, Iterations: 40, Patience: 20 * time.Second, Time: 3 * time.Minute}

// newTestWorkspace returns a workspace on the source that this test is part of.
func newTestWorkspace(t *testing.T) *Workspace {
	t.Helper()
	root, err := FindSource("")
	if err != nil {
		t.Fatal(err)
	}
	workspace, err := NewWorkspace(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := workspace.Close(); err != nil {
			t.Error(err)
		}
	})
	return workspace
}

// known returns a mutant of this program.
func known(t *testing.T, name string) Mutant {
	t.Helper()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	m := Find(all, name)
	if m == nil {
		t.Fatalf("there is no mutant %s any more", name)
	}
	return *m
}

// TestTry takes one mutant through everything: two builds of the program are what
// it costs.
func TestTry(t *testing.T) {
	workspace, ctx := newTestWorkspace(t), t.Context()
	bench, err := NewBench(ctx, workspace, Settings{Budget: testBudget, Others: func(string) []string { return []string{"S17", "S6"} }})
	if err != nil {
		t.Fatal(err)
	}
	m := known(t, "graph-no-war")
	campaign := Campaign{Judge: bench, Mutants: []*Mutant{&m}, Iterations: testBudget.Iterations}
	if err := campaign.Fit(ctx); err != nil {
		t.Fatal(err)
	}
	v, err := workspace.Variant(&m)
	if err != nil {
		t.Fatal(err)
	}
	binary, err := workspace.Build(ctx, v)
	if err != nil {
		t.Fatal(err)
	}
	try := func(change func(*Mutant, *Bench)) Record {
		changed, b := m, *bench
		change(&changed, &b)
		r := Record{Mutant: &changed}
		if err := b.judge(ctx, &r, binary); err != nil {
			t.Fatal(err)
		}
		return r
	}

	r := try(func(*Mutant, *Bench) {})
	if f := r.Outcome.Failure; r.Result != AsExpected || r.Replayed != Replays || f.Checker != "race" || f.Size != 2 {
		t.Errorf("the record is %+v, want a race of two transactions", r)
	}
	checkKept(t, r)

	for _, c := range []struct {
		what   string
		change func(*Mutant, *Bench)
		want   Result
		why    string
	}{
		{"another property finds it", func(m *Mutant, _ *Bench) { m.KilledBy = "S16" }, ByAnother, "S6 finds it, and S16 does not in 40 cases"},
		{"nobody finds it", func(m *Mutant, x *Bench) {
			m.KilledBy, m.Cases = "S16", 7
			x.Others = func(string) []string { return []string{"S17"} }
		}, Alive, "S16 does not find it in 7 cases"},
		{"nobody finds it, as is known", func(m *Mutant, x *Bench) {
			m.KilledBy, m.Cases, m.Survives = "S16", 7, "no batch has two transactions."
			x.Others = func(string) []string { return []string{"S17"} }
		}, KnownAlive, "no batch has two transactions."},
		{"it is found against expectation", func(m *Mutant, _ *Bench) { m.Survives = "no batch has two transactions." }, NewlyKilled, "S6 finds it"},
		{"another verdict", func(m *Mutant, _ *Bench) { m.Verdict = "deadlock" }, OtherVerdict, `the patch expects "deadlock"`},
		{"the plain program is broken, too", func(_ *Mutant, x *Bench) { x.plain = binary }, NotByMutation, "without the mutation"},
		{"no such property", func(m *Mutant, _ *Bench) { m.KilledBy = "S99" }, DoesNotRun, "S99"},
	} {
		if r := try(c.change); r.Result != c.want || !strings.Contains(r.Why, c.why) {
			t.Errorf("%s: %q (%s), want %q (…%s…)", c.what, r.Result, r.Why, c.want, c.why)
		}
	}

	checkRuns(t, workspace, bench.plain)
	var unfit *UnfitError
	bench.plain = binary
	if err := campaign.Fit(ctx); !errors.As(err, &unfit) || unfit.Property != "S6" {
		t.Errorf("a broken program is found fit: %v", err)
	}
}

// checkKept holds that the counterexample of a record is kept under its mutant's name.
func checkKept(t *testing.T, r Record) {
	t.Helper()
	folder := t.TempDir()
	if err := r.keep(folder); err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(folder, "graph-no-war.txtar")
	if r.Outcome.Failure.File != want {
		t.Errorf("the counterexample is %q, want %q", r.Outcome.Failure.File, want)
	} else if x, err := properties.LoadCounterexample(want); err != nil || x.Property != "S6" {
		t.Errorf("the counterexample is of %v (%v), want S6", x, err)
	}
}

// checkRuns holds that properties are asked in order until one is violated, and that
// what went wrong before is not forgotten if none is.
func checkRuns(t *testing.T, workspace *Workspace, plain string) {
	t.Helper()
	for _, c := range []struct {
		ids      []string
		status   Status
		property string
		why      string
		cases    int // 0 is not known
	}{
		{[]string{"S16", "S17"}, Survived, "", "", 2},
		{[]string{"S16", "S8", "S17"}, Inconclusive, "S8", "never happened", 3}, // no case both commits and mints
		{[]string{"S99", "S17"}, Broken, "S99", "S99", 1},
		{[]string{"S8", "broken-panic", "S17"}, Killed, "broken-panic", "", 0},
	} {
		b := testBudget
		b.Iterations = 1
		o, err := workspace.run(t.Context(), plain, c.ids, b)
		if err != nil {
			t.Fatal(err)
		}
		if o.Status != c.status || o.Property != c.property || !strings.Contains(o.Why, c.why) || c.cases != 0 && o.Cases != c.cases {
			t.Errorf("%v: %+v, want %s by %q (%q), %d cases", c.ids, o, c.status, c.property, c.why, c.cases)
		}
	}
}

func TestBuildError(t *testing.T) {
	workspace := newTestWorkspace(t)
	_, err := workspace.Build(t.Context(), Variant{"half a file", "models/batch/order.go", []byte("package batch\nfunc {")})
	var broken *BuildError
	if !errors.As(err, &broken) || broken.Variant != "half a file" || !strings.Contains(err.Error(), "syntax error") {
		t.Errorf("error %v, want a BuildError with the compiler's words", err)
	}
}

func TestNoToolchain(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var missing *ToolchainError
	if _, err := NewWorkspace(t.TempDir()); !errors.As(err, &missing) || !strings.Contains(err.Error(), "install Go") {
		t.Errorf("error %v, want a ToolchainError that says what to do", err)
	}
}

func TestFindSource(t *testing.T) {
	root, err := FindSource("")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := FindSource(root); err != nil || again != root {
		t.Errorf("FindSource(%q) is %q, %v", root, again, err)
	}
	elsewhere := t.TempDir()
	var missing *SourceError
	if _, err := FindSource(elsewhere); !errors.As(err, &missing) {
		t.Errorf("an empty folder: %v, want a SourceError", err)
	}
	if err := os.WriteFile(filepath.Join(elsewhere, "go.mod"), []byte("module other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := FindSource(elsewhere); !errors.As(err, &missing) || !strings.Contains(err.Error(), "module other") {
		t.Errorf("another module: %v, want a SourceError that names it", err)
	}
	t.Chdir(elsewhere)
	if _, err := FindSource(""); !errors.As(err, &missing) {
		t.Errorf("outside of any source: %v, want a SourceError", err)
	}
}

// stale are mutants whose patches do not apply, so that no program is built.
func stale(t *testing.T, names ...string) []*Mutant {
	t.Helper()
	var all []*Mutant
	for _, name := range names {
		m, err := parsePatch(name+suffix, patch(diff, header...))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func TestCampaignKeepsTheOrder(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e"}
	for _, jobs := range []int{1, 2, 8} {
		c := &Campaign{Judge: &Bench{Workspace: newTestWorkspace(t)}, Mutants: stale(t, names...), Jobs: jobs}
		var got []string
		err := c.Run(t.Context(), func(i int, r Record) {
			if i != len(got) || r.Result != DoesNotApply {
				t.Errorf("%d jobs: record %d is %+v", jobs, i, r)
			}
			got = append(got, r.Mutant.Name)
		})
		if err != nil || !slices.Equal(got, names) {
			t.Errorf("%d jobs: tried %v, %v; want %v", jobs, got, err, names)
		}
	}
}

func TestCampaignEnds(t *testing.T) {
	workspace := newTestWorkspace(t)
	late := &Campaign{Judge: &Bench{Workspace: workspace}, Mutants: stale(t, "a", "b"), Jobs: 1, End: time.Unix(1, 0)}
	tried := 0
	if err := late.Run(t.Context(), func(_ int, r Record) {
		if tried++; r.Result != NotTried {
			t.Errorf("the time is over, and %s %s", r.Mutant.Name, r.Result)
		}
	}); err != nil || tried != 2 {
		t.Errorf("%d records, %v", tried, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := known(t, "graph-no-war")
	interrupted := &Campaign{Judge: &Bench{Workspace: workspace}, Mutants: []*Mutant{&m, &m}, Jobs: 2}
	if err := interrupted.Run(ctx, func(int, Record) { t.Error("a record of an interrupted run") }); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted run ends with %v", err)
	}
}

// unable is a judge of whom nobody knows what it would say.
type unable struct{ why *isolate.NotJudgedError }

func (u unable) Fit(context.Context, string, int) (Outcome, error) { return Outcome{}, u.why }

func (u unable) Try(context.Context, *Mutant) (Record, error) { return Record{}, u.why }

// TestNotJudged: a mutant that cannot be judged is a line of the table, and no kill; a property that cannot be judged on the program as it is
// ends the campaign.
func TestNotJudged(t *testing.T) {
	c := &Campaign{Judge: unable{&isolate.NotJudgedError{What: "a", Why: "3 workers ended"}}, Mutants: stale(t, "a", "b"), Jobs: 2}
	tried := 0
	if err := c.Run(t.Context(), func(i int, r Record) {
		if tried++; r.Mutant != c.Mutants[i] || r.Result != DoesNotRun || r.Why != "a: not judged: 3 workers ended" {
			t.Errorf("record %d is %+v", i, r)
		}
	}); err != nil || tried != 2 {
		t.Errorf("%d records, %v", tried, err)
	}
	var unfit *UnfitError
	if err := c.Fit(t.Context()); !errors.As(err, &unfit) || unfit.Outcome.Status != Broken {
		t.Errorf("the program is found fit: %v", err)
	}
}

// TestSources: the identity of the sources is the same wherever they are, and another one if a file is.
func TestSources(t *testing.T) {
	write := func(root, path, content string) {
		t.Helper()
		name := filepath.Join(root, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	source := func(extra ...string) string {
		t.Helper()
		root := t.TempDir()
		write(root, "go.mod", "module synchrony\n\ngo 1.26\n")
		write(root, "cmd/verify/main.go", "package main\n\nimport _ \"synchrony/models\"\n\nfunc main() {}\n")
		write(root, "models/models.go", "package models\n\nimport _ \"embed\"\n\n//go:embed a.txt\nvar A string\n")
		write(root, "models/a.txt", "a")
		for i := 0; i < len(extra); i += 2 {
			write(root, extra[i], extra[i+1])
		}
		w, err := NewWorkspace(root)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		id, err := w.Sources(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	own := source()
	for _, same := range [][]string{{}, {"counterexamples/x.txtar", "x"}, {"models/models_test.go", "package models\n"}} {
		if id := source(same...); id != own {
			t.Errorf("with %q the identity is %s, and without %s", same, id, own)
		}
	}
	for _, other := range [][]string{{"models/a.txt", "b"}, {"models/b.go", "package models\n"}, {"models/models.go", "package models\n"}} {
		if id := source(other...); id == own {
			t.Errorf("with %q the identity is the same", other)
		}
	}
}

func TestSample(t *testing.T) {
	all := stale(t, "a", "b", "c", "d", "e", "f")
	names := func(ms []*Mutant) string {
		var s string
		for _, m := range ms {
			s += m.Name
		}
		return s
	}
	seen := map[string]bool{}
	for seed := range uint64(20) {
		s := names(Sample(all, 3, seed))
		if len(s) != 3 || s != names(Sample(all, 3, seed)) || !slices.IsSorted([]byte(s)) {
			t.Errorf("seed %d draws %q", seed, s)
		}
		seen[s] = true
	}
	if len(seen) < 5 {
		t.Errorf("20 seeds draw %d samples only", len(seen))
	}
	if got := names(Sample(all, 9, 1)); got != "abcdef" {
		t.Errorf("a sample larger than all is %q", got)
	}
}
