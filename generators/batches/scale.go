package batches

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"pgregory.net/rapid"

	"synchrony/generators/bounds"
	"synchrony/generators/choice"
	"synchrony/models/batch"
)

// dimension is a way in which a batch is large: what is n of it, and a bound of an executor may be on that.
type dimension struct {
	name string // as in the table of bounds
	most int    // what more costs more than it is worth
	add  func(s *scaled, n int)
}

// dimensions are ordered from simple to complex, as a shrinker prefers them.
var dimensions = []dimension{
	{"transactions", 1025, (*scaled).apart},
	{"levels", 300, (*scaled).chain},
	{"edges", 300, (*scaled).fan},
	{"after clauses", 300, (*scaled).after},
	{"parameters", 300, (*scaled).wide},
	{"temporaries", 900, (*scaled).deep},
	{"intents", 1002, (*scaled).intents},
}

// What else of a run is large.
const (
	workersOf = "workers" // of the pool
	limitOf   = "limit"   // on goroutines, in blocking mode
)

// maxPool and maxBlocked bound the workers and the goroutines of a large run.
const (
	maxPool    = 130
	maxBlocked = 1025
)

// mostTogether bounds what the dimensions of a batch that is large in several ways come to together: a run of more takes more steps than runs may.
const mostTogether = 1400

// scaleNumbers is what is drawn of a large batch: the size of each dimension, 0 for none.
type scaleNumbers struct {
	sizes   []int // by dimension
	workers int
	mode    batch.Mode
	limit   int
	fails   int // how many transactions fail
}

// Scaled draws batches that are large: one is in one way at least, of a size around some bound of the executors or of
// fields of their widths (see package bounds), and of nothing more than most. Nothing limits their time, and one of three fails.
func Scaled(most int) *rapid.Generator[Drawn] {
	return rapid.Custom(func(t *rapid.T) Drawn { return Drawn{drawScale(choice.From(t), most).workload()} })
}

// All is more than the most of anything.
const All = 1 << 20

// Fans draws batches of which many transactions take time and become ready at once, when one before them has ended; and has a worker for each
// transaction, of which there are more than 8 and at most most.
func Fans(most int) *rapid.Generator[Drawn] {
	return rapid.Custom(func(t *rapid.T) Drawn {
		return fanned(time.Millisecond, 8+choice.Below(choice.From(t), most-9))
	})
}

// Instant draws batches of which a few transactions take time and become ready at once, when one before them has ended that takes none, once or twice:
// so a worker may just have found nothing to do, and not wait yet, or have been woken, and not look yet.
func Instant() *rapid.Generator[Drawn] {
	return rapid.Custom(func(t *rapid.T) Drawn {
		from := choice.From(t)
		sizes := []int{2 + choice.Below(from, 3)}
		if choice.Chance(from, 50) {
			sizes = append(sizes, 2)
		}
		return fanned(0, sizes...)
	})
}

// fanned is a batch of fans of so many transactions each, of which the first takes so long, with a worker for each transaction.
func fanned(first time.Duration, sizes ...int) Drawn {
	s := scaled{b: batch.NewBuilder(), library: intents()}
	var firsts []int
	for _, n := range sizes {
		firsts = append(firsts, s.calls)
		s.fan(n)
	}
	b := s.built()
	for i := range b.Transactions {
		b.Transactions[i].Work = time.Millisecond
	}
	for _, i := range firsts {
		b.Transactions[i].Work = first
	}
	return Drawn{batch.Workload{Batch: b, Setup: batch.Setup{Workers: len(b.Transactions), Timeout: batch.NoTimeout, Mode: batch.Parallel}}}
}

// Barred draws batches of transfers that would all fail, on accounts of their own. The first come after the last, so that only that one may begin.
func Barred() *rapid.Generator[Drawn] {
	return rapid.Custom(func(t *rapid.T) Drawn {
		from := choice.From(t)
		s := scaled{b: batch.NewBuilder(), library: intents()}
		n := 1 + choice.Below(from, 3)
		for i := range n + 1 {
			s.transfer(s.account(1), s.account(0), 2)
			if i < n {
				s.b.After(batch.TransferName + strconv.Itoa(n+1))
			}
		}
		return Drawn{batch.Workload{Batch: s.built(), Setup: batch.Setup{Workers: 1 + choice.Below(from, 3), Timeout: batch.NoTimeout, Mode: batch.Parallel}}}
	})
}

