package histories

import (
	"slices"
	"time"

	"synchrony/generators/choice"
	"synchrony/models/history"
)

// Workloads are the names of the workloads of which [Operations] draws histories.
func Workloads() []string {
	return []string{"set", "set-full", "g-set", "causal-reverse", "total-queue", "unique-ids", "bank-total", "monotonic", "bounded-counter", "long-fork"}
}

// Operations draws what three clients saw of up to n operations of a workload, in the order of their invocations: some histories keep what it
// promises, and some do not. An operation in sixteen never returned, and another one failed.
func Operations(s choice.Source, workload string, n choice.Length) []history.Operation {
	draw := drawOf(workload)
	var list []history.Operation
	free := [3]time.Duration{}
	var now time.Duration
	for i, more := 0, true; more && i < n.Max; i++ {
		s.Group(func(s choice.Source) {
			if more = n.More(s, i); !more {
				return
			}
			p := choice.Below(s, len(free))
			x := history.Operation{Process: int32(p), Line: len(list) + 1, Outcome: history.Committed}
			now = max(now, free[p]) + time.Duration(choice.Below(s, 3))
			x.Invoked, x.Returned = now, now+1+time.Duration(choice.Below(s, 6))
			free[p] = x.Returned
			draw(s, &x, list)
			switch choice.Pick(s, 14, 1, 1) {
			case 1:
				x.Outcome, x.Returned, x.Process, x.Result = 0, history.Forever, int32(10+i), history.Tree{}
			case 2:
				x.Outcome, x.Result = history.Aborted, history.Tree{}
			}
			list = append(list, x)
		})
	}
	return list
}

// drawOf makes up an operation of a workload, after others; what it puts there is how many these are.
func drawOf(workload string) func(s choice.Source, x *history.Operation, list []history.Operation) {
	switch workload {
	case "causal-reverse":
		return putOrRead("write")
	case "total-queue":
		return enqueueOrDequeue
	case "unique-ids":
		return func(s choice.Source, x *history.Operation, list []history.Operation) {
			x.Name, x.Result = "generate", numberTree(len(list)*10+choice.Below(s, 14))
		}
	case "bank-total":
		return readBalances
	case "monotonic":
		return func(s choice.Source, x *history.Operation, list []history.Operation) {
			x.Name, x.Result = "read", numberTree(len(list)+choice.Below(s, 3))
		}
	case "bounded-counter":
		return addOrReadSum
	case "long-fork":
		return readThree
	default:
		return putOrRead("add")
	}
}

func numberTree(n int) history.Tree { return history.Tree{Value: history.NumberOf(int64(n))} }

func sequence(numbers ...int) history.Tree {
	t := history.Tree{Kind: history.Sequence}
	for _, n := range numbers {
		t.Items = append(t.Items, numberTree(n))
	}
	return t
}

// putOrRead draws an operation that puts its number there, or reads numbers that operations may have put there, or any of them, and now and then
// one that none has, or one twice.
func putOrRead(put string) func(choice.Source, *history.Operation, []history.Operation) {
	return func(s choice.Source, x *history.Operation, list []history.Operation) {
		if x.Name, x.Argument = put, numberTree(len(list)); !choice.Chance(s, 50) {
			return
		}
		var numbers []int
		some := choice.Chance(s, 50)
		for n := range list {
			if w := &list[n]; w.Name == put && w.Outcome != history.Aborted && !(some && choice.Chance(s, 30)) {
				numbers = append(numbers, n)
			}
		}
		if choice.Chance(s, 3) {
			numbers = append(numbers, 1000)
		}
		if len(numbers) > 0 && choice.Chance(s, 3) {
			numbers = append(numbers, numbers[0])
		}
		x.Name, x.Argument, x.Result = "read", history.Tree{}, sequence(numbers...)
	}
}

// enqueueOrDequeue draws by turns an operation that puts a number in, and one that takes it out; once in a while of another, or a drain that takes out two.
func enqueueOrDequeue(s choice.Source, x *history.Operation, list []history.Operation) {
	n := len(list)
	element := numberTree(n / 2)
	if choice.Chance(s, 10) {
		element = numberTree(choice.Below(s, n+1))
	}
	if x.Name, x.Argument = "enqueue", element; n%2 > 0 {
		x.Name, x.Argument, x.Result = "dequeue", history.Tree{}, element
		if n > 2 && choice.Chance(s, 12) {
			x.Name, x.Result = "drain", trees(element, numberTree(n/2-1))
		}
	}
}

// readBalances draws a read of two accounts, as a list or as a map, whose total is 4 as a rule.
func readBalances(s choice.Source, x *history.Operation, list []history.Operation) {
	first, total := choice.Below(s, 5), 4
	if choice.Chance(s, 3) {
		first = -1
	}
	if choice.Chance(s, 6) {
		total++
	}
	x.Name, x.Result = "read", sequence(first, total-first)
	if len(list)%2 == 0 {
		x.Result = history.Tree{Kind: history.Mapping, Items: []history.Tree{numberTree(1), x.Result.Items[0], numberTree(2), x.Result.Items[1]}}
	}
}

// addOrReadSum draws an addition to a counter, or a read of it, which is the sum of all before it, or nearly.
func addOrReadSum(s choice.Source, x *history.Operation, list []history.Operation) {
	if x.Name, x.Argument = "add", numberTree(choice.Below(s, 9)-3); !choice.Chance(s, 50) {
		return
	}
	sum := choice.Pick(s, 4, 1, 1)
	for i := range list {
		if list[i].Name == "add" && list[i].Outcome != history.Aborted {
			sum += int(list[i].Argument.Value.Number)
		}
	}
	x.Name, x.Argument, x.Result = "read", history.Tree{}, numberTree(sum)
}

