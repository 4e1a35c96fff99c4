package histories

import (
	"cmp"
	"slices"
	"time"

	"synchrony/generators/choice"
	"synchrony/models/history"
)

// Transactions draws what clients of 1 to 3 lists or registers saw of 2 to 4 transactions of up to 3 operations, which took effect in any way or
// in none: what is read is a beginning of some order of the appends of its key, mostly, or what somebody wrote, or nothing. In a third of
// the histories reads err: they see what is not there, or not as the transaction itself left it, and transactions were aborted.
func Transactions(s choice.Source) *history.Transactions {
	return TransactionsOf(s, choice.Length{Min: 2, Max: 4})
}

// TransactionsOf draws what [Transactions] does, of another number of transactions.
func TransactionsOf(s choice.Source, n choice.Length) *history.Transactions {
	d := &transactionsDraw{s: s, lists: choice.Chance(s, 50), errs: choice.Chance(s, 33)}
	d.written = make([][]int32, 1+choice.Below(s, 3))
	d.draw(n)
	for k := range d.written {
		if choice.Chance(s, 50) {
			d.shuffle(d.written[k])
		}
	}
	for i := range d.drafts {
		s.Group(func(choice.Source) { d.fillReads(&d.drafts[i]) })
	}
	return assemble(d.lists, len(d.written), d.drafts)
}

// Serial returns what clients of up to 9 lists or registers saw of so many transactions that took effect one after another, each between its
// invocation and its return: so it is right by the strongest level. Some transactions were aborted, and of some it is not known.
func Serial(s choice.Source, lists bool, n int) *history.Transactions {
	return serial(s, lists, n, 0, 100)
}

// Concurrent returns what [Serial] does, or in half of the histories what [Nearly] does, of transactions most of which are under way at the same time.
func Concurrent(s choice.Source, lists bool, n int) *history.Transactions {
	return serial(s, lists, n, choice.Below(s, 2)*(1+choice.Below(s, 8)), 100*n)
}

// Nearly returns what [Serial] does, but that now and then a read sees what was there a few writes before: by some levels it is right, and by others not.
func Nearly(s choice.Source, lists bool, n int) *history.Transactions {
	return serial(s, lists, n, 2+choice.Below(s, 30), 100)
}

// serial has some percent of the reads see what is no longer there; transactions last for up to twice a time.
func serial(s choice.Source, lists bool, n, stale, lasts int) *history.Transactions {
	d := &transactionsDraw{s: s, lists: lists, stale: stale}
	keys, processes := 1+choice.Below(s, 9), 1+choice.Below(s, 8)
	if lasts > 100 {
		processes = n
	}
	d.written = make([][]int32, keys)
	free := make([]time.Duration, processes)
	for i := range n {
		now := time.Duration(20 * (i + 1))
		p := choice.Below(s, processes)
		x := draft{process: int32(p), outcome: history.Committed, invoked: max(free[p], now-time.Duration(choice.Below(s, lasts))), returned: now + time.Duration(choice.Below(s, lasts))}
		if x.invoked > now { // the process was busy at that time
			continue
		}
		if choice.Chance(s, 3) { // it is under way for as long as many others
			x.invoked, x.returned = max(free[p], now-800), now+800
		}
		free[p] = x.returned + 1
		effect := true
		switch choice.Pick(s, 18, 1, 1) {
		case 1:
			x.outcome, effect = history.Aborted, false
		case 2:
			x.outcome, effect, x.returned, x.process = 0, choice.Chance(s, 50), history.Forever, int32(processes+i)
			free[p] = now + 1
		}
		d.execute(&x, effect)
		d.drafts = append(d.drafts, x)
	}
	return assemble(lists, keys, d.drafts)
}

// Knotted returns what clients saw of transactions that were all under way at the same time, and wrote two values of a register of which nobody tells which was first:
// as far as two further registers go of which that is not told either, both may have been. In one of the two orders, or in each, what follows for those contradicts
// itself, which no single order of two values shows. Of some, a read that the contradiction needs is missing.
func Knotted(s choice.Source) *history.Transactions {
	k := &knot{transactionsDraw: transactionsDraw{s: s}}
	first, second := k.add(), k.add()
	k.writes(k.key(), first, second)
	switch choice.Below(s, 4) {
	case 0:
		k.tie(first, second)
	case 1:
		k.tie(second, first)
	default:
		k.tie(first, second)
		k.tie(second, first)
	}
	for i := len(k.drafts) - 1; i > 0; i-- {
		other := choice.Below(s, i+1)
		k.drafts[i], k.drafts[other] = k.drafts[other], k.drafts[i]
	}
	for i := range k.drafts {
		x := &k.drafts[i]
		x.process, x.outcome = int32(i), history.Committed
		x.invoked, x.returned = time.Duration(i+1), time.Duration(1000+choice.Below(s, 100))
	}
	return assemble(false, k.keys, k.drafts)
}

// knot is a history of [Knotted] being drawn.
type knot struct {
	transactionsDraw
	keys int
}

func (k *knot) add() int {
	k.drafts = append(k.drafts, draft{})
	return len(k.drafts) - 1
}

