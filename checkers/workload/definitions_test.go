package workload

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"synchrony/checkers"
	"synchrony/models/history"
)

// tries is how many random histories a test has: HISTORIES=20000 asks for more.
func tries(usually int) int {
	if n, err := strconv.Atoi(os.Getenv("HISTORIES")); err == nil {
		return n
	}
	return usually
}

// defined is a workload whose promise is executed as it is worded: by looking at all operations, or pairs of them, or at all sets of what may have
// taken effect.
type defined struct {
	model string
	// draw makes up an operation, after others; what is put there is how many there were.
	draw  func(rng *rand.Rand, x *history.Operation, list []history.Operation)
	holds func(list []history.Operation) bool
}

// sequence is a list of numbers.
func sequence(numbers ...int) history.Tree {
	t := history.Tree{Kind: history.Sequence}
	for _, n := range numbers {
		t.Items = append(t.Items, number(n))
	}
	return t
}

// some is all numbers that operations may have put there, or any of them, and now and then one that none has.
func some(rng *rand.Rand, list []history.Operation) []int {
	var numbers []int
	all := rng.IntN(2) > 0
	for n := range list {
		if x := &list[n]; !x.Argument.IsNil() && x.Outcome != history.Aborted && (all || rng.IntN(3) > 0) {
			numbers = append(numbers, n)
		}
	}
	if rng.IntN(30) == 0 {
		numbers = append(numbers, 20)
	}
	return numbers
}

// putOrRead draws an operation that puts its number there, or reads the numbers that are.
func putOrRead(put string) func(*rand.Rand, *history.Operation, []history.Operation) {
	return func(rng *rand.Rand, x *history.Operation, list []history.Operation) {
		if x.Name, x.Argument = put, number(len(list)); rng.IntN(2) == 0 {
			x.Name, x.Argument, x.Result = "read", history.Tree{}, sequence(some(rng, list)...)
		}
	}
}

func has(x *history.Operation, element *history.Tree) bool {
	return slices.ContainsFunc(x.Result.Items, func(e history.Tree) bool { return e.Text() == element.Text() })
}

// every reports whether something holds of all operations that certainly took effect and are called so.
func every(list []history.Operation, name string, holds func(x *history.Operation) bool) bool {
	for i := range list {
		if x := &list[i]; did(x, name) && !holds(x) {
			return false
		}
	}
	return true
}

// offered reports whether an element may have been put there before an operation returned; at any time, if that is nil.
func offered(list []history.Operation, put string, element *history.Tree, by *history.Operation) bool {
	return slices.ContainsFunc(list, func(x history.Operation) bool {
		return may(&x, put) && x.Argument.Text() == element.Text() && (by == nil || x.Invoked <= by.Returned)
	})
}

func allOffered(list []history.Operation, put string, r, by *history.Operation) bool {
	return !slices.ContainsFunc(r.Result.Items, func(e history.Tree) bool { return !offered(list, put, &e, by) })
}

// known reports whether an element was known before an operation began: its addition had returned, or a read that has it.
func known(list []history.Operation, element *history.Tree, before *history.Operation) bool {
	return slices.ContainsFunc(list, func(x history.Operation) bool {
		return x.Returned < before.Invoked && (did(&x, "add") && x.Argument.Text() == element.Text() || did(&x, "read") && has(&x, element))
	})
}

// lastRead is the last read, of a process or of all.
func lastRead(list []history.Operation, of func(x *history.Operation) bool) *history.Operation {
	for i := range slices.Backward(list) {
		if x := &list[i]; did(x, "read") && of(x) {
			return x
		}
	}
	return nil
}

