package gotest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	protocol "synchrony/executor/shim/testing"
)

// TestSelectedCase: a select is told with the case that it took, and where that case is; a choice of several ready ones is part of it, unless the schedule
// deviates there.
func TestSelectedCase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	text := "package m\n\nfunc f(a, b chan int) {\n\tselect {\n\tcase v := <-a:\n\t\t_ = v\n\tcase b <- 1:\n\tdefault:\n\t}\n}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	at := file + ":4 m.f"
	steps := func(op string, number int) *protocol.Finding {
		f := &protocol.Finding{Schedule: "default", Steps: []protocol.Step{{Op: "lock", Object: "mutex/0"}, {Op: "select", Object: "chan/0", Position: at}}}
		if op == "pick" {
			f.Steps = append(f.Steps, protocol.Step{Op: op, Object: "user/1", Position: at, Case: number})
		} else {
			f.Steps[1].Case = number
		}
		return f
	}
	for name, c := range map[string]struct {
		finding  *protocol.Finding
		schedule string
		want     string
	}{
		"receives":           {steps("", 1), "default", "1 4 select: line 5, case v := <-a"},
		"sends":              {steps("", 2), "default", "1 4 select: line 7, case b <- 1"},
		"default":            {steps("", -1), "default", "1 4 select: line 8, default"},
		"unknown":            {steps("", 3), "default", "1 4 select {"},
		"of several":         {steps("pick", 2), "default", "1 4 select: line 7, case b <- 1"},
		"of several, chosen": {steps("pick", 2), "2+1", "1 4 select {|2* 4 select: line 7, case b <- 1"},
	} {
		c.finding.Schedule = c.schedule
		d := &describer{names: namer{filepath.Dir(file)}}
		var got []string
		for _, line := range columns(c.finding).Lines(d.rows(c.finding, onlyFile(c.finding)))[2:] {
			got = append(got, strings.Join(strings.Fields(line), " "))
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %s", name, got, c.want)
		}
	}
}
