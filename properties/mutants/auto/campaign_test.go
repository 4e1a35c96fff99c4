package auto

import (
	"context"
	"errors"
	"slices"
	"testing"

	"synchrony/properties/isolate"
)

// unable is a judge of whom nobody knows what it would say, but for what it was asked.
type unable struct{ asked []string }

func (u *unable) Baseline(_ context.Context, folder string) error {
	u.asked = append(u.asked, folder)
	return nil
}

func (u *unable) Test(context.Context, *Mutant) (Result, error) {
	return Result{}, &isolate.NotJudgedError{What: "a", Why: "3 workers ended"}
}

// TestNotJudged: a mutant that nobody could test is a line of the table, and no kill.
func TestNotJudged(t *testing.T) {
	c := &Campaign{Judge: &unable{}, Mutants: []*Mutant{{Path: "checkers/a.go", Line: 3, Operator: "negate", Number: 1}}}
	var all []Result
	if err := c.Run(t.Context(), func(r Result) { all = append(all, r) }); err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].Name != "checkers/a.go:3:negate:1" || all[0].Verdict != NotTested || all[0].How != "a: not judged: 3 workers ended" {
		t.Errorf("the results are %+v", all)
	}
}

// TestBaseline: of packages that are tested alike, one is.
func TestBaseline(t *testing.T) {
	u := &unable{}
	if err := (&Campaign{Judge: u}).Baseline(t.Context(), []string{"executor/vm", "checkers", "checkers/order", "executor/synchrony"}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"executor/vm", "checkers", "executor/synchrony"}; !slices.Equal(u.asked, want) {
		t.Errorf("asked were %q, want %q", u.asked, want)
	}
}

// TestBuildInterrupted: a program whose build was interrupted is built for who asks next.
func TestBuildInterrupted(t *testing.T) {
	var b build
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.binary(ctx, func() (string, error) { return "", ctx.Err() }); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if path, err := b.binary(t.Context(), func() (string, error) { return "verify", nil }); path != "verify" || err != nil {
		t.Errorf("%q, %v", path, err)
	}
	if _, err := b.binary(t.Context(), func() (string, error) { return "", errors.New("made twice") }); err != nil {
		t.Error(err)
	}
}
