package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLists: the lists that are committed can be read, and name no module twice.
func TestLists(t *testing.T) {
	modules, err := readModules("modules.txt")
	if err != nil || len(modules) < 20 {
		t.Fatalf("%d modules, %v", len(modules), err)
	}
	listed := map[string]bool{}
	for _, m := range modules {
		if listed[m.Path] {
			t.Errorf("%s is there twice", m.Path)
		}
		listed[m.Path] = true
	}
	judged, err := readJudged("judged.txt")
	if err != nil {
		t.Fatal(err)
	}
	for k := range judged {
		if path, _, _ := strings.Cut(k, " "); !listed[path] {
			t.Errorf("%s is judged, and not listed", path)
		}
	}
}

func TestListsThatAreWrong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list")
	for text, want := range map[string]string{
		"# nothing\n\nexample.com/m\n": `list:3: "example.com/m" is no module@version`,
		"@v1\n":                        `list:1: "@v1" is no module@version`,
	} {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := readModules(file); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if err := os.WriteFile(file, []byte("example.com/m TestA failed perhaps why\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := readJudged(file); err == nil || !strings.Contains(err.Error(), "is not MODULE TEST RULE true|false REASON") {
		t.Error(err)
	}
}

// TestTable: what was found stands beside who is at fault; what nobody has judged says so.
func TestTable(t *testing.T) {
	r := &result{Module: module{Path: "example.com/m", Version: "v1"}, Seconds: 3, Refused: []string{"m.TestC: it skipped itself"}, Tests: []test{
		{ID: "m.TestA", Status: "fail", Schedules: 7, Failures: []finding{{Rule: "leak", Reason: "a | b", Schedules: 7, Deviations: 1, Replays: "10 of 10"}}},
		{ID: "m.TestB", Status: "inconclusive", Schedules: 5, Why: "too long"},
	}}
	got := table([]*result{r}, map[string]judgement{key("example.com/m", "TestA", "leak"): {true, "the test"}})
	for _, want := range []string{
		"| `example.com/m@v1` | 3 | 0 | 1 | 1 | 1 | 12 | 3 |", "| 1 modules | 3 | 0 | 1 | 1 | 1 | 12 | 3 |",
		`| TestA, leak: a \| b | 7 | 1 | 10 of 10 | the test |`, "| TestB | too long |", "| m.TestC | it skipped itself |",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if got := table([]*result{r}, nil); !strings.Contains(got, "| not judged |") {
		t.Errorf("a finding that nobody judged:\n%s", got)
	}
}
