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
	i := slices.IndexFunc(all, func(m *Mutant) bool { return m.Name == name })
	if i < 0 {
		t.Fatalf("there is no mutant %s any more", name)
	}
	return *all[i]
}

// TestTry takes one mutant through everything: two builds of the program are what
// it costs.
func TestTry(t *testing.T) {
	workspace, ctx := newTestWorkspace(t), t.Context()
	plain, err := workspace.Build(ctx, Variant{Name: "the program as it is"})
	if err != nil {
		t.Fatal(err)
	}
	m := known(t, "graph-no-war")
	if err := workspace.Fit(ctx, plain, []*Mutant{&m}, testBudget, 1); err != nil {
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
	settings := Settings{Budget: testBudget, Plain: plain, Others: func(string) []string { return []string{"S17", "S6"} }, Keep: t.TempDir()}
	try := func(change func(*Mutant, *Settings)) Record {
		changed, settings := m, settings
		change(&changed, &settings)
		r := Record{Mutant: &changed}
		if err := workspace.judge(ctx, &r, binary, settings); err != nil {
			t.Fatal(err)
		}
		return r
	}

	r := try(func(*Mutant, *Settings) {})
	if f := r.Outcome.Failure; r.Result != AsExpected || r.Replayed != Replays || f.Checker != "race" || f.Size != 2 {
		t.Errorf("the record is %+v, want a race of two transactions", r)
	}
	if want := filepath.Join(settings.Keep, "graph-no-war.txtar"); r.Outcome.Failure.File != want {
		t.Errorf("the counterexample is %q, want %q", r.Outcome.Failure.File, want)
	} else if _, err := os.Stat(want); err != nil {
		t.Error(err)
	}

	for _, c := range []struct {
		what   string
		change func(*Mutant, *Settings)
		want   Result
		why    string
	}{
		{"another property finds it", func(m *Mutant, _ *Settings) { m.KilledBy = "S16" }, ByAnother, "S6 finds it, and S16 does not in 40 cases"},
		{"nobody finds it", func(m *Mutant, x *Settings) {
			m.KilledBy, m.Cases = "S16", 7
			x.Others = func(string) []string { return []string{"S17"} }
		}, Alive, "S16 does not find it in 7 cases"},
		{"nobody finds it, as is known", func(m *Mutant, x *Settings) {
			m.KilledBy, m.Cases, m.Survives = "S16", 7, "no batch has two transactions."
			x.Others = func(string) []string { return []string{"S17"} }
		}, KnownAlive, "no batch has two transactions."},
		{"it is found against expectation", func(m *Mutant, _ *Settings) { m.Survives = "no batch has two transactions." }, NewlyKilled, "S6 finds it"},
		{"another verdict", func(m *Mutant, _ *Settings) { m.Verdict = "deadlock" }, OtherVerdict, `the patch expects "deadlock"`},
		{"the plain program is broken, too", func(_ *Mutant, x *Settings) { x.Plain = binary }, NotByMutation, "without the mutation"},
		{"no such property", func(m *Mutant, _ *Settings) { m.KilledBy = "S99" }, DoesNotRun, "S99"},
	} {
		if r := try(c.change); r.Result != c.want || !strings.Contains(r.Why, c.why) {
			t.Errorf("%s: %q (%s), want %q (…%s…)", c.what, r.Result, r.Why, c.want, c.why)
		}
	}

	checkRuns(t, workspace, plain)
	var unfit *UnfitError
	if err := workspace.Fit(ctx, binary, []*Mutant{&m}, testBudget, 1); !errors.As(err, &unfit) || unfit.Property != "S6" {
		t.Errorf("a broken program is found fit: %v", err)
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
		c := &Campaign{Workspace: newTestWorkspace(t), Mutants: stale(t, names...), Jobs: jobs}
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
	late := &Campaign{Workspace: workspace, Mutants: stale(t, "a", "b"), Jobs: 1, End: time.Unix(1, 0)}
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
	interrupted := &Campaign{Workspace: workspace, Mutants: []*Mutant{&m, &m}, Jobs: 2}
	if err := interrupted.Run(ctx, func(int, Record) { t.Error("a record of an interrupted run") }); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted run ends with %v", err)
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
