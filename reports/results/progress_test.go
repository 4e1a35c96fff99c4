package results

import (
	"synchrony/reports/internal/golden"

	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/reports"
)

// underway is a run in which properties are in all phases.
func underway() *Progress {
	running := func(id, phase, file string, c, schedules int) campaign.Running {
		return campaign.Running{Progress: properties.Progress{Property: id, Case: c, Schedules: schedules, Phase: phase, File: file}, Count: 200, Elapsed: 2 * time.Second}
	}
	return &Progress{Progress: campaign.Progress{
		Parts: 42, Finished: 3, Failed: 1, Cases: 622, Schedules: 25301, Elapsed: 64 * time.Second, Left: 3*time.Hour + 5*time.Minute,
		Running: []campaign.Running{
			running("S1", properties.PhaseTesting, "", 17, 1200),
			running("broken-lost-update", properties.PhaseShrinking, "", 5, 301),
			running("S3", properties.PhaseReplaying, "counterexamples/S3-cycle-0123abcd.txtar", -1, 0),
			{Progress: properties.Progress{Property: "S4", Case: 1234, Phase: properties.PhaseTesting, Schedules: 60000}, Elapsed: 3 * time.Second},
		},
	}}
}

// TestProgressOfTests: a test has no cases to count, but schedules.
func TestProgressOfTests(t *testing.T) {
	p := &Progress{Subject: Tests, Progress: campaign.Progress{
		Parts: 3, Finished: 1, Cases: 1, Schedules: 1500, Elapsed: 2 * time.Second,
		Running: []campaign.Running{{Progress: properties.Progress{Property: "shop.TestAdd", Schedules: 500, Phase: properties.PhaseTesting, Done: 0.5}, Count: 1, Elapsed: time.Second}},
	}}
	if got, want := p.Line(), "1 of 3 tests; 1,500 schedules (750/s) in 2s; shop.TestAdd 50 %"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want := []string{
		"1 of 3 tests; 1,500 schedules (750/s) in 2s",
		"  shop.TestAdd  testing    [##########..........]      50 %        500 schedules      500/s",
	}
	if got := p.Block(100, 10, false); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestProgressLine(t *testing.T) {
	want := "3 of 42 properties, 1 failed; 622 cases, 25,301 schedules (395/s) in 1m04s, about 3h05m left; " +
		"S1 17/200, broken-lost-update shrinking case 5, S3 replaying, S4 1234"
	if got := underway().Line(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestProgressBlock: the block fits the terminal, whatever its size.
func TestProgressBlock(t *testing.T) {
	golden.Check(t, "progress_100.txt", func(w io.Writer) error {
		_, err := fmt.Fprintln(w, strings.Join(underway().Block(100, 40, false), "\n"))
		return err
	})
	golden.Check(t, "progress_60.txt", func(w io.Writer) error {
		_, err := fmt.Fprintln(w, strings.Join(underway().Block(60, 40, false), "\n"))
		return err
	})
	for columns := range 120 {
		for rows := 1; rows < 7; rows++ {
			block := underway().Block(columns, rows, false)
			if len(block) > rows {
				t.Errorf("%d lines for %d rows", len(block), rows)
			}
			for _, line := range block {
				if n := utf8.RuneCountInString(line); n > columns {
					t.Errorf("%d columns for %d: %q", n, columns, line)
				}
			}
			if last := block[len(block)-1]; rows > 1 && rows < 5 && columns >= 100 && !strings.Contains(last, fmt.Sprintf("… and %d others", 6-rows)) {
				t.Errorf("%d rows: the last does not say what is left out: %q", rows, last)
			}
		}
	}
	if line := underway().Block(100, 1, true)[0]; !strings.Contains(line, ", "+reports.Bold+reports.Red+"1 failed"+"\x1b[0m"+";") {
		t.Errorf("the failure is not in colour: %q", line)
	}
}

func TestExplorationLine(t *testing.T) {
	p := campaign.Progress{Cases: 412, Schedules: 123456, Fraction: 0.35, Elapsed: 12 * time.Second, Left: 22 * time.Second}
	want := "412 of 1,191 cases, 123,456 schedules (10,288/s), about 35.0 % in 12s, about 22s left"
	if got := ExplorationLine(p, 1191, 0); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want = "123,456 schedules (10,288/s) in 12s"
	if got := ExplorationLine(p, 1, 0); got != want {
		t.Errorf("of one case, got  %s\nwant %s", got, want)
	}
	want = "123,456 schedules (10,288/s) i…"
	if got := ExplorationLine(p, 1, 31); got != want {
		t.Errorf("of one case, got  %s\nwant %s", got, want)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"one two three", 0, "one two three"},
		{"one two three", 13, "one two three"},
		{"one two three", 12, "one two|three"},
		{"one two three", 7, "one two|three"},
		{"one two three", 2, "one|two|three"},
		{"→→→ ≡≡≡", 3, "→→→|≡≡≡"},
		{"", 5, ""},
	} {
		if got := strings.Join(wrap(c.text, c.width), "|"); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 59400 * time.Millisecond: "59s", 59600 * time.Millisecond: "1m00s", time.Hour - time.Second: "59m59s", 90 * time.Minute: "1h30m",
	} {
		if got := clock(d); got != want {
			t.Errorf("clock(%v) = %s, want %s", d, got, want)
		}
	}
}