func (k *knot) key() int {
	k.keys++
	return k.keys - 1
}

// writes has transactions write values of a key, and returns them.
func (k *knot) writes(key int, txs ...int) (values []int32) {
	for _, tx := range txs {
		op := k.write(key)
		k.drafts[tx].ops = append(k.drafts[tx].ops, op)
		values = append(values, op.value)
	}
	return values
}

// sees has transactions read a value.
func (k *knot) sees(key int, value int32, txs ...int) {
	for _, tx := range txs {
		k.drafts[tx].ops = append(k.drafts[tx].ops, draftOp{key: key, read: []int32{value}})
	}
}

// follow has transactions come after another one, since they read what it wrote; now and then one of them does not.
func (k *knot) follow(tx int, later ...int) {
	key := k.key()
	value := k.writes(key, tx)[0]
	for _, l := range later {
		if !choice.Chance(k.s, 5) {
			k.sees(key, value, l)
		}
	}
}

// tie makes it impossible that first comes before second. Two pairs of values would each have to be in one order then, since the writer of one comes before first, and that
// of the other after second; and those who read the earlier values would then come after each other.
func (k *knot) tie(first, second int) {
	one, other, reader := [2]int{}, [2]int{}, [2]int{}
	for i := range 2 {
		one[i], other[i], reader[i] = k.add(), k.add(), k.add()
		key := k.key()
		k.sees(key, k.writes(key, one[i], other[i])[0], reader[i])
		k.follow(one[i], first)
	}
	k.follow(second, other[0], other[1])
	k.follow(other[0], reader[1])
	k.follow(other[1], reader[0])
}

// draft is a transaction before it has a place in a history.
type draft struct {
	process           int32
	outcome           history.Outcome
	invoked, returned time.Duration
	ops               []draftOp
}

// draftOp is an operation: what is written, or what is read; of a register it is one value or none.
type draftOp struct {
	key   int
	write bool
	value int32
	read  []int32
}

// transactionsDraw is a history of transactions being drawn.
type transactionsDraw struct {
	s       choice.Source
	lists   bool
	errs    bool
	stale   int // percent of reads of what is no longer there
	drafts  []draft
	values  int32     // how many were written
	written [][]int32 // by key: what was
}

func (d *transactionsDraw) write(key int) draftOp {
	d.values++
	return draftOp{key: key, write: true, value: d.values}
}

// draw draws transactions and what they write.
func (d *transactionsDraw) draw(n choice.Length) {
	var now time.Duration = 1
	free := [3]time.Duration{}
	for i, more := 0, true; more && i < n.Max; i++ {
		d.s.Group(func(s choice.Source) {
			if more = n.More(s, i); !more {
				return
			}
			p := choice.Below(s, len(free))
			now = max(now, free[p]) + time.Duration(choice.Below(s, 2)*2)
			x := draft{process: int32(p), outcome: history.Committed, invoked: now, returned: now + 1 + time.Duration(choice.Below(s, 6))}
			free[p] = x.returned + 1
			switch {
			case choice.Chance(s, 10):
				x.outcome, x.returned, x.process = 0, history.Forever, int32(10+i)
			case d.errs && choice.Chance(s, 20):
				x.outcome = history.Aborted
			}
			for range 1 + choice.Below(s, 3) {
				key := choice.Below(s, len(d.written))
				if !choice.Chance(s, 50) {
					x.ops = append(x.ops, draftOp{key: key})
					continue
				}
				op := d.write(key)
				x.ops = append(x.ops, op)
				d.written[key] = append(d.written[key], op.value)
			}
			d.drafts = append(d.drafts, x)
		})
	}
}

func (d *transactionsDraw) shuffle(list []int32) {
	for i := len(list) - 1; i > 0; i-- {
		k := i - choice.Below(d.s, i+1)
		list[i], list[k] = list[k], list[i]
	}
}

// fillReads makes up what a transaction read, so that it agrees with what it did itself unless reads err.
func (d *transactionsDraw) fillReads(x *draft) {
	state := map[int][]int32{} // by key: what the transaction knows of it
	for i := range x.ops {
		op := &x.ops[i]
		known, ok := state[op.key]
		if !ok && !(op.write && !d.lists) || d.errs && choice.Chance(d.s, 10) {
			known = d.beginning(op.key, x)
		}
		switch {
		case op.write && d.lists:
			known = append(slices.Clone(known), op.value)
		case op.write:
			known = []int32{op.value}
		default:
			op.read = known
			d.err(op)
		}
		state[op.key] = known
	}
}

// beginning is a beginning of what was written to a key, without what a transaction wrote itself unless reads err; of a register, the end of it.
func (d *transactionsDraw) beginning(key int, x *draft) []int32 {
	list := slices.Clone(d.written[key])
	if !d.errs || choice.Chance(d.s, 90) {
		list = slices.DeleteFunc(list, func(v int32) bool {
			return slices.ContainsFunc(x.ops, func(op draftOp) bool { return op.write && op.value == v })
		})
	}
	cut := choice.Below(d.s, len(list)+1)
	if !d.lists && cut > 0 {
		return list[cut-1 : cut : cut]
	}
	return list[:cut:cut]
}

