package auto

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// loadTargets loads what is really mutated.
func loadTargets(t *testing.T) *Source {
	t.Helper()
	s, err := Load(t.Context(), "../../..", Targets()...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func names(list []*Mutant) string {
	var b strings.Builder
	for _, m := range list {
		b.WriteString(m.Name() + "\n")
	}
	return b.String()
}

// TestTargets draws from what is mutated: every mutant compiles and changes something, names
// and keys are unique, and all operators and files take part.
func TestTargets(t *testing.T) {
	s := loadTargets(t)
	form := regexp.MustCompile(`^(executor/(synchrony|vm)|checkers(/[a-z]+)?)/[a-z_]+\.go:\d+:[a-z-]+:\d+$`)
	seen := map[string]bool{}
	found := map[string]int{}
	for _, m := range s.Mutants() {
		if !form.MatchString(m.Name()) || strings.HasSuffix(m.Path, "_test.go") {
			t.Errorf("a mutant is called %s", m.Name())
		}
		for _, id := range []string{m.Name(), m.Path + " " + m.key()} {
			if seen[id] {
				t.Errorf("two mutants are called %s", id)
			}
			seen[id] = true
		}
		found[m.Operator]++
	}
	for _, op := range operators() {
		if found[op.Name] == 0 {
			t.Errorf("operator %s finds nothing", op.Name)
		}
	}
	drawn := s.Sample(60, 1)
	if len(drawn) != 60 {
		t.Fatalf("the sample has %d mutants, want 60", len(drawn))
	}
	files, byOperator := map[string]bool{}, map[string]int{}
	for _, m := range drawn {
		files[m.Path] = true
		byOperator[m.Operator]++
		if !s.compiles(m) {
			t.Errorf("%s does not compile:\n%s", m.Name(), m.diff())
		}
		if string(m.Source()) == string(s.file(m.Path).text) || m.diff() == "" {
			t.Errorf("%s changes nothing", m.Name())
		}
	}
	if len(files) < 25 || len(byOperator) < len(operators()) {
		t.Errorf("60 mutants are of %d files and %d operators only", len(files), len(byOperator))
	}
}

// TestCheckersAreTargets: a checker that is added is mutated, or is one of those that judge no execution.
func TestCheckersAreTargets(t *testing.T) {
	folders, err := filepath.Glob("../../../checkers/*/checker.go")
	if err != nil || len(folders) < 8 {
		t.Fatalf("%d checkers, %v", len(folders), err)
	}
	for _, f := range folders {
		if name := "checkers/" + filepath.Base(filepath.Dir(f)); !slices.Contains(Targets(), name) {
			t.Errorf("%s is not mutated", name)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		folders, want []string
		unknown       string
	}{
		{nil, Targets(), ""},
		{[]string{"executor"}, []string{"executor/synchrony", "executor/vm"}, ""},
		{[]string{"checkers/order", "executor/vm"}, []string{"executor/vm", "checkers/order"}, ""},
		{[]string{"executor/vm", "checkers/ord"}, nil, "checkers/ord"},
		{[]string{""}, nil, ""},
	} {
		if got, unknown := Within(c.folders); !slices.Equal(got, c.want) || unknown != c.unknown {
			t.Errorf("%q: %q, %q", c.folders, got, unknown)
		}
	}
}

// TestSampleRepeats draws twice, and loads anew in between.
func TestSampleRepeats(t *testing.T) {
	s := loadSmall(t, small)
	again := loadSmall(t, small)
	for _, n := range []int{1, 10, 30} {
		a, b := names(s.Sample(n, 7)), names(again.Sample(n, 7))
		if a != b {
			t.Errorf("the same seed drew\n%s\nand then\n%s", a, b)
		}
		for name := range strings.Lines(a) {
			if !strings.Contains(names(s.Sample(n+5, 7)), name) {
				t.Errorf("a larger sample has no %s", name)
			}
		}
	}
	if names(s.Sample(10, 7)) == names(s.Sample(10, 8)) {
		t.Error("two seeds drew the same")
	}
	all := s.Sample(10_000, 1)
	if len(all) < 40 || len(all) > len(s.Mutants()) {
		t.Errorf("all mutants that compile are %d of %d", len(all), len(s.Mutants()))
	}
}

// TestKeysStay moves a function, which changes names and leaves keys.
func TestKeysStay(t *testing.T) {
	moved := strings.Replace(small, "type state struct {", "// Two lines\n// more.\ntype state struct {", 1)
	a, b := loadSmall(t, small).Mutants(), loadSmall(t, moved).Mutants()
	if len(a) != len(b) {
		t.Fatalf("%d mutants, then %d", len(a), len(b))
	}
	for i := range a {
		if a[i].key() != b[i].key() || a[i].Name() == b[i].Name() {
			t.Errorf("%s (%s) became %s (%s)", a[i].Name(), a[i].key(), b[i].Name(), b[i].key())
		}
	}
}

// TestCompiles tells mutants that compile from others, and mends those that leave
// something unused.
func TestCompiles(t *testing.T) {
	s := loadSmall(t, `package p

func f(xs []int) (n int) {
	var last int
	for _, x := range xs {
		last = x
	}
	println(last)
	if len(xs) > 1 {
		return 1
	}
	return n / 1 + (2 + 1)
}
`)
	text := func(key string) string { // of the mutant, if it compiles
		for _, m := range s.Mutants() {
			if m.key() == key {
				if !s.compiles(m) {
					return "does not compile"
				}
				return string(m.Source())
			}
		}
		return "does not exist"
	}
	for key, want := range map[string]string{
		"p f stmt-delete: last = x =>":                 "\t\t_ = x\n",
		"p f const-off: 1 in len(xs) > 1 => 0":         "len(xs) > 0",
		"p f jump-drop: return 1 in if len(xs) > 1 =>": "if len(xs) > 1 {\n\t}\n",
		"p f const-off: 1 in n / 1 => 0":               "does not compile", // for it divides by zero
		"p f arith-swap: 2 + 1 => 2 - 1":               "does not exist",   // for that is a constant
	} {
		if got := text(key); !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %q in it", key, got, want)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	var broken *LoadError
	if _, err := Load(t.Context(), "../../..", "executor/nothing"); !errors.As(err, &broken) || !strings.Contains(err.Error(), "executor/nothing") {
		t.Errorf("a folder that is not there: %v, want a LoadError that names it", err)
	}
}
