package transfers

import (
	"fmt"
	"strings"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/models/schedule"
	"synchrony/properties"
)

// Property states that executing a batch neither makes nor loses money, and overdraws no
// account.
func Property(e Executor) *properties.Property[Batch, []int] {
	return &properties.Property[Batch, []int]{
		ID: "transfers", Group: "examples", Statement: "transfers conserve the sum of balances and overdraw no account",
		Source: properties.Here(0), System: e,
		Generator: rapid.Custom(draw),
		Checkers:  []checkers.Checker[Batch, []int]{conserved{}, covered{}},
		Codec:     properties.Codec[Batch]{Format: format, Parse: parse},
		// A run that never met what the property is about has tested nothing.
		Sometimes: []properties.Condition[Batch, []int]{
			{Name: "a transfer that its account does not cover", Holds: uncovered},
			{Name: "two transfers from one account", Holds: contended},
		},
		// What the executor announces is called in stories as a reader of the batch knows it.
		Object: func(_ Batch, o schedule.Object) string {
			if o.Class == schedule.ClassUser {
				return fmt.Sprintf("account %d", o.Index)
			}
			return ""
		},
		Size: func(b Batch) int { return len(b.Transfers) },
		Real: func(Batch) bool { return true }, // it may also run on plain goroutines
	}
}

// draw draws a batch; smaller ones come first in rapid's order, so it shrinks by itself.
func draw(t *rapid.T) Batch {
	var b Batch
	b.Balances = rapid.SliceOfN(rapid.IntRange(0, 100), 2, 4).Draw(t, "balances")
	account := rapid.IntRange(0, len(b.Balances)-1)
	b.Transfers = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Transfer {
		return Transfer{account.Draw(t, "from"), account.Draw(t, "to"), rapid.IntRange(0, 60).Draw(t, "amount")}
	}), 0, 6).Draw(t, "transfers")
	return b
}

// conserved decides whether the sum of balances is what it was.
type conserved struct{}

func (conserved) Name() string { return "conservation" }

func (conserved) Check(b Batch, after []int) checkers.Verdict {
	if before, sum := total(b.Balances), total(after); sum != before {
		return checkers.Failed("sum", fmt.Sprintf("the accounts had %d, and have %d", before, sum))
	}
	return checkers.Passed()
}

func total(balances []int) int {
	sum := 0
	for _, n := range balances {
		sum += n
	}
	return sum
}

// covered decides whether every account has at least nothing.
type covered struct{}

func (covered) Name() string { return "cover" }

func (covered) Check(b Batch, after []int) checkers.Verdict {
	for i, n := range after {
		if n < 0 {
			return checkers.Failed("overdraft", fmt.Sprintf("account %d had %d, and has %d", i, b.Balances[i], n))
		}
	}
	return checkers.Passed()
}

func uncovered(b Batch, _ []int) bool {
	for _, t := range b.Transfers {
		if t.Amount > b.Balances[t.From] {
			return true
		}
	}
	return false
}

func contended(b Batch, _ []int) bool {
	seen := map[int]bool{}
	for _, t := range b.Transfers {
		if t.From != t.To && seen[t.From] {
			return true
		}
		seen[t.From] = seen[t.From] || t.From != t.To
	}
	return false
}

// batchFile is the name of a batch's text in a counterexample.
const batchFile = "batch"

// format writes a batch as text: a line of balances, and a line for each transfer.
func format(b Batch) ([]txtar.File, error) {
	var sb strings.Builder
	sb.WriteString("balances")
	for _, n := range b.Balances {
		fmt.Fprintf(&sb, " %d", n)
	}
	sb.WriteByte('\n')
	for _, t := range b.Transfers {
		fmt.Fprintf(&sb, "%d -> %d: %d\n", t.From, t.To, t.Amount)
	}
	return []txtar.File{{Name: batchFile, Data: []byte(sb.String())}}, nil
}

// parse reads what format writes, and refuses what no batch can be.
func parse(files []txtar.File) (Batch, error) {
	var b Batch
	if len(files) != 1 || files[0].Name != batchFile {
		return b, fmt.Errorf("there must be one file, %q", batchFile)
	}
	first, rest, _ := strings.Cut(string(files[0].Data), "\n")
	words := strings.Fields(first)
	if len(words) == 0 || words[0] != "balances" {
		return b, fmt.Errorf("%s:1: must begin with the balances", batchFile)
	}
	for _, w := range words[1:] {
		var n int
		if _, err := fmt.Sscanf(w, "%d", &n); err != nil {
			return b, fmt.Errorf("%s:1: %q is no balance", batchFile, w)
		}
		b.Balances = append(b.Balances, n)
	}
	number := 1
	for line := range strings.Lines(rest) {
		number++
		var t Transfer
		if _, err := fmt.Sscanf(line, "%d -> %d: %d", &t.From, &t.To, &t.Amount); err != nil {
			return b, fmt.Errorf("%s:%d: %q is no transfer, such as \"0 -> 1: 10\"", batchFile, number, strings.TrimSpace(line))
		}
		if n := len(b.Balances); t.From < 0 || t.From >= n || t.To < 0 || t.To >= n || t.Amount < 0 {
			return b, fmt.Errorf("%s:%d: there are accounts 0 to %d, and an amount is 0 or more", batchFile, number, n-1)
		}
		b.Transfers = append(b.Transfers, t)
	}
	return b, nil
}
