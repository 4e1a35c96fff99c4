package gotest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"synchrony/checkers"
	protocol "synchrony/executor/shim/testing"
	"synchrony/properties"
	"synchrony/properties/isolate/process"
)

// TestNoTimeIsNoPass: a test whose time was over before its first schedule has not passed.
func TestNoTimeIsNoPass(t *testing.T) {
	h := &search{test: &Test{}, spec: Search{Schedules: 5}, until: time.Unix(1, 0)}
	if err := h.isolated(t.Context(), Case{}, coldRuns); err != nil {
		t.Fatal(err)
	}
	if h.res.Status() != checkers.Unknown || h.res.Cases != 0 {
		t.Errorf("%v after %d cases", h.res.Status(), h.res.Cases)
	}
}

// dies is a process that a signal has ended, and what becomes of another one that is asked for the same.
func dies(again error) *diedError {
	return &diedError{ending: process.Ending{Signal: syscall.SIGSEGV}, again: func(context.Context, protocol.Request) error { return again }}
}

// TestCrashWhileReplaying: a test that ends its process while a known counterexample is replayed fails for that, and not
// in a case that was not run.
func TestCrashWhileReplaying(t *testing.T) {
	h := &search{test: &Test{}, began: time.Now()}
	h.res.Replayed = 1
	x := &properties.Counterexample{Property: "pool.TestClose", Rule: "deadlock"}
	if err := h.endedBy(t.Context(), dies(dies(nil)), "c/pool.txtar", x); err != nil {
		t.Fatal(err)
	}
	if err := h.res.Check(true); err != nil {
		t.Error(err)
	}
	if f := h.res.Failures; len(f) != 1 || f[0].Case != -1 || f[0].File != "c/pool.txtar" || f[0].Rule != crash || f[0].Text == "" {
		t.Errorf("%+v", f)
	}
}

// TestCrashOnce: a process that ended once, and not when the same was asked of another, shows nothing.
func TestCrashOnce(t *testing.T) {
	h := &search{test: &Test{}, began: time.Now()}
	if err := h.ended(t.Context(), dies(nil)); err != nil {
		t.Fatal(err)
	}
	if h.res.Status() != checkers.Unknown || !strings.Contains(h.res.UnknownBy, "not when the same was run again") {
		t.Errorf("%v: %s", h.res.Status(), h.res.UnknownBy)
	}
}