// readThree draws a read of three keys, in any order, each of which somebody has written or not.
func readThree(s choice.Source, x *history.Operation, _ []history.Operation) {
	x.Name, x.Result = "read", history.Tree{Kind: history.Sequence}
	keys := []int{0, 1, 2}
	first := choice.Below(s, 3)
	keys[0], keys[first] = keys[first], keys[0]
	for _, k := range keys {
		var value history.Tree
		if choice.Chance(s, 50+20*k) {
			value = numberTree(1)
		}
		x.Result.Items = append(x.Result.Items, trees(symbol(":r"), numberTree(k), value))
	}
}

func symbol(s string) history.Tree { return history.Tree{Value: history.SymbolOf(s)} }

// LogFaults are what may be wrong with the logs of [Logs]; the first is nothing.
func LogFaults() []string {
	return []string{"", "lost write", "duplicate", "inconsistent offsets", "poll skip", "nonmonotonic poll", "unexpected value", "aborted read", "nonmonotonic send"}
}

// Logs returns what producers and consumers of a log saw, as they should and with one of the [LogFaults].
func Logs(s choice.Source, fault string) []history.Operation {
	d := &logDraw{}
	next := [3]int{} // by consumer: the offset to poll next
	if choice.Chance(s, 50) {
		d.another(1 + choice.Below(s, 3))
	}
	for range 5 + choice.Below(s, 30) {
		if choice.Chance(s, 50) {
			d.send(choice.Below(s, 2), len(d.log), 100+len(d.log), history.Committed)
			d.log = append(d.log, 100+len(d.log))
			continue
		}
		c := choice.Below(s, len(next))
		end := min(len(d.log), next[c]+1+choice.Below(s, 4))
		d.poll(2+c, d.entries(next[c], end)...)
		next[c] = end
	}
	n := len(d.log)
	for i, value := range []int{1, 2, 3} {
		d.send(0, n+i, value, history.Committed)
	}
	first, second, third := [2]int{n, 1}, [2]int{n + 1, 2}, [2]int{n + 2, 3}
	before := d.entries(next[0], n)
	all := append(slices.Clone(before), first, second, third)
	if fault == "lost write" {
		d.poll(2, append(before, first)...)
		d.poll(9, third)
		return d.list
	}
	d.poll(2, all...)
	if choice.Chance(s, 50) { // the same assignment again, which keeps the consumer's place
		d.assign(2)
	}
	switch fault {
	case "duplicate":
		d.poll(8, second, third, [2]int{n + 3, 3})
	case "inconsistent offsets":
		d.poll(9, [2]int{n + 1, 1})
	case "poll skip":
		d.poll(8, first)
		d.poll(8, third)
	case "nonmonotonic poll":
		d.poll(2, second)
	case "unexpected value":
		d.poll(2, [2]int{n + 3, 77})
	case "aborted read":
		d.send(1, n+3, 4, history.Aborted)
		d.poll(2, [2]int{n + 3, 4})
	case "nonmonotonic send":
		d.send(6, n+4, 5, history.Committed)
		d.send(6, n+3, 6, history.Committed)
		d.poll(2, [2]int{n + 3, 6}, [2]int{n + 4, 5})
	}
	return d.list
}

// logDraw is a history of a log, and the values that it has from offset 0 on.
type logDraw struct {
	list []history.Operation
	log  []int
}

// another sends some values to another key, which one consumer polls together with what there is of the first: nothing yet.
func (d *logDraw) another(n int) {
	list := history.Tree{Kind: history.Sequence}
	for i := range n {
		send := func(v history.Tree) history.Tree { return trees(symbol(":send"), symbol(":y"), v) }
		d.operation(20, "send", history.Committed, send(numberTree(500+i)), send(sequence(i, 500+i)))
		list.Items = append(list.Items, sequence(i, 500+i))
	}
	both := history.Tree{Kind: history.Mapping, Items: []history.Tree{symbol(":y"), list, symbol(":x"), trees()}}
	d.operation(21, "poll", history.Committed, trees(symbol(":poll")), trees(symbol(":poll"), both))
}

func (d *logDraw) entries(from, end int) (list [][2]int) {
	for i := from; i < end; i++ {
		list = append(list, [2]int{i, d.log[i]})
	}
	return list
}

func trees(items ...history.Tree) history.Tree {
	return history.Tree{Kind: history.Sequence, Items: items}
}

func (d *logDraw) operation(process int, name string, o history.Outcome, argument, result history.Tree) {
	at := time.Duration(10 * len(d.list))
	x := history.Operation{Process: int32(process), Line: len(d.list) + 1, Outcome: o, Invoked: at, Returned: at + 5, Name: name, Argument: trees(argument)}
	if o == history.Committed {
		x.Result = trees(result)
	}
	d.list = append(d.list, x)
}

func (d *logDraw) send(process, offset, value int, o history.Outcome) {
	send := func(v history.Tree) history.Tree { return trees(symbol(":send"), symbol(":x"), v) }
	d.operation(process, "send", o, send(numberTree(value)), send(sequence(offset, value)))
}

func (d *logDraw) assign(process int) {
	d.operation(process, "assign", history.Committed, symbol(":x"), symbol(":x"))
}

func (d *logDraw) poll(process int, entries ...[2]int) {
	polled := history.Tree{Kind: history.Sequence}
	for _, e := range entries {
		polled.Items = append(polled.Items, sequence(e[0], e[1]))
	}
	entriesOf := history.Tree{Kind: history.Mapping, Items: []history.Tree{symbol(":x"), polled}}
	d.operation(process, "poll", history.Committed, trees(symbol(":poll")), trees(symbol(":poll"), entriesOf))
}