// Strands draws batches of a few strands, each of which passes on what it has from one transaction to the next, of which one fails in its last while workers are within
// the last of others; one strand goes on alone. They leave no trace.
func Strands() *rapid.Generator[Drawn] {
	return rapid.Custom(func(t *rapid.T) Drawn {
		from := choice.From(t)
		s := scaled{b: batch.NewBuilder(), library: intents()}
		ends := make([]batch.AccountID, 2+choice.Below(from, 3))
		for k := range ends {
			ends[k] = s.account(1)
		}
		length := 2 + choice.Below(from, 3)
		failing := 0
		for step := range length {
			for k := range ends {
				amount := int64(1)
				if step == length-1 && k == 0 {
					amount, failing = 2, s.calls
				}
				to := s.account(0)
				s.transfer(ends[k], to, amount)
				ends[k] = to
			}
		}
		s.transfer(ends[len(ends)-1], s.account(0), 1)
		b := s.built()
		for i := range b.Transactions {
			b.Transactions[i].Work = 2 * time.Millisecond
		}
		b.Transactions[failing].Work = time.Millisecond
		return Drawn{batch.Workload{Batch: b, Setup: batch.Setup{
			Workers: len(ends) + choice.Below(from, 2), Timeout: batch.NoTimeout, Mode: batch.Parallel, Untraced: true,
		}}}
	})
}

// ScaledSizes returns how many there are at most of each thing of which Scaled draws a number, by its name in the table of bounds.
func ScaledSizes() map[string]int {
	most := map[string]int{workersOf: maxPool, limitOf: maxBlocked}
	for _, d := range dimensions {
		most[d.name] = d.most
	}
	return most
}

func drawScale(s choice.Source, most int) scaleNumbers {
	ways := make([]choice.Sizes, len(dimensions))
	for i, d := range dimensions {
		ways[i] = bounds.Around(d.name, min(d.most, most))
	}
	n := scaleNumbers{sizes: choice.DrawSome(s, ways, 20)}
	total := 0
	for i, size := range n.sizes {
		if total += size; total > mostTogether && total > size {
			total, n.sizes[i] = total-size, 0
		}
	}
	n.workers = bounds.Around(workersOf, maxPool).Draw(s)
	n.mode = []batch.Mode{batch.Parallel, batch.Auto, batch.Serial, batch.Blocking}[choice.Pick(s, 6, 1, 1, 2)]
	if limited, limit := choice.Chance(s, 50), bounds.Around(limitOf, min(maxBlocked, most)).Draw(s); limited && n.mode == batch.Blocking {
		n.limit = limit
	}
	n.fails = choice.Pick(s, 4, 1, 1)
	return n
}

// workload makes the batch. The failing transactions come last, where their indices are the largest.
func (n scaleNumbers) workload() batch.Workload {
	s := scaled{b: batch.NewBuilder(), library: intents()}
	for i, d := range dimensions {
		if n.sizes[i] > 0 {
			d.add(&s, n.sizes[i])
		}
	}
	for range n.fails {
		s.call("expect", batch.AccountArg(s.account(1)), batch.AmountArg(0))
	}
	return batch.Workload{Batch: s.built(), Setup: batch.Setup{Workers: n.workers, Mode: n.mode, Limit: n.limit, Timeout: batch.NoTimeout}}
}

// scaled is a large batch in the making.
type scaled struct {
	b        *batch.Builder
	library  library
	accounts int
	calls    int
}

// built is the batch. It is valid.
func (s *scaled) built() *batch.Batch {
	b, err := s.b.Build()
	if err != nil {
		panic(fmt.Sprintf("generators: a batch is not valid: %v", err))
	}
	return b
}

func (s *scaled) account(balance int64) batch.AccountID {
	s.accounts++
	return s.b.Account(accountName(s.accounts-1), balance)
}

// call adds a call of an intent of the library and returns its ID.
func (s *scaled) call(intent string, args ...batch.Arg) string {
	s.calls++
	id := intent + strconv.Itoa(s.calls)
	if intent == batch.TransferName {
		s.b.Transfer(id, args[0].Account, args[1].Account, args[2].Amount)
	} else {
		s.b.Call(id, s.library.byName[intent], args...)
	}
	return id
}

