package foreign

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/models/block"
	"synchrony/properties"
)

// patient is long enough for a program that does its part, on a machine that does much else.
const patient = time.Minute

// few is a search of a few cases.
var few = properties.Spec{Seed: 1, Count: 3, Budget: properties.Budget{Single: 4, Random: 4, Exhaustive: 4}}

// run tests a program on a few cases.
func run(t *testing.T, behaviour string, patience time.Duration) properties.Result {
	t.Helper()
	return runSpec(t, behaviour, patience, few)
}

func runSpec(t *testing.T, behaviour string, patience time.Duration, spec properties.Spec) properties.Result {
	t.Helper()
	p, err := batch(&program{t.Context(), self(behaviour), &greeting{Version, "test", []string{"batch"}, behaviours[behaviour].levels}, "batch", patience})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Run(t.Context(), spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRight: a program that does its part is judged, at either level.
func TestRight(t *testing.T) {
	for _, behaviour := range []string{"right", "scheduled"} {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			r := run(t, behaviour, patient)
			if len(r.Failures) > 0 || r.Unknown > 0 || r.Cases != 3 || (r.Uncontrolled == 3) != (behaviour == "right") {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestNotJudged: whatever a program does beside what it shows is no verdict, does not hang, and is told.
func TestNotJudged(t *testing.T) {
	for behaviour, why := range map[string]string{
		"garbage": "its answer is not understood", "silent": "it has said nothing for", "exits": "it has ended: exit status 0",
		"crashes": "the last that it printed is: segmentation fault", "closes": "it has said nothing for", "floods": "and was asked number",
		"lineless": "", "prints": "it has said nothing for", "late": "it has answered request 2, and was asked number 1", "twice": "it has answered request 1, and was asked number 2",
		"mistaken": `transaction "nobody" is not in the block`, "stray": `the state has the key "zz", which is not in the block`, "empty": "its answer has no observation", "complains": "it says: no disk",
		"traceless": "its answer has no trace", "absurd": "there is no task 2147483647", "endless": "decisions, and was told to end after",
		"disobedient": "that was told to", "fickle": "test: ",
	} {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			patience := patient
			if strings.Contains(why, "said nothing") || why == "" {
				patience = 200 * time.Millisecond
			}
			r := run(t, behaviour, patience)
			if len(r.Failures) > 0 || r.Status() != checkers.Unknown || r.Unknown == 0 {
				t.Fatalf("%v: %+v", r.Status(), r)
			}
			if patience == patient && !strings.Contains(r.UnknownBy, why) {
				t.Errorf("%q, want %q", r.UnknownBy, why)
			}
		})
	}
}

// TestNotRun: a run that the program fails in is not counted as one, and nothing more is run of its case; other cases are, and the program is given up after three.
func TestNotRun(t *testing.T) {
	t.Run("never", func(t *testing.T) {
		t.Parallel()
		if r := run(t, "exits", patient); r.Cases != 3 || r.Unknown != 3 || r.Stress+r.Schedules != 0 || r.Control() != "disturbed: run 0 times as they come, with pauses at random" {
			t.Errorf("%s: %+v", r.Control(), r)
		}
	})
	t.Run("one case", func(t *testing.T) {
		t.Parallel()
		spec := few
		spec.Count = 12
		r := runSpec(t, "fastidious", patient, spec)
		each := 1 + few.Budget.Single + few.Budget.Random
		if r.Unknown == 0 || r.Unknown > maxTroubles || r.Cases != 12 || r.Uncontrolled != 12 || r.Stress != each*(12-r.Unknown) || r.Schedules != 0 {
			t.Errorf("%d runs, %d cases undecided: %+v", r.Stress, r.Unknown, r)
		}
	})
}

// TestFrail: a smaller case that the program dies of, or refuses, is none that fails, and no failure of the search's: what was found is as small as the program can take,
// and fails in each repeat.
func TestFrail(t *testing.T) {
	for _, behaviour := range []string{"frail", "refuses"} {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			spec := few
			spec.Count, spec.Budget.Shrink = 20, 20_000
			r := runSpec(t, behaviour, patient, spec)
			if len(r.Failures) != 1 {
				t.Fatalf("%v: %+v", r.Status(), r)
			}
			if f := r.Failures[0]; f.Size != wrongFrom || !f.Replayed || f.Hits != f.Runs || f.Runs == 0 || f.Repeats() != "" {
				t.Errorf("size %d, replayed %v, %d of %d: %s\n%s", f.Size, f.Replayed, f.Hits, f.Runs, f.Repeats(), f.Text)
			}
		})
	}
}

// TestInterrupted: what was found just before an interrupt was not run again, and is not said to pass.
func TestInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	p, err := batch(&program{ctx, self("frail"), &greeting{Version, "test", []string{"batch"}, []int{1}}, "batch", patient})
	if err != nil {
		t.Fatal(err)
	}
	spec := few
	spec.Count, spec.Budget.Shrink = 20, 20_000
	r, err := p.Run(ctx, spec, func(p properties.Progress) {
		if p.Phase == properties.PhaseShrinking {
			interrupt()
		}
	})
	if err != nil || len(r.Failures) != 1 {
		t.Fatalf("%v, %v: %+v", err, r.Status(), r)
	}
	if f := r.Failures[0]; f.Replayed || f.Runs > 0 || f.Repeats() != "the shrunk case was not run again: the run was interrupted" {
		t.Errorf("replayed %v, %d of %d: %s", f.Replayed, f.Hits, f.Runs, f.Repeats())
	}
}

