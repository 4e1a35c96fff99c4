package histories

import (
	"math"
	"slices"
	"strconv"
	"time"

	"synchrony/generators/choice"
	"synchrony/models/history"
)

// Clients are those of one kind of objects.
type Clients struct {
	Kinds   []history.ActionKind // what they may ask for
	Several bool                 // a call is one or two actions, and not always one
	Given   bool                 // no keys are there but those at first
	None    bool                 // no keys are there at first
	Sets    bool                 // what is read are the members of sets
	Lists   bool                 // what is appended to are lists, and not texts
}

// Draw draws what up to three clients saw in 2 to 8 calls on two objects: in half of the histories the objects err now and then. Some calls
// never return.
func (c Clients) Draw(s choice.Source) *history.Calls {
	d := callsDraw{
		Clients: c, s: s, h: &history.Calls{}, names: objectNames, kinds: c.some(s), unique: choice.Chance(s, 50), large: choice.Chance(s, 20), dense: choice.Chance(s, 25),
	}
	if choice.Chance(s, 50) {
		d.errs = 40
	}
	d.begin()
	n := choice.Length{Min: 2, Max: 8}
	for i, more := 0, true; more && i < n.Max; i++ {
		s.Group(func(choice.Source) {
			if more = n.More(s, i); more {
				d.call()
			}
		})
	}
	return d.h
}

var objectNames = []string{"x", "y"}

func (c Clients) has(kinds ...history.ActionKind) bool {
	return slices.ContainsFunc(kinds, func(k history.ActionKind) bool { return slices.Contains(c.Kinds, k) })
}

// collections reports whether the objects are collections of elements.
func (c Clients) collections() bool {
	return c.Lists || c.has(history.PutIn, history.AddMember, history.TakeFirst, history.TakeLast)
}

// some draws the actions of one history: all, or any of them. What needs others to be left out is met so, too: a register that is only read and
// written (swarm testing: Groce, Zhang, Eide, Chen and Regehr, ISSTA 2012).
func (c Clients) some(s choice.Source) []history.ActionKind {
	if choice.Chance(s, 50) {
		return c.Kinds
	}
	var kinds []history.ActionKind
	for _, k := range c.Kinds {
		if choice.Chance(s, 50) {
			kinds = append(kinds, k)
		}
	}
	if len(kinds) == 0 {
		return c.Kinds
	}
	return kinds
}

// callsDraw is a history being drawn: the objects are as those see them that do not err.
type callsDraw struct {
	Clients
	s       choice.Source
	h       *history.Calls
	objects *history.Objects
	names   []string             // of the objects
	kinds   []history.ActionKind // of this history
	large   bool                 // numbers are at the ends of what a number can be
	dense   bool                 // many calls begin when others end
	step    int64                // what every addition adds; 0 if each adds something else
	fresh   bool                 // what is put into a collection was in none before, but for a set
	unique  bool                 // what is written is another value each time
	errs    int                  // percent of actions that have no effect, or a wrong result
	written int
	now     time.Duration
	free    [3]time.Duration // by client: when its last call returned
	// A client whose call never returned may be replaced by another one, of another process.
	lost     int32
	replaced [3]int32 // by client: the number of the one that has taken its place; 0 if none has
}

// begin draws what additions add if all add the same, and the objects that are there at first.
func (d *callsDraw) begin() {
	if d.has(history.AddTo) && choice.Chance(d.s, 30) {
		d.step = []int64{1, 2, -1}[choice.Below(d.s, 3)]
	}
	permits := d.has(history.TakePermits)
	locks := d.has(history.Unlock, history.UnlockOwned, history.UnlockAgain)
	if d.Given || permits || !d.None && !d.collections() && !locks && choice.Chance(d.s, 50) {
		for _, k := range d.names {
			v := d.scalar()
			if permits {
				v = history.NumberOf(2)
			}
			d.h.Initial = append(d.h.Initial, history.Entry{Key: k, Value: v})
		}
	}
	d.objects = history.NewObjects(d.h.Initial)
	d.objects.Sets = d.Sets
}

