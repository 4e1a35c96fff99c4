package ci

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "synchrony/"

// floorPlan says which rooms of the module each room may import, beside itself. Data
// flows from left to right: models, then what makes, runs and judges them, then what
// ties these together, then what shows the results. A package stands in the room that
// is the longest prefix of its path, and in that alone; a name on the right that is no
// room stands for all rooms under it.
var floorPlan = map[string][]string{
	"docs":             {},
	"models/text":      {},
	"models/batch":     {"models/text"},
	"models/program":   {"models/text"},
	"models/schedule":  {"models/text"},
	"models/history":   {"models/text", "models/batch", "models/program", "models/schedule"},
	"models/trace":     {"models/text", "models/batch", "models/program", "models/schedule", "models/history"},
	"models/recording": {"models/text", "models/history"},
	"models/block":     {"models/text", "models/history"},
	"models/declared":  {"models/text", "models/history"},
	"generators":       {"models"},
	"executor/sched":   {"models/schedule", "models/text"},
	"executor":         {"executor/sched"},
	"checkers":         {"models", "checkers"},
	"properties":       {"models", "executor", "executor/sched", "executor/shim", "checkers"},
	"ci":               {"models/text"},
	"ci/stories":       {"ci", "properties/mutants"},

	"executor/synchrony":  {"models", "executor", "executor/sched"},
	"executor/vm":         {"models", "executor", "executor/sched"},
	"executor/instrument": {"models/text"},
	"executor/shim":       {"models", "executor/sched"},

	"properties/isolate":     {"checkers", "properties"},
	"properties/foreign":     {"models", "generators", "executor", "executor/sched", "checkers", "properties", "properties/isolate", "properties/batchtest", "properties/programtest"},
	"properties/campaign":    {"properties", "properties/isolate"},
	"properties/farm":        {"properties", "properties/isolate", "properties/campaign"},
	"properties/gotest":      {"models", "executor", "executor/sched", "executor/shim", "executor/instrument", "checkers", "properties", "properties/isolate", "properties/campaign"},
	"properties/mutants":     {"models/text", "properties", "properties/isolate", "properties/campaign"},
	"properties/batchtest":   {"models", "generators", "executor", "executor/sched", "executor/shim", "checkers", "properties"},
	"properties/programtest": {"models", "generators", "executor", "executor/sched", "executor/shim", "checkers", "properties"},
	"properties/catalogue":   {"models", "generators", "executor", "executor/sched", "executor/synchrony", "executor/vm", "checkers", "properties"},

	"reports": {
		"models", "checkers",
		"properties", "properties/campaign", "properties/catalogue", "properties/mutants",
	},
	"cmd/verify/command/configuration": {"models/text"},
	"cmd/verify":                       {"cmd/verify/command", "properties/catalogue"},
	"cmd/verify/command": {
		"models", "generators", "executor", "executor/sched", "executor/synchrony", "executor/vm", "checkers", "reports", "docs",
		"properties", "properties/isolate", "properties/campaign", "properties/catalogue", "properties/mutants", "properties/gotest", "properties/foreign", "properties/farm", "executor/instrument",
		"cmd/verify/command/configuration",
	},
	"examples": {
		"models", "generators", "executor", "executor/sched", "executor/synchrony", "executor/vm", "checkers",
		"properties", "properties/isolate", "properties/campaign", "properties/catalogue", "properties/foreign", "cmd/verify/command",
	},
}

// restricted are libraries that only some rooms may import, outside of tests.
var restricted = map[string][]string{
	"github.com/anishathalye/porcupine": {"checkers/linearizability"},
	"github.com/aclements/go-z3":        {"checkers/smt"},
	"pgregory.net/rapid":                {"generators", "properties", "examples"},
	"github.com/spf13/cobra":            {"cmd/verify/command"},
	"modernc.org/sqlite":                {"reports/history"},
	"github.com/goccy/go-yaml":          {"cmd/verify/command/configuration"},
	"golang.org/x/tools/go":             {"executor/instrument", "properties/mutants"},
	"github.com/nats-io":                {"properties/farm"},
	"github.com/chromedp":               {}, // tests only
}

// siblings must not import one another, though each may import what its room may, and what is internal to all.
var siblings = []string{"checkers", "executor"}

type goPackage struct {
	ImportPath string
	Imports    []string
	Doc        string // its first sentence
}

func TestFloorPlan(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		room := roomOf(name)
		if room == "" {
			t.Errorf("%s stands in no room of the floor plan", name)
			continue
		}
		for _, imp := range p.Imports {
			if inner, ok := strings.CutPrefix(imp, module); ok {
				if !mayImport(room, name, inner) {
					t.Errorf("%s imports %s, which the floor plan does not allow", name, inner)
				}
			}
			for library, rooms := range restricted {
				if within(imp, library) && !slices.ContainsFunc(rooms, func(r string) bool { return within(name, r) }) {
					t.Errorf("%s imports %s, which only %s may", name, library, strings.Join(rooms, ", "))
				}
			}
		}
	}
}

func mayImport(room, from, to string) bool {
	for _, parent := range siblings {
		a, b := child(parent, from), child(parent, to)
		if a != "" && b != "" && a != b && b != "sched" && b != "internal" {
			return false
		}
	}
	other := roomOf(to)
	return other == room || slices.ContainsFunc(floorPlan[room], func(r string) bool {
		_, isRoom := floorPlan[r]
		return other == r || !isRoom && within(to, r)
	})
}

// child returns the name of the direct sub-room of parent that path stands in.
func child(parent, path string) string {
	rest, ok := strings.CutPrefix(path, parent+"/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func within(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }

func roomOf(path string) string {
	best := ""
	for room := range floorPlan {
		if within(path, room) && len(room) > len(best) {
			best = room
		}
	}
	return best
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Doc", "synchrony/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderrOf(err))
	}
	var list []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	if len(list) < 5 {
		t.Fatalf("go list found %d packages only", len(list))
	}
	return list
}

func stderrOf(err error) string {
	var e *exec.ExitError
	if errors.As(err, &e) {
		return string(e.Stderr)
	}
	return ""
}

// TestFloorPlanRefuses holds the rules against imports that must not be.
func TestFloorPlanRefuses(t *testing.T) {
	for _, c := range [][2]string{
		{"models/batch", "models/trace"},
		{"models/batch", "executor/sched"},
		{"generators/batches", "executor/sched"},
		{"executor/sched", "checkers"},
		{"executor/synchrony", "executor/vm"},
		{"executor/synchrony", "properties"},
		{"checkers/race", "checkers/order"},
		{"checkers/race", "executor/sched"},
		{"properties", "reports"},
		{"properties", "properties/isolate"},
		{"properties", "properties/catalogue/batch"},
		{"properties/isolate", "properties/campaign"},
		{"properties/campaign", "properties/mutants/auto"},
		{"properties/campaign", "properties/catalogue"},
		{"properties/campaign", "executor/sched"},
		{"properties/campaign", "reports/results"},
		{"properties/mutants", "properties/catalogue/vm"},
		{"properties/catalogue/batch", "properties/campaign"},
		{"reports", "properties/isolate"},
		{"reports", "cmd/verify"},
		{"reports", "docs"},
		{"reports/execution", "executor/synchrony"},
		{"reports/html", "executor/sched"},
	} {
		if mayImport(roomOf(c[0]), c[0], c[1]) {
			t.Errorf("the floor plan lets %s import %s", c[0], c[1])
		}
	}
}