// TestBegun: a line that was begun and not ended is told, with its length, be it that the program waits for ever or has ended.
func TestBegun(t *testing.T) {
	ask := func(behaviour string, patience time.Duration) string {
		s, err := start(t.Context(), self(behaviour), patient)
		if err != nil {
			t.Fatal(err)
		}
		defer s.close()
		s.patience = patience
		_, err = s.ask(request{Kind: "batch", Workload: json.RawMessage(`{}`)})
		return fmt.Sprint(err)
	}
	if got := ask("breaks off", patient); got != "it has ended: exit status 0; it had begun a line, of 6 bytes, and not ended it" {
		t.Error(got)
	}
	for patience := 100 * time.Millisecond; ; patience *= 2 {
		got := ask("begins", patience)
		if got == fmt.Sprintf("it has begun a line, of 6 bytes so far, and not ended it within %v", patience) {
			break
		}
		if patience > patient || got != fmt.Sprintf("it has said nothing for %v", patience) {
			t.Fatal(got)
		}
	}
}

// TestClientsRefused: what no clients can be is refused when it is replayed, with its place.
func TestClientsRefused(t *testing.T) {
	codec := properties.JSON[Clients]()
	for text, want := range map[string]string{
		`{"clients": [[{"op": "write", "value": 1}, {"op": "read"}], [{"op": "cas", "old": 1, "value": 2}]]}`: "",
		`{"clients": [[{"op": "swap"}]]}`:                                                  `clients[0][0]: there is no operation "swap"`,
		`{"clients": [[], [{"op": "read", "value": 1}]]}`:                                  "clients[1][0]: a read has no such number",
		`{"clients": [[{"op": "write", "old": 1}]]}`:                                       "clients[0][0]: a write has no such number",
		`{"clients": [` + strings.Repeat("[],", maxClients) + `[]]}`:                       "clients: there are 65",
		`{"clients": [[` + strings.Repeat(`{"op":"read"},`, maxCalls) + `{"op":"read"}]]}`: "clients[0]: it makes 65 calls",
	} {
		_, err := codec.Parse([]txtar.File{{Name: "workload.json", Data: []byte(text)}})
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %q", text, err, want)
		}
	}
}

// TestDeadlock: tasks that wait for one another are a verdict, which names them and what they wait for.
func TestDeadlock(t *testing.T) {
	r := run(t, "deadlocks", patient)
	if len(r.Failures) != 1 || r.Failures[0].Rule != "deadlock" || !strings.Contains(r.Failures[0].Reason, "main waits for end of 1; worker waits to lock m") {
		t.Fatalf("%v: %s: %+v", r.Status(), r.Why(), r.Failures)
	}
	if text := r.Failures[0].Text; !strings.Contains(text, "starts task 1") || strings.Contains(text, "mutex 0") || strings.Contains(text, "object 0") || !strings.Contains(text, "worker waits to lock m, which main has locked") {
		t.Errorf("objects have other names than the program's, or who waits for whom is not told:\n%s", text)
	}
}

