package record

import (
	"strings"
	"testing"

	"synchrony/checkers"
)

// TestTables: a file that is no table is told of by its name, and one that is is written as it was read.
func TestTables(t *testing.T) {
	for _, bad := range []string{"no number", "\t1 0000000f race: fail", "Events lost (2)\n\tmany 0f race: fail", "Events lost (2)\n\t1 0f"} {
		if got, err := Parse("bad", bad); err == nil || !strings.HasPrefix(err.Error(), "bad:") {
			t.Errorf("%q: %v, %v", bad, got, err)
		}
	}
	const good = "Events lost (2)\n\t1 0000000f race: fail: stale read\n"
	got, err := Parse("good", good)
	if err != nil || got.String() != good {
		t.Errorf("%q, %v", got, err)
	}
}

// TestDifferences: each way in which tables differ has a name.
func TestDifferences(t *testing.T) {
	of := func(questions int, verdicts ...checkers.Verdict) Table {
		t := Table{}
		r := t.Row("class")
		r.Questions = questions
		for _, v := range verdicts {
			r.Add("race", v)
		}
		return t
	}
	want := of(2, checkers.Failed("rule", "reason"), checkers.Passed())
	for rule, got := range map[string]Table{
		"":                               of(2, checkers.Failed("rule", "reason"), checkers.Passed()),
		"other questions than on record": of(3, checkers.Failed("rule", "reason"), checkers.Passed()),
		"accepted, or refused for another reason": of(2, checkers.Passed(), checkers.Passed()),
		"refused, or for another reason":          of(2, checkers.Failed("rule", "reason"), checkers.Passed(), checkers.Undecided("why")),
		"told in other words":                     of(2, checkers.Failed("rule", "another reason"), checkers.Passed()),
	} {
		if said, reason := got.Difference(want); said != rule {
			t.Errorf("%q: %s, want %q", said, reason, rule)
		}
	}
}