// TestAskDeaf: a process that never reads what it is asked, and ends, does not hold up who asks.
func TestAskDeaf(t *testing.T) {
	path, err := exec.LookPath("true")
	if err != nil {
		t.Fatal(err)
	}
	b := binary{path: path, patience: time.Minute}
	s, err := b.start(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	long := protocol.Request{Replay: &protocol.Replay{Schedule: strings.Repeat("1+1 ", 100_000)}}
	if _, _, err := s.ask(long, func(int) {}); !isDied(err) {
		t.Errorf("error %v", err)
	}
}

// TestAllot: inputs, and both kinds of machine, share the time.
func TestAllot(t *testing.T) {
	h := &search{deadline: time.Now().Add(time.Hour)}
	for stages, most := range map[int]time.Duration{4: 15 * time.Minute, 1: time.Hour} {
		h.allot(stages)
		if left := time.Until(h.until); left > most || left < most-time.Minute {
			t.Errorf("%v of an hour for the next of %d", left, stages)
		}
	}
	h = &search{spec: Search{}, until: time.Now().Add(time.Hour)}
	if q := h.exploration(); q.Schedules < 1<<30 || q.Within > 30*time.Minute || q.Within < 29*time.Minute {
		t.Errorf("%+v", q)
	}
	h = &search{spec: Search{Schedules: 50}, most: 50, tried: 50, test: &Test{}}
	if q := h.exploration(); q.Schedules != 0 {
		t.Errorf("%d schedules beyond what was asked for", q.Schedules)
	}
}

// TestHasState: variables that are set once, and to nothing that changes, hold nothing from run to run.
func TestHasState(t *testing.T) {
	for text, want := range map[string]bool{
		"const n = 1": false, "var _ = 1": false, `var err, other = errors.New("a"), errors.New("b")`: false,
		"var n int": true, "var m = map[string]int{}": true, `var re = regexp.MustCompile("a")`: false, "var x = f()": true, "var mu sync.Mutex": true,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("package a\n\n"+text+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if got := hasState(sourceFiles(dir)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// TestManyLines: a message of several lines is a reason of one, and evidence of as many as it has.
func TestManyLines(t *testing.T) {
	d := &describer{names: namer{"."}}
	message := "a_test.go:7: \n\tError:\tNot equal:\n\t\tmore"
	f := &protocol.Finding{Kind: protocol.Failed, Message: message, Log: []string{message}}
	if got, want := d.reason(f), "a_test.go:7: …"; got != want {
		t.Errorf("reason %q, want %q", got, want)
	}
	for _, kind := range []string{protocol.Failed, protocol.Panic} {
		f.Kind = kind
		if lines := d.evidence(f); len(lines) < 3 || strings.Contains(strings.Join(lines, ""), "\n") || lines[1] != "  \tError:\tNot equal:" {
			t.Errorf("%s: evidence %q", kind, lines)
		}
	}
}

// TestNothingLeft: a search whose schedules are used up asks for none, for a request without a limit would have no end.
func TestNothingLeft(t *testing.T) {
	h := &search{test: &Test{}, most: 100}
	for tried, want := range map[int]int{0: probe, 90: 10, 100: 0, 120: 0} {
		if h.tried = tried; h.share(probe) != want {
			t.Errorf("after %d schedules %d more, want %d", tried, h.share(probe), want)
		}
	}
}

// TestAllAsleep: a process in which nothing can go on says nothing about the test once that runs, and is its program's fault before.
func TestAllAsleep(t *testing.T) {
	for _, greeted := range []bool{true, false} {
		h := &search{test: &Test{}, began: time.Now()}
		h.res.Cases = 1
		if err := h.ended(t.Context(), &diedError{
			ending: process.Ending{Code: 2}, output: []string{asleep, "", "goroutine 1 [chan receive]:"}, greeted: greeted,
			again: func(context.Context, protocol.Request) error { return dies(nil) },
		}); err != nil {
			t.Fatal(err)
		}
		want := checkers.Fail
		if greeted {
			want = checkers.Unknown
		}
		if h.res.Status() != want {
			t.Errorf("greeted %t: %v", greeted, h.res.Status())
		}
	}
}

// TestLeakEverywhere: a leak in every schedule is a note.
func TestLeakEverywhere(t *testing.T) {
	h := &search{test: &Test{}, tell: &describer{names: namer{"."}}}
	h.res.Cases = 1
	if err := h.take(Case{Cold: true}, &protocol.Finding{Kind: protocol.Leak, Every: true, Message: "a goroutine waits for ever"}); err != nil {
		t.Fatal(err)
	}
	if h.res.Status() != checkers.Pass || len(h.res.Notes) != 1 {
		t.Errorf("%v, %q", h.res.Status(), h.res.Notes)
	}
}

// TestShares: the stages of a search have as many schedules together as were asked for, whatever each of them needs, and as evenly as can be.
func TestShares(t *testing.T) {
	h := &search{test: &Test{}, spec: Search{Schedules: 10}}
	var got []int
	for _, run := range []int{4, 1, 3, 2} { // the second is complete before its share is used up
		if !h.allot(4 - len(got)) {
			t.Fatalf("nothing is left after %v", got)
		}
		got = append(got, h.most)
		h.tried = 0
		h.ran("mixture", min(run, h.share(probe)))
	}
	if want := []int{3, 3, 3, 3}; !slices.Equal(got, want) || h.res.Schedules != 9 {
		t.Errorf("%v, want %v; %d schedules", got, want, h.res.Schedules)
	}
	for seeds, want := range map[int]int{0: 10, 3: 3, 50: 10} { // a seed has a schedule at least
		h := &search{test: &Test{seeded: true}, spec: Search{Schedules: 10, Inputs: seeds}}
		if got := h.inputs(); got != want {
			t.Errorf("%d inputs for --inputs %d, want %d", got, seeds, want)
		}
	}
}

// TestBeside: what is run beside the schedules asked for is counted by itself, and a part of the search can turn out to be no part of it.
func TestBeside(t *testing.T) {
	h := &search{test: &Test{}, spec: Search{Schedules: 10}}
	h.ran("mixture", 2)
	before := h.mark()
	h.ran("mixture", 3)
	h.ran("exploration", 1)
	_ = h.aside(asFirst, func() error { h.ran("mixture", 5); return nil })
	h.discount(before, inCommon)
	h.ran("a process each", 4)
	want := properties.Result{
		Schedules: 6, Strategies: []properties.Strategy{{Name: "a process each", Schedules: 4}, {Name: "mixture", Schedules: 2}},
		Beside: []properties.Strategy{{Name: asFirst, Schedules: 5}, {Name: inCommon, Schedules: 4}},
	}
	if diff := cmp.Diff(want, h.res); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestInputsOfSeeds: another seed has other inputs, that are exact as floating point, too, and each input has samples of its own.
func TestInputsOfSeeds(t *testing.T) {
	inputs, samples := map[int]bool{}, map[uint64]bool{}
	seeds := []uint64{0, 1, 2, 3, 1 << 40, 1<<64 - 1}
	for _, seed := range seeds {
		h := &search{test: &Test{seeded: true}, spec: Search{Inputs: 100, Seed: seed}}
		for _, at := range h.stages() {
			if at.input < 1 || at.input > 1<<53 {
				t.Fatalf("seed %d has input %d", seed, at.input)
			}
			inputs[at.input], samples[scheduleSeed(seed, at.input)&(1<<32-1)] = true, true
		}
	}
	if want := 100 * len(seeds); len(inputs) != want || len(samples) != want {
		t.Errorf("%d inputs, and %d seeds of their schedules; want %d of each", len(inputs), len(samples), want)
	}
	if scheduleSeed(7, 0) != 7 {
		t.Error("a test without inputs is not searched with the seed that was given")
	}
}

// TestStages: every input is searched, and with --slow on both kinds of machine.
func TestStages(t *testing.T) {
	h := &search{test: &Test{seeded: true}, spec: Search{Inputs: 3, Seed: 1}}
	if got, want := h.stages(), []stage{{1, false}, {2, false}, {3, false}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	h.spec.Slow, h.spec.Inputs = true, 2
	if got, want := h.stages(), []stage{{1, false}, {1, true}, {2, false}, {2, true}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestUnknownIsALine: why a test is undecided is one line, also if it quotes what has several.
func TestUnknownIsALine(t *testing.T) {
	h := &search{}
	h.unknown("schedule 6 led to: panic: lock\n\tTODO 2873683923")
	h.unknown("another")
	if want := "schedule 6 led to: panic: lock TODO 2873683923"; h.res.UnknownBy != want || h.res.Unknown != 2 {
		t.Errorf("%d undecided, by %q; want %q", h.res.Unknown, h.res.UnknownBy, want)
	}
}
