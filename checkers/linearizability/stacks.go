package linearizability

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// unnested finds elements of a stack that nobody can have pushed and popped in an order that is last in, first out.
//
// It takes elements away that can be spared (Lee and Mathur, "Efficient Decrease-and-Conquer Linearizability Monitoring", OOPSLA 2025; with
// the cases of Abdulla, Grahn, Jonsson, Krishna and Mishra, "Efficient Linearizability Monitoring", PLDI 2025). At an instant at which
// no element is certainly there, each can be pushed and popped before it, or else after it: the two parts are judged apart. An element that is certainly there
// at no time can be popped as soon as it is pushed. In what is left something is there from the first instant to the last, and so one element lies at
// the bottom all the time: one whose push may come first and whose pop may come last, no matter which of several. It is spared, and the rest judged again. If
// there is none, the elements are to blame that are there from the first instant to the last; each of them would do at every step, so that
// a shortest chain of them is enough.
func unnested(elements []*item) ([]*item, string) {
	s := newNest(elements)
	parts := [][2]int{{0, len(s.held)}}
	for len(parts) > 0 {
		from, to := parts[len(parts)-1][0], parts[len(parts)-1][1]
		begin, end, ok := s.period(from, to)
		if !ok {
			parts = parts[:len(parts)-1]
			continue
		}
		if at := s.cover.none(begin+1, end); at >= 0 {
			middle := s.split(at)
			parts[len(parts)-1] = [2]int{from, middle}
			parts = append(parts, [2]int{middle, to})
			continue
		}
		i := s.lowest(from, to, begin, end)
		if i < 0 {
			return s.blame(from, to, begin, end)
		}
		s.spare(i)
	}
	return nil, ""
}

// nest is what is left of the elements of a stack. Times are counted among those at which an element begins to be held, or ends.
type nest struct {
	held   []*item // in the order in which they begin to be held
	times  []time.Duration
	left   *greatest // by element: 1
	ends   *greatest // by element: when it is no longer held
	upper  *greatest // by element whose push may not come first of its part: how early that was invoked, counted from the end
	bottom *greatest // by element whose push may: how late its pop returned
	cover  *overlaps // by time: how many elements are held
}

func newNest(elements []*item) *nest {
	s := &nest{held: slices.DeleteFunc(slices.Clone(elements), func(x *item) bool { return !x.held() })}
	slices.SortStableFunc(s.held, func(x, y *item) int { return cmp.Compare(x.putReturned, y.putReturned) })
	for _, x := range s.held {
		s.times = append(s.times, x.putReturned, x.tookInvoked)
	}
	slices.Sort(s.times)
	s.times = slices.Compact(s.times)
	n := len(s.held)
	s.left, s.ends, s.upper, s.bottom = newGreatest(n), newGreatest(n), newGreatest(n), newGreatest(n)
	s.cover = newOverlaps(len(s.times))
	for i, x := range s.held {
		s.left.set(i, 1)
		s.ends.set(i, s.place(x.tookInvoked)+1)
		s.upper.set(i, len(s.times)-s.place(x.putInvoked))
		s.cover.add(s.place(x.putReturned)+1, s.place(x.tookInvoked), 1)
	}
	return s
}

// place is the number of the first of the times that is not before one.
func (s *nest) place(at time.Duration) int {
	i, _ := slices.BinarySearch(s.times, at)
	return i
}

// period is the times between which something is held of the elements from one to another; false if there are none.
func (s *nest) period(from, to int) (begin, end int, ok bool) {
	first := s.left.in(from, to)
	if first < 0 {
		return 0, 0, false
	}
	return s.place(s.held[first].putReturned), s.ends.values[s.ends.in(from, to)] - 1, true
}

// split is the first element that begins to be held at a time, or later.
func (s *nest) split(at int) int {
	i, _ := slices.BinarySearchFunc(s.held, s.times[at], func(x *item, at time.Duration) int { return cmp.Compare(x.putReturned, at) })
	return i
}

// lowest is, of the elements from one to another, one whose push may come before all of a period, and its pop after that; -1 if there is none.
func (s *nest) lowest(from, to, begin, end int) int {
	for {
		i := s.upper.in(from, to)
		if i < 0 || s.upper.values[i] < len(s.times)-begin {
			break
		}
		s.upper.set(i, 0)
		at, exact := slices.BinarySearch(s.times, s.held[i].tookReturned)
		if exact {
			at++
		}
		s.bottom.set(i, at) // how many of the times are not after it
	}
	if i := s.bottom.in(from, to); i >= 0 && s.bottom.values[i] > end {
		return i
	}
	return -1
}

// spare takes an element away.
func (s *nest) spare(i int) {
	x := s.held[i]
	s.left.set(i, 0)
	s.ends.set(i, 0)
	s.bottom.set(i, 0)
	s.cover.add(s.place(x.putReturned)+1, s.place(x.tookInvoked), -1)
}

// blame is a shortest chain of the elements from one to another that are left, over a period.
func (s *nest) blame(from, to, begin, end int) ([]*item, string) {
	var list []*item
	for i := from; i < to; i++ {
		if s.left.values[i] > 0 {
			list = append(list, s.held[i])
		}
	}
	list = chain(list, s.times[begin]+1, s.times[end]-1)
	names := make([]string, 0, maxShown)
	for _, x := range list[:min(len(list), maxShown)] {
		names = append(names, x.name)
	}
	if len(list) > maxShown {
		names = append(names, "…")
	}
	return list, "at each instant one of " + strings.Join(names, ", ") + " was there, and none of them can have been pushed before the others and popped after them"
}
