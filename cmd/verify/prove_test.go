package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"synchrony/checkers/smt"
	"synchrony/properties"
)

const chainText = `accounts { alice: 100; bob: 50; charlie: 30; }
atomic_batch {
  intent transfer1(alice, bob, 10)
  intent transfer2(bob, charlie, 60)
}
`

const giftText = `accounts { alice: 100; bob: 50; }
intent gift(from: Account, to: Account, amount: Amount) {
  guard { amount > 0; amount < 1000000; }
  verify { from == old_from - amount; to == old_to + amount + amount / 100; }
}
atomic_batch { intent gift1(alice, bob, 10) }
`

const overflowText = `accounts { alice: 100; bob: 50; }
intent grow(from: Account, to: Account, amount: Amount) {
  guard { amount * 1000 > 0; }
  verify { from == old_from - amount; to == old_to + amount; }
}
atomic_batch { intent grow1(alice, bob, 10) }
`

// TestProve: what needs a solver is proved or refuted with Z3, and unknown without.
// What is refuted is saved as a counterexample, which verify replay reproduces.
func TestProve(t *testing.T) {
	for _, c := range []struct {
		name, text string
		args       []string
		code       int
		want       []string // with Z3
		replay     string   // the verdict that what was saved reproduces
	}{
		{"right", chainText, nil, exitPassed, []string{
			"proved   plan ≡ serial, for all balances and amounts: 2 transactions, 1 edges [footprints, ",
			"proved   transfer(alice, bob, amount) conserves", "does not overflow, for balances from 0",
			"3 proved, 0 refuted, 0 unknown",
		}, ""},
		{"wrong plan", chainText, []string{"--without", "transfer1,transfer2"}, exitViolated, []string{
			"refuted  plan ≡ serial, for all balances and amounts: 2 transactions, 0 edges [replay, ",
			"the plan does not order transfer1 and transfer2, and that matters",
		}, "plan differs from serial"},
		{"minting", giftText, nil, exitViolated, []string{
			"refuted  gift(alice, bob, amount) conserves the sum of balances", "mints ",
		}, "mints "},
		{"overflow", overflowText, nil, exitViolated, []string{
			"refuted  grow(alice, bob, amount) does not overflow", "overflow in ",
		}, "can overflow"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			file, corpus := filepath.Join(dir, "x.ae"), filepath.Join(dir, "found")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			code := run(append([]string{"prove", file, "--corpus", corpus}, c.args...), nil, &out, &errs)
			if !smt.Available {
				if code != exitInconclusive || !strings.Contains(out.String(), "built without Z3") {
					t.Errorf("exit code %d\n%s%s", code, &out, &errs)
				}
				return
			}
			if code != c.code {
				t.Errorf("exit code %d, want %d\n%s%s", code, c.code, &out, &errs)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in\n%s", want, &out)
				}
			}
			if c.replay == "" {
				return
			}
			found := regexp.MustCompile(`reproduce it: verify replay (.*)\n`).FindStringSubmatch(out.String())
			if found == nil {
				t.Fatalf("nothing was saved\n%s", &out)
			}
			if got := replayed(t, found[1]); !strings.Contains(got, c.replay) {
				t.Errorf("%s: replayed, it gives %q, want %q", found[1], got, c.replay)
			}
		})
	}
}

// replayed is the verdict that a saved counterexample reproduces. It does what verify
// replay does but for the child process, which a test's binary cannot be.
func replayed(t *testing.T, file string) string {
	t.Helper()
	c, err := properties.LoadCounterexample(file)
	if err != nil {
		t.Fatal(err)
	}
	registry, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	check, known := registry.Lookup(c.Property)
	if !known {
		t.Fatalf("there is no property %q", c.Property)
	}
	r, err := check.Replay(t.Context(), c)
	if err != nil || !r.Reproduced {
		t.Fatalf("not reproduced: %+v, %v", r, err)
	}
	return r.Verdict.Rule + ": " + r.Verdict.Reason
}
