//go:build go1.26

package task

import (
	"runtime"

	"synchrony/models/schedule"
)

// ChooseData chooses one of n where Go leaves open which, and no order of steps decides: the order of a range over a map, say. The class says
// what is chosen. all says that n are all that there are. It is the first one, unless the run's options have the strategy pick.
//
//go:norace
func (c *Current) ChooseData(class schedule.Class, n int, all bool) int {
	if n <= 1 {
		return 0
	}
	if c.choices != nil {
		c.choices.note(class, all && c.chosen < mostChosen)
	}
	if c.chosen++; !c.choose || c.chosen > mostChosen {
		return 0
	}
	return c.PickData(class, n)
}

// LeaveOpen notes that something of a class depends on a choice that is not made: not everything that can come is tried.
//
//go:norace
func (c *Current) LeaveOpen(class schedule.Class) {
	if c.choices != nil {
		c.choices.note(class, false)
	}
}

// mostChosen is how many data choices a run makes, before it goes on with the first of each: they count as steps, of which a run has
// so many.
const mostChosen = 200

// DataChoices are what runs have chosen by [Current.ChooseData], as far as completeness depends on it.
type DataChoices struct {
	Met    bool // there were some
	Partly bool // there is more to choose than strategies are asked for

	places [8]place // the first ones, from the first on
	noted  int
	looks  int // for places, in the run in progress
}

// place is who made a choice, by the innermost frames of the stack.
type place struct {
	class schedule.Class
	stack [8]uintptr
}

// mostLooks is for how many choices of a run the place is noted, for that takes a while.
const mostLooks = 64

//go:norace
func (d *DataChoices) note(class schedule.Class, all bool) {
	d.Met = true
	d.Partly = d.Partly || !all
	if d.noted == len(d.places) || d.looks == mostLooks {
		return
	}
	d.looks++
	p := &d.places[d.noted]
	*p = place{class: class}
	runtime.Callers(3, p.stack[:])
	for i := range d.noted {
		if d.places[i] == *p {
			return
		}
	}
	d.noted++
}

// Each calls f with the first of the choices: what was chosen, and where, by the innermost frames of the stack.
func (d *DataChoices) Each(f func(class schedule.Class, stack []uintptr)) {
	for i := range d.noted {
		f(d.places[i].class, d.places[i].stack[:])
	}
}
