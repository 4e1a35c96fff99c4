package sched

import (
	"errors"
	"fmt"
	"slices"

	"synchrony/models/schedule"
)

// Explorer covers every schedule of a program, one run after another:
//
//	e := sched.NewExplorer(options, sched.Bounds{Preemptions: sched.Unbounded})
//	for s, ok := e.Next(); ok; s, ok = e.Next() {
//		rec := runner.Run(s, options, program) // judge it as any other run
//		if err := e.Ran(&rec); err != nil { … }
//	}
//	if c := e.Coverage(); c.Complete { … }
//
// Schedules that differ only in the order of steps that commute are one trace (Mazurkiewicz),
// with one outcome. Without a bound, an Explorer runs every trace once, and few others, by dynamic
// partial order reduction with source sets and sleep sets (Abdulla, Aronis, Jonsson, Sagonas:
// Optimal Dynamic Partial Order Reduction, POPL 2014, algorithm 1): it looks at each run for
// races, pairs of dependent steps that could have come in the other order, and plans runs in which
// they do. Operations that block are analysed also where they blocked for ever,
// and on runs that were given up as redundant: else deadlocks would be missed.
//
// With a bound on preemptions it runs every schedule with at most so many, without any
// reduction: the two do not combine soundly as they are (Coons, Musuvathi, McKinley: Bounded
// Partial-Order Reduction, OOPSLA 2013).
//
// What "every" rests on: the program does the same on the same schedule (if not, Ran says so); it
// announces all that its tasks share; loops that wait tell so by Spin, and
// do nothing else in a turn that finds nothing; timestamps are not compared, so that
// two schedules that differ in nothing else count as one. An Explorer is for one goroutine.
type Explorer struct {
	dependence
	max    int // Options.MaxSteps
	bounds Bounds
	split  split

	// nodes is the way to the next schedule, and after a run what that did: a stack, and
	// the tree's open branches are in its todo lists.
	nodes  []node
	prefix int // how many nodes the next schedule is held to
	walk   walk
	over   bool
	asked  bool // Next was called, and Ran was not

	history
	coverage Coverage
}

// Unbounded is the number of Preemptions that is no bound.
const Unbounded = -1

// Bounds limits an exploration.
type Bounds struct {
	// Preemptions is how often a schedule may take the turn from a task that could go on
	// (or let time pass while it can); negative is any number.
	Preemptions int
	// Schedules is how many to run at most; 0 is no limit.
	Schedules int
	// Symmetric says that tasks that the same task started under the same name, such as the workers of
	// a pool, are interchangeable, in what they do and in how outcomes are judged. See symmetry.go.
	Symmetric bool
}

// node is a decision of the current path.
type node struct {
	step    pending  // the step taken; but its task, known only once it was taken
	enabled []Choice // who could take a step, but for those that spin in vain
	twins   []int32  // for each of enabled: the task that stands for it; nil without symmetry
	sleep   []sleeper
	done    []sleeper // alternatives explored
	todo    []int32   // alternatives to be explored
	pick    bool      // a decision of what its task does, not of who goes on: todo and choice are indices in enabled
	picked  picked
	choice  int32 // the one taken, if pick
	full    bool  // all alternatives are in todo from the start
	fans    int   // how many full nodes there are up to here
	spare   int   // preemptions left before this decision
	running int32 // the task that it preempts unless it lets it go on; Clock if none

	clock vector // of the step: see history
	links
}

// sleeper is a task whose next step need not be taken: all runs that begin so were
// explored. It stays so until a step that depends on that one.
type sleeper struct {
	task int32
	footprint
}

// NewExplorer explores runs under the given options, which Run must be given, too.
func NewExplorer(o Options, b Bounds) *Explorer {
	if o.MaxSteps <= 0 {
		o.MaxSteps = DefaultMaxSteps
	}
	e := &Explorer{dependence: dependence{patient: o.PatientClock, hosted: o.Goroutine != nil}, max: o.MaxSteps, bounds: b}
	e.walk.Explorer = e
	e.coverage.Preemptions = max(b.Preemptions, Unbounded)
	e.history.reset()
	return e
}

// Options are those that each run must have.
func (e *Explorer) Options() Options {
	return Options{MaxSteps: e.max, PatientClock: e.patient}
}

// Next returns the strategy of the next schedule; false if all are covered, or as many were
// run as were allowed. Ran must be called with what it did, before the next Next.
func (e *Explorer) Next() (Strategy, bool) {
	if e.asked {
		panic("sched: Explorer.Next before Ran")
	}
	if e.over || e.bounds.Schedules > 0 && e.coverage.Schedules >= e.bounds.Schedules {
		return nil, false
	}
	e.asked = true
	e.walk.begin()
	return &e.walk, true
}