func (s *scaled) transfer(from, to batch.AccountID, amount int64) string {
	return s.call(batch.TransferName, batch.AccountArg(from), batch.AccountArg(to), batch.AmountArg(amount))
}

// own adds the one call of an intent of its own, on accounts.
func (s *scaled) own(in *batch.Intent, accounts ...batch.AccountID) {
	s.calls++
	in.Name = "own_" + accountName(s.calls)
	args := make([]batch.Arg, len(accounts))
	for k, a := range accounts {
		in.Params = append(in.Params, batch.Param{Name: "p_" + accountName(k), Type: batch.AccountParam})
		args[k] = batch.AccountArg(a)
	}
	s.b.Call(in.Name+"1", in, args...)
}

// apart adds n transactions that depend on nothing, and returns their IDs.
func (s *scaled) apart(n int) {
	for i := range n {
		s.transfer(s.account(int64(i)+1), s.account(0), int64(i)+1)
	}
}

// chain adds n transactions of which each passes on what it gets from the one before.
func (s *scaled) chain(n int) {
	from := s.account(int64(n))
	for range n {
		to := s.account(0)
		s.transfer(from, to, int64(n))
		from = to
	}
}

// fan adds n transactions that read what one before them wrote, and one after them overwrites.
func (s *scaled) fan(n int) {
	source, hub := s.account(7), s.account(0)
	s.transfer(source, hub, 7)
	for range n {
		s.call("expect", batch.AccountArg(hub), batch.AmountArg(7))
	}
	s.transfer(hub, source, 3)
}

// after adds n transactions and one that waits for them all.
func (s *scaled) after(n int) {
	x := s.account(1)
	var ids []string
	for range n {
		ids = append(ids, s.call("look", batch.AccountArg(x), batch.AmountArg(1)))
	}
	s.call("look", batch.AccountArg(x), batch.AmountArg(1))
	s.b.After(ids...)
}

// wide adds a transaction that reads and writes n+1 accounts, each with a constant of its own.
func (s *scaled) wide(n int) {
	in, sum := new(batch.Intent), int64(0)
	accounts := []batch.AccountID{s.account(int64(n) * int64(n+1))}
	for k := 1; k <= n; k++ {
		accounts = append(accounts, s.account(int64(k)))
		in.Verify = append(in.Verify, defines(k, binary(batch.Add, old(k), literal(int64(k)))))
		sum += int64(k)
	}
	in.Verify = slices.Insert(in.Verify, 0, defines(0, binary(batch.Sub, old(0), literal(sum))))
	s.own(in, accounts...)
}

// deep adds a transaction that holds n intermediate results at once.
func (s *scaled) deep(n int) {
	amount := binary(batch.Add, old(0), literal(1))
	for range n - 1 {
		amount = binary(batch.Sub, binary(batch.Add, old(0), literal(1)), amount)
	}
	s.own(&batch.Intent{Verify: []batch.Cond{
		defines(0, binary(batch.Sub, old(0), amount)), defines(1, binary(batch.Add, old(1), amount)),
	}}, s.account(5), s.account(9))
}

// intents adds n transactions, each the only one of its intent.
func (s *scaled) intents(n int) {
	for i := range n {
		k := int64(i) + 1
		s.own(&batch.Intent{Verify: []batch.Cond{
			defines(0, binary(batch.Sub, old(0), literal(k))), defines(1, binary(batch.Add, old(1), literal(k))),
		}}, s.account(k), s.account(0))
	}
}

func literal(n int64) *batch.Expr { return &batch.Expr{Kind: batch.IntLit, Int: n} }
func old(param int) *batch.Expr   { return &batch.Expr{Kind: batch.Old, Param: param} }

func binary(op batch.ExprKind, x, y *batch.Expr) *batch.Expr {
	return &batch.Expr{Kind: op, Left: x, Right: y}
}

// defines is the equation of a parameter's new balance.
func defines(param int, x *batch.Expr) batch.Cond {
	return batch.Cond{Op: batch.EQ, Left: &batch.Expr{Kind: batch.New, Param: param}, Right: x}
}