// definitions are those of all workloads but those that have tests of their own, and but kafka's, whose promise is a list of anomalies.
func definitions() []defined {
	return []defined{
		{"set", putOrRead("add"), func(list []history.Operation) bool {
			last := lastRead(list, func(*history.Operation) bool { return true })
			return allOffered(list, "add", last, nil) && every(list, "add", func(x *history.Operation) bool { return x.Returned >= last.Invoked || has(last, &x.Argument) })
		}},
		{"set-full", putOrRead("add"), func(list []history.Operation) bool {
			return every(list, "read", func(r *history.Operation) bool {
				return allOffered(list, "add", r, r) && !slices.ContainsFunc(list, func(x history.Operation) bool {
					return may(&x, "add") && known(list, &x.Argument, r) && !has(r, &x.Argument)
				})
			})
		}},
		{"g-set", putOrRead("add"), func(list []history.Operation) bool {
			return every(list, "read", func(r *history.Operation) bool {
				kept := every(list, "read", func(s *history.Operation) bool {
					return s.Process != r.Process || s.Line > r.Line || !slices.ContainsFunc(s.Result.Items, func(e history.Tree) bool { return !has(r, &e) })
				})
				after := every(list, "add", func(x *history.Operation) bool { return x.Returned < r.Invoked })
				last := r == lastRead(list, func(s *history.Operation) bool { return s.Process == r.Process })
				all := every(list, "add", func(x *history.Operation) bool { return has(r, &x.Argument) })
				return kept && allOffered(list, "add", r, r) && !(after && last && !all)
			})
		}},
		{"causal-reverse", putOrRead("write"), func(list []history.Operation) bool {
			return every(list, "read", func(r *history.Operation) bool {
				return every(list, "write", func(w *history.Operation) bool {
					return has(r, &w.Argument) || !slices.ContainsFunc(list, func(v history.Operation) bool {
						return may(&v, "write") && w.Returned < v.Invoked && has(r, &v.Argument)
					})
				})
			})
		}},
		{"total-queue", func(rng *rand.Rand, x *history.Operation, list []history.Operation) {
			n := len(list)
			element := number(n / 2)
			if rng.IntN(10) == 0 {
				element = number(rng.IntN(n + 1))
			}
			if x.Name, x.Argument = "enqueue", element; n%2 > 0 {
				x.Name, x.Argument, x.Result = "dequeue", history.Tree{}, element
			}
		}, queueExplained},
		{"unique-ids", func(rng *rand.Rand, x *history.Operation, list []history.Operation) {
			x.Name, x.Result = "generate", number(len(list)*10+rng.IntN(14))
		}, func(list []history.Operation) bool {
			return every(list, "generate", func(x *history.Operation) bool {
				return every(list, "generate", func(y *history.Operation) bool { return x == y || x.Result.Text() != y.Result.Text() })
			})
		}},
		{"bank-total", func(rng *rand.Rand, x *history.Operation, list []history.Operation) {
			x.Name = "read"
			first, total := rng.IntN(5)-max(0, 1-rng.IntN(20)), 4+max(0, 1-rng.IntN(12))
			balances := sequence(first, total-first)
			if x.Result = balances; len(list)%2 == 0 {
				x.Result = history.Tree{Kind: history.Mapping, Items: []history.Tree{number(1), balances.Items[0], number(2), balances.Items[1]}}
			}
		}, func(list []history.Operation) bool {
			balance := func(x *history.Operation, k int) int64 {
				if x.Result.Kind == history.Mapping {
					k = 2*k + 1
				}
				return x.Result.Items[k].Value.Number
			}
			return every(list, "read", func(x *history.Operation) bool {
				return balance(x, 0) >= 0 && balance(x, 1) >= 0 && every(list, "read", func(y *history.Operation) bool {
					return balance(x, 0)+balance(x, 1) == balance(y, 0)+balance(y, 1)
				})
			})
		}},
		{"monotonic", func(rng *rand.Rand, x *history.Operation, list []history.Operation) {
			x.Name, x.Result = "read", number(len(list)+rng.IntN(3))
		}, func(list []history.Operation) bool {
			return every(list, "read", func(x *history.Operation) bool {
				return every(list, "read", func(y *history.Operation) bool {
					return x.Returned >= y.Invoked || x.Result.Value.Number <= y.Result.Value.Number
				})
			})
		}},
	}
}

// queueExplained tries all sets of enqueuings that may have taken effect: what was taken out must be what one of them put there.
func queueExplained(list []history.Operation) bool {
	for set := range 1 << len(list) {
		left, fits := map[string]int{}, true
		for i := range list {
			in := set>>i&1 != 0
			switch x := &list[i]; {
			case in && !may(x, "enqueue"), !in && did(x, "enqueue"):
				fits = false
			case in:
				left[x.Argument.Text()]++
			case did(x, "dequeue"):
				left[x.Result.Text()]--
			}
		}
		for _, n := range left {
			fits = fits && n == 0
		}
		if fits {
			return true
		}
	}
	return false
}

// operations draws 3 to 7 operations of three clients, in the order of their invocations.
func (d defined) operations(rng *rand.Rand) []history.Operation {
	var list []history.Operation
	free := [3]int{}
	at := 0
	for n := range 3 + rng.IntN(5) {
		p := rng.IntN(len(free))
		x := history.Operation{Process: int32(p), Line: n + 1, Outcome: history.Committed}
		at = max(at, free[p]) + rng.IntN(3)
		x.Invoked = ticks(at)
		free[p] = at + 1 + rng.IntN(6)
		x.Returned = ticks(free[p])
		switch d.draw(rng, &x, list); rng.IntN(16) {
		case 0:
			x.Outcome, x.Returned, free[p] = 0, history.Forever, free[p]+1
			x.Process = int32(10 + n)
		case 1:
			x.Outcome = history.Aborted
		}
		list = append(list, x)
	}
	return list
}

// TestWorkloadsAgreeWithTheirDefinitions compares verdicts with the promises as they are worded.
func TestWorkloadsAgreeWithTheirDefinitions(t *testing.T) {
	for _, d := range definitions() {
		t.Run(d.model, func(t *testing.T) {
			m, ok := Lookup(d.model)
			if !ok {
				t.Fatal("there is no such model")
			}
			counts := map[checkers.Status]int{}
			n := tries(1000)
			for seed := range uint64(n) {
				list := d.operations(rand.New(rand.NewPCG(seed, 44)))
				r, err := m.Check(list, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if counts[r.Status]++; r.Status == checkers.Unknown {
					continue // nothing of the kind was completed
				}
				if want := d.holds(list); (r.Status == checkers.Pass) != want {
					t.Fatalf("seed %d: %v: %s; want right: %v\n%s", seed, r.Status, r.Reason, want, words(list))
				}
			}
			t.Logf("%d right, %d wrong, %d with nothing to judge", counts[checkers.Pass], counts[checkers.Fail], counts[checkers.Unknown])
			if counts[checkers.Pass] < n/20 || counts[checkers.Fail] < n/20 {
				t.Errorf("%v", counts)
			}
		})
	}
}

func words(list []history.Operation) string {
	s := ""
	for i := range list {
		x := &list[i]
		s += x.Invoked.String() + " " + x.Returned.String() + " " + x.Outcome.String() + " p" + strconv.Itoa(int(x.Process)) + " " + x.Text() + " " + x.Result.Text() + "\n"
	}
	return s
}
