package program

import (
	"fmt"
	"sort"
)

// machine executes one program once. It holds a tree of tasks, of which it runs one at
// a time; what the tasks share is only the shared variables, barriers and joins.
type machine struct {
	program *Program
	limits  Limits
	shapes  []Shape
	numbers map[string]int // of the functions, by name
	main    *task
	tasks   int // created so far
	shared  scope
	worker  int32 // index of worker_id in Program.Names, or -1
	// stepwise makes a task pause before each operation on a shared variable, and
	// joins with a timeout wait for the explorer.
	stepwise bool
	moment   func(*task) // if not nil, told of each instruction before it is executed
}

func newMachine(p *Program, limits Limits, shapes []Shape) *machine {
	m := &machine{
		program: p, limits: limits.WithDefaults(), shapes: shapes,
		worker: -1, numbers: make(map[string]int),
	}
	for i := range p.Functions {
		m.numbers[p.Functions[i].Name] = i
	}
	for i, name := range p.Names {
		if name == WorkerID {
			m.worker = int32(i)
		}
	}
	m.main = &task{
		globals:  &scope{},
		maxSteps: m.limits.Steps, maxMemory: m.limits.Memory,
		deadline: noDeadline, width: 1,
	}
	if m.limits.Time > 0 {
		m.main.deadline = m.limits.Time
	}
	m.main.calls = []*call{{function: p.Main(), locals: &scope{}}}
	m.tasks = 1
	return m
}

// Run executes p and returns what it shows. Workers run one after another between barriers, in
// worker order. Its error is [Validate]'s; the program's own is in the Outcome.
func Run(p *Program, limits Limits) (Outcome, error) {
	shapes, err := Analyze(p)
	if err != nil {
		return Outcome{}, err
	}
	m := newMachine(p, limits, shapes)
	m.runAll()
	return m.outcome(), nil
}

func (m *machine) runAll() {
	for m.main.status != ended {
		m.run(m.first(m.main))
	}
}

// first returns the first task, in worker order, that can execute an instruction. There always
// is one: barriers and joins are resolved as soon as the last task that they wait for waits or
// ends.
func (m *machine) first(t *task) *task {
	if t.status != atJoin {
		return t
	}
	g := t.group
	for g.ended < len(g.tasks) && g.tasks[g.ended].status == ended {
		g.ended++
	}
	for _, worker := range g.tasks[g.ended:] {
		if worker.status == ready || worker.status == atJoin {
			return m.first(worker)
		}
	}
	panic(fmt.Sprintf("program: a group of %d tasks waits for none of them", len(g.tasks)))
}

// run executes t until it waits, ends, or (stepwise) comes to an operation on a shared variable.
func (m *machine) run(t *task) {
	for t.status == ready {
		if m.stepwise && t.pausesHere() {
			t.status = atShared
			return
		}
		m.step(t)
	}
	if t.parent == nil || t.status != ended && t.status != atBarrier {
		return
	}
	m.arrived(t.parent)
}

// pausesHere reports whether t's next instruction is an operation on a shared variable.
func (t *task) pausesHere() bool {
	in, ok := t.instruction()
	return ok && in.Effects()&(ReadsShared|WritesShared) != 0
}

func (m *machine) outcome() Outcome {
	t := m.main
	if t.late && t.err == nil {
		t.fail(&failure{TimeLimit, ""})
	}
	return Outcome{
		Result: t.result, Err: t.err, Output: t.output,
		Variables: m.bindings(t.globals), Shared: m.bindings(&m.shared),
		Steps: t.steps, Memory: t.memory, Time: t.now,
	}
}

// bindings lists a scope that is no copy.
func (m *machine) bindings(s *scope) []Binding {
	var all []Binding
	for name, v := range s.vars {
		all = append(all, Binding{m.program.Names[name], v})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}
