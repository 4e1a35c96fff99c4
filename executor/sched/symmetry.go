package sched

import "slices"

// Two tasks are twins in a state if the same task started them under the same name, and neither has taken any
// step but its first, Begin. If they run the same code, up to a number of their own, then to exchange
// them is an automorphism of the state: what the one does first and all that follows is what would
// follow the other, with the two exchanged. So of all twins that could go first only the lowest
// is explored (Ip, Dill: Better Verification Through Symmetry, FMSD 1996): the rest gives the same outcomes up to
// the names of workers.
//
// This composes with sleep sets and with races. If the lowest twin sleeps, all that begins with it was explored, and so was,
// up to exchange, all that begins with another. And a race that would be
// found below a twin that is not explored is found, exchanged, below the one that is; it asks for alternatives in states
// before that, where neither of the two had taken a step either, and so for the same twin.
//
// It is sound only where outcomes are judged without regard to which worker did what, and where
// workers do not treat one another differently: an order in which they look
// into each other's queues counts, for example, from the third worker on.

// twins appends, for each of the tasks enabled, the lowest of its twins among them; itself if it has none.
//
//go:norace
func (p *Point) twins(enabled []Choice, list []int32) []int32 {
	for _, c := range enabled {
		lowest := c.Task
		for _, d := range enabled {
			if d.Task < lowest && p.run.areTwins(c.Task, d.Task) {
				lowest = d.Task
			}
		}
		list = append(list, lowest)
	}
	return list
}

// areTwins reports whether two tasks are twins, and both have begun.
//
//go:norace
func (c *controlled) areTwins(i, j int32) bool {
	if i == Clock || j == Clock {
		return false
	}
	a, b := c.tasks[i], c.tasks[j]
	return a.taken == 1 && b.taken == 1 && a.parent == b.parent && a.name == b.name && a.op == b.op
}

// twin returns the task that stands for enabled[i].
func (n *node) twin(i int) int32 {
	if len(n.twins) == 0 {
		return n.enabled[i].Task
	}
	return n.twins[i]
}

// twinOf returns the task that stands for one of those enabled.
func (n *node) twinOf(task int32) int32 {
	if i := slices.IndexFunc(n.enabled, func(c Choice) bool { return c.Task == task }); i >= 0 {
		return n.twin(i)
	}
	return task
}
