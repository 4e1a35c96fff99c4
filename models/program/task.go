package program

import "math"

// call is one active call of a function.
type call struct {
	function *Function
	number   int // of the function
	pc       int
	stack    []Value
	locals   *scope
}

func (c *call) push(v Value) { c.stack = append(c.stack, v) }

func (c *call) pop() Value {
	v := c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
	return v
}

// popN pops n values and returns them in the order in which they were pushed.
func (c *call) popN(n int) []Value {
	values := append([]Value(nil), c.stack[len(c.stack)-n:]...)
	c.stack = c.stack[:len(c.stack)-n]
	return values
}

// status is what a task can do next.
type status uint8

const (
	ready     status = iota // it can execute an instruction
	atShared                // it can, and that is an operation on a shared variable
	atBarrier               // it waits for the others of its group
	atJoin                  // it waits for its group's tasks
	ended
)

// task is the main code, a worker of a fork, or one element of a PARALLEL_MAP.
type task struct {
	number int    // in order of creation
	parent *group // nil for the main code
	status status

	calls   []*call // the last is the current one
	depth   int     // calls active, those of the tasks around it included
	globals *scope
	output  []string
	printed func() // if not nil, told of each line of output

	steps, maxSteps   int64
	memory, maxMemory int64
	now, deadline     int64 // virtual ms; math.MaxInt64 for no deadline
	width             int   // the product of the worker counts of the forks around it

	group   *group // while atJoin
	barrier int32  // while atBarrier

	result Value
	err    *RunError
	late   bool // it ended because it would have passed its deadline
}

// noDeadline is the deadline of a task that has none.
const noDeadline = math.MaxInt64

func (t *task) top() *call { return t.calls[len(t.calls)-1] }

// instruction returns the one that t would execute next; ok is false at the end of a function.
func (t *task) instruction() (in Instruction, ok bool) {
	c := t.top()
	if c.pc >= len(c.function.Code) {
		return Instruction{}, false
	}
	return c.function.Code[c.pc], true
}

// scope returns where the variable that a name means in the current call is.
func (t *task) scope(name int32) *scope {
	if c := t.top(); c.function.Local(name) >= 0 {
		return c.locals
	}
	return t.globals
}

// print adds lines to the output.
func (t *task) print(lines ...string) {
	for _, line := range lines {
		t.output = append(t.output, line)
		if t.printed != nil {
			t.printed()
		}
	}
}

// charge counts a built value's size against the task's memory.
func (t *task) charge(size int64) *failure {
	t.memory = saturatingAdd(t.memory, size)
	if t.memory > t.maxMemory {
		return &failure{MemoryLimit, ""}
	}
	return nil
}

// advance lets virtual time pass. It reports false if that would pass the deadline: the task is late then.
func (t *task) advance(to int64) bool {
	if to > t.deadline {
		t.late = true
		return false
	}
	t.now = max(t.now, to)
	return true
}

// fail ends the task with an error at the current instruction.
func (t *task) fail(f *failure) {
	c := t.top()
	t.status = ended
	t.err = &RunError{
		Kind: f.kind, Function: c.number, PC: c.pc, Name: c.function.Name,
		Line: c.function.Line(c.pc), Detail: f.detail,
	}
}

// stop ends the task because it is late.
func (t *task) stop() {
	t.late = true
	t.status = ended
}
