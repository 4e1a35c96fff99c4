package histories

import (
	"slices"
	"time"

	"synchrony/generators/choice"
	"synchrony/models/history"
)

// Known is a history of calls of which it is known by how it was made whether some order explains it.
type Known struct {
	*history.Calls
	Right bool
	// Impossible is the call that has a result that no order explains, whatever the others did; -1 if there is none, or it is one only together
	// with others.
	Impossible int
}

// veryLong is how many calls a history has at least in which one may be under way all the time.
const veryLong = 500

// Long draws n calls of up to 10 clients on up to 3 objects: they take effect one after another, each at an instant between its
// invocation and its return, with few under way at once or many, and with instants now and then at which none is. In half of the histories
// one result is made wrong, if the objects have one that can be. Of the last calls some never return.
func (c Clients) Long(s choice.Source, n int) Known {
	d := longDraw{callsDraw: callsDraw{
		Clients: c, s: s, h: &history.Calls{}, names: []string{"x", "y", "z"}[:1+choice.Below(s, 3)], kinds: c.some(s), unique: true, fresh: true,
	}}
	widths := []int{0, 4, 12, 25}
	if d.collections() || d.has(history.AppendTo) { // the order in which things are put there shows in what there is, so that each order is another state
		widths = widths[:2]
	}
	d.width = widths[choice.Below(s, len(widths))] + choice.Below(s, 3)
	d.apart = time.Duration(choice.Below(s, 4)) // of the calls of a client, and sometimes nothing
	d.begin()
	for i := range n {
		d.call(i >= n-8)
	}
	if n > veryLong && len(d.h.Calls) > 0 && !c.has(history.Unlock, history.UnlockOwned, history.UnlockAgain) && choice.Chance(s, 50) {
		first := &d.h.Calls[0]
		first.Process, first.Returned = int32(len(d.ends)), d.now+1000
	}
	k := Known{d.h, true, -1}
	if choice.Chance(s, 50) {
		k.Right, k.Impossible = d.plant()
	}
	return k
}

// longDraw is a long history being drawn.
type longDraw struct {
	callsDraw
	width int           // how far the ends of a call are from when it takes effect, at most
	apart time.Duration // how far the calls of a client are from each other, at least
	ends  [10]time.Duration
}

// call draws a call that takes effect after all before it; one of the last may never return.
func (d *longDraw) call(last bool) {
	if d.now += 10; choice.Chance(d.s, 4) {
		d.now += time.Duration(2*d.width + 10) // so that none is under way in between
	}
	p := choice.Below(d.s, len(d.ends))
	for i := 0; i < len(d.ends) && d.ends[p]+d.apart > d.now; i++ {
		p = (p + 1) % len(d.ends)
	}
	if d.ends[p] == history.Forever {
		return
	}
	d.now = max(d.now, d.ends[p]+d.apart)
	c := history.Call{
		Process: int32(p), Returned: d.now + time.Duration(choice.Below(d.s, d.width+1)),
		Invoked: max(d.ends[p]+d.apart, d.now-time.Duration(choice.Below(d.s, d.width+1))),
	}
	for range 1 + choice.Below(d.s, 2)*d.several() {
		if a, ok := d.action(int32(p)); ok {
			c.Actions = append(c.Actions, a)
		}
	}
	if len(c.Actions) == 0 {
		return
	}
	if last && choice.Chance(d.s, 15) && !d.has(history.TakeAny, history.LockFenced) {
		c.Returned = history.Forever
	}
	d.ends[p] = c.Returned
	d.h.Calls = append(d.h.Calls, c)
}

// plant makes one result wrong, if it can: it returns whether the history is right still, and the call if it is wrong by itself.
func (d *longDraw) plant() (right bool, call int) {
	if choice.Chance(d.s, 50) && d.reorder() {
		return false, -1
	}
	n := len(d.h.Calls)
	first := choice.Below(d.s, max(1, n))
	for i := range n {
		at := (first + i) % n
		c := &d.h.Calls[at]
		for k := range c.Actions {
			if !c.Pending() && d.impossible(&c.Actions[k]) {
				return false, at
			}
		}
	}
	return true, -1
}

