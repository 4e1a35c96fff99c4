package batchtest

import (
	"slices"
	"testing"

	"synchrony/generators/choice"
)

// TestReduce: whatever block it starts from, a block is reduced to just what the failure needs; what is tried is a block, and there is an end to it.
func TestReduce(t *testing.T) {
	started := 0
	for seed := range uint64(200) {
		b := draw(choice.Seeded(seed), everything(t))
		if !stale(&b) {
			continue
		}
		started++
		best, tries := b, 0
		reduce(b, func(c Block) bool {
			if tries++; tries > 20_000 {
				t.Fatalf("more than 20,000 tries from\n%s", b.String())
			}
			if _, err := parseBlock(c.String()); err != nil {
				t.Fatalf("%v in\n%s", err, c.String())
			}
			if !stale(&c) {
				return false
			}
			best = c
			return true
		})
		if best.Len() != 2 || len(best.initial) != 0 || best.workers != 1 || len(best.bodies[0].ops)+len(best.bodies[1].ops) != 2 {
			t.Errorf("seed %d is left as\n%s", seed, best.String())
		}
	}
	if started < 50 {
		t.Errorf("%d blocks to start from", started)
	}
}

// stale holds of a block in which a transaction copies what another wrote.
func stale(b *Block) bool {
	s := execute(b, Isolate, skew{})
	return s.some(func(tx int) bool {
		return slices.ContainsFunc(s.read[tx], func(a access) bool { return a.writer >= 0 }) &&
			slices.ContainsFunc(b.bodies[tx].ops, func(o op) bool { return o.kind == opCopy })
	})
}
