package command

import (
	"fmt"
	"strings"
	"testing"
)

// testDisplay shows the lines on a screen of the given size, if that is not 0.
func testDisplay(out *strings.Builder, lines *[]string, columns, rows int) *display {
	d := newDisplay(out, func(columns, rows int) []string {
		var fit []string
		for _, line := range (*lines)[:min(len(*lines), rows)] {
			fit = append(fit, line[:min(len(line), columns)])
		}
		return fit
	})
	d.live, d.shown = columns > 0, true
	d.size = func() (int, int) { return columns, rows }
	return d
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

// TestDisplayOnATerminal: the block is drawn over the one before, fits the terminal, and
// makes way for results.
func TestDisplayOnATerminal(t *testing.T) {
	var out strings.Builder
	var lines []string
	d := testDisplay(&out, &lines, 60, 6)
	for i := range 50 {
		lines = append([]string{fmt.Sprintf("%d lines of %s", i, strings.Repeat("text ", 12))}, lines...)
		d.show()
	}
	shown := screen(out.String(), 60)
	if len(shown) != 5 || !strings.HasPrefix(shown[0], "49 lines of ") || len(shown[0]) != 59 || !strings.HasPrefix(shown[4], "45 lines") {
		t.Errorf("the terminal shows\n%s", strings.Join(shown, "\n"))
	}
	d.undisturbed(func() { out.WriteString("result\n") })
	shown = screen(out.String(), 60)
	if len(shown) != 6 || shown[0] != "result" || !strings.HasPrefix(shown[1], "49 lines") {
		t.Errorf("after a result, the terminal shows\n%s", strings.Join(shown, "\n"))
	}
	lines = nil
	d.show()
	if shown = screen(out.String(), 60); len(shown) != 2 || shown[0] != "result" || shown[1] != "" {
		t.Errorf("in the end, the terminal shows\n%s", strings.Join(shown, "\n"))
	}
}

// TestDisplayOnANarrowedTerminal: lines that the terminal has broken since they were drawn
// are removed whole.
func TestDisplayOnANarrowedTerminal(t *testing.T) {
	var out strings.Builder
	lines := []string{strings.Repeat("a", 85), strings.Repeat("b", 50)}
	d := testDisplay(&out, &lines, 90, 20)
	d.undisturbed(func() { out.WriteString("result\n") })
	d.size = func() (int, int) { return 40, 20 }
	d.clear()
	if shown := screen(out.String(), 40); len(shown) != 2 || shown[0] != "result" || shown[1] != "" {
		t.Errorf("the terminal shows\n%s", strings.Join(shown, "\n"))
	}
}

// TestDisplayElsewhere: what is no terminal gets one line each time, and no block beside results.
func TestDisplayElsewhere(t *testing.T) {
	var out strings.Builder
	d := newDisplay(&out, func(columns, _ int) []string { return []string{fmt.Sprint("for ", columns)} })
	d.show()
	d.undisturbed(func() { out.WriteString("result\n") })
	d.show()
	if want := "for 0\nresult\nfor 0\n"; out.String() != want {
		t.Errorf("it shows %q, want %q", out.String(), want)
	}
	out.Reset()
	d.live = true // a terminal, on which progress is not to be shown
	d.undisturbed(func() { out.WriteString("result\n") })
	if out.String() != "result\n" {
		t.Errorf("a display that was not started shows %q", out.String())
	}
}

func TestCI(t *testing.T) {
	for value, want := range map[string]bool{"": false, "true": true, "1": true, "woodpecker": true, "false": false, "0": false} {
		if got := isCI(func(string) string { return value }); got != want {
			t.Errorf("CI=%q: %v", value, got)
		}
	}
}
