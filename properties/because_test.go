package properties_test

import (
	"strings"
	"testing"

	"synchrony/properties"
)

// TestBecause: a counterexample says what was wrong first, its replay finds that again, and a file without it replays as well.
func TestBecause(t *testing.T) {
	p := property(adder{}, total{})
	p.Cause = func(shares, int) *properties.Cause {
		return &properties.Cause{Checker: "lock", Rule: "none", Reason: "nobody, it seems, locks: not one"}
	}
	f := run(t, p, spec(100)).Failures[0]
	const line = "because lock, none: nobody, it seems, locks: not one\n"
	if f.Because() == nil || !strings.Contains(f.Text, line) {
		t.Fatalf("the file lacks %q:\n%s", line, f.Text)
	}
	for _, c := range []struct{ name, said, differs string }{
		{"as it was written", line, ""},
		{"of before", "", ""},
		{"another", "because lock, one: nobody locks\n", "because: the file says"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, err := properties.ParseCounterexample("f", []byte(strings.Replace(f.Text, line, c.said, 1)))
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.Replay(t.Context(), file)
			if err != nil || !r.Reproduced || r.Because == nil || *r.Because != *f.Cause {
				t.Errorf("%+v, %v", r, err)
			}
			if differs := len(r.Differs) > 0; differs != (c.differs != "") || differs && !strings.HasPrefix(r.Differs[0].String(), c.differs) {
				t.Errorf("differs in %v, want %q", r.Differs, c.differs)
			}
		})
	}
	p.Cause = func(shares, int) *properties.Cause { return &properties.Cause{Checker: f.Checker, Rule: f.Rule} }
	if f := run(t, p, spec(100)).Failures[0]; f.Because() != nil || strings.Contains(f.Text, "because ") {
		t.Errorf("a failure is its own cause:\n%s", f.Text)
	}
}
