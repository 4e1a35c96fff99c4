package sched

import (
	"fmt"
	"slices"
)

// checkFrontier says what no exploration has written: an exploration that went on from it would leave schedules out, or
// index what is not there. What it cannot know is what the program does; that shows when the path is repeated.
func (e *Explorer) checkFrontier() error {
	c, s := &e.coverage, &e.split
	switch {
	case s.parts < 0 || s.part < 0 || s.part > 0 && s.part >= s.parts || s.subtree < 0:
		return fmt.Errorf("part %d of %d, subtree %d", s.part, s.parts, s.subtree)
	case min(c.Traces, c.Blocked, c.Cut) < 0 || c.Schedules != c.Traces+c.Blocked+c.Cut:
		return fmt.Errorf("%d schedules, of which %d are traces, %d blocked and %d cut", c.Schedules, c.Traces, c.Blocked, c.Cut)
	case e.prefix != len(e.nodes) || len(e.nodes) > e.max:
		return fmt.Errorf("%d nodes, in runs of at most %d steps", e.prefix, e.max)
	case e.over && len(e.nodes) > 0:
		return fmt.Errorf("it is over, and has a path to the next schedule")
	case !e.over && len(e.nodes) == 0 && (c.Schedules > 0 || s.subtree > 0):
		return fmt.Errorf("it has begun and is not over, and there is no path to the next schedule")
	case len(e.nodes) > 0 && len(e.nodes[len(e.nodes)-1].done) == 0:
		return fmt.Errorf("nothing is explored beside the next schedule")
	}
	var before *node
	for i := range e.nodes {
		if err := e.checkNode(&e.nodes[i], before); err != nil {
			return fmt.Errorf("node %d: %w", i, err)
		}
		before = &e.nodes[i]
	}
	return nil
}

// checkNode says what cannot be of a node that comes after another, nil for the first one.
func (e *Explorer) checkNode(n, before *node) error {
	if n.step.task < Clock {
		return fmt.Errorf("a step of task %d", n.step.task)
	}
	if err := e.checkFan(n, before); err != nil {
		return err
	}
	if err := e.checkSleep(n, before); err != nil {
		return err
	}
	if n.pick {
		return n.checkPick(before)
	}
	if e.bounds.Preemptions >= 0 {
		spare := e.bounds.Preemptions
		if before != nil {
			spare = before.left()
		}
		if n.spare != spare || n.running != Clock && (before == nil || n.running != before.step.task) || spare < 0 {
			return fmt.Errorf("%d preemptions are left, and task %d could go on", n.spare, n.running)
		}
	}
	known := append([]int32{n.step.task}, n.todo...)
	for _, list := range [][]sleeper{n.done, n.sleep} {
		for i := range list {
			known = append(known, list[i].task)
		}
	}
	slices.Sort(known)
	if all := len(known); known[0] < Clock || len(slices.Compact(known)) < all {
		return fmt.Errorf("a task that cannot be, or is there twice, in %v", known)
	}
	return nil
}

// checkFan says what cannot be of a node at which the tree may be divided.
func (e *Explorer) checkFan(n, before *node) error {
	above := 0
	if before != nil {
		above = before.fans
	}
	if n.full {
		above++
	}
	if n.fans != above || n.fans > fans || n.full && (e.split.parts == 0 || n.pick) {
		return fmt.Errorf("%d nodes are explored in full up to here, of %d parts", n.fans, e.split.parts)
	}
	return nil
}

// checkSleep says which sleeper does not come from the node before.
func (e *Explorer) checkSleep(n, before *node) error {
	for i := range n.sleep {
		same := n.sleep[i].text()
		is := func(s sleeper) bool { return s.text() == same }
		switch {
		case e.bounds.Preemptions >= 0 || before == nil:
		case slices.ContainsFunc(before.sleep, is), !before.pick && slices.ContainsFunc(before.done, is):
			continue
		}
		return fmt.Errorf("%s sleeps, and nothing before says why", same)
	}
	return nil
}

// checkPick says what cannot be of a pick after the step that it is part of. Its todo are choices, and what is done are
// steps of one task.
func (n *node) checkPick(before *node) error {
	known := append([]int32{n.choice}, n.todo...)
	slices.Sort(known)
	all := len(known)
	switch {
	case before == nil, n.step.task != before.step.task:
		return fmt.Errorf("a pick of task %d, which has not taken the step before", n.step.task)
	case known[0] < 0 || len(slices.Compact(known)) < all:
		return fmt.Errorf("a choice that cannot be, or is there twice, in %v", known)
	case slices.ContainsFunc(n.done, func(s sleeper) bool { return s.task != n.step.task }):
		return fmt.Errorf("a pick of task %d, of which another task has explored choices", n.step.task)
	}
	return nil
}
