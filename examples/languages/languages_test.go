package languages

import (
	"cmp"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/properties/foreign"
)

// patience is how long a program may take for a line: much, as it starts an interpreter on a machine that does other things.
const patience = 5 * time.Minute

// example is an executor with a bug, and what is to be found.
type example struct {
	build   []string // the command that builds it; nil if nothing has to be built
	command []string // that starts it
	kind    string
	rules   []string // any of them: what a run shows on real threads, nobody chooses
	size    int      // of what is found at level 2, at most; at level 1 it is as small as the threads happened to show it again
	level   int
	cases   int // that meet all that the property is about; 0 for 24
}

// folder stands in commands for the one that an example is built in.
const folder = "FOLDER"

// stateRules are how a wrong final state is told, by what it is as if had happened.
var stateRules = []string{"wrong state", "stale read", "stale view", "lost write", "left out", "wrong order"}

// examples are all of them. What needs a tool that the machine does not have is left out, and says so.
var examples = map[string]example{
	"coroutines": {command: []string{"python3", "python/coroutines.py"}, kind: "batch", rules: stateRules, size: 2, level: 2},
	"machine":    {command: []string{"python3", "python/machine.py"}, kind: "program", rules: []string{"wrong shared variables"}, size: 5, level: 2, cases: 64},
	"threads":    {command: []string{"python3", "python/threads.py"}, kind: "batch", rules: append([]string{"failure"}, stateRules...), level: 1},
	"promises":   {command: []string{"node", "javascript/batch.js"}, kind: "batch", rules: stateRules, level: 1},
	"java": { // it is compiled once: java Batch.java does that each time it is started, which takes minutes on a machine that does much else
		build: []string{"javac", "-d", folder, "java/Batch.java"}, command: []string{"java", "-XX:TieredStopAtLevel=1", "-cp", folder, "Batch"},
		kind: "batch", rules: append([]string{"failure"}, stateRules...), level: 1,
	},
	"c": {
		build: []string{"cc", "-O1", "-pthread", "-o", folder + "/register", "c/register.c"}, command: []string{folder + "/register"},
		kind: "register", rules: []string{"not linearizable"}, level: 1,
	},
	"rust machine": {
		build: []string{"rustc", "--edition", "2021", "-O", "-o", folder + "/machine", "rust/machine.rs"}, command: []string{folder + "/machine"},
		kind: "program", rules: []string{"wrong shared variables"}, level: 1, cases: 64,
	},
	"rust": {
		build: []string{"rustc", "-O", "-o", folder + "/register", "rust/register.rs"}, command: []string{folder + "/register"},
		kind: "register", rules: []string{"not linearizable"}, level: 1,
	},
}

// each runs a test on each example, with its command.
func each(t *testing.T, test func(t *testing.T, e *example)) {
	for name, e := range examples {
		t.Run(name, func(t *testing.T) {
			where := t.TempDir()
			in := func(words []string) (list []string) {
				for _, word := range words {
					list = append(list, strings.ReplaceAll(word, folder, where))
				}
				return list
			}
			for _, words := range [][]string{e.build, e.command} {
				if len(words) > 0 && !strings.HasPrefix(words[0], folder) {
					needs(t, words[0])
				}
			}
			if build := in(e.build); build != nil {
				if out, err := exec.Command(build[0], build[1:]...).CombinedOutput(); err != nil {
					t.Fatalf("%s: %v\n%s", build[0], err, out)
				}
			}
			e.command = in(e.command)
			test(t, &e)
		})
	}
}

// needs skips the test on a machine without a tool.
func needs(t *testing.T, tool string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("there is no %s here", tool)
	}
}

