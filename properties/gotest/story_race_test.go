package gotest

import (
	"fmt"
	"strings"
	"testing"

	protocol "synchrony/executor/shim/testing"
)

// TestRaceRows: the two accesses of a race are rows of the story: the later one where the detector reported it, the earlier one after what its goroutine did before it.
func TestRaceRows(t *testing.T) {
	report := func(first, second string) string {
		side := func(head, function string, line int) string {
			return fmt.Sprintf("%s at 0x00c0 by goroutine 7:\n  m.(*S).add()\n      /m/a.go:%d +0x1\n  m.%s()\n      /m/a.go:30 +0x1\n\n", head, line, function)
		}
		return "WARNING: DATA RACE\n" + side("Read", first, 12) + side("Previous write", second, 12)
	}
	step := func(task int32, op string, line int, function string) protocol.Step {
		s := protocol.Step{Task: task, Op: op}
		if line > 0 {
			s.Object, s.Position = "mutex/0", fmt.Sprintf("/m/a.go:%d m.%s", line, function)
		}
		return s
	}
	tasks := func(functions ...string) (list []protocol.Task) {
		for i, fn := range functions {
			list = append(list, protocol.Task{Number: int32(i), Name: fmt.Sprintf("t%d", i), Function: fn})
		}
		return list
	}
	steps := []protocol.Step{
		step(0, "begin", 0, ""), step(0, "join", 20, "TestA"),
		step(1, "begin", 0, ""), step(1, "lock", 10, "(*S).add"), step(1, "unlock", 11, "(*S).add"), step(1, "done", 31, "TestA.func1"), step(1, "end", 0, ""),
		step(2, "begin", 0, ""), step(2, "lock", 10, "(*S).add"), step(2, "unlock", 11, "(*S).add"), step(2, "done", 31, "TestA.func1"), step(2, "end", 0, ""),
	}
	for name, c := range map[string]struct {
		finding protocol.Finding
		want    string
	}{
		"known": {
			protocol.Finding{Report: report("TestA.func1", "TestA.func1"), Raced: &protocol.Raced{Task: 2, Step: 10}, Tasks: tasks("m.TestA", "m.TestA.func1", "m.TestA.func1"), Steps: steps},
			"1 20 joins|3 10 locks|4 11 unlocks|12 (race: write)|5 31 counts|6 ends|8 10 locks|9 11 unlocks|12 (race: read)|10 31 counts|11 ends",
		},
		"at its end": {
			protocol.Finding{Report: report("TestA.func1", "TestA.func1"), Raced: &protocol.Raced{Task: 2, Step: 6}, Tasks: tasks("m.TestA", "", ""), Steps: []protocol.Step{
				step(0, "begin", 0, ""), step(0, "join", 20, "TestA"), step(1, "begin", 0, ""), step(1, "done", 0, ""), step(1, "end", 0, ""),
				step(2, "begin", 0, ""), step(2, "done", 0, ""), step(2, "end", 0, ""),
			}},
			"1 20 joins|12 (race: write)|3 counts|4 ends|12 (race: read)|6 counts|7 ends",
		},
		"one of several": {
			protocol.Finding{Report: report("TestA.func2", "TestA.func3"), Raced: &protocol.Raced{Task: 2, Step: 10}, Tasks: tasks("", "", "m.TestA.func2"), Steps: steps},
			"… before, by one of t0, t1: 12 (race: write) …|12 (race: read)",
		},
		"unknown": {protocol.Finding{Report: report("TestA.func1", "TestA.func1"), Tasks: tasks("m.TestA", "", ""), Steps: steps}, ""},
	} {
		d := &describer{names: namer{"/m"}}
		f := c.finding
		f.Schedule = "default"
		var got []string
		for _, line := range columns(&f).Lines(d.rows(&f, onlyFile(&f)))[1:] {
			line = strings.Join(strings.Fields(line), " ")
			line = strings.NewReplacer(" waitgroup 0", "", " mutex 0", "", " down", "").Replace(line)
			got = append(got, line)
		}
		text := strings.Join(got, "|")
		switch {
		case c.want == "" && strings.Contains(text, "race"), !strings.Contains(text, c.want):
			t.Errorf("%s: %s\nwant %s", name, text, c.want)
		}
	}
}

// TestSidesOfChannels: the detector knows of a channel's accesses only who called the functions that made them, if anybody did; the steps of the run say where they were made.
func TestSidesOfChannels(t *testing.T) {
	const own = "  verify.invalid/channel.Send()\n      /v/send.go:5 +0x1\n"
	report := "WARNING: DATA RACE\nRead at 0x00c0 by goroutine 7:\n" + own + "  m.TestA.func1()\n      /m/a.go:30 +0x1\n\nPrevious write at 0x00c0 by goroutine 6:\n" + own + "\n"
	step := func(task int32, op, object string, line int) protocol.Step {
		return protocol.Step{Task: task, Op: op, Object: object, Position: fmt.Sprintf("/m/a.go:%d m.f", line)}
	}
	sent, other, closed := step(1, "send", "chan/0", 7), step(0, "close", "chan/1", 9), step(0, "close", "chan/0", 8)
	for name, c := range map[string]struct {
		finding protocol.Finding
		want    string
	}{
		"the last step":     {protocol.Finding{Steps: []protocol.Step{sent, closed, other, sent}}, "a send /m/a.go:7 m.f /m/a.go:30 m.TestA.func1; a previous close /m/a.go:8 m.f"},
		"reported later":    {protocol.Finding{Steps: []protocol.Step{closed, sent, step(2, "send", "chan/0", 5)}, Raced: &protocol.Raced{Task: 1, Step: 2}}, "a send /m/a.go:7 m.f /m/a.go:30 m.TestA.func1; a previous close /m/a.go:8 m.f"},
		"another channel":   {protocol.Finding{Steps: []protocol.Step{other, sent}}, "a read /m/a.go:30 m.TestA.func1; a previous write"},
		"of one goroutine":  {protocol.Finding{Steps: []protocol.Step{step(1, "close", "chan/0", 8), sent}}, "a read /m/a.go:30 m.TestA.func1; a previous write"},
		"no steps are told": {protocol.Finding{}, "a read /m/a.go:30 m.TestA.func1; a previous write"},
	} {
		f := &c.finding
		f.Report = report
		var got []string
		for _, s := range sidesOf(f) {
			got = append(got, strings.TrimSpace(s.access+" "+strings.Join(s.frames, " ")))
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s: %s\nwant %s", name, text, c.want)
		}
	}
}
