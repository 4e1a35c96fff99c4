package auto

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestSchemata builds one program of all mutants of functions of every form, and runs it as
// each: it must print what that mutant alone would.
func TestSchemata(t *testing.T) {
	const text = `package main

import "fmt"

type point struct{ x int }

func (p point) sum(_ string, by ...int) int {
	for _, n := range by {
		p.x += n
	}
	return p.x
}

func (*point) none(int, _ int) (first, second int) { return 10, 20 }

func largest[T int | float64](list []T, _ int) T {
	m := list[0]
	for _, v := range list {
		if v > m {
			m = v
		}
	}
	return m
}

func note(list *[]string) { *list = append(*list, "noted"); return }

func guarded() (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprint(v)
		}
	}()
	panic("p")
}

func main() {
	var notes []string
	note(&notes)
	a, b := (&point{}).none(1, 2)
	fmt.Println(point{1}.sum("", 2, 3), a, b, largest([]int{3, 5, 4}, 0), notes, guarded())
}
`
	root := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module m\n\ngo 1.26\n")
	write("p/p.go", text)
	s, err := Load(t.Context(), root, "p")
	if err != nil {
		t.Fatal(err)
	}
	var list []*Mutant
	for _, m := range s.Mutants() {
		if s.compiles(m) && m.Function != "main" {
			list = append(list, m)
		}
	}
	x := s.Schemata(list)
	for name, content := range x.Files {
		write(name, string(content))
	}
	program := filepath.Join(root, "program")
	build := exec.Command("go", "build", "-o", program, "./p")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the schemata do not build: %v\n%s\n%s", err, out, x.Files["p/p.go"])
	}
	run := func(number int) string {
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), selectEnv+"="+strconv.Itoa(number))
		out, _ := cmd.Output() // a mutant may panic
		return strings.TrimSpace(string(out))
	}
	const original = "6 10 20 5 [noted] p"
	if got := run(0); got != original {
		t.Errorf("as it was, the program prints %q, want %q", got, original)
	}
	wants := map[string]string{
		"p (point).sum stmt-delete: p.x += n =>":                "1 10 20 5 [noted] p",
		"p (point).sum arith-swap: p.x += n => p.x -= n":        "-4 10 20 5 [noted] p",
		"p (*point).none const-off: 20 in return 10, 20 => 21":  "6 10 21 5 [noted] p",
		"p largest rel-swap: v > m => v >= m":                   original,
		"p largest cond-negate: v > m => !(v > m)":              "6 10 20 3 [noted] p",
		`p note stmt-delete: *list = append(*list, "noted") =>`: "6 10 20 5 [] p",
		"p guarded cond-negate: v != nil => !(v != nil)":        "6 10 20 5 [noted]",
	}
	for _, m := range list {
		want, ok := wants[m.key()]
		delete(wants, m.key())
		if got := run(x.number[m]); ok && got != want {
			t.Errorf("%s prints %q, want %q", m.key(), got, want)
		}
	}
	for key := range wants {
		t.Errorf("there is no mutant %s", key)
	}
}

// TestSchemataOfTargets checks that a large sample of the executors' mutants is one program
// that compiles, by types.
func TestSchemataOfTargets(t *testing.T) {
	s := loadTargets(t)
	drawn := s.Sample(150, 3)
	for name, content := range s.Schemata(drawn).Files {
		f := s.file(name)
		if f == nil {
			continue // the selector
		}
		for _, err := range f.check(content) {
			if !strings.Contains(err.Msg, "undefined: selectedMutant") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