// TestStoryWithoutSchedule: a program that is told schedules is not said to run as it does, where none is kept.
func TestStoryWithoutSchedule(t *testing.T) {
	for _, behaviour := range []string{"right", "scheduled"} {
		told := behaviour == "scheduled"
		p := &plain[block.Block, Result]{ctx: t.Context(), command: self(behaviour), kind: "batch", name: "test", patience: patient, check: impossible}
		s := &scheduled[block.Block, Result]{plain: p, always: told}
		o, err := s.Run(t.Context(), nil, block.Block{Workers: 2})
		p.close()
		if lines := story(o, nil); err != nil || len(lines) != 1 || strings.HasPrefix(lines[0], "The program was told a schedule") != told {
			t.Errorf("%s: %v: %q", behaviour, err, lines)
		}
	}
}

// TestProperty: what is wrong before anything is run is an error in a line.
func TestProperty(t *testing.T) {
	folder := t.TempDir()
	file := func(name string, mode os.FileMode, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		command    []string
		kind, want string
	}{
		{[]string{"/nonexistent/program"}, "batch", "cannot start a child process"},
		{self("right"), "chess", `no kind of workload "chess": want batch, program or register`},
		{self("right"), "register", "takes no workload of kind register, but batch"},
		{[]string{"/bin/sh", "-c", "exit 7"}, "batch", "it has ended: exit status 7"},
		{[]string{"/bin/sh", "-c", "exit 0"}, "batch", "it has ended: exit status 0; its greeting is read from descriptor 4, as all answers are: see docs/protocol.md"},
		{[]string{"/bin/sh", "-c", "echo '{\"protocol\":1}'"}, "batch", "it has printed its greeting, which is read from descriptor 4 only"},
		{[]string{folder}, "batch", folder + " is a folder: name the program"},
		{[]string{file("plain", 0o600, "#!/bin/sh\n")}, "batch", "is not executable: make it so with chmod +x"},
		{[]string{file("lost", 0o700, "#!/nonexistent/sh\n")}, "batch", "is there, but what its #! line names is not"},
		{[]string{file("bare", 0o700, "print(1)\n")}, "batch", "has no first line such as #!"},
		{[]string{"/bin/sh", "-c", "echo '{\"protocol\":2,\"name\":\"x\",\"kinds\":[\"batch\"],\"levels\":[1]}' >&4; sleep 60"}, "batch", "it speaks version 2"},
		{[]string{"/bin/sh", "-c", "echo hello >&4; sleep 60"}, "batch", "its greeting is not understood"},
	} {
		if _, err := Property(t.Context(), c.command, c.kind, patient); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q as %s: %v, want %s", c.command, c.kind, err, c.want)
		}
	}
}

