package results

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"synchrony/properties"
	"synchrony/reports"
)

// sameErrors compares errors by what they say: their types do not cross JSON.
var sameErrors = cmp.Comparer(func(a, b error) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Error() == b.Error())
})

// readBack writes run as JSON, and reads it.
func readBack(t interface{ Fatal(...any) }, run *Run) *Run {
	var b bytes.Buffer
	if err := JSON(&b, run); err != nil {
		t.Fatal(err)
	}
	back, err := ReadJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// TestJSONReadsBack: what was written is read again, and written the same again.
func TestJSONReadsBack(t *testing.T) {
	run := sample()
	run.Limit, run.Interrupted = 90*time.Second, true
	back := readBack(t, run)
	for i := range run.Properties { // both are filled in by reading
		p := &run.Properties[i]
		p.Info.Checkers = append([]string{}, p.Info.Checkers...)
		for _, c := range p.Result.Sometimes {
			p.Info.Sometimes = append(p.Info.Sometimes, c.Name)
		}
	}
	if diff := cmp.Diff(run, back, sameErrors); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

// TestAnyJSONReadsBack: whatever the numbers and texts, the JSON of a run that was
// read is the one it was read from.
func TestAnyJSONReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := drawRun(t)
		var first, second bytes.Buffer
		if err := errors.Join(JSON(&first, run), JSON(&second, readBack(t, run))); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first.String(), second.String()); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
	})
}

// drawRun draws a run of a few properties, with any text in it.
func drawRun(t *rapid.T) *Run {
	text := rapid.String()
	failure := rapid.Custom(func(t *rapid.T) properties.Failure {
		return properties.Failure{
			Checker: text.Draw(t, "checker"), Rule: text.Draw(t, "rule"), Reason: text.Draw(t, "reason"),
			Evidence: rapid.SliceOfN(text, 0, 20).Draw(t, "evidence"), Case: rapid.IntRange(-1, 8).Draw(t, "case"),
			Strategy: text.Draw(t, "strategy"), Replayed: rapid.Bool().Draw(t, "replayed"),
			File: text.Draw(t, "file"), Text: text.Draw(t, "text"), Found: rapid.Float64Range(0, 1e6).Draw(t, "found"),
		}
	})
	property := rapid.Custom(func(t *rapid.T) Property {
		p := Property{
			Info: properties.Info{
				ID: rapid.StringMatching(`[A-Z][0-9]{1,2}`).Draw(t, "id"), Group: rapid.SampledFrom([]string{"batch", "vm"}).Draw(t, "group"),
				Statement: text.Draw(t, "statement"), Checkers: []string{text.Draw(t, "name")},
				Source: rapid.SampledFrom([]string{"", "a/b.go:7", "b.go"}).Draw(t, "source"),
				Enough: rapid.IntRange(0, 99).Draw(t, "enough"),
			},
			Result: properties.Result{
				Cases: rapid.IntRange(1, 9).Draw(t, "cases"), Schedules: rapid.IntRange(9, 99).Draw(t, "schedules"), Replayed: 3,
				Sometimes: []properties.Count{{Name: text.Draw(t, "condition"), Cases: rapid.IntRange(0, 1).Draw(t, "met")}},
				Failures:  rapid.SliceOfN(failure, 0, 3).Draw(t, "failures"),
				Seconds:   rapid.Float64Range(0, 1e6).Draw(t, "seconds"),
			},
			Interrupted: rapid.Bool().Draw(t, "interrupted"),
		}
		if rapid.Bool().Draw(t, "undecided") {
			p.Result.Unknown, p.Result.UnknownBy = 1, "because "+text.Draw(t, "why")
		}
		if rapid.Bool().Draw(t, "broken") {
			p.Err = errors.New("broken: " + text.Draw(t, "error"))
		}
		return p
	})
	return &Run{
		Tool: "verify", Command: text.Draw(t, "command"), Seed: rapid.Uint64().Draw(t, "seed"), Iterations: 9,
		Properties: rapid.SliceOfNDistinct(property, 0, 4, func(p Property) string { return p.Info.ID }).Draw(t, "properties"), Elapsed: time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "elapsed")),
	}
}

func TestWhatIsNoReport(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "not a report of verify run --json: EOF",
		"<html>":                         "not a report of verify run --json: invalid character",
		`{"version": "1"}`:               "not a report of verify run --json: json: cannot unmarshal",
		`{"seed": 1}`:                    `has no "version"`,
		`{"version": 99}`:                "a report of version 99; this program reads version 1",
		`{"version": 1, "time": "soon"}`: `line 1: the key "budget" is missing`,
	} {
		if _, err := ReadJSON(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", text, err, want)
		}
	}
}

// TestShardsCoverARunOnce: every case is in one shard, in order; shards differ in
// length by one at most; and only the first one begins at case 0.
func TestShardsCoverARunOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.IntRange(1, 40).Draw(t, "of")
		n := rapid.IntRange(of, 500).Draw(t, "cases")
		next := 0
		for i := range of {
			first, count := Shard{i + 1, of}.Cases(n)
			if first != next || count < n/of || count > n/of+1 {
				t.Fatalf("shard %d of %d has %d cases from %d; want %d or one more, from %d", i+1, of, count, first, n/of, next)
			}
			next += count
		}
		if next != n {
			t.Fatalf("%d shards have %d cases, want %d", of, next, n)
		}
	})
	if first, count := (Shard{}).Cases(7); first != 0 || count != 7 {
		t.Errorf("the whole run has %d cases from %d, want 7 from 0", count, first)
	}
}

// TestShardsCannotLackAConditionAlone: what never happened in a shard may have
// happened in another.
func TestShardsCannotLackAConditionAlone(t *testing.T) {
	p := Property{Result: properties.Result{Cases: 1, Sometimes: []properties.Count{{Name: "a conflict"}}}}
	if p.Status() != reports.Inconclusive {
		t.Errorf("the whole run is %s, want inconclusive", p.Status())
	}
	p.Part = true
	if p.Status() != reports.Pass || p.Why() != "" {
		t.Errorf("a shard is %s (%s), want pass", p.Status(), p.Why())
	}
	p.Result.Unknown = 1
	if p.Status() != reports.Inconclusive {
		t.Errorf("an undecided shard is %s, want inconclusive", p.Status())
	}
}
