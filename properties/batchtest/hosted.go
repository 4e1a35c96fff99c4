package batchtest

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/generators/blocks"
	"synchrony/generators/choice"
	"synchrony/models/block"
)

// host is the T of a test that is run under many schedules, by verify test: see package executor/shim/testing. It is known by its method alone, for it is of the
// runtime that the test was rewritten for, and not of this module.
type host interface {
	// Input returns the text of the run's input: what draw returns, or what is tried in place of that. Once a run has failed, reduce is called with the text of its input, and
	// proposes smaller ones to fails, which says whether one fails in the same way.
	Input(draw func() string, reduce func(text string, fails func(text string) bool)) string
	// Undecided ends the test, and says why it cannot tell whether the run was right.
	Undecided(reason string)
}

// seedVariable is the environment variable with the seed of the block.
const seedVariable = "VERIFY_SEED"

// checkHosted runs one block once, under the schedule that the host chooses.
func checkHosted(t testing.TB, h host, s system) {
	t.Helper()
	text := h.Input(func() string {
		seed, _ := strconv.ParseUint(os.Getenv(seedVariable), 10, 64) // the command sets it; without it, there is one block only
		b := blocks.Draw(choice.Seeded(seed), s.config.profile())
		return b.String()
	}, reduceText)
	b, err := block.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	o := s.hosted(t.Context(), b)
	judgeHosted(t, h, s.config, s.config.checkers(), &b, &o)
}

// judgeHosted ends the test unless the run was right.
func judgeHosted(t testing.TB, h host, config *config, all []checker, b *Block, o *Outcome) {
	t.Helper()
	for _, c := range all {
		v := c.judge(config, b, o)
		switch v.Status {
		case checkers.Fail:
			v = config.diagnose(b, o, v)
			t.Fatal(complaint(c.name, &v, b))
		case checkers.Unknown:
			h.Undecided(c.name + ": " + v.Reason)
		}
	}
}

// reduceText is reduce on texts.
func reduceText(text string, fails func(string) bool) {
	if b, err := block.Parse(text); err == nil {
		blocks.Reduce(b, func(b Block) bool { return fails(b.String()) })
	}
}

// complaint tells a violation to who reads the log of a test.
func complaint(checker string, v *checkers.Verdict, b *Block) string {
	var out strings.Builder
	out.WriteString(checker + ", " + v.Rule + ": " + v.Reason)
	for _, e := range v.Evidence {
		out.WriteString("\n  " + e)
	}
	out.WriteString("\nthe block:")
	for line := range strings.Lines(b.String()) {
		out.WriteString("\n  " + strings.TrimSuffix(line, "\n"))
	}
	return out.String()
}
