package foreign

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/serializability"
	"synchrony/executor/sched"
	"synchrony/models/block"
	"synchrony/properties"
)

// executed is what an executor of blocks shows.
type executed = Observation[block.Result]

// batch is the property of executors of blocks.
func batch(p *program) properties.Testable {
	return &properties.Property[block.Block, executed]{
		ID: p.id(), Group: "foreign", Statement: "a block has the effect of its transactions one after another",
		System: system(p, impossible), Generator: rapid.Custom(drawBlock), Codec: properties.JSON[block.Block](),
		Checkers: []checkers.Checker[block.Block, executed]{
			judged("ending", checkEnding), judged("serializability", checkReads), judged("state", checkState),
		},
		Sometimes: []properties.Condition[block.Block, executed]{
			{Name: "a conflict", Holds: func(b block.Block, _ executed) bool { return conflicting(&b) }},
			{Name: "a failing transaction", Holds: func(b block.Block, _ executed) bool { return len(b.Serial(nil).Failed) > 0 }},
		},
		Size:    func(b block.Block) int { return len(b.Transactions) },
		Real:    func(block.Block) bool { return p.plainly() },
		Explain: tellBlock,
	}
}

// drawBlock draws a block in which transactions meet: it has few keys.
func drawBlock(t *rapid.T) block.Block {
	b := block.Block{Workers: rapid.IntRange(2, 4).Draw(t, "workers"), Initial: map[string]int64{}, Transactions: []block.Transaction{}}
	keys := rapid.IntRange(2, 4).Draw(t, "keys")
	for i := range keys {
		b.Initial[fmt.Sprintf("k%d", i)] = int64(rapid.IntRange(0, 20).Draw(t, "balance"))
	}
	key := rapid.Map(rapid.IntRange(0, keys-1), func(i int) string { return fmt.Sprintf("k%d", i) })
	operation := rapid.Custom(func(t *rapid.T) block.Operation {
		o := block.Operation{Op: rapid.SampledFrom([]string{block.Add, block.Read, block.Transfer, block.Write}).Draw(t, "op"), Key: key.Draw(t, "key")}
		switch o.Op {
		case block.Transfer:
			o.To = key.Filter(func(k string) bool { return k != o.Key }).Draw(t, "to")
			o.Amount = int64(rapid.IntRange(1, 20).Draw(t, "amount"))
		case block.Add, block.Write:
			o.Amount = int64(rapid.IntRange(1, 20).Draw(t, "amount"))
		}
		return o
	})
	lists := rapid.SliceOfN(rapid.SliceOfN(operation, 1, 3), 0, 8).Draw(t, "transactions")
	for i, operations := range lists {
		b.Transactions = append(b.Transactions, block.Transaction{Name: fmt.Sprintf("t%d", i+1), Operations: operations})
	}
	return b
}

// conflicting reports whether two transactions name a common key that one of them writes.
func conflicting(b *block.Block) bool {
	touched, written := map[string]int{}, map[string]bool{}
	for i := range b.Transactions {
		mine := map[string]bool{}
		for _, o := range b.Transactions[i].Operations {
			for _, k := range []string{o.Key, o.To} {
				if k != "" && !mine[k] {
					mine[k] = true
					touched[k]++
				}
				written[k] = written[k] || o.Op != block.Read
			}
		}
	}
	for k, n := range touched {
		if n > 1 && written[k] {
			return true
		}
	}
	return false
}

// impossible says what no executor can show of a block: it names what is not there.
func impossible(b block.Block, r *block.Result) string {
	names := make([]string, len(b.Transactions))
	for i := range b.Transactions {
		names[i] = b.Transactions[i].Name
	}
	known := func(name string) bool { return slices.Contains(names, name) }
	if r.State == nil && r.Error == "" {
		return "it has no state, and no error"
	}
	for _, list := range [][]string{r.Failed, r.Order} {
		seen := map[string]bool{}
		for _, name := range list {
			if !known(name) || seen[name] {
				return fmt.Sprintf("transaction %.40q is not in the block, or named twice", name)
			}
			seen[name] = true
		}
	}
	if len(r.Order) > 0 && len(r.Order) != len(names) {
		return fmt.Sprintf("its order has %d of %d transactions", len(r.Order), len(names))
	}
	for _, s := range r.Reads {
		if !known(s.Transaction) || s.From != "" && !known(s.From) {
			return fmt.Sprintf("a read by %.40q from %.40q, which are not both in the block", s.Transaction, s.From)
		}
	}
	return ""
}

// order is the order that an executor says, as indices; nil for the block's.
func order(b *block.Block, r *block.Result) []int {
	var list []int
	for _, name := range r.Order {
		list = append(list, slices.IndexFunc(b.Transactions, func(t block.Transaction) bool { return t.Name == name }))
	}
	return list
}

func checkEnding(_ block.Block, r *block.Result) checkers.Verdict {
	if r.Error != "" {
		return checkers.Failed("error", fmt.Sprintf("the executor gave the block up: %.400s", r.Error))
	}
	return checkers.Passed()
}

// checkReads judges the reads that an executor reports, if it does.
func checkReads(b block.Block, r *block.Result) checkers.Verdict {
	if len(r.Reads) == 0 {
		return checkers.Passed()
	}
	rec, err := b.Recorded(r)
	if err != nil {
		return checkers.Failed("report", err.Error())
	}
	rec.Order = slices.DeleteFunc(slices.Clone(r.Order), func(name string) bool { return slices.Contains(r.Failed, name) })
	return serializability.JudgeBlock(rec).Verdict
}

// checkState compares the end with that of the sequential execution.
func checkState(b block.Block, r *block.Result) checkers.Verdict {
	want := b.Serial(order(&b, r))
	if r.Failed != nil {
		got := slices.Sorted(slices.Values(r.Failed))
		if should := slices.Sorted(slices.Values(want.Failed)); !slices.Equal(got, should) {
			return checkers.Failed("failures", fmt.Sprintf("the transactions %v failed, and one after another %v do", got, should))
		}
	}
	var wrong []string
	for _, k := range b.Keys() {
		if r.State[k] != want.State[k] {
			wrong = append(wrong, fmt.Sprintf("%s is %d, and one after another the transactions leave %d", k, r.State[k], want.State[k]))
		}
	}
	if len(wrong) > 0 {
		return checkers.Failed("wrong state", wrong[0], wrong...)
	}
	return checkers.Passed()
}

// tellBlock tells what happened to a block.
func tellBlock(b block.Block, o executed, rec *sched.Record) []string {
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if o.NotJudged == "" {
		after := block.Block{Initial: o.Result.State, Workers: b.Workers}
		ended, _, _ := strings.Cut(after.String(), fmt.Sprintf("%d workers", b.Workers))
		lines = append(lines, "After: "+strings.TrimSuffix(strings.TrimSpace(ended), ";"))
	}
	return story(o, rec, lines...)
}
