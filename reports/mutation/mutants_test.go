package mutation

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"synchrony/properties"
	"synchrony/properties/mutants"
	"synchrony/reports"
)

const mutantsSchema = "../../docs/mutants.schema.json"

// killed is the record of a mutant that a property has killed.
func killed(name, property string, size, deviations int) mutants.Record {
	return mutants.Record{
		Mutant: &mutants.Mutant{Name: name, Breaks: "A thing | another.", Seen: "Often.", KilledBy: property, Path: "executor/x.go"},
		Result: mutants.AsExpected, Replayed: 10, Seconds: 3.5,
		Outcome: mutants.Outcome{
			Status: mutants.Killed, Property: property, Cases: 5, Schedules: 99,
			Failure: properties.Failure{Checker: "race", Rule: "read-write race", Case: 4, Strategy: "POS", Size: size, Deviations: deviations, Found: 0.25},
		},
	}
}

// kills is a run of mutants, of which the last survived, and the one before it as is known.
func kills() *Mutants {
	known := killed("known", "S5", 0, 0)
	known.Mutant.Report, known.Mutant.ShownBy = "https://example.org/issues/3", "Sixty-five transactions."
	known.Mutant.Survives = "no batch | store is so large."
	known.Result, known.Why, known.Replayed = mutants.KnownAlive, known.Mutant.Survives, 0
	known.Outcome = mutants.Outcome{Status: mutants.Survived, Cases: 200}
	alive := killed("alive", "S7", 0, 0)
	alive.Result, alive.Why, alive.Replayed = mutants.Alive, "S7 does not find it in 200 cases", 0
	alive.Outcome = mutants.Outcome{Status: mutants.Survived, Cases: 200}
	return &Mutants{
		Tool: "verify", Command: "verify mutants run --seed 1", Seed: 1, Iterations: 200, Elapsed: 9 * time.Second,
		Units:   map[string]string{"S6": "transactions", "V1": "instructions"},
		Records: []mutants.Record{killed("a", "S6", 3, 0), killed("b", "S6", 2, 1), killed("c", "V1", 7, 2), known, alive},
	}
}

func TestKillTable(t *testing.T) {
	var b bytes.Buffer
	run := kills()
	var all []*mutants.Mutant
	for i := range run.Records {
		all = append(all, run.Records[i].Mutant)
	}
	table := NewKillTable(&b, run, all, false)
	table.Header(len(run.Records))
	for i := range run.Records {
		table.Record(&run.Records[i])
	}
	table.Summary()
	const want = `5 mutants, 200 cases for each unless its patch asks for more, seed 1

      mutant  by   cases  seconds  size  deviations  replayed  verdict
kill  a       S6       5     0.25     3           0     10/10  race, read-write race
kill  b       S6       5     0.25     2           1     10/10  race, read-write race
kill  c       V1       5     0.25     7           2     10/10  race, read-write race
live  known   S5
      survived, as its patch says: no batch | store is so large.
      it breaks: A thing | another.
FAIL  alive   S7
      survived: S7 does not find it in 200 cases
      it breaks: A thing | another.

fail: 3 of 5 mutants killed, each by the property that its patch names, 1 survived, as its patch says, 1 survived; 9.00 s
median of 1 counterexample: 7 instructions and 2 deviations from the default schedule
median of 2 counterexamples: 2.5 transactions and 0.5 deviations from the default schedule
repeat with: verify mutants run --seed 1
`
	if table.Err() != nil || b.String() != want {
		t.Errorf("the table is %v:\n%s\nwant:\n%s", table.Err(), b.String(), want)
	}
}

func TestKillTableMarkdown(t *testing.T) {
	golden.Repeats(t, func(w io.Writer) error { return MutantsJSON(w, kills()) })
	b := bytes.NewBuffer(golden.Repeats(t, func(w io.Writer) error { return KillTableMarkdown(w, kills()) }))
	for _, want := range []string{
		"| `a` | A thing \\| another. | S6: race, read-write race | 5 | 0.25 | 3 | 0 | 10/10 |\n",
		"| `alive` | A thing \\| another. | **survived** | | | | | |\n",
		"| `known` | A thing \\| another. | **survived, as its patch says**: no batch \\| store is so large. | | | | | |\n",
		"\n3 of 5 mutants killed, each by the property that its patch names, 1 survived, as its patch says; median",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, b.String())
		}
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		median Median
		want   string
	}{
		{Median{Unit: "transactions", Size: 1, Deviations: 1}, "1 transaction and 1 deviation from the default schedule"},
		{Median{Unit: "instructions", Size: 7.5}, "7.5 instructions and 0 deviations from the default schedule"},
	} {
		if got := c.median.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestMutantsStatus(t *testing.T) {
	for _, c := range []struct {
		results []mutants.Result
		want    reports.Status
	}{
		{[]mutants.Result{mutants.AsExpected, mutants.AsExpected}, reports.Pass},
		{nil, reports.Inconclusive},
		{[]mutants.Result{mutants.AsExpected, mutants.NotTried}, reports.Inconclusive},
		{[]mutants.Result{mutants.DoesNotRun, mutants.NotTried}, reports.Broken},
		{[]mutants.Result{mutants.DoesNotRun, mutants.Alive, mutants.AsExpected}, reports.Fail},
		{[]mutants.Result{mutants.AsExpected, mutants.KnownAlive}, reports.Pass},
		{[]mutants.Result{mutants.AsExpected, mutants.NewlyKilled}, reports.Fail},
		{[]mutants.Result{mutants.ByAnother}, reports.Fail},
		{[]mutants.Result{mutants.DoesNotApply}, reports.Fail},
	} {
		m := &Mutants{}
		for _, r := range c.results {
			m.Records = append(m.Records, mutants.Record{Mutant: &mutants.Mutant{}, Result: r})
		}
		if got := m.Status(); got != c.want {
			t.Errorf("%v is %s, want %s", c.results, got, c.want)
		}
	}
}

// TestMutantsSchema: the documented schema accepts what is written, and refuses what is
// misspelt.
func TestMutantsSchema(t *testing.T) {
	valid := golden.Validator(t, mutantsSchema)
	for name, run := range map[string]*Mutants{"kills": kills(), "nothing": {Iterations: 1}} {
		var b bytes.Buffer
		if err := MutantsJSON(&b, run); err != nil {
			t.Fatal(err)
		}
		if err := valid(strings.NewReader(b.String())); err != nil {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
		for _, word := range []string{`"killed":`, `"mutants":`} {
			if wrong := strings.Replace(b.String(), word, `"mis`+word[1:], 1); valid(strings.NewReader(wrong)) == nil {
				t.Errorf("%s: a report without %s passes for valid", name, word)
			}
		}
	}
}
