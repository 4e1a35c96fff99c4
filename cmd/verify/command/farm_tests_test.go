package command

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"synchrony/models/schedule"
	"synchrony/properties"
	"synchrony/properties/document"
	"synchrony/properties/gotest"
)

// TestFarmedTests: what workers say of tests is taken over, and refused if it cannot be true; what they find is saved here.
func TestFarmedTests(t *testing.T) {
	corpus := filepath.Join(t.TempDir(), "corpus")
	found := (&properties.Counterexample{
		Property: "a.TestFails", System: "go test", Checker: "test", Rule: "failed", Reason: "it failed", Schedule: &schedule.Schedule{},
		Workload: []txtar.File{{Name: "test", Data: []byte("package a\ntest TestFails\nseed 7\nbuild other\n")}},
	}).Format()
	own := strings.Replace(string(found), "build other\n", "build \n", 1)
	f := farmOf(t, scripted(func(request json.RawMessage) (any, error) {
		var q testRequest
		err := document.Read(request, &q)
		switch q.Test {
		case "a.TestPasses":
			return testReply{Result: properties.Result{Cases: 1, Schedules: 7, Notes: []string{"b", "a", "b"}}}, err
		case "a.TestFails":
			failure := properties.Failure{Checker: "test", Rule: "failed", Reason: "it failed", Strategy: "mixture", Schedules: 3, Text: string(found)}
			return testReply{Result: properties.Result{Cases: 1, Schedules: 3, Failures: []properties.Failure{failure}}}, err
		case "a.TestSkips":
			return testReply{NotRun: "it skipped itself"}, err
		case "a.TestLies":
			return testReply{Result: properties.Result{Cases: -1}}, err
		}
		return nil, errors.New("the disk is full")
	}))
	r := &farmedTests{f, &gotest.Suite{}, corpus, make(chan struct{}, 1)}
	for _, name := range []string{"Passes", "Fails", "Skips", "Lies", "Breaks"} {
		r.suite.Tests = append(r.suite.Tests, gotest.Test{Info: properties.Info{ID: "a.Test" + name}})
	}
	ask := func(name string) (properties.Result, error) {
		return r.Run(t.Context(), "a.Test"+name, properties.Spec{Count: 1}, func(properties.Progress) {})
	}
	if got, err := ask("Passes"); err != nil || got.Cases != 1 || got.Schedules != 7 || strings.Join(got.Notes, "") != "ba" {
		t.Errorf("the result is %+v, %v", got, err)
	}
	got, err := ask("Fails")
	if err != nil || len(got.Failures) != 1 {
		t.Fatalf("the result is %+v, %v", got, err)
	}
	if saved, err := os.ReadFile(got.Failures[0].File); err != nil || string(saved) != own || filepath.Dir(got.Failures[0].File) != corpus {
		t.Errorf("what is saved is %s: %q, %v", got.Failures[0].File, saved, err)
	}
	var notRun *gotest.NotRunError
	if _, err := ask("Skips"); !errors.As(err, &notRun) || notRun.Why != "it skipped itself" {
		t.Errorf("the error is %v", err)
	}
	if _, err := ask("Lies"); err == nil || !strings.Contains(err.Error(), "cannot be true") {
		t.Errorf("the error is %v", err)
	}
	if _, err := ask("Breaks"); err == nil || err.Error() != "the disk is full" {
		t.Errorf("the error is %v", err)
	}
}

// TestTestsSetting: a worker builds the tests in the same folder of its own module, and in none outside of it.
func TestTestsSetting(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module m\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(root, "a", "b")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	o := testOptions{run: "A", Options: gotest.Options{Patterns: []string{"./..."}, Race: true, Search: gotest.Search{Seed: 7, Corpus: "counterexamples"}}}
	s := o.setting("a")
	if got, err := s.options(below); err != nil || got.Dir != filepath.Join(root, "a") || got.Run.String() != "A" || !got.Race || got.Seed != 7 || got.Corpus != "" {
		t.Errorf("the options are %+v, %v", got, err)
	}
	s.Folder = "../elsewhere"
	if _, err := s.options(root); err == nil {
		t.Error("a folder outside of the module is taken")
	}
	if _, err := s.options(t.TempDir()); err == nil {
		t.Error("no module is taken for one")
	}
}
