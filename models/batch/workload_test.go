package batch

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func drawSetup(t *rapid.T, ids []string) Setup {
	duration := rapid.OneOf(rapid.Just[int64](0), rapid.Int64Range(0, math.MaxInt64))
	s := Setup{
		Workers:            rapid.IntRange(-2, 16).Draw(t, "workers"),
		Mode:               Mode(rapid.IntRange(0, int(Blocking)).Draw(t, "mode")),
		Limit:              rapid.IntRange(0, 3).Draw(t, "limit"),
		Timeout:            time.Duration(duration.Draw(t, "timeout")),
		TransactionTimeout: time.Duration(duration.Draw(t, "transaction timeout")),
		Untraced:           rapid.Bool().Draw(t, "untraced"),
		CancelAfter:        time.Duration(duration.Draw(t, "cancel")),
		Now:                rapid.SampledFrom([]time.Time{{}, testExpiry, testExpiry.Add(1)}).Draw(t, "now"),
		Observers:          rapid.IntRange(0, 3).Draw(t, "observers"),
	}
	if rapid.Bool().Draw(t, "no timeout") {
		s.Timeout = NoTimeout
	}
	if len(ids) > 0 {
		s.Panics = rapid.SliceOfN(rapid.SampledFrom(ids), 0, 3).Draw(t, "panics")
	}
	return s
}

func TestWorkloadRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Workload{Batch: drawTransfers(t)}
		var ids []string
		for _, tx := range w.Batch.Transactions {
			ids = append(ids, tx.ID)
		}
		w.Setup = drawSetup(t, ids)
		text, err := FormatWorkload(w)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseWorkload("w.txtar", text)
		if err != nil {
			t.Fatalf("%v\nof\n%s", err, text)
		}
		if diff := cmp.Diff(w, again, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s\nof\n%s", diff, text)
		}
	})
}

func TestSetupRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSetup(t, []string{"transfer1", "two words", "", "line\nbreak", "# no comment", `"quoted"`})
		again, err := ParseSetup("setup", FormatSetup(s))
		if err != nil {
			t.Fatalf("%v\nof\n%s", err, FormatSetup(s))
		}
		if diff := cmp.Diff(s, again, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s\nof\n%s", diff, FormatSetup(s))
		}
	})
}

func TestSetupText(t *testing.T) {
	s := Setup{
		Workers: 2, Mode: Parallel, Limit: 64, Timeout: NoTimeout, TransactionTimeout: 500 * time.Microsecond, Untraced: true,
		CancelAfter: 2 * time.Millisecond, Observers: 1, Panics: []string{"transfer1", "a b"},
	}
	want := "workers 2\nmode parallel\nlimit 64\ntimeout none\ntransaction-timeout 500µs\nuntraced true\ncancel-after 2ms\nobservers 1\npanic transfer1\npanic \"a b\"\n"
	if diff := cmp.Diff(want, string(FormatSetup(s))); diff != "" {
		t.Error(diff)
	}
	if got := string(FormatSetup(Setup{})); got != "workers 0\n" {
		t.Errorf("the zero setup prints as %q", got)
	}
	got, err := ParseSetup("setup", []byte("\n# defaults\r\n  mode\t serial \r\n"))
	if diff := cmp.Diff(Setup{Workers: DefaultWorkers, Mode: Serial}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestSetupErrors(t *testing.T) {
	text := `workers many
mode fast
mode serial
limit -1
timeout soon
  transaction-timeout none
wrokers 2
untraced yes
panic two words
observers`
	want := `setup:1:1: workers: expected a number of workers, found "many"
setup:2:1: mode: unknown mode "fast"; expected auto, parallel, serial or blocking
setup:3:1: "mode" is given twice
setup:4:1: limit: expected a number from 0, found "-1"
setup:5:1: timeout: expected a duration like 10ms or 1.5s, or none, found "soon"
setup:6:3: transaction-timeout: expected a duration like 10ms or 1.5s, found "none"
setup:7:1: unknown setting "wrokers"; did you mean "workers"?
setup:8:1: untraced: expected true or false, found "yes"
setup:9:1: panic: expected a transaction's name, found "two words"
setup:10:1: observers: expected a number from 0, found ""`
	_, err := ParseSetup("setup", []byte(text))
	if err == nil {
		t.Fatal("parsed")
	}
	var got []string
	for line := range strings.Lines(err.Error()) {
		if strings.HasPrefix(line, "setup:") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), got); diff != "" {
		t.Error(diff)
	}
}

func TestWorkloadErrors(t *testing.T) {
	const batch, setup = "-- batch.ae --\natomic_batch {}\n", "-- setup --\nworkers 1\n"
	tests := map[string]string{
		"":                                   `w: no file "batch.ae"`,
		batch:                                `w: no file "setup"`,
		setup:                                `w: no file "batch.ae"`,
		batch + setup + setup:                `w: unexpected file "setup"`,
		batch + "-- x --\n":                  `w: unexpected file "x"`,
		"-- batch.ae --\nx\n" + setup:        `w/batch.ae:1:1: expected "accounts"`,
		batch + "-- setup --\n\nworkers x\n": `w/setup:2:1: workers: expected`,
		batch + setup + "panic t\n":          `w/setup: panic "t": there is no such transaction`,
	}
	for text, want := range tests {
		if _, err := ParseWorkload("w", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	if _, err := FormatWorkload(Workload{Batch: &Batch{Transactions: make([]Transaction, 1)}}); err == nil {
		t.Error("an invalid batch is printed")
	}
}

func TestModes(t *testing.T) {
	for m := Auto; m <= Blocking; m++ {
		if got, err := ParseMode(m.String()); got != m || err != nil {
			t.Errorf("%v is parsed as %v, %v", m, got, err)
		}
	}
	if _, err := ParseMode("mode 9"); err == nil || Mode(9).String() != "mode 9" {
		t.Error("an unknown mode is known")
	}
}
