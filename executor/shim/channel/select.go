//go:build go1.26

package channel

import (
	"reflect"
	"runtime"
	"unsafe"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Case is a send or a receive of a select statement.
type Case interface {
	at() unsafe.Pointer // the channel
	ready(r *task.Current, h *state) bool
	take(r *task.Current, h *state)
	waiter(w *waiting, i int) waiter
	queue(h *state) *queue
	completed(w *waiting)
	native() reflect.SelectCase
	received(v reflect.Value, ok bool)
}

// Select is a select statement: it returns the index of the case it took, and -1 for the default.
//
//go:norace
func Select(hasDefault bool, cases ...Case) int {
	r := task.Find(nil)
	if r == nil {
		return selectNatively(hasDefault, cases)
	}
	s := selection{cases: cases, states: make([]*state, len(cases))}
	objects := s.find(r)
	first, more := noChannel, objects
	if len(objects) > 0 {
		first, more = objects[0], objects[1:]
	}
	if !r.Step(schedule.OpSelect, first, more...) {
		return over(hasDefault)
	}
	if ready := s.ready(r); len(ready) > 0 {
		i := ready[r.Pick(len(ready))]
		r.Selected(i + 1)
		r.Wrote()
		cases[i].take(r, s.states[i])
		return i
	}
	if hasDefault {
		r.Selected(sched.DefaultCase)
		return -1
	}
	w := begin(r)
	w.many = len(more) > 0
	for i, c := range cases {
		if h := s.states[i]; h != nil {
			c.queue(h).push(c.waiter(w, i))
		}
	}
	if !w.wait(r, schedule.OpSelect, first, more...) {
		return over(false)
	}
	r.Selected(w.at + 1)
	cases[w.at].completed(w)
	return w.at
}

// over is a select of a run that is over: a deferred function must not go on as if a case had been taken.
func over(hasDefault bool) int {
	if !hasDefault {
		runtime.Goexit()
	}
	return -1
}

// selection is a select statement under way.
type selection struct {
	cases  []Case
	states []*state // by case; nil for a nil channel
}

// find looks up the channels, and returns their objects, each once.
//
//go:norace
func (s *selection) find(r *task.Current) (objects []schedule.Object) {
next:
	for i, c := range s.cases {
		p := c.at()
		if p == nil {
			continue
		}
		s.states[i] = of(r, p)
		for _, o := range objects {
			if o == s.states[i].object {
				continue next
			}
		}
		objects = append(objects, s.states[i].object)
	}
	return objects
}

// ready lists the cases that could be taken.
//
//go:norace
func (s *selection) ready(r *task.Current) (list []int) {
	for i, c := range s.cases {
		if s.states[i] != nil && c.ready(r, s.states[i]) {
			list = append(list, i)
		}
	}
	return list
}

// selectNatively is Select outside of a controlled run.
func selectNatively(hasDefault bool, cases []Case) int {
	var list []reflect.SelectCase
	for _, c := range cases {
		task.Find(c.at()) // counts the channel, if another goroutine's run knows it
		list = append(list, c.native())
	}
	if hasDefault {
		list = append(list, reflect.SelectCase{Dir: reflect.SelectDefault})
	}
	i, v, ok := reflect.Select(list)
	if i == len(cases) {
		return -1
	}
	cases[i].received(v, ok)
	return i
}
