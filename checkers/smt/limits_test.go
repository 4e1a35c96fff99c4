package smt

import (
	"math/big"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
)

// hard is a question about products, which Z3 cannot decide at once.
func hard(t *terms) []*term {
	a, b, c := t.variable("a"), t.variable("b"), t.variable("c")
	cube := func(x *term) *term { return t.mul(t.mul(x, x), x) }
	positive := func(x *term) *term { return t.lt(t.zero, x) }
	return []*term{positive(a), positive(b), positive(c), t.eq(t.add(cube(a), cube(b)), cube(c))}
}

func TestLimitsEndInUnknown(t *testing.T) {
	for name, l := range map[string]Limits{"time": {Time: 50 * time.Millisecond}, "work": {Work: 10_000, Time: -1}} {
		p, terms := New(l), newTerms()
		p.start()
		result, m, reason := p.ask(terms, hard(terms)...)
		if result != undecided || m != nil || reason == "" {
			t.Errorf("%s: %v, %v, %q", name, result, m, reason)
		}
		// The prover is of use afterwards.
		p.limits.Work = 0
		p.start()
		x := terms.variable("x")
		if result, _, _ := p.ask(terms, terms.lt(x, x)); result != unsatisfiable {
			t.Errorf("%s: %v afterwards", name, result)
		}
	}
}

func TestTimeIsUp(t *testing.T) {
	b := transfers(rand.New(rand.NewPCG(1, 1)), 50, 4)
	r := New(Limits{Time: 1}).PlanEquivalence(b, nil)
	if r.Status != checkers.Unknown || !strings.Contains(r.Reason, "not decided within 1ns") {
		t.Errorf("%v: %s", r.Status, r.Reason)
	}
}

// TestWithoutZ3 pins what a build without Z3 says, and that one with Z3 does not.
func TestWithoutZ3(t *testing.T) {
	b := parse(t, "accounts { a: 1; b: 1; c: 1; } atomic_batch { intent transfer1(a, c, 1) intent transfer2(b, c, 1) }")
	r := New(patient).PlanEquivalence(b, nil)
	if strings.Contains(r.Reason, "built without Z3") == Available || (r.Status == checkers.Pass) != Available {
		t.Errorf("%v: %s", r.Status, r.Reason)
	}
	if r := New(patient).PlanEquivalence(b, fullPlan(b)); r.Status != checkers.Pass {
		t.Errorf("%v: %s", r.Status, r.Reason)
	}
}

// TestProversOnGoroutines has each with a prover of its own, as they must.
func TestProversOnGoroutines(t *testing.T) {
	done := make(chan bool)
	for range 4 {
		go func() {
			p := New(patient)
			ok := true
			for seed := range uint64(3) {
				b := transfers(rand.New(rand.NewPCG(1, seed)), 10, 4)
				ok = ok && p.PlanEquivalence(b, neighbourPlan(b)).Status == checkers.Pass
				ok = ok && len(p.Overflow(b, MoneySupply)) == 1
			}
			done <- ok
		}()
	}
	for range 4 {
		if !<-done {
			t.Error("wrong answer")
		}
	}
}

// TestMemoryIsBounded asks 1,000 questions and more: what Z3 holds does not grow
// with their number.
func TestMemoryIsBounded(t *testing.T) {
	before := residentKB(t)
	p, queries := New(patient), 0
	b := transfers(rand.New(rand.NewPCG(1, 1)), 30, 3)
	plan := reduced(30, neighbourPlan(b))
	for Available && queries < 1200 {
		clear(p.table)
		queries += p.PlanEquivalence(b, slices.Delete(slices.Clone(plan), 10, 11)).Queries
	}
	if grown := residentKB(t) - before; grown > 250_000 {
		t.Errorf("%d MB more after %d queries", grown/1000, queries)
	} else {
		t.Logf("%d MB more after %d queries", grown/1000, queries)
	}
}

// residentKB is the process's resident memory, 0 where that cannot be read.
func residentKB(t *testing.T) int {
	t.Helper()
	runtime.GC()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize() / 1000
}

// TestTermsAgainstArithmetic evaluates random expressions by batch.RunSerially and by
// Z3, with all inputs fixed.
func TestTermsAgainstArithmetic(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	p := New(patient)
	outcomes := map[bool]int{}
	for range 150 {
		b := parse(t, "accounts { a: 0; b: 0; } intent probe(x: Account, y: Account, m: Amount, n: Amount) "+
			"{ guard { "+randomExpr(rng, 3)+" <= "+randomExpr(rng, 3)+"; } } atomic_batch { intent probe1(a, b, 0, 0) }")
		value := func() int64 {
			return []int64{-1 << 63, -3, -2, -1, 0, 1, 2, 3, 7, 1<<63 - 1}[rng.IntN(10)]
		}
		b.Accounts[0].Balance, b.Accounts[1].Balance = value(), value()
		args := b.Transactions[0].Call.Args
		args[2].Amount, args[3].Amount = value(), value()
		s := newSymbols(b)
		conditions := s.runAll([]int32{0}).conditions()
		for i, a := range b.Accounts {
			conditions = append(conditions, s.eq(s.balance(batch.AccountID(i)), s.big(big.NewInt(a.Balance))))
		}
		for i := 2; i < 4; i++ {
			conditions = append(conditions, s.eq(s.amount(0, i), s.number(args[i].Amount)))
		}
		want := batch.RunSerially(b).Failure == nil
		p.start()
		result, _, reason := p.ask(s.terms, conditions...)
		if !Available && result == undecided {
			continue
		}
		if result == undecided || (result == satisfiable) != want {
			t.Fatalf("%v %s, want %v\n%v", result, reason, want, b)
		}
		outcomes[want]++
	}
	if Available && (outcomes[true] < 20 || outcomes[false] < 20) {
		t.Error(outcomes)
	}
}

func randomExpr(rng *rand.Rand, depth int) string {
	if depth == 0 || rng.IntN(4) == 0 {
		return []string{"m", "n", "x.balance", "y.balance", "1", "3", "9223372036854775807"}[rng.IntN(7)]
	}
	if rng.IntN(6) == 0 {
		return "-(" + randomExpr(rng, depth-1) + ")"
	}
	op := []string{"+", "-", "*", "/", "%"}[rng.IntN(5)]
	return "(" + randomExpr(rng, depth-1) + " " + op + " " + randomExpr(rng, depth-1) + ")"
}
