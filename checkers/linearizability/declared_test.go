package linearizability

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/declared"
	"synchrony/models/history"
)

// declaredQueue is a queue that somebody declared.
const declaredQueue = `model queue
state items = []
operation enqueue x
  set items = append(items, x)
operation dequeue
  require items == []
  result nil
operation dequeue
  result first(items)
  set items = rest(items)
`

func declaredOf(t *testing.T, src string) *declared.Model {
	t.Helper()
	m, err := declared.Parse("m", src)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// randomQueue is a few operations on a queue, most of them with results that a queue could give.
func randomQueue(rng *rand.Rand) []history.Operation {
	var list []history.Operation
	number := func(n int64) history.Tree { return history.Tree{Value: history.NumberOf(n)} }
	free := map[int32]time.Duration{}
	for i := range 3 + rng.IntN(4) {
		x := history.Operation{Process: int32(rng.IntN(3)), Line: i + 1, Outcome: history.Committed, Name: "enqueue"}
		if free[x.Process] == history.Forever {
			continue // its outcome is unknown
		}
		x.Invoked = max(time.Duration(3*i), free[x.Process]+1)
		x.Returned = x.Invoked + time.Duration(rng.IntN(12))
		if len(list) > 0 && list[len(list)-1].Invoked > x.Invoked {
			continue
		}
		x.Argument = number(int64(i))
		if rng.IntN(2) == 0 {
			x.Name, x.Argument = "dequeue", history.Tree{}
			if rng.IntN(4) > 0 && i > 0 {
				x.Result = number(int64(rng.IntN(i)))
			}
		}
		free[x.Process] = x.Returned
		switch rng.IntN(8) {
		case 0:
			x.Outcome = history.Aborted
		case 1:
			x.Outcome, x.Result, free[x.Process] = 0, history.Tree{}, history.Forever
			x.Returned = history.Forever
		}
		list = append(list, x)
	}
	return list
}

// explained tries all orders of operations.
func explained(m *declared.Model, list []history.Operation, done int, s declared.State) bool {
	if all := func() bool {
		for i := range list {
			if done>>i&1 == 0 && list[i].Outcome == history.Committed {
				return false
			}
		}
		return true
	}(); all {
		return true
	}
	for i := range list {
		x := &list[i]
		if done>>i&1 != 0 || x.Outcome == history.Aborted {
			continue
		}
		early := false
		for k := range list {
			y := &list[k]
			early = early || k != i && done>>k&1 == 0 && y.Outcome == history.Committed && (y.Returned < x.Invoked || y.Process == x.Process && k < i)
		}
		if early {
			continue
		}
		next, ok, err := m.Step(s, x.Name, &x.Argument, &x.Result, x.Outcome == history.Committed)
		if err == nil && ok && explained(m, list, done|1<<i, next) {
			return true
		}
	}
	return false
}

// TestDeclaredAgreesWithTheDefinition compares the search with trying all orders, and those to blame with what they are said to be.
func TestDeclaredAgreesWithTheDefinition(t *testing.T) {
	m := declaredOf(t, declaredQueue)
	initial, err := m.Initial()
	if err != nil {
		t.Fatal(err)
	}
	right, n := 0, tries(1000)
	for seed := range uint64(n) {
		list := randomQueue(rand.New(rand.NewPCG(seed, 61)))
		want := explained(m, list, 0, initial)
		if want {
			right++
		}
		r := CheckDeclared(m, list, true, unhurried)
		if (r.Status == checkers.Pass) != want || r.Status == checkers.Unknown {
			t.Fatalf("seed %d: %v (%s), want right: %v\n%+v", seed, r.Status, r.Reason, want, list)
		}
		if want {
			continue
		}
		core := make([]history.Operation, len(list)) // the others may have any result, or never have happened
		for i, x := range list {
			core[i] = x
			if !slices.Contains(r.Core, i) && x.Outcome == history.Committed {
				core[i].Outcome, core[i].Returned = 0, history.Forever
			}
		}
		if explained(m, core, 0, initial) {
			t.Fatalf("seed %d: those to blame, %v, can be explained", seed, r.Core)
		}
	}
	t.Logf("%d right, %d wrong", right, n-right)
	if right < n/5 || right > n-n/5 {
		t.Errorf("%d of %d were right", right, n)
	}
}

// TestDeclaredTrouble: an expression without a value is no verdict on the system, and keys are objects of their own.
func TestDeclaredTrouble(t *testing.T) {
	text := func(s string) history.Tree { return history.Tree{Value: history.TextOf(s)} }
	pair := func(key string, value history.Tree) history.Tree {
		return history.Tree{Kind: history.Sequence, Items: []history.Tree{text(key), value}}
	}
	list := []history.Operation{
		{Process: 0, Line: 1, Name: "add", Argument: pair("x", text("one")), Result: pair("x", text("one")), Outcome: history.Committed, Invoked: 1, Returned: 2},
	}
	r := CheckDeclared(declaredOf(t, "model m\nkeyed\nstate sum = 0\noperation add n\n  set sum = sum + n\n"), list, true, unhurried)
	if r.Status != checkers.Unknown || !strings.Contains(r.Reason, `m:5:17: + of 0 and "one": want whole numbers`) {
		t.Errorf("%v: %s", r.Status, r.Reason)
	}
	list[0].Name = "set"
	m := declaredOf(t, "model m\nkeyed\nstate v = nil\noperation set n\n  set v = n\noperation get\n  result v\n")
	for i, want := range []checkers.Status{checkers.Pass, checkers.Fail} {
		get := history.Operation{Process: 1, Line: 2, Name: "get", Argument: pair([]string{"y", "x"}[i], history.Tree{}), Outcome: history.Committed, Invoked: 3, Returned: 4}
		get.Result = get.Argument
		if r := CheckDeclared(m, append(list, get), true, unhurried); r.Status != want {
			t.Errorf("%v: %s, want %v", r.Status, r.Reason, want)
		}
	}
}
