package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// program is the command, built, and the folder it runs in.
type program struct{ path, folder string }

func build(t *testing.T) program {
	t.Helper()
	p := program{filepath.Join(t.TempDir(), "transfers"), t.TempDir()}
	if out, err := exec.Command("go", "build", "-o", p.path, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return p
}

// run runs the command, whose exit code must be want, and returns what it prints.
func (p program) run(t *testing.T, want int, args ...string) string {
	t.Helper()
	cmd := exec.Command(p.path, args...)
	cmd.Dir = p.folder
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != want {
		t.Fatalf("%s: exit code %d, want %d\n%s", strings.Join(args, " "), code, want, out)
	}
	return string(out)
}

// TestCommand: a main function of one call does what command verify does.
func TestCommand(t *testing.T) {
	p := build(t)
	if out := p.run(t, 0, "list"); !strings.HasPrefix(out, "transfers  examples") || strings.Contains(out, "S1 ") {
		t.Errorf("list: %s", out)
	}
	if out := p.run(t, 0, "run", "-n", "20", "--seed", "1", "--no-store"); !strings.Contains(out, "repeat with: transfers run --iterations 20 --seed 1") {
		t.Errorf("run: %s", out)
	}
	out := p.run(t, 1, "run", "hasty", "--seed", "1", "--no-store", "--html", "report.html")
	found := regexp.MustCompile(`reproduce it: (go run synchrony/examples/library/command replay (\S+))\n`).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("run: %s", out)
	}
	if page, err := os.ReadFile(filepath.Join(p.folder, "report.html")); err != nil || !strings.Contains(string(page), found[1]) {
		t.Errorf("the report: %v, %d bytes", err, len(page))
	}
	if out := p.run(t, 1, "replay", found[2], "--html", "story.html"); !strings.Contains(out, "reproduced") {
		t.Errorf("replay: %s", out)
	}
	if out := p.run(t, 1, "explore", found[2], "--time", "1m"); !strings.Contains(out, "overdraft") {
		t.Errorf("explore: %s", out)
	}
	p.run(t, 1, "run", "hasty", "-n", "50", "--seed", "1", "--shard", "1/2", "--json", "1.json")
	p.run(t, 0, "run", "hasty", "-n", "50", "--seed", "1", "--shard", "2/2", "--json", "2.json")
	p.run(t, 1, "merge", "1.json", "2.json")
}

// TestElsewhere: another program says of such a counterexample which one replays it.
func TestElsewhere(t *testing.T) {
	p := build(t)
	file := filepath.Join(p.folder, "foreign.txtar")
	text := "verify counterexample 1\n\n-- verdict --\nproperty elsewhere\nprogram example.com/mine/check\n-- batch --\nbalances 1\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	want := `property "elsewhere" is defined by another program; run: go run example.com/mine/check replay foreign.txtar`
	for _, command := range []string{"replay", "explore"} {
		if out := p.run(t, 2, command, "foreign.txtar"); !strings.Contains(out, want) {
			t.Errorf("%s: %s", command, out)
		}
	}
}