// errOrder says that Next and Ran were not called in turns.
var errOrder = errors.New("sched: Explorer.Ran without Next")

// Ran learns from the run of the strategy that Next returned. It fails with a
// [*NondeterminismError] if the program did not do what it had done before.
func (e *Explorer) Ran(rec *Record) error {
	if !e.asked {
		return errOrder
	}
	e.asked = false
	if e.walk.err != nil {
		return e.walk.err
	}
	if n := len(rec.Steps); n < e.prefix { // it has ended where it went on before
		return &NondeterminismError{Step: n, Had: []Choice{{Task: e.nodes[n].step.task}}}
	}
	mine := e.split.mine()
	e.complete(rec)
	cut := !e.walk.blocked && (len(rec.Steps) > len(e.nodes) || rec.Stuck != nil && rec.Stuck.open())
	if e.bounds.Preemptions < 0 {
		waiting := rec.waiting
		if e.walk.blocked {
			waiting = e.walk.waiting
		}
		if cut {
			waiting = nil
		}
		e.learn(waiting)
	}
	if mine {
		e.coverage.count(e.walk.blocked, cut)
	}
	e.advance(mine)
	return nil
}

// complete notes what only the end of the run tells of the last step.
func (e *Explorer) complete(rec *Record) {
	if n := len(rec.Steps); n > 0 && n == len(e.nodes) {
		e.nodes[n-1].learn(rec.tail, rec.touched)
		last := &e.nodes[n-1].step
		if rec.Stuck != nil && rec.Stuck.Kind == Panic {
			last.tail |= fatal
		}
	}
}

// NondeterminismError says that a program did something else than on an earlier run of the same
// schedule: it keeps state from run to run, or depends on something beside the schedule.
type NondeterminismError struct {
	Step      int
	Had, Have []Choice
}

func (e *NondeterminismError) Error() string {
	return fmt.Sprintf("the program is not deterministic: at step %d of the same schedule %v could run, and before %v", e.Step, e.Have, e.Had)
}

// advance finds the deepest branch that is open, and goes there.
func (e *Explorer) advance(mine bool) {
	if !mine { // the run was for the footprints at its root
		for len(e.nodes) > 0 && !e.nodes[len(e.nodes)-1].full {
			e.pop()
		}
	}
	for len(e.nodes) > 0 {
		i := len(e.nodes) - 1
		n := &e.nodes[i]
		e.unlink(i)
		n.done = append(n.done, n.asSleeper())
		if len(n.todo) > 0 {
			if n.pick {
				n.choice = n.todo[0]
			} else {
				n.step = pending{task: n.todo[0]}
			}
			n.todo = append(n.todo[:0], n.todo[1:]...)
			if n.full {
				e.split.subtree++
			}
			e.prefix = i + 1
			return
		}
		if n.pick {
			e.attribute(i)
		}
		e.pop()
	}
	e.over = true
}

// attribute makes what the alternatives of the pick at node i did part of the step that it is part of.
func (e *Explorer) attribute(i int) {
	of := &e.nodes[i-1].picked
	for k := range e.nodes[i].done {
		of.tail |= e.nodes[i].done[k].tail
		of.more = append(of.more, e.nodes[i].done[k].more...)
	}
}

// asSleeper is the node's step once all that begins with it was explored, with what the picks did that are part of it.
func (n *node) asSleeper() sleeper {
	s := sleeper{n.step.task, n.step.footprint}
	s.tail |= n.picked.tail
	s.more = slices.Concat(s.more, n.picked.more)
	n.picked = picked{}
	return s
}

// picked is what the picks that are part of a node's step did, in the alternatives explored.
type picked struct {
	tail effects
	more []schedule.Object
}

func (e *Explorer) pop() {
	i := len(e.nodes) - 1
	e.unlink(i)
	e.nodes = e.nodes[:i]
}

// push adds a node; its slices are those of an earlier one, emptied.
func (e *Explorer) push() *node {
	i := len(e.nodes)
	if i < cap(e.nodes) {
		e.nodes = e.nodes[:i+1]
	} else {
		e.nodes = append(e.nodes, node{})
	}
	n := &e.nodes[i]
	*n = node{
		enabled: n.enabled[:0], twins: n.twins[:0], sleep: n.sleep[:0], done: n.done[:0], todo: n.todo[:0],
		clock: n.clock[:0], links: links{more: n.links.more[:0]},
	}
	return n
}

// NewHostedExplorer explores runs that are given Options.Goroutine, which it need not be told.
func NewHostedExplorer(o Options, b Bounds) *Explorer {
	e := NewExplorer(o, b)
	e.hosted = true
	return e
}
