package blocks

import (
	"slices"
	"testing"

	"synchrony/generators/choice"
	"synchrony/models/block"
)

// TestReduce: whatever block it starts from, a block is reduced to just what the failure needs; what is tried is a block, and there is an end to it.
func TestReduce(t *testing.T) {
	started := 0
	for seed := range uint64(200) {
		b := Draw(choice.Seeded(seed), everything())
		if !stale(&b) {
			continue
		}
		started++
		best, tries := b, 0
		Reduce(b, func(c block.Block) bool {
			if tries++; tries > 20_000 {
				t.Fatalf("more than 20,000 tries from\n%s", b.String())
			}
			if _, err := block.Parse(c.String()); err != nil {
				t.Fatalf("%v in\n%s", err, c.String())
			}
			if !stale(&c) {
				return false
			}
			best = c
			return true
		})
		if best.Len() != 2 || len(best.Initial) != 0 || best.Workers != 1 || len(best.Transactions[0].Operations)+len(best.Transactions[1].Operations) != 2 {
			t.Errorf("seed %d is left as\n%s", seed, best.String())
		}
	}
	if started < 50 {
		t.Errorf("%d blocks to start from", started)
	}
}

// TestReduceJoins: where it does not matter that two transactions are two, one is left.
func TestReduceJoins(t *testing.T) {
	both := func(b *block.Block) bool {
		wrote := false
		for _, t := range b.Transactions {
			for _, o := range t.Operations {
				if wrote && o.Kind == block.Add {
					return true
				}
				wrote = wrote || o.Kind == block.Write
			}
		}
		return false
	}
	started := 0
	for seed := range uint64(100) {
		b := Draw(choice.Seeded(seed), everything())
		if !both(&b) {
			continue
		}
		started++
		Reduce(b, func(c block.Block) bool {
			if !both(&c) {
				return false
			}
			b = c
			return true
		})
		if b.Len() != 1 || len(b.Transactions[0].Operations) != 2 {
			t.Errorf("seed %d is left as\n%s", seed, b.String())
		}
	}
	if started < 10 {
		t.Errorf("%d blocks to start from", started)
	}
}

// stale holds of a block in which a transaction copies what another wrote.
func stale(b *block.Block) bool {
	s := block.Execute(b, block.Isolate, block.Departure{})
	return slices.ContainsFunc(s.Ran, func(tx int) bool {
		return slices.ContainsFunc(s.Read[tx], func(a block.Access) bool { return a.Writer >= 0 }) &&
			slices.ContainsFunc(b.Transactions[tx].Operations, func(o block.Operation) bool { return o.Kind == block.Copy })
	})
}
