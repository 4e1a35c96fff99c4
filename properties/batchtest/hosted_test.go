package batchtest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/properties/internal/hosted"
)

// hostT is a T that gives a test its input, as verify test does, and keeps what it fails with.
type hostT struct {
	testing.TB
	given  string
	drawn  string
	reduce func(string, func(string) bool)
	failed string

	undecided string // the reason
}

func (h *hostT) Undecided(reason string) { h.undecided = reason }

func (h *hostT) Input(draw func() string, reduce func(string, func(string) bool)) string {
	h.drawn, h.reduce = draw(), reduce
	if h.given != "" {
		return h.given
	}
	return h.drawn
}

func (h *hostT) Helper()      {}
func (h *hostT) Name() string { return "TestExecutor" }
func (h *hostT) Fatal(args ...any) {
	if h.failed == "" { // it goes on, as a real one would not
		h.failed = fmt.Sprint(args...)
	}
}

// TestHosted: under a host, Check runs the block that it is given once, and proposes smaller ones as texts.
func TestHosted(t *testing.T) {
	twice := Executor{Run: func(ctx context.Context, s State, txs []Tx) (State, error) {
		s, err := serially(ctx, s, txs)
		if err == nil && len(txs) > 1 {
			return serially(ctx, s, txs[1:2])
		}
		return s, err
	}}
	const given = "workers 2\na = 3\nt1: add b 1\nt2: add a 1\nt3: read a\n"
	h := &hostT{TB: t, given: given}
	Check(h, twice, Once())
	for _, want := range []string{"state, twice: the final state is not the serial one: a is 5, and should be 4; it is as if t2 had been executed twice", "the block:\n  workers 2\n  a = 3\n"} {
		if !strings.Contains(h.failed, want) {
			t.Errorf("it does not say %q:\n%s", want, h.failed)
		}
	}
	smallest := given
	h.reduce(given, func(text string) bool {
		again := &hostT{TB: t, given: text}
		Check(again, twice)
		if again.failed == "" {
			return false
		}
		smallest = text
		return true
	})
	if smallest != "workers 1\nt1:\nt2: add a 1\n" {
		t.Errorf("the smallest is\n%s", smallest)
	}
	counted := &hostT{TB: t, given: "workers 2\nt1:\nt2: read a\n"}
	Check(counted, twice, Once())
	if !strings.Contains(counted.failed, "once, once: t2 was executed 2 times") {
		t.Errorf("it does not say that t2 was executed twice:\n%s", counted.failed)
	}
	right := &hostT{TB: t}
	t.Setenv(properties.SeedVariable, "7")
	Check(right, Executor{Run: serially})
	first := right.drawn
	t.Setenv(properties.SeedVariable, "8")
	Check(right, Executor{Run: serially})
	if right.failed != "" || first == right.drawn {
		t.Errorf("%s; two seeds draw\n%s%s", right.failed, first, right.drawn)
	}
	t.Setenv(properties.SeedVariable, "seven")
	misled := &hostT{TB: t}
	Check(misled, Executor{Run: serially})
	if !strings.HasPrefix(misled.undecided, `VERIFY_SEED is "seven", and must be a whole number`) || misled.failed+misled.drawn != "" {
		t.Errorf("a seed that is no number: undecided %q, failed %q, drawn %q", misled.undecided, misled.failed, misled.drawn)
	}
}

// TestHostedUndecided: a run that a checker cannot judge is neither passed nor skipped: the host is told, with the checker and its reason.
func TestHostedUndecided(t *testing.T) {
	h, b := &hostT{TB: t}, parsed(t, "t1: read a")
	unsure := &properties.Property[Block, Outcome]{Checkers: []checkers.Checker[Block, Outcome]{
		checkers.New("unsure", func(Block, Outcome) checkers.Verdict { return checkers.Undecided("nobody knows") }),
	}}
	hosted.Judge(h, h, unsure, b, Outcome{}, "block", b.String())
	if h.undecided != "unsure: nobody knows" || h.failed != "" {
		t.Errorf("undecided: %q, failed: %q", h.undecided, h.failed)
	}
}