// err has a read see, once in a while, what nobody wrote, an element twice, or two in the other order.
func (d *transactionsDraw) err(op *draftOp) {
	if !d.errs || !choice.Chance(d.s, 10) {
		return
	}
	op.read = slices.Clone(op.read)
	switch n := len(op.read); {
	case n == 0 || !d.lists:
		op.read = []int32{99}
	case n > 1 && choice.Chance(d.s, 50):
		op.read[0], op.read[n-1] = op.read[n-1], op.read[0]
	default:
		op.read = append(op.read, op.read[0])
	}
}

// execute draws the operations of a transaction and has it read what is there; what it writes is there from then on if it takes effect.
func (d *transactionsDraw) execute(x *draft, effect bool) {
	before := make([][]int32, len(d.written))
	copy(before, d.written)
	for range 1 + choice.Below(d.s, 4) {
		key := choice.Below(d.s, len(d.written))
		list := d.written[key]
		if choice.Chance(d.s, 50) {
			op := d.write(key)
			x.ops = append(x.ops, op)
			d.written[key] = append(list[:len(list):len(list)], op.value)
			continue
		}
		if d.stale > 0 && choice.Chance(d.s, d.stale) && !slices.ContainsFunc(x.ops, func(op draftOp) bool { return op.key == key }) {
			list = list[:max(0, len(list)-1-choice.Below(d.s, 4))]
		}
		if !d.lists {
			list = list[max(0, len(list)-1):]
		}
		x.ops = append(x.ops, draftOp{key: key, read: list})
	}
	if !effect {
		d.written = before
	}
}

// assemble puts transactions in the order of their invocations.
func assemble(lists bool, keys int, drafts []draft) *history.Transactions {
	slices.SortStableFunc(drafts, func(x, y draft) int { return cmp.Compare(x.invoked, y.invoked) })
	h := &history.Transactions{Lists: lists, Values: []history.Value{{}}}
	for k := range keys {
		h.Keys = append(h.Keys, string(rune('a'+k)))
	}
	numbers := map[int32]int32{0: 0}
	number := func(v int32) int32 {
		if _, ok := numbers[v]; !ok {
			numbers[v] = int32(len(h.Values))
			h.Values = append(h.Values, history.NumberOf(int64(v)))
		}
		return numbers[v]
	}
	for i := range drafts {
		d := &drafts[i]
		x := history.Transaction{Process: d.process, Line: int32(i + 1), Outcome: d.outcome, First: int32(len(h.Ops)), Invoked: d.invoked, Returned: d.returned}
		for _, o := range d.ops {
			op := history.Op{Key: int32(o.key), Write: o.write}
			switch {
			case o.write:
				op.Value = number(o.value)
			case lists:
				op.Value, op.Count = int32(len(h.Elements)), int32(len(o.read))
				for _, v := range o.read {
					h.Elements = append(h.Elements, number(v))
				}
			case len(o.read) > 0:
				op.Value = number(o.read[0])
			}
			h.Ops = append(h.Ops, op)
		}
		x.End = int32(len(h.Ops))
		h.List = append(h.List, x)
	}
	return h
}

// Then returns t and, when all of it that returns has, what clients of other processes saw of other keys of the same kind: the names of keys change
// where they would meet.
func Then(t, next *history.Transactions) *history.Transactions {
	both := &history.Transactions{
		Lists: next.Lists, Keys: slices.Clone(t.Keys), Values: slices.Concat(t.Values, next.Values),
		List: slices.Clone(t.List), Ops: slices.Clone(t.Ops), Elements: slices.Concat(t.Elements, next.Elements),
	}
	if len(both.Values) == 0 {
		both.Values = []history.Value{{}}
	}
	var over time.Duration
	var process int32
	for i := range t.List {
		x := &t.List[i]
		over, process = max(over, x.Invoked+1), max(process, x.Process+1)
		if x.Returned != history.Forever {
			over = max(over, x.Returned+1)
		}
	}
	keys, values, elements, ops := int32(len(t.Keys)), int32(len(t.Values)), int32(len(t.Elements)), int32(len(t.Ops))
	for _, name := range next.Keys {
		for slices.Contains(both.Keys, name) {
			name += "'"
		}
		both.Keys = append(both.Keys, name)
	}
	for _, op := range next.Ops {
		op.Key += keys
		switch {
		case !op.Write && next.Lists:
			op.Value += elements
		case op.Value != 0:
			op.Value += values
		}
		both.Ops = append(both.Ops, op)
	}
	for i := len(t.Elements); i < len(both.Elements); i++ {
		if both.Elements[i] != 0 {
			both.Elements[i] += values
		}
	}
	for _, x := range next.List {
		x.First, x.End, x.Process = x.First+ops, x.End+ops, x.Process+process
		x.Line, x.Invoked = int32(len(both.List)+1), x.Invoked+over
		if x.Returned != history.Forever {
			x.Returned += over
		}
		both.List = append(both.List, x)
	}
	return both
}
