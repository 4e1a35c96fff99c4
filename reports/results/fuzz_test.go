package results

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"unicode"

	"synchrony/properties"
	"synchrony/properties/isolate"
	"synchrony/reports"
	"synchrony/reports/internal/golden"
)

// oneLine fails unless an error is one line without control characters.
func oneLine(t *testing.T, err error) {
	t.Helper()
	if strings.ContainsFunc(err.Error(), unicode.IsControl) {
		t.Fatalf("the error is %q", err)
	}
}

// FuzzReport: whatever a file holds, it is refused in one line, or a report that is true, which the
// documented schema allows, which every form can be made of, and which is written as it was read.
func FuzzReport(f *testing.F) {
	for _, run := range []*Run{sample(), shardSample(), testsSample(), {}} {
		f.Add([]byte(text(f, run)))
	}
	for _, s := range []string{"", "null", "[]", `{"version":1}`, `{"version":1} {}`, `{"version":1,"seconds":1e400}`, "\xff"} {
		f.Add([]byte(s))
	}
	valid := golden.Validator(f, runSchema)
	f.Fuzz(func(t *testing.T, data []byte) {
		run, err := ReadJSON(strings.NewReader(string(data)))
		if err != nil {
			oneLine(t, err)
			return
		}
		if err := valid(strings.NewReader(string(data))); err != nil {
			t.Fatalf("the schema refuses what is read: %v", err)
		}
		first := text(t, run)
		again, err := ReadJSON(strings.NewReader(first))
		if err != nil {
			t.Fatalf("what is written is not read again: %v\n%s", err, first)
		}
		if second := text(t, again); second != first {
			t.Fatalf("it is written\n%s\nand then\n%s", first, second)
		}
		for _, err := range []error{Console(io.Discard, run, true), JUnit(io.Discard, run), SARIF(io.Discard, run), Test2JSON(io.Discard, run), GitHubAnnotations(io.Discard, run)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// FuzzMerge: whatever two shards of a run showed, if each can be true, then so can what they add up to,
// or they are refused in one line.
func FuzzMerge(f *testing.F) {
	const passed, failed, undecided, died, broken, interrupted, kinds = 0, 1, 2, 3, 4, 5, 6
	f.Add(60, 30, 30, 400, 7, 1, 20, 300, 9, passed, passed)
	f.Add(60, 30, 3, 400, 0, 0, 20, 300, 0, passed, failed)
	f.Add(60, 30, 30, 400, 0, 0, 20, 3, 1, undecided, died)
	f.Add(60, 30, 30, 400, 0, 0, 0, 0, 0, interrupted, broken)
	f.Add(math.MaxInt, math.MaxInt, 1<<52, 1<<53-1, 0, 0, 1<<52, 1<<53-1, 0, passed, passed)
	f.Add(-1, -1, 0, 0, 0, 0, 0, -1, 0, passed, passed)
	f.Fuzz(func(t *testing.T, iterations, met, cases1, schedules1, covered1, idle1, cases2, schedules2, covered2, kind1, kind2 int) {
		shard := func(i, cases, schedules, covered, idle, kind int) *Run {
			s := Shard{i, 2}
			r := &Run{Build: build(s), Command: "verify run" + s.Flag(), Iterations: iterations, Shard: s, Properties: make([]Property, 1)}
			p := &r.Properties[0]
			p.Info.ID, p.Part = "S1", true
			p.Result = properties.Result{
				Cases: cases, Schedules: schedules, Covered: covered, Idle: idle, Labels: []properties.Count{{Name: "a label", Cases: covered}},
				Sometimes:  []properties.Count{{Name: "a condition", Cases: met % (cases | 1)}},
				Strategies: []properties.Strategy{{Name: "POS", Schedules: schedules}},
			}
			failure := properties.Failure{Checker: "order", Strategy: "POS", Case: (i-1)*iterations/2 + 1, Schedules: schedules}
			switch uint(kind) % kinds {
			case failed:
				p.Result.Failures = []properties.Failure{failure}
			case undecided:
				p.Result.Unknown, p.Result.UnknownBy = 1, "no time"
			case died:
				failure.Checker, failure.Strategy, failure.Schedules = isolate.Checker, properties.ByProcess, 0
				p.Result = properties.Result{Cases: cases, Schedules: schedules, Failures: []properties.Failure{failure}}
			case broken:
				p.Err = errors.New("broken")
			case interrupted:
				p.Interrupted = true
			}
			return r
		}
		parts := []Part{
			{"2.json", shard(2, cases2, schedules2, covered2, 0, kind2)},
			{"1.json", shard(1, cases1, schedules1, covered1, idle1, kind1)},
		}
		run, _, err := Merge(parts)
		if err != nil {
			oneLine(t, err)
		}
		if parts[0].Run.Check() != nil || parts[1].Run.Check() != nil {
			if err == nil {
				t.Fatal("what cannot be true is merged")
			}
			return
		}
		if err != nil {
			if p, q := parts[0].Run.Schedules(), parts[1].Run.Schedules(); p+q < 1<<53 {
				t.Fatalf("%d and %d schedules are not merged: %v", p, q, err)
			}
			return
		}
		if _, err := ReadJSON(strings.NewReader(text(t, run))); err != nil {
			t.Fatalf("what is merged cannot be read: %v\n%s", err, text(t, run))
		}
		for i := range parts { // one that had no time for any case takes nothing from the other
			if p := parts[i].Run; run.Status() == reports.Pass && p.Status() != reports.Pass && (p.Cases() > 0 || p.Status() != reports.Inconclusive) {
				t.Fatalf("a shard that is %s passes with the other", p.Status())
			}
		}
	})
}
