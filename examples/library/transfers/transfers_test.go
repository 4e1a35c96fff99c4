package transfers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/properties"
)

// TestTransfers is all that go test needs.
func TestTransfers(t *testing.T) {
	properties.Check(t, Property(Executor{Workers: 2}))
}

// FuzzTransfers lets Go's fuzzer draw the batches: go test -fuzz FuzzTransfers.
func FuzzTransfers(f *testing.F) {
	properties.Fuzz(f, Property(Executor{Workers: 2}))
}

// The hasty executor looks at a balance before it locks the account. Two transfers of what
// is there only once are enough to show it, and one deviation from the default schedule.
func Example() {
	p := Property(Executor{Workers: 2, Hasty: true})
	r, err := p.Run(context.Background(), properties.Spec{Seed: 1, Count: 200, Budget: properties.DefaultBudget}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	f := r.Failures[0]
	fmt.Printf("%v: %s, %s: %s\n", r.Status(), f.Checker, f.Rule, f.Reason)
	fmt.Printf("%d transfers, %d deviation, reproduced: %v\n", f.Size, f.Deviations, f.Replayed)
	c, err := properties.ParseCounterexample("", []byte(f.Text))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", c.Workload[0].Data)
	// Output:
	// fail: cover, overdraft: account 0 had 23, and has -1
	// 2 transfers, 1 deviation, reproduced: true
	// balances 23 0
	// 0 -> 1: 1
	// 0 -> 1: 23
}

// TestBroken: the hasty executor is caught whatever the seed, and shrunk to two transfers.
func TestBroken(t *testing.T) {
	for seed := range uint64(4) {
		r, err := Property(Executor{Workers: 3, Hasty: true}).Run(t.Context(), properties.Spec{Seed: seed, Count: 200, Budget: properties.DefaultBudget}, nil)
		if err != nil || r.Status() != checkers.Fail || r.Failures[0].Size != 2 || r.Failures[0].Deviations != 1 {
			t.Errorf("seed %d: %v, %+v", seed, err, r.Failures)
		}
	}
}

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"balances 1 2\n0 -> 1: 5\n1 -> 0: 0\n": "",
		"balances\n":                           "",
		"":                                     "must begin with the balances",
		"balances 1 x\n":                       `"x" is no balance`,
		"balances 1 2\n0 to 1\n":               `batch:2: "0 to 1" is no transfer`,
		"balances 1 2\n0 -> 2: 1\n":            "batch:2: there are accounts 0 to 1",
		"balances 1 2\n0 -> 1: -1\n":           "an amount is 0 or more",
	} {
		b, err := parse([]txtar.File{{Name: batchFile, Data: []byte(text)}})
		if want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v, want %s", text, err, want)
			}
			continue
		}
		files, ferr := format(b)
		if err != nil || ferr != nil || string(files[0].Data) != text {
			t.Errorf("%q: %v, %v, %q", text, err, ferr, files)
		}
	}
}
