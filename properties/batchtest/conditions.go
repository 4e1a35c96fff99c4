package batchtest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"synchrony/generators/choice"
	"synchrony/properties"
)

// condition is what must happen in some blocks, or the executor was not tested.
func condition(name string, holds func(b *Block, s *serial) bool, p Policy) properties.Condition[Block, Outcome] {
	return properties.Condition[Block, Outcome]{Name: name, Holds: func(b Block, _ Outcome) bool { return holds(&b, execute(&b, p, skew{})) }}
}

// conditions are those that the options are about.
func (c *config) conditions() []properties.Condition[Block, Outcome] {
	list := []properties.Condition[Block, Outcome]{
		condition(fmt.Sprintf("a block of %d transactions", c.maxTxs), func(b *Block, _ *serial) bool { return b.Len() == c.maxTxs }, c.policy).
			DrawnBy(rapid.Custom(func(t *rapid.T) Block {
				return drawSized(choice.From(t), c, choice.Length{Min: c.maxTxs, Max: c.maxTxs})
			})),
		condition("an empty block", func(b *Block, _ *serial) bool { return b.Len() == 0 }, c.policy).
			DrawnBy(rapid.Just(Block{workers: c.lo, initial: State{}})),
	}
	add := func(name string, holds func(*Block, *serial) bool) {
		list = append(list, condition(name, holds, c.policy))
	}
	if c.maxTxs > 1 {
		add("a transaction that reads what another wrote", func(_ *Block, s *serial) bool { return s.depth() > 1 })
		add("two transactions that write the same key", sharedWrite)
	}
	if c.maxTxs > 2 {
		add("a chain of three transactions, each of which reads what the one before wrote", func(_ *Block, s *serial) bool { return s.depth() > 2 })
	}
	add("a transaction that only reads", func(_ *Block, s *serial) bool {
		return s.some(func(tx int) bool { return len(s.read[tx]) > 0 && len(s.wrote[tx]) == 0 })
	})
	add("what a transaction reads decides what it touches", holdsOf(opBranch, opFollow))
	add("a deletion", holdsOf(opDelete))
	if c.failures {
		add("a transaction that fails", func(_ *Block, s *serial) bool { return s.firstFailure() >= 0 })
		add("a transaction that fails after it has written", func(b *Block, s *serial) bool {
			return s.some(func(tx int) bool {
				_, writes := b.bodies[tx].touches(s.keys)
				return s.errors[tx] != nil && len(writes) > 0
			})
		})
	}
	if c.panics {
		add("a transaction that panics", func(_ *Block, s *serial) bool { return slices.Contains(s.errors, errPanicked) })
	}
	if c.ranges {
		add("a transaction that iterates", holdsOf(opSum))
	}
	if c.stores > 1 {
		add("a transaction over two stores", func(b *Block, s *serial) bool {
			return s.some(func(tx int) bool {
				reads, writes := b.bodies[tx].touches(s.keys)
				return slices.ContainsFunc(append(reads, writes...), func(k Key) bool { return StoreOf(k) != StoreOf(append(reads, writes...)[0]) })
			})
		})
	}
	if c.estimates {
		add("an estimate that is wrong", func(b *Block, _ *serial) bool {
			return slices.ContainsFunc(b.bodies, func(t body) bool { return t.hint != nil })
		})
	}
	return list
}

// holdsOf holds of blocks with an operation of one of the kinds.
func holdsOf(some ...kind) func(*Block, *serial) bool {
	return func(b *Block, _ *serial) bool {
		return slices.ContainsFunc(b.bodies, func(t body) bool {
			return slices.ContainsFunc(t.ops, func(o op) bool { return slices.Contains(some, o.kind) })
		})
	}
}

// some reports whether something holds of a transaction that was executed.
func (r *serial) some(holds func(tx int) bool) bool { return slices.ContainsFunc(r.ran, holds) }

func sharedWrite(_ *Block, s *serial) bool {
	return slices.ContainsFunc(s.keys, func(k Key) bool {
		writers := 0
		for _, v := range s.versions[k] {
			if v.writer >= 0 {
				writers++
			}
		}
		return writers > 1
	})
}

// depth is the length of the longest chain of transactions each of which reads what the one before wrote.
func (r *serial) depth() (longest int) {
	depth := make([]int, len(r.read))
	for _, tx := range r.ran {
		depth[tx] = 1
		for _, a := range r.read[tx] {
			if a.writer >= 0 {
				depth[tx] = max(depth[tx], 1+depth[a.writer])
			}
		}
		longest = max(longest, depth[tx])
	}
	return longest
}

// classify labels a block for the table of what was drawn.
func classify(b Block, o Outcome) []string {
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
