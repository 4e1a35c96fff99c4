package smt

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

func BenchmarkPlanRight(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b0 := transfers(rand.New(rand.NewPCG(1, 1)), n, max(3, n/5))
			plan := neighbourPlan(b0)
			p := New(patient)
			for b.Loop() {
				if r := p.PlanEquivalence(b0, plan); r.Status != checkers.Pass {
					b.Fatal(r.Reason)
				}
			}
		})
	}
}

// BenchmarkPlanWithoutEdges has every pair decided by the table: all deposit into
// one account, and the plan orders nothing.
func BenchmarkPlanWithoutEdges(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b0 := transfers(rand.New(rand.NewPCG(1, 1)), n, n+1)
			for i := range b0.Transactions {
				t := &b0.Transactions[i]
				t.Call.Args[0].Account, t.Call.Args[1].Account = batch.AccountID(i+1), 0
				t.Reads, t.Writes = batch.DeriveSets(t.Call)
			}
			p := New(patient)
			for b.Loop() {
				if r := p.PlanEquivalence(b0, nil); r.Status != checkers.Pass || r.Unordered != n*(n-1)/2 {
					b.Fatal(r.Reason, r.Unordered)
				}
			}
		})
	}
}

// BenchmarkPlanWrong drops an edge that matters, in the middle.
func BenchmarkPlanWrong(b *testing.B) {
	if !Available {
		b.Skip(ErrWithoutZ3)
	}
	for _, n := range []int{10, 100, 1000} {
		for _, accounts := range []int{3, n} {
			b.Run(fmt.Sprintf("%d/accounts=%d", n, accounts), func(b *testing.B) {
				b0 := transfers(rand.New(rand.NewPCG(1, 1)), n, accounts)
				plan := reduced(n, neighbourPlan(b0))
				p := New(patient)
				for k := len(plan) / 2; k < len(plan); k++ {
					wrong := slices.Delete(append([]trace.Dependency(nil), plan...), k, k+1)
					if r := p.PlanEquivalence(b0, wrong); r.Status == checkers.Fail {
						plan = wrong
						break
					}
				}
				for b.Loop() {
					if r := New(patient).PlanEquivalence(b0, plan); r.Status != checkers.Fail {
						b.Fatal(r.Status, r.Reason)
					}
				}
			})
		}
	}
}

// BenchmarkIntents asks anew about a transfer's overflow within a money supply.
func BenchmarkIntents(b *testing.B) {
	b0 := transfers(rand.New(rand.NewPCG(1, 1)), 1000, 10)
	p := New(patient)
	for b.Loop() {
		if r := p.Overflow(b0, MoneySupply); Available && r[0].Status != checkers.Pass {
			b.Fatal(r[0].Reason)
		}
	}
}