// run tests a program on so many cases.
func run(t *testing.T, command []string, kind string, cases, shrink int) (properties.Testable, properties.Result) {
	t.Helper()
	p, err := foreign.Property(t.Context(), command, kind, patience)
	if err != nil {
		t.Fatal(err)
	}
	// Few runs: each takes as long as the machine lets it.
	budget := properties.Budget{Single: 12, Random: 4, Exhaustive: 10, Shrink: shrink}
	r, err := p.Run(t.Context(), properties.Spec{Seed: 1, Count: cases, Budget: budget}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, r
}

// TestFound: the bug of each is found, shrunk and replayed.
func TestFound(t *testing.T) {
	each(t, func(t *testing.T, e *example) {
		p, r := run(t, e.command, e.kind, 100, map[int]int{1: 300, 2: 4000}[e.level])
		if r.Status() != checkers.Fail {
			t.Fatalf("%v: %s", r.Status(), r.Why())
		}
		f := r.Failures[0]
		if !slices.Contains(e.rules, f.Rule) || e.level == 2 && (f.Size > e.size || !f.Replayed) { // threads repeat it when they happen to: below
			t.Errorf("%s of size %d, replayed %v, %d of %d:\n%s", f.Rule, f.Size, f.Replayed, f.Hits, f.Runs, f.Text)
		}
		c, err := properties.ParseCounterexample("found", []byte(f.Text))
		if err != nil {
			t.Fatal(err)
		}
		if e.level == 2 && (c.Schedule == nil || len(c.Schedule.Deviations) != 1) {
			t.Errorf("the schedule: %v", c.Schedule)
		}
		if why := strings.Join(c.Why, "\n"); e.level == 2 && (!strings.Contains(why, " sampled schedules, it fails in ") || strings.Contains(why, "object ") || strings.Contains(why, "JOIN_WORKERS")) {
			t.Errorf("why: %s", why)
		}
		again, err := p.Replay(t.Context(), c)
		for tries := 1; e.level == 1 && err == nil && !again.Reproduced && tries < 20; tries++ {
			again, err = p.Replay(t.Context(), c) // threads show it when they happen to
		}
		if err != nil || !again.Reproduced {
			t.Errorf("replayed: %v, %s: %v", err, again.Checker, again.Verdict)
		}
	})
}

// TestRight: without its bug each passes.
func TestRight(t *testing.T) {
	each(t, func(t *testing.T, e *example) {
		_, r := run(t, append(e.command, "right"), e.kind, cmp.Or(e.cases, 24), 0)
		if r.Status() != checkers.Pass {
			t.Errorf("%v: %s: %+v", r.Status(), r.Why(), r.Failures)
		}
		if controlled := r.Uncontrolled == 0 && r.Idle < r.Cases; controlled != (e.level == 2) {
			t.Errorf("of level %d: %d cases uncontrolled and %d idle, of %d", e.level, r.Uncontrolled, r.Idle, r.Cases)
		}
	})
}

// TestConform: each keeps to the protocol.
func TestConform(t *testing.T) {
	each(t, func(t *testing.T, e *example) {
		findings, err := foreign.Conform(t.Context(), e.command, e.kind, patience)
		if err != nil || len(findings) == 0 {
			t.Fatalf("%d findings: %v", len(findings), err)
		}
		for _, f := range findings {
			if f.Wrong != "" {
				t.Errorf("%s: %s", f.What, f.Wrong)
			}
		}
	})
}

// TestExplored: every schedule of a small case of the right executor passes, and there is more than one.
func TestExplored(t *testing.T) {
	for _, name := range []string{"coroutines", "machine"} {
		t.Run(name, func(t *testing.T) { explored(t, examples[name]) })
	}
}

func explored(t *testing.T, e example) {
	t.Helper()
	needs(t, e.command[0])
	p, err := foreign.Property(t.Context(), append(e.command, "right"), e.kind, patience)
	if err != nil {
		t.Fatal(err)
	}
	_, hasty := run(t, e.command, e.kind, 100, 4000)
	c, err := properties.ParseCounterexample("found", []byte(hasty.Failures[0].Text))
	if err != nil {
		t.Fatal(err)
	}
	x, err := p.Explore(t.Context(), properties.ExploreSpec{Cases: [][]txtar.File{c.Workload}}, nil)
	if err != nil || x.Complete != 1 || x.Failure != nil || x.Traces < 2 {
		t.Errorf("%v: %+v", err, x)
	}
}
