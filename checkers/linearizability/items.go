package linearizability

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// item is what becomes of an element of a collection, which is put there once. What never happened was invoked, and returned, after all others.
type item struct {
	name                      string
	put, took                 int // calls; took is -1 if nobody did
	putInvoked, putReturned   time.Duration
	tookInvoked, tookReturned time.Duration
}

// held reports whether the element is certainly there for some time: from the return of its putting to the invocation of its taking, both excluded.
func (x *item) held() bool { return x.putReturned < x.tookInvoked }

// collection is a kind of collections that are put into and taken from, each element put there once. What is said of them holds of any part of their
// elements, for those that are left out hinder no other; so that a part that cannot be explained refutes the whole. (Data independence and closure under
// projection: Bouajjani, Emmi, Enea and Hamza, "On Reducing Linearizability to State Reachability", ICALP 2015, section 4.)
type collection struct {
	puts, takes history.ActionKind
	// violates finds elements that were taken in an order that the collection does not have, and says why; nil if there are none.
	violates func([]*item) ([]*item, string)
}

// contents are the elements of a collection, in the order of the history, and the calls that took something.
type contents struct {
	elements []*item
	empty    []int // calls that found nothing
	unknown  int   // how many calls may have taken anything
}

// judge decides calls on one collection. What every collection shows comes first: nothing comes out that was not put in before, or comes out twice; and
// nothing is found only if at some instant there need not have been something (Henzinger, Sezgin and Vafeiadis, "Aspect-Oriented Linearizability
// Proofs", CONCUR 2013, section 4: VFresh, VRepet and VWit, which hold of all that are split at such an instant: what is certainly not there then can
// be put and taken before it, or else after it).
//
// A call of unknown outcome may have taken any element of those that nobody else took, or none: calls that pass without it do with it, and calls that fail without
// those elements fail.
func (k collection) judge(h *history.Calls, part []int, initial []history.Entry) (checkers.Status, *refutation) {
	if len(initial) > 0 {
		return checkers.Unknown, nil
	}
	c := &contents{}
	if !k.collect(c, h, part) {
		return checkers.Unknown, nil
	}
	wrong := c.mismatch(k, h, part)
	if wrong != nil {
		return checkers.Fail, wrong
	}
	if wrong = c.check(k, h); wrong != nil && c.unknown > 0 {
		c.elements = slices.DeleteFunc(c.elements, func(x *item) bool { return x.took < 0 })
		if wrong = c.check(k, h); wrong == nil {
			return checkers.Unknown, nil
		}
	}
	if wrong != nil {
		return checkers.Fail, wrong
	}
	return checkers.Pass, nil
}

// collect finds the elements that are put there, the calls that found nothing, and those of unknown outcome; false for what is no such collection.
func (k collection) collect(c *contents, h *history.Calls, part []int) bool {
	there := make(map[string]bool, len(part)/2)
	for _, i := range part {
		call := &h.Calls[i]
		a := &call.Actions[0]
		name, one := single(a.Value)
		switch {
		case a.Kind == k.puts:
			if !one || there[name] {
				return false
			}
			there[name] = true
			c.elements = append(c.elements, &item{
				name: name, put: i, took: -1, putInvoked: call.Invoked, putReturned: call.Returned, tookInvoked: history.Forever, tookReturned: history.Forever,
			})
		case a.Kind != k.takes:
			return false
		case call.Pending():
			c.unknown++
		case a.Value.Kind == history.Absent:
			c.empty = append(c.empty, i)
		case !one:
			return false
		}
	}
	return true
}

// single is the element of a list of one.
func single(v history.Value) (string, bool) {
	name, ok := strings.CutSuffix(v.Text, " ")
	return name, ok && v.Kind == history.List && name != "" && !strings.Contains(name, " ")
}

// mismatch gives each element the call that took it, and finds one that was taken before it was put there, or twice.
func (c *contents) mismatch(k collection, h *history.Calls, part []int) *refutation {
	of := make(map[string]*item, len(c.elements))
	for _, x := range c.elements {
		of[x.name] = x
	}
	for _, i := range part {
		call := &h.Calls[i]
		a := &call.Actions[0]
		if a.Kind != k.takes || call.Pending() || a.Value.Kind == history.Absent {
			continue
		}
		name, _ := single(a.Value)
		switch x := of[name]; {
		case x == nil:
			return refute([]int{i}, "%s was taken, and nobody had put it there", name)
		case x.took >= 0:
			return refute([]int{x.put, x.took, i}, "%s was put there once, and taken twice", name)
		case call.Returned < x.putInvoked:
			return refute([]int{x.put, i}, "%s was taken before it was put there", name)
		default:
			x.took, x.tookInvoked, x.tookReturned = i, call.Invoked, call.Returned
		}
	}
	return nil
}

// check finds elements in an order that the collection does not have, or a call that found nothing though something was there.
func (c *contents) check(k collection, h *history.Calls) *refutation {
	if list, why := k.violates(c.elements); list != nil {
		return refute(callsOf(list), "%s", why)
	}
	from := make([]time.Duration, len(c.empty))
	for n, i := range c.empty {
		from[n] = h.Calls[i].Invoked
	}
	filled := newCover(c.elements, from)
	for _, x := range c.elements {
		filled.add(x)
	}
	for _, i := range c.empty {
		if e := &h.Calls[i]; filled.free(e.Invoked) > e.Returned {
			blamed := append(callsOf(chain(c.elements, e.Invoked, e.Returned)), i)
			return refute(blamed, "nothing was found, and all the while something was there")
		}
	}
	return nil
}

// callsOf are the calls that put and took some elements.
func callsOf(elements []*item) []int {
	var list []int
	for _, x := range elements {
		if list = append(list, x.put); x.took >= 0 {
			list = append(list, x.took)
		}
	}
	return list
}

// anyOrder is of collections whose elements may be taken in any order.
func anyOrder([]*item) ([]*item, string) { return nil, "" }

// overtaken finds an element of a queue that was taken before the taking of another began, or without one, though that had been put there before it (Henzinger,
// Sezgin and Vafeiadis, section 4: VOrd).
func overtaken(elements []*item) ([]*item, string) {
	byInvoked, byReturned := slices.Clone(elements), slices.Clone(elements)
	slices.SortStableFunc(byInvoked, func(x, y *item) int { return cmp.Compare(x.putInvoked, y.putInvoked) })
	slices.SortStableFunc(byReturned, func(x, y *item) int { return cmp.Compare(x.putReturned, y.putReturned) })
	var last *item // of those that had been put there before x, the one whose taking was invoked last
	for _, x := range byInvoked {
		for ; len(byReturned) > 0 && byReturned[0].putReturned < x.putInvoked; byReturned = byReturned[1:] {
			if last == nil || byReturned[0].tookInvoked > last.tookInvoked {
				last = byReturned[0]
			}
		}
		if x.took >= 0 && last != nil && last.tookInvoked > x.tookReturned {
			return []*item{last, x}, x.name + " was taken before " + last.name + ", which had been put there before it"
		}
	}
	return nil, ""
}