// TestInWords: a value of the wrong type is told in the words of the protocol.
func TestInWords(t *testing.T) {
	for text, want := range map[string]string{
		`{"state":{"a":123.0}}`:             "state is the number 123.0, and must be a whole number of 64 bits, without a point or an exponent",
		`{"state":[]}`:                      "state is a list, and must be an object",
		`{"failed":"t1"}`:                   "failed is a text, and must be a list",
		`{"reads":[{"transaction":7}]}`:     "reads.transaction is a number, and must be a text",
		`{"error":true}`:                    "error is true or false, and must be a text",
		`[]`:                                "a value is a list, and must be an object",
		`{"state":{"a":1e400000000000000}}`: "state is the number 1e400000000000000, and must be a whole number",
	} {
		var r Result
		if err := inWords(json.Unmarshal([]byte(text), &r)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestConform: a right program conforms, but that one without priorities is slower; and each that is wrong is told.
func TestConform(t *testing.T) {
	for behaviour, want := range map[string]string{
		"right": "", "scheduled": "", "late": "answers workloads", "disobedient": "takes the turns", "fickle": "does the same", "endless": "does the same",
	} {
		findings, err := Conform(t.Context(), self(behaviour), "batch", patient)
		if err != nil {
			t.Fatal(err)
		}
		wrong := Wrong(findings)
		if want == "" && wrong != nil || want != "" && (wrong == nil || !strings.Contains(wrong.Error(), want)) {
			t.Errorf("%s: %v, want %q", behaviour, wrong, want)
		}
		slow := slices.ContainsFunc(findings, func(f Finding) bool { return f.Slow })
		if want == "" && slow != (behaviour == "scheduled") {
			t.Errorf("%s: slow %v", behaviour, slow)
		}
	}
}

// TestFollowed: what a strategy chooses of a program elsewhere is what it would choose of the same program here, whatever the program does by itself.
func TestFollowed(t *testing.T) {
	r := &request{Schedule: &plan{Decisions: 1000}}
	names := objects{}
	asked := 0
	elsewhere := func(p *sched.Plan) (*sched.Trace, error) {
		asked++
		r.Schedule.Turns = planOf(p, 1000).Turns
		return names.trace(traceOf(r), 1000)
	}
	for seed := range uint64(50) {
		for name, strategy := range map[string]func() sched.Strategy{
			"POS": func() sched.Strategy { return sched.POS(seed) }, "PCT": func() sched.Strategy { return sched.PCT(seed, 3, 20) },
		} {
			var one, other sched.Runner
			rec, err := one.Follow(strategy(), sched.Options{}, nil, elsewhere)
			if err != nil {
				t.Fatal(err)
			}
			again, err := other.Follow(sched.Replay(rec.Clone().Schedule), sched.Options{}, nil, elsewhere)
			if err != nil || again.Stuck != nil || again.Schedule.Hash != rec.Schedule.Hash || !slices.Equal(again.Steps, rec.Steps) {
				t.Fatalf("%s %d: %v, %v: %v and %v", name, seed, err, again.Stuck, rec.Schedule, again.Schedule)
			}
		}
	}
	if asked < 200 {
		t.Errorf("asked %d times", asked)
	}
}

// TestExplored: every trace is covered, one schedule each: two tasks that store one object after each other have as many as there are orders.
func TestExplored(t *testing.T) {
	var runner sched.Runner
	e := sched.NewExplorer(sched.Options{}, sched.Bounds{Preemptions: sched.Unbounded})
	traces, runs := map[string]bool{}, 0
	for s, ok := e.Next(); ok; s, ok = e.Next() {
		rec, err := runner.Follow(s, sched.Options{}, nil, func(p *sched.Plan) (*sched.Trace, error) {
			runs++
			return objects{}.trace(twoStores(p), 100)
		})
		if err != nil {
			t.Fatal(err)
		}
		traces[fmt.Sprint(rec.Steps)] = true
		if err := e.Ran(&rec); err != nil {
			t.Fatal(err)
		}
	}
	c := e.Coverage()
	if !c.Complete || c.Traces != 6 || runs > c.Schedules+c.Blocked+1 { // of two stores each: 4!/(2!·2!)
		t.Errorf("%+v in %d runs", c, runs)
	}
}

// twoStores is the trace of two tasks that store one object twice each.
func twoStores(p *sched.Plan) *trace {
	ops, at := []string{"begin", "store", "store", "end"}, [2]int{}
	t, current := &trace{Tasks: []string{"a", "b"}}, 0
	for at[0]+at[1] < 2*len(ops) {
		var all []step
		for i, n := range at {
			if n < len(ops) {
				all = append(all, step{task: int32(i), op: ops[n], object: "x"})
			}
		}
		if i := slices.IndexFunc(p.Turns, func(turn sched.Turn) bool { return turn.Step == len(t.Decisions) }); i >= 0 {
			current = int(p.Turns[i].Task)
		} else if at[current] == len(ops) {
			current = 1 - current
		}
		t.Decisions = append(t.Decisions, decision{int32(current), all})
		at[current]++
	}
	return t
}

// TestTracesThatCannotBe: a trace of which something is missing, or which contradicts itself, is none.
func TestTracesThatCannotBe(t *testing.T) {
	for what, c := range map[string]struct {
		spoil func(*trace)
		want  string
	}{
		"nothing":                       {func(*trace) {}, ""},
		"its second half":               {func(t *trace) { t.Decisions = t.Decisions[:4] }, "at the end: task 1 has announced no step, and had not ended before"},
		"a step of a task":              {func(t *trace) { t.Decisions[2].Steps = t.Decisions[2].Steps[:1] }, "decision 2: task 1 has announced no step, and had not ended before"},
		"the names of others":           {func(t *trace) { t.Tasks = append(t.Tasks, "c") }, "task 2 (c) has a name, and never announced a step"},
		"a name that ends the line":     {func(t *trace) { t.Tasks[1] = "a\nb" }, `task 1 has the name "a\nb", and people are to read it: want printable characters`},
		"a name that drives a terminal": {func(t *trace) { t.Decisions[0].Steps[0].op, t.Decisions[0].Steps[0].object = "lock", "\x1b[2J" }, `decision 0: an object has the name "\x1b[2J", and people are to read it: want printable characters`},
		"a task that is over and left":  {func(t *trace) { t.Left = []step{{0, "lock", "m", true}} }, "at the end: task 0 has announced a step, and had ended before"},
		"a task that goes on when over": {func(t *trace) { t.Decisions[5].Steps = t.Decisions[3].Steps }, "decision 5: task 0 has announced a step, and had ended before"},
	} {
		tr := twoStores(&sched.Plan{})
		c.spoil(tr)
		switch _, err := (objects{}).trace(tr, 100); {
		case (c.want == "") != (err == nil), err != nil && err.Error() != c.want:
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
	cut := twoStores(&sched.Plan{}) // one that was told to end then
	cut.Decisions = cut.Decisions[:4]
	cut.Left = []step{{1, "begin", "x", false}}
	if _, err := (objects{}).trace(cut, 4); err != nil {
		t.Errorf("cut where it had to be: %v", err)
	}
}

// judge judges what an executor of blocks has shown by all checkers, and returns the first verdict that is no pass.
func judge(t testing.TB, b block.Block, o executed) checkers.Verdict {
	t.Helper()
	p, err := batch(&program{t.Context(), nil, &greeting{Version, "test", []string{"batch"}, []int{1}}, "batch", patient})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.(*properties.Property[block.Block, executed]).Checkers {
		if v := c.Check(b, o); v.Status != checkers.Pass {
			return v
		}
	}
	return checkers.Passed()
}

// TestJudged: what an executor of blocks shows is held to all that it says.
func TestJudged(t *testing.T) {
	b, err := block.Parse("workers 2\na = 5\nb = 0\nt1: transfer a b 5\nt2: transfer a b 1\nt3: add b 1; read b\n")
	if err != nil {
		t.Fatal(err)
	}
	for shown, want := range map[string]string{
		`{"state": {"a": 0, "b": 6}}`:                              "",
		`{"state": {"b": 6}, "failed": ["t2"]}`:                    "",
		`{"state": {"b": 6, "c": 0}}`:                              "wrong state: the final state is not the serial one: c is 0, and should be gone",
		`{"state": {"a": 0, "b": 5}}`:                              "wrong state: the final state is not the serial one: b is 5, and should be 6",
		`{"state": {"a": 0, "b": 6}, "failed": []}`:                "failure: t2 is said to have succeeded",
		`{"state": {"a": 4, "b": 2}, "order": ["t2", "t1", "t3"]}`: "",
		`{"state": {"a": 4, "b": 2}, "error": "no disk"}`:          "error: the executor returned an error, though the block is to succeed: no disk",
		`{"state": {"b": 6}, "failed": ["t2"], "reads": [{"transaction": "t1", "key": "a", "value": 5}]}`: "report: t1 reads b, and that is not reported",
		`{"state": {"b": 6}, "failed": ["t2"], "reads": [{"transaction": "t1", "key": "a", "value": 5}, {"transaction": "t1", "key": "b", "value": 0},
			{"transaction": "t3", "key": "b", "value": 5, "from": "t1"}]}`: "",
		`{"state": {"b": 1}, "failed": ["t2"], "reads": [{"transaction": "t1", "key": "a", "value": 5}, {"transaction": "t1", "key": "b", "value": 0},
			{"transaction": "t3", "key": "b", "value": 0}]}`: "G-single",
		`{"state": {"b": 6}, "reads": [{"transaction": "t1", "key": "a", "value": 3}, {"transaction": "t1", "key": "b", "value": 0}]}`: "report: t1 is said to have taken effect, and fails on what it read",
	} {
		var o executed
		if err := json.Unmarshal([]byte(shown), &o.Result); err != nil {
			t.Fatal(err)
		}
		v := judge(t, b, o)
		if got := v.Rule + ": " + v.Reason; (want == "") != (v.Status == checkers.Pass) || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %v %s, want %q", shown, v.Status, got, want)
		}
	}
}

// FuzzAnswer: whatever a program says, it is refused, or is a trace that any strategy can follow.
func FuzzAnswer(f *testing.F) {
	r := &request{ID: 1, Schedule: &plan{Decisions: 30}, Workload: json.RawMessage(`{"workers":1,"initial":{},"transactions":[]}`)}
	good, err := json.Marshal(rightAnswer(r, traceOf(r)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, uint64(1))
	f.Add([]byte(absurd(r)), uint64(2))
	f.Add([]byte(`{"id":1,"observation":{},"trace":{"tasks":["a"],"decisions":[{"task":0,"steps":[[0,"lock","m",true]]}],"left":[[0,"wait","x",true]]}}`), uint64(3))
	f.Add([]byte(`{"id":1,"observation":{},"trace":{"tasks":["a","b"],"decisions":[{"task":0,"steps":[[0,"lock","m"],[1,"lock","m"]]}],"left":[[1,"lock","m",true]]}}`), uint64(3))
	f.Fuzz(func(t *testing.T, line []byte, seed uint64) {
		a, err := parseAnswer(line, r)
		if err != nil {
			return
		}
		said, err := objects{}.trace(a.Trace, r.Schedule.Decisions)
		if err != nil {
			return
		}
		var runner sched.Runner
		for _, s := range []sched.Strategy{sched.Default(), sched.POS(seed), sched.PCT(seed, 3, 10)} {
			_, _ = runner.Follow(s, sched.Options{MaxSteps: 30}, nil, func(*sched.Plan) (*sched.Trace, error) { return said, nil })
		}
		var o executed
		if json.Unmarshal(a.Observation, &o.Result) == nil {
			b, err := block.Parse("workers 1\nt: read k; transfer k l 1\n")
			if err != nil {
				t.Fatal(err)
			}
			if impossible(b, &o.Result) == "" {
				judge(t, b, o)
			}
		}
	})
}

// FuzzGreeting: whatever a program says first, it is refused, or can be worked with.
func FuzzGreeting(f *testing.F) {
	f.Add([]byte(`{"protocol":1,"name":"x","kinds":["batch"],"levels":[1,2]}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if g, err := parseGreeting(line); err == nil && (g.Name == "" || len(g.Levels) == 0) {
			t.Fatalf("%q is a greeting", line)
		}
	})
}

// BenchmarkForeignRun is a case of level 1: a workload there, an observation back.
func BenchmarkForeignRun(b *testing.B) { benchmark(b, "right") }

// BenchmarkForeignSchedule is a schedule of level 2, of 22 steps, with all that is said of them.
func BenchmarkForeignSchedule(b *testing.B) { benchmark(b, "scheduled") }

func benchmark(b *testing.B, behaviour string) {
	p := &plain[block.Block, Result]{ctx: b.Context(), command: self(behaviour), kind: "batch", name: "test", patience: patient, check: impossible}
	defer p.close()
	s := &scheduled[block.Block, Result]{plain: p}
	w, err := block.Parse("workers 2\nk0 = 1\nt1: add k0 1\nt2: add k0 1\n")
	if err != nil {
		b.Fatal(err)
	}
	var runner sched.Runner
	for b.Loop() {
		var o Observation[Result]
		var err error
		if behaviour == "right" {
			o, err = p.Run(context.Background(), nil, w)
		} else {
			_, o, err = s.RunScheduled(context.Background(), &runner, sched.Default(), sched.Options{MaxSteps: 1000}, w)
		}
		if err != nil || o.NotJudged != "" {
			b.Fatal(err, o.NotJudged)
		}
	}
}
