package batchtest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"synchrony/generators/blocks"
	"synchrony/generators/choice"
	"synchrony/models/block"
)

// condition is what must happen in some blocks, or the executor was not tested.
type condition struct {
	name      string
	holds     func(b *Block, s *block.Serial) bool
	generator *rapid.Generator[Block] // of blocks that meet it; nil if enough are drawn anyway
}

// conditions are those that the options are about.
func (c *config) conditions() []condition {
	list := []condition{
		{fmt.Sprintf("a block of %d transactions", c.maxTxs), func(b *Block, _ *block.Serial) bool { return b.Len() == c.maxTxs }, rapid.Custom(func(t *rapid.T) Block {
			return blocks.DrawSized(choice.From(t), c.profile(), choice.Length{Min: c.maxTxs, Max: c.maxTxs})
		})},
		{"an empty block", func(b *Block, _ *block.Serial) bool { return b.Len() == 0 }, rapid.Just(Block{Workers: c.lo, Initial: State{}, Transactions: []block.Transaction{}})},
		{"a transaction that only reads", readOnly, nil},
	}
	return slices.Concat(list, c.meetings(), c.features(), c.failing())
}

// meetings are about transactions that meet.
func (c *config) meetings() (list []condition) {
	if c.maxTxs > 1 {
		list = append(list,
			condition{"a transaction that reads what another wrote", func(_ *Block, s *block.Serial) bool { return depth(s) > 1 }, nil},
			condition{"two transactions that write the same key", sharedWrite, nil})
	}
	if c.maxTxs > 2 {
		list = append(list, condition{
			"a chain of three transactions, each of which reads what the one before wrote", func(_ *Block, s *block.Serial) bool { return depth(s) > 2 }, nil,
		})
	}
	return list
}

// features are about what transactions do.
func (c *config) features() (list []condition) {
	if !c.simple {
		list = append(list,
			condition{"what a transaction reads decides what it touches", holdsOf(block.Branch, block.Follow), nil},
			condition{"a deletion", holdsOf(block.Delete), nil})
	}
	if c.ranges {
		list = append(list, condition{"a transaction that iterates", holdsOf(block.Sum), nil})
	}
	if c.stores > 1 {
		list = append(list, condition{"a transaction over two stores", overStores, nil})
	}
	if c.estimates {
		list = append(list, condition{"an estimate that is wrong", func(b *Block, _ *block.Serial) bool {
			return slices.ContainsFunc(b.Transactions, func(t block.Transaction) bool { return t.Guess != nil })
		}, nil})
	}
	return list
}

// failing are about transactions that fail.
func (c *config) failing() (list []condition) {
	if c.failures {
		list = append(list,
			condition{"a transaction that fails", func(_ *Block, s *block.Serial) bool { return s.FirstFailure() >= 0 }, nil},
			condition{"a transaction that fails after it has written", func(b *Block, s *block.Serial) bool {
				return some(s, func(tx int) bool {
					_, writes := b.Transactions[tx].Touches(s.Keys)
					return s.Errors[tx] != nil && len(writes) > 0
				})
			}, nil})
	}
	if c.panics {
		list = append(list, condition{"a transaction that panics", func(_ *Block, s *block.Serial) bool { return slices.Contains(s.Errors, block.ErrPanicked) }, nil})
	}
	return list
}

func readOnly(_ *Block, s *block.Serial) bool {
	return some(s, func(tx int) bool { return len(s.Read[tx]) > 0 && len(s.Wrote[tx]) == 0 })
}

func overStores(b *Block, s *block.Serial) bool {
	return some(s, func(tx int) bool {
		reads, writes := b.Transactions[tx].Touches(s.Keys)
		all := slices.Concat(reads, writes)
		return slices.ContainsFunc(all, func(k Key) bool { return StoreOf(k) != StoreOf(all[0]) })
	})
}

// holdsOf holds of blocks with an operation of one of the kinds.
func holdsOf(some ...block.Kind) func(*Block, *block.Serial) bool {
	return func(b *Block, _ *block.Serial) bool {
		return slices.ContainsFunc(b.Transactions, func(t block.Transaction) bool {
			return slices.ContainsFunc(t.Operations, func(o block.Operation) bool { return slices.Contains(some, o.Kind) })
		})
	}
}

// some reports whether something holds of a transaction that was executed.
func some(s *block.Serial, holds func(tx int) bool) bool { return slices.ContainsFunc(s.Ran, holds) }

func sharedWrite(_ *Block, s *block.Serial) bool {
	return slices.ContainsFunc(s.Keys, func(k Key) bool {
		writers := 0
		for _, v := range s.Versions[k] {
			if v.Writer >= 0 {
				writers++
			}
		}
		return writers > 1
	})
}

// depth is the length of the longest chain of transactions each of which reads what the one before wrote.
func depth(s *block.Serial) (longest int) {
	depth := make([]int, len(s.Read))
	for _, tx := range s.Ran {
		depth[tx] = 1
		for _, a := range s.Read[tx] {
			if a.Writer >= 0 {
				depth[tx] = max(depth[tx], 1+depth[a.Writer])
			}
		}
		longest = max(longest, depth[tx])
	}
	return longest
}

// classify labels a block for the table of what was drawn.
func classify(b *Block, o *Outcome) []string {
	var labels []string
	size := "no transaction"
	for _, s := range []struct {
		from int
		name string
	}{{1, "1 transaction"}, {2, "2 to 5 transactions"}, {6, "6 to 20 transactions"}, {21, "21 to 100 transactions"}, {101, "more than 100 transactions"}} {
		if b.Len() >= s.from {
			size = s.name
		}
	}
	labels = append(labels, size)
	if slices.ContainsFunc(o.calls, func(n int) bool { return n > 1 }) {
		labels = append(labels, "a transaction was executed again")
	}
	return labels
}
