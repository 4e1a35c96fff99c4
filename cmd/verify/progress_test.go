package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"synchrony/properties"
	"synchrony/reports/results"
)

// testMeter is a meter at second 10 of a run, on a screen of the given size if that is
// not 0.
func testMeter(out *strings.Builder, columns, rows int) *meter {
	m := newMeter(out, false)
	m.total, m.count = 3, 200
	m.live = columns > 0
	m.began = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	m.now = func() time.Time { return m.began.Add(10 * time.Second) }
	m.size = func() (int, int) { return columns, rows }
	return m
}

func TestMeter(t *testing.T) {
	var out strings.Builder
	m := testMeter(&out, 0, 0)
	for _, p := range []properties.Progress{
		{Property: "S1", Case: 16, Schedules: 100, Phase: properties.PhaseTesting},
		{Property: "S1", Case: 17, Schedules: 120, Phase: properties.PhaseTesting},
		{Property: "S2", Case: 5, Schedules: 30, Phase: properties.PhaseShrinking},
		{Property: "S3", Case: -1, Phase: properties.PhaseReplaying},
	} {
		m.progress(p)
	}
	m.show()
	m.finish(&results.Property{
		Info:   properties.Info{ID: "S2"},
		Result: properties.Result{Cases: 6, Schedules: 1000, Failures: make([]properties.Failure, 1)},
	})
	m.show()
	want := `0 of 3 properties, 1 failed; 22 cases, 150 schedules (15/s) in 10s, about 4m23s left; S1 17/200, S2 shrinking case 5, S3 replaying
1 of 3 properties, 1 failed; 23 cases, 1,120 schedules (112/s) in 10s, about 18s left; S1 17/200, S3 replaying
`
	if got := out.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestTimeLeft(t *testing.T) {
	m := testMeter(&strings.Builder{}, 0, 0)
	at := func(s int) time.Time { return m.began.Add(time.Duration(s) * time.Second) }
	for _, c := range []struct {
		now      int // seconds from the start
		fraction float64
		end      int // 0 is never
		want     int
	}{
		{10, 0.5, 0, 10},
		{10, 0.25, 0, 30},
		{10, 0.001, 0, 0}, // too early to say
		{0, 0.5, 0, 0},
		{10, 0, 60, 50}, // until the time is over
		{10, 0.5, 60, 10},
		{10, 0.1, 60, 50},
		{70, 0, 60, 0},
	} {
		m.end = time.Time{}
		if c.end > 0 {
			m.end = at(c.end)
		}
		if got := m.left(at(c.now), c.fraction); got != time.Duration(c.want)*time.Second {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// screen is what a terminal shows of what was written to it: it knows a carriage return,
// a line feed, how to go up, and how to clear what is below. Long lines are broken.
func screen(written string, columns int) []string {
	lines, row, col := [][]rune{nil}, 0, 0
	for rest := []rune(written); len(rest) > 0; {
		r := rest[0]
		rest = rest[1:]
		switch r {
		case '\r':
			col = 0
		case '\n':
			row, col = row+1, 0
		case '\x1b':
			n := 0
			for rest = rest[1:]; rest[0] >= '0' && rest[0] <= '9'; rest = rest[1:] {
				n = 10*n + int(rest[0]-'0')
			}
			switch rest[0] {
			case 'A':
				row -= n
			case 'J':
				lines = append(lines[:row], lines[row][:col])
			}
			rest = rest[1:]
		default:
			if col == columns {
				row, col = row+1, 0
			}
			for row >= len(lines) {
				lines = append(lines, nil)
			}
			lines[row] = append(lines[row][:col], r)
			col++
		}
		for row >= len(lines) {
			lines = append(lines, nil)
		}
	}
	var texts []string
	for _, line := range lines {
		texts = append(texts, string(line))
	}
	return texts
}

// TestMeterOnATerminal: the block is drawn over the one before, fits the terminal, and
// makes way for results.
func TestMeterOnATerminal(t *testing.T) {
	var out strings.Builder
	m := testMeter(&out, 60, 6)
	m.total = 100
	for i := range 50 {
		m.progress(properties.Progress{Property: fmt.Sprint("S", i), Case: i, Phase: properties.PhaseTesting})
		m.show()
	}
	shown := screen(out.String(), 60)
	if len(shown) != 5 || !strings.HasPrefix(shown[0], "0 of 100 properties; 1,225 cases, ") || shown[4] != "  … and 48 others" {
		t.Errorf("the terminal shows\n%s", strings.Join(shown, "\n"))
	}
	m.undisturbed(func() { out.WriteString("result\n") })
	shown = screen(out.String(), 60)
	if len(shown) != 6 || shown[0] != "result" || !strings.HasPrefix(shown[1], "0 of 100") {
		t.Errorf("after a result, the terminal shows\n%s", strings.Join(shown, "\n"))
	}
	m.clear()
	if shown = screen(out.String(), 60); len(shown) != 2 || shown[0] != "result" || shown[1] != "" {
		t.Errorf("in the end, the terminal shows\n%s", strings.Join(shown, "\n"))
	}
}

// TestMeterOnANarrowedTerminal: lines that the terminal has broken since they were drawn
// are removed whole.
func TestMeterOnANarrowedTerminal(t *testing.T) {
	var out strings.Builder
	m := testMeter(&out, 90, 20)
	m.progress(properties.Progress{Property: "S1", Case: 7, Phase: properties.PhaseTesting})
	m.undisturbed(func() { out.WriteString("result\n") })
	m.size = func() (int, int) { return 40, 20 }
	m.clear()
	if shown := screen(out.String(), 40); len(shown) != 2 || shown[0] != "result" || shown[1] != "" {
		t.Errorf("the terminal shows\n%s", strings.Join(shown, "\n"))
	}
}

func TestCI(t *testing.T) {
	for value, want := range map[string]bool{"": false, "true": true, "1": true, "woodpecker": true, "false": false, "0": false} {
		if got := isCI(func(string) string { return value }); got != want {
			t.Errorf("CI=%q: %v", value, got)
		}
	}
}
