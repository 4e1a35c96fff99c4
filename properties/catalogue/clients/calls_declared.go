package clients

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/models/declared"
	"synchrony/models/history"
)

// declaration is a model that is declared in a file, and that of this module whose calls it is about, by whose specification they are judged.
type declaration struct {
	name, like string
	src        string // each value is a key and a value
}

// declarations are the models that calls are judged by as if somebody had declared them: of one object for each key, of one object that has
// both keys, of a list, and of what an operation changes by what it returned.
func declarations() []declaration {
	return []declaration{
		{"declared-register", "register", `model declared-register
keyed
state value = nil
operation read
  result value
operation write new
  set value = new
operation cas [old, new]
  require value == old
  set value = new
  result true
operation cas [old, new]
  require value != old
  result false
`},
		{"declared-counters", "counter", `model declared-counters
state x = nil
state y = nil
operation read [key, none]
  result [key, x]
  require key == "x"
operation read [key, none]
  require key == "y"
  result [key, y]
operation add [key, n]
  require key == "x"
  require x == nil
  set x = 0
  set x = x + n
  check returned == [key, nil] or returned == [key, x]
operation add [key, n]
  require key == "x" and x != nil
  set x = x + n
  check returned == [key, nil] or returned == [key, x]
operation add [key, n]
  require key == "y" and y == nil
  set y = n
  check returned == [key, nil] or returned == [key, y]
operation add [key, n]
  require key == "y" and y != nil
  set y = y + n
  check returned == [key, nil] or returned == [key, y]
operation cas [key, change]
  require key == "x" and x == first(change)
  set x = last(change)
  result [key, true]
operation cas [key, change]
  require key == "x" and x != first(change)
  result [key, false]
operation cas [key, change]
  require key == "y" and y == first(change)
  set y = last(change)
  result [key, true]
operation cas [key, change]
  require key == "y" and y != first(change)
  result [key, false]
`},
		{"declared-queue", "fifo-queue", `model declared-queue
keyed
state items = []
operation enqueue x
  set items = append(items, x)
operation dequeue
  result first(items)
  set items = rest(items)
`},
		{"declared-lock", "fenced-mutex", `model declared-lock
keyed
state held = false
state token = 0
operation acquire
  require not held
  check returned > token
  set token = returned
  set held = true
operation release
  require held
  set held = false
`},
	}
}

// declarationOf is the declaration of a name; nil if that is the name of a model of this module.
func declarationOf(name string) *declaration {
	for _, d := range declarations() {
		if d.name == name {
			return &d
		}
	}
	return nil
}

// lookup returns the model of a name, or that whose calls a declared one is about.
func lookup(name string) (linearizability.Model, error) {
	if d := declarationOf(name); d != nil {
		name = d.like
	}
	return linearizability.Lookup(name)
}

// model is the declared model whose objects are these at first.
func (d *declaration) model(initial []history.Entry) (*declared.Model, error) {
	src := d.src
	for _, e := range initial {
		src = strings.Replace(src, "state "+e.Key+" = nil", fmt.Sprintf("state %s = %v", e.Key, e.Value), 1)
	}
	return declared.Parse(d.name, src)
}

// keyed reports whether each key is an object of its own, of which none is there at first.
func (d *declaration) keyed() bool { return strings.Contains(d.src, "\nkeyed\n") }

// unsure reports whether nothing can be decided about calls, unless they are right: the model has no sum of numbers that are too large,
// and no effect of a lock that was taken by a call whose token nobody was told.
func (d *declaration) unsure(h *history.Calls) bool {
	return slices.ContainsFunc(h.Calls, func(c history.Call) bool {
		a := &c.Actions[0]
		return c.Pending() && a.Kind == history.LockFenced || a.Delta > math.MaxInt64/4 || a.Delta < math.MinInt64/4
	})
}

// operationsOf are calls as operations, in their order, and which call each one is. A call of those that have failed for certain, which had no
// effect, comes behind every third one.
func operationsOf(h *history.Calls) (list []history.Operation, call []int) {
	for i := range h.Calls {
		c := &h.Calls[i]
		x := operationOf(c)
		x.Line = i + 1
		list, call = append(list, x), append(call, i)
		if i%3 == 0 {
			x.Process, x.Outcome, x.Returned = int32(len(h.Calls)+i), history.Aborted, c.Invoked
			list, call = append(list, x), append(call, i)
		}
	}
	return list, call
}

// operationOf is a call of one action as an operation of a declared model.
func operationOf(c *history.Call) history.Operation {
	leaf := func(v history.Value) history.Tree { return history.Tree{Value: v} }
	list := func(items ...history.Tree) history.Tree { return history.Tree{Kind: history.Sequence, Items: items} }
	a := &c.Actions[0]
	var name string
	var argument, result history.Tree
	switch a.Kind {
	case history.ReadKey:
		name, result = "read", leaf(a.Value)
	case history.WriteKey:
		name, argument = "write", leaf(a.Value)
	case history.CompareSet:
		name, argument, result = "cas", list(leaf(a.Old), leaf(a.Value)), leaf(history.SymbolOf(fmt.Sprint(a.OK)))
	case history.AddTo:
		name, argument, result = "add", leaf(history.NumberOf(a.Delta)), leaf(a.Value)
	case history.AppendTo:
		name, argument = "enqueue", leaf(a.Value)
	case history.TakeFirst:
		name, result = "dequeue", leaf(a.Value)
	case history.LockFenced:
		name, result = "acquire", leaf(a.Value)
	default: // Unlock
		name = "release"
	}
	key := leaf(history.TextOf(a.Key))
	x := history.Operation{Process: c.Process, Invoked: c.Invoked, Returned: c.Returned, Outcome: history.Committed, Name: name, Argument: list(key, argument)}
	if c.Pending() {
		x.Outcome = 0
	} else {
		x.Result = list(key, result)
	}
	return x
}

// judge has the calls judged by the declared model of their name.
func (d *declaration) judge(check func(*declared.Model, []history.Operation, bool, linearizability.Options) linearizability.Result, h *history.Calls, o linearizability.Options) (blamed, error) {
	m, err := d.model(h.Initial)
	if err != nil {
		return blamed{}, err
	}
	list, call := operationsOf(h)
	b := blamed{Result: check(m, list, h.Untimed, o)}
	if b.Status != checkers.Fail {
		return b, nil
	}
	for i := range b.Core {
		b.Core[i] = call[b.Core[i]]
	}
	if b.Prefix >= 0 {
		b.Prefix = call[b.Prefix]
	}
	return b, nil
}