// impossible gives an action a result that nothing explains; false if it has none.
func (d *longDraw) impossible(a *history.Action) bool {
	never := history.NumberOf(1 << 50) // nobody writes it, and no sum comes to it
	if d.collections() {
		never = history.ListOf([]string{"never"})
	}
	switch a.Kind {
	case history.ReadKey, history.AddTo, history.TakeFirst, history.TakeLast, history.TakeAny, history.TakeLeast:
		a.Value = never
	case history.TakeAll:
		a.State = append(slices.Clone(a.State), history.Entry{Key: "never", Value: never})
	case history.LockFenced:
		a.Value = history.NumberOf(0) // tokens begin with 1
	case history.TakePermits:
		a.Delta = 1 << 40
	default:
		return false
	}
	return true
}

// reorder lets what came one after another, and was not under way at once, have been the other way round: a read sees what had been overwritten
// before it began, or what comes out of a queue has overtaken what was put there before it.
func (d *longDraw) reorder() bool {
	for _, k := range d.kinds {
		switch k {
		case history.ReadKey, history.WriteKey, history.AppendTo, history.TakeFirst:
		default:
			return false
		}
	}
	n := len(d.h.Calls)
	first := choice.Below(d.s, max(1, n))
	for i := range n {
		if at := (first + i) % n; d.stale(at) || d.overtake(at) {
			return true
		}
	}
	return false
}

// stale lets a read see the write before the one before it; false if it is none, they were not one after another, or several write one value.
func (d *longDraw) stale(at int) bool {
	r := &d.h.Calls[at]
	if len(r.Actions) != 1 || r.Actions[0].Kind != history.ReadKey || r.Pending() || d.Given || d.has(history.AppendTo) {
		return false
	}
	newer := d.earlier(at, history.WriteKey, at)
	older := d.earlier(newer, history.WriteKey, newer)
	if older < 0 {
		return false
	}
	r.Actions[0].Value = d.h.Calls[older].Actions[0].Value
	return true
}

// overtake exchanges what two takings took; false if they, or the puttings of what they took, were not one after another.
func (d *longDraw) overtake(at int) bool {
	second := &d.h.Calls[at]
	took := d.earlier(at, history.TakeFirst, at)
	if second.Actions[0].Kind != history.TakeFirst || second.Pending() || took < 0 {
		return false
	}
	x, y := &d.h.Calls[took].Actions[0].Value, &second.Actions[0].Value
	put := func(v history.Value) int {
		return slices.IndexFunc(d.h.Calls, func(c history.Call) bool { return c.Actions[0].Kind == history.AppendTo && c.Actions[0].Value == v })
	}
	p, q := put(*x), put(*y)
	if p < 0 || q < 0 || d.h.Calls[p].Returned >= d.h.Calls[q].Invoked {
		return false
	}
	*x, *y = *y, *x
	return true
}

// earlier is the last call of one action of that kind, on the object of some call, that is before another one and had returned when that was invoked; -1 if
// there is none.
func (d *longDraw) earlier(of int, kind history.ActionKind, before int) int {
	for i := before - 1; i >= 0; i-- {
		c := &d.h.Calls[i]
		if len(c.Actions) == 1 && c.Actions[0].Kind == kind && c.Actions[0].Key == d.h.Calls[of].Actions[0].Key && c.Returned < d.h.Calls[before].Invoked {
			return i
		}
	}
	return -1
}

// Wide draws additions of 1 to one of two objects, all under way at once, and a read that sees as many of them as there are, or one more; among
// calls that only read and never returned. There are up to 9 of them, whose orders are more than can be tried one by one, or if the history is right up to 80.
func Wide(s choice.Source) Known {
	k := Known{&history.Calls{}, choice.Chance(s, 50), -1}
	n := 4 + choice.Below(s, 6)
	if k.Right && choice.Chance(s, 50) {
		n = 60 + choice.Below(s, 21)
	}
	objects := 1 + choice.Below(s, 2)
	call := func(returned time.Duration, a history.Action) {
		k.Calls.Calls = append(k.Calls.Calls, history.Call{Process: int32(len(k.Calls.Calls)), Returned: returned, Actions: []history.Action{a}})
	}
	there := int64(0)
	for i := range n {
		key := objectNames[i%objects]
		if key == objectNames[0] {
			there++
		}
		call(9, history.Action{Kind: history.AddTo, Key: key, Delta: 1})
	}
	for range choice.Below(s, 24) {
		call(history.Forever, history.Action{Kind: []history.ActionKind{history.ReadKey, history.HasKey, history.TakeAll}[choice.Below(s, 3)], Key: objectNames[0]})
	}
	if !k.Right {
		there++
		k.Impossible = len(k.Calls.Calls)
	}
	call(9, history.Action{Kind: history.ReadKey, Key: objectNames[0], Value: history.NumberOf(there)})
	return k
}
