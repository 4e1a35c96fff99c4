package program

// Outcomes returns every outcome that some interleaving of p's operations on shared variables
// allows, and some striking of its joins' timeouts, each once, [Run]'s first. It searches
// depth-first, by re-execution, and executes the program at most max times; complete says that
// those are all outcomes.
//
// Everything but operations on shared variables is private to its task, so that its order
// doesn't matter. Of interleavings that differ only in the order of independent operations (on
// different variables, or both reads) it explores one, by sleep sets (Godefroid, Partial-Order
// Methods for the Verification of Concurrent Systems, 1996, section 5). An execution that comes to
// a state in which an earlier one was, with the same sleep set, ends there (Godefroid, Holzmann
// and Pirottin, State-Space Caching Revisited, 1995): so the executions grow with the states, of
// which there are far fewer than interleavings.
func Outcomes(p *Program, limits Limits, max int) (outcomes []Outcome, complete bool, err error) {
	shapes, err := Analyze(p)
	if err != nil {
		return nil, false, err
	}
	outcomes, complete = newExplorer(p, limits, shapes).explore(max)
	return outcomes, complete, nil
}

// choice is one way for an execution to go on.
type choice struct {
	kind   choiceKind
	number int // of the task, or of the group's parent
	name   int32
	writes bool
}

type choiceKind uint8

const (
	access   choiceKind = iota // the task executes its operation on a shared variable
	complete                   // the join of a group that has ended comes in time
	expire                     // the group's timeout strikes
)

// independent reports whether the order of the two, by different tasks, does not matter.
func (c choice) independent(d choice) bool {
	return c.kind == access && d.kind == access && c.number != d.number &&
		(c.name != d.name || !c.writes && !d.writes)
}

// node is a decision on the path of the current execution.
type node struct {
	choices []choice
	taken   int
	sleep   []choice // need not be explored from here: an earlier path covers them
}

// next moves to the first choice, from i on, that isn't asleep.
func (n *node) next(i int) bool {
	for ; i < len(n.choices); i++ {
		if !contains(n.sleep, n.choices[i]) {
			n.taken = i
			return true
		}
	}
	return false
}

func contains(set []choice, c choice) bool {
	for _, member := range set {
		if member == c {
			return true
		}
	}
	return false
}

type explorer struct {
	start   func() *machine
	reduces bool // by sleep sets and states; off only to test them
	path    []node
	seen    map[string]bool // keys of decisions
	runs    int
}

func newExplorer(p *Program, limits Limits, shapes []Shape) *explorer {
	return &explorer{start: func() *machine { return newMachine(p, limits, shapes) }, reduces: true, seen: make(map[string]bool)}
}

func (x *explorer) explore(max int) (outcomes []Outcome, complete bool) {
	seen := make(map[string]bool)
	for x.runs < max {
		x.runs++
		if outcome, ok := x.execute(); ok && !seen[outcome.Text()] {
			seen[outcome.Text()] = true
			outcomes = append(outcomes, outcome)
		}
		if !x.backtrack() {
			return outcomes, true
		}
	}
	return outcomes, false
}

// execute follows the path, then takes the first choices beyond it. ok is false if an earlier
// execution covers all that it could do.
func (x *explorer) execute() (outcome Outcome, ok bool) {
	m := x.start()
	m.stepwise = true
	for depth := 0; ; depth++ {
		m.settle()
		if m.main.status == ended {
			return m.outcome(), true
		}
		if depth == len(x.path) && !x.extend(m) {
			return Outcome{}, false
		}
		n := &x.path[depth]
		m.take(n.choices[n.taken])
	}
}

// extend appends the decision that m has come to, unless an earlier execution covers it.
func (x *explorer) extend(m *machine) bool {
	n := node{choices: m.choices(m.main, nil)}
	if len(x.path) > 0 && x.reduces {
		last := &x.path[len(x.path)-1]
		for _, c := range last.sleep {
			if c.independent(last.choices[last.taken]) {
				n.sleep = append(n.sleep, c)
			}
		}
	}
	if !n.next(0) || x.reduces && !x.first(m.key(&n)) {
		return false
	}
	x.path = append(x.path, n)
	return true
}

// first reports whether a key has not been seen, and remembers it.
func (x *explorer) first(key string) bool {
	if x.seen[key] {
		return false
	}
	x.seen[key] = true
	return true
}

// backtrack moves to the next unexplored path; false if there is none.
func (x *explorer) backtrack() bool {
	for len(x.path) > 0 {
		n := &x.path[len(x.path)-1]
		n.sleep = append(n.sleep, n.choices[n.taken])
		if n.next(n.taken + 1) {
			return true
		}
		x.path = x.path[:len(x.path)-1]
	}
	return false
}

// settle runs all tasks up to their next operation on a shared variable.
func (m *machine) settle() {
	for {
		t := m.anyReady(m.main)
		if t == nil {
			return
		}
		m.run(t)
	}
}

func (m *machine) anyReady(t *task) *task {
	if t.status == ready {
		return t
	}
	if t.status == atJoin {
		for _, worker := range t.group.tasks {
			if found := m.anyReady(worker); found != nil {
				return found
			}
		}
	}
	return nil
}

// choices appends what t and the tasks that it waits for can do, in worker order.
func (m *machine) choices(t *task, all []choice) []choice {
	switch t.status {
	case atShared:
		in, _ := t.instruction()
		return append(all, choice{access, t.number, in.A, in.Effects()&WritesShared != 0})
	case atJoin:
		if t.group.complete {
			all = append(all, choice{kind: complete, number: t.number})
		}
		for _, worker := range t.group.tasks {
			all = m.choices(worker, all)
		}
		if t.group.deadline != noDeadline {
			all = append(all, choice{kind: expire, number: t.number})
		}
	}
	return all
}

func (m *machine) take(c choice) {
	t := m.find(m.main, c.number)
	switch c.kind {
	case access:
		t.status = ready
		m.step(t)
		m.run(t)
	case expire:
		t.group.expired = true
		m.close(t.group)
	case complete:
		m.close(t.group)
	}
}

func (m *machine) find(t *task, number int) *task {
	if t.number == number {
		return t
	}
	if t.status == atJoin {
		for _, worker := range t.group.tasks {
			if found := m.find(worker, number); found != nil {
				return found
			}
		}
	}
	return nil
}
