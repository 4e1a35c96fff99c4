package gotest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	protocol "synchrony/executor/shim/testing"
	"synchrony/properties"
)

const kernelsFolder = "testdata/kernels"

// want is what a search of a kernel must find: a kind, and the function it is found in.
type want struct{ kind, function string }

var wantLine = regexp.MustCompile(`want: (\S+) at (\S+)`)

// wants reads what the buggy twins' comments say, by the name of the test.
func wants(t *testing.T) map[string][]want {
	files, err := filepath.Glob(filepath.Join(kernelsFolder, "*", "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]want{}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				for _, m := range wantLine.FindAllStringSubmatch(fn.Doc.Text(), -1) {
					all[fn.Name.Name] = append(all[fn.Name.Name], want{m[1], m[2]})
				}
			}
		}
	}
	if len(all) != 52 {
		t.Fatalf("%d kernels say what is to be found, not 52", len(all))
	}
	return all
}

var literal = regexp.MustCompile(`(\.func\d+|\.\d+|-fm|\.gowrap\d+)+$`)

// within reports whether one of the places that a finding is about is in the function, of which function literals are a part.
func (w want) within(f *protocol.Finding) bool {
	var at []string
	switch f.Kind {
	case protocol.Deadlock, protocol.Leak:
		for _, k := range waiting(f) {
			at = append(at, k.Position)
		}
	case protocol.Panic:
		at = append(at, f.Position)
	case protocol.Race:
		for _, s := range raceSides(f.Report) {
			at = append(at, s.position)
			if s.behalf { // the function is not known
				return true
			}
		}
	default:
		return true // where Errorf is called, its own line says
	}
	return slices.ContainsFunc(at, func(position string) bool {
		return literal.ReplaceAllString(placeOf(position).function, "") == w.function
	})
}

// searchKernels searches every twin, and holds what is found to what its comments say.
func searchKernels(t *testing.T, race bool) {
	o := Options{Dir: kernelsFolder, Patterns: []string{"./..."}, Race: race, Search: Search{Schedules: 1000, Seed: 1, Patience: time.Minute}}
	s, err := Build(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Control(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.Tests) != 104 || len(s.Refused) > 0 {
		t.Fatalf("%d tests are built, and refused: %v", len(s.Tests), s.Refused)
	}
	wanted := wants(t)
	for i := range s.Tests {
		t.Run(s.Tests[i].Name, func(t *testing.T) {
			t.Parallel()
			list := slices.Clone(wanted[s.Tests[i].Name])
			if !race {
				list = slices.DeleteFunc(list, func(w want) bool { return w.kind == protocol.Race })
			}
			if err := searchKernel(t, s, &s.Tests[i], list); err != nil {
				t.Error(err)
			}
		})
	}
}

// searchKernel searches a twin, and replays what it finds.
func searchKernel(t *testing.T, s *Suite, test *Test, list []want) error {
	res, err := s.Run(t.Context(), test.Info.ID, properties.Spec{}, func(properties.Progress) {})
	if err == nil {
		err = res.Check(true)
	}
	switch {
	case err != nil:
		return err
	case res.Unknown > 0:
		return fmt.Errorf("undecided: %s", res.UnknownBy)
	case len(list) == 0 && len(res.Failures) == 0:
		return nil
	case len(list) == 0:
		return fmt.Errorf("accused, though right: %s", res.Failures[0].Text)
	case len(res.Failures) == 0:
		return fmt.Errorf("%d schedules passed, want %v", res.Schedules, list)
	}
	f := &res.Failures[0]
	x, err := properties.ParseCounterexample("found", []byte(f.Text))
	if err != nil {
		return err
	}
	c, err := caseOf("found", x)
	if err != nil {
		return err
	}
	for range 2 {
		again, done, err := test.replay(t.Context(), c, x)
		switch {
		case err != nil:
			return err
		case again.Kind != f.Rule || done.Hash != fmt.Sprintf("%016x", x.Schedule.Hash):
			return fmt.Errorf("replayed as %s, hash %s; found: %s", again.Kind, done.Hash, f.Text)
		case !slices.ContainsFunc(list, func(w want) bool { return w.kind == again.Kind && w.within(&again) }):
			return fmt.Errorf("want one of %v, found: %s", list, f.Text)
		}
	}
	l := Loaded{Counterexample: x, Case: c, name: "found", test: test, spec: s.options.Search, tell: describer{names: namer{s.options.Dir}}}
	switch r, err := l.Replay(t.Context(), x); {
	case err != nil:
		return err
	case !r.Reproduced || len(r.Differs) > 0:
		return fmt.Errorf("what is found differs when it is replayed: %v; found: %s", r.Differs, f.Text)
	}
	if f.Deviations > 3 {
		t.Logf("%d deviations", f.Deviations)
	}
	return nil
}

// TestKernels: every bug that shows without the race detector is found where it is, replays, and no correct twin is accused.
func TestKernels(t *testing.T) { searchKernels(t, false) }

// TestKernelsRace: under the race detector all of them are.
func TestKernelsRace(t *testing.T) {
	if testing.Short() {
		t.Skip("builds eighteen packages with the race detector: about a minute when nothing is cached")
	}
	searchKernels(t, true)
}