// call draws a call of a client that is free, if it is.
func (d *callsDraw) call() {
	p := choice.Below(d.s, len(d.free))
	later, lasts := choice.Below(d.s, 4), choice.Below(d.s, 8)
	if d.dense {
		later, lasts = later/2, lasts/4
	}
	if d.free[p] == history.Forever {
		return
	}
	d.now = max(d.now+time.Duration(later), d.free[p])
	c := history.Call{Process: d.process(p), Invoked: d.now, Returned: d.now + time.Duration(lasts)}
	before := d.objects.Clone()
	for range 1 + choice.Below(d.s, 2)*d.several() {
		if a, ok := d.action(c.Process); ok {
			c.Actions = append(c.Actions, a)
		}
	}
	if len(c.Actions) == 0 {
		return
	}
	// Which element a call of unknown outcome may have taken nobody can tell.
	if choice.Chance(d.s, 12) && !d.has(history.TakeAny) {
		c.Returned = history.Forever
		for i := range c.Actions {
			if c.Actions[i].Kind == history.LockFenced {
				c.Actions[i].Value = history.Value{} // which token it was given nobody was told
			}
		}
		if choice.Chance(d.s, 50) {
			d.objects = before
		}
	}
	if d.free[p] = c.Returned; c.Pending() && choice.Chance(d.s, 60) { // another client takes its place
		d.free[p] = d.now
		d.lost++
		d.replaced[p] = d.lost
	}
	d.h.Calls = append(d.h.Calls, c)
}

// process is the process of a client, or of the one that has taken its place.
func (d *callsDraw) process(p int) int32 {
	if d.replaced[p] > 0 {
		return int32(len(d.free)) + d.replaced[p]
	}
	return int32(p)
}

func (d *callsDraw) several() int {
	if d.Several {
		return 1
	}
	return 0
}

// action draws an action and does it; false if it cannot be done.
func (d *callsDraw) action(process int32) (history.Action, bool) {
	s := d.s
	a := history.Action{
		Kind: d.kinds[choice.Below(s, len(d.kinds))],
		Key:  d.names[choice.Below(s, len(d.names))], To: d.names[choice.Below(s, len(d.names))],
		Old: d.known(), Delta: d.amount(),
	}
	switch a.Kind {
	case history.WriteKey, history.CompareSet:
		a.Value = d.scalar()
	case history.AppendTo, history.PutIn, history.AddMember:
		if a.Value = history.TextOf(string(rune('a' + choice.Below(s, 3)))); d.collections() {
			a.Value = d.newElement()
		}
	case history.TakePermits, history.GivePermits:
		a.Delta = max(1, a.Delta)
	}
	way, wrong, otherwise := choice.Below(s, 12), choice.Chance(s, d.errs), choice.Chance(s, 50)
	next := d.objects.Clone()
	got, ok := next.Do(process, a, way%next.Ways(a))
	switch {
	case !wrong && ok:
		d.objects = next
	case !wrong, !ok && got.Kind == history.AppendTo: // of another kind of value: that is no call of such an object
		return a, false
	case otherwise:
		got = d.misreport(got)
	}
	return got, true
}

// misreport gives an action another result than it had, if it has one.
func (d *callsDraw) misreport(a history.Action) history.Action {
	a.OK = !a.OK
	switch a.Kind {
	case history.ReadKey, history.AddTo:
		if a.Value = d.known(); d.Sets || d.Lists {
			a.Value = d.element()
		}
	case history.TakeFirst, history.TakeLast, history.TakeAny, history.TakeLeast:
		a.Value = d.element()
	case history.LockFenced:
		a.Value = history.NumberOf(1 + int64(choice.Below(d.s, 4)))
	}
	return a
}

// amount draws how much is added, or moved.
func (d *callsDraw) amount() int64 {
	n := int64(choice.Below(d.s, 3))
	if d.step != 0 {
		return d.step
	}
	if d.large && !choice.Chance(d.s, 50) {
		return []int64{math.MaxInt64, math.MinInt64, math.MaxInt64 - 1}[n]
	}
	return n
}

// scalar draws a number, or a text where the objects are texts.
func (d *callsDraw) scalar() history.Value {
	n := int64(choice.Below(d.s, 3))
	switch {
	case d.has(history.AppendTo) && !d.collections():
		return history.TextOf(string(rune('a' + n)))
	case d.unique && !d.Given:
		d.written++
		return history.NumberOf(int64(d.written))
	}
	return history.NumberOf(n)
}

// known draws a value that may have been written.
func (d *callsDraw) known() history.Value {
	if v := d.scalar(); !d.unique || d.Given || v.Kind != history.Number {
		return v
	}
	d.written--
	return history.NumberOf(int64(choice.Below(d.s, d.written+1)))
}

// newElement draws what is put into a collection.
func (d *callsDraw) newElement() history.Value {
	if !d.fresh || d.has(history.AddMember) && choice.Chance(d.s, 50) {
		return d.element()
	}
	d.written++
	return history.ListOf([]string{strconv.Itoa(d.written)})
}

// element draws a list of one element.
func (d *callsDraw) element() history.Value {
	n := choice.Below(d.s, 12)
	if !d.unique {
		n %= 4
	}
	return history.ListOf([]string{strconv.Itoa(n)})
}
