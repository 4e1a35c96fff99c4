package programtest

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/schedule"
)

// Interpreter is what is tested: it runs programs. One of its functions is set. Each returns what the program shows: of [program.Outcome] its result, its
// variables and shared variables in any order, its output, and of its error, if it fails, the kind, the function's name and the instruction. An error beside that says that the interpreter
// has given the program up, which is never right. The program must not be changed.
type Interpreter struct {
	// Name is how the interpreter is called in reports and in the names of files; that of the test unless it is set.
	Name string

	// Run runs a program.
	Run func(ctx context.Context, p *program.Program) (program.Outcome, error)

	// Traced is for an interpreter with a hook that it calls before instructions, or where its workers meet: step lets other goroutines go first at random.
	Traced func(ctx context.Context, p *program.Program, step func()) (program.Outcome, error)

	// On is for an interpreter that is written on package sched: it runs on rt, which is nil in production.
	On func(ctx context.Context, rt *sched.Runtime, p *program.Program) (program.Outcome, error)
}

// Outcome is what a run of an interpreter showed.
type Outcome struct {
	ended bool // it returned, or panicked: one that ended its goroutine did neither
	shown program.Outcome
	err   string // why the interpreter gave the program up; empty if it did not
	died  string // what it panicked with; empty if it did not
	stack string // of the panic
}

// Ended is the outcome of a run that showed something, or was given up.
func Ended(shown program.Outcome, err error) Outcome {
	for _, list := range []*[]program.Binding{&shown.Variables, &shown.Shared} {
		*list = slices.SortedFunc(slices.Values(*list), func(a, b program.Binding) int { return strings.Compare(a.Name, b.Name) })
	}
	o := Outcome{ended: true, shown: shown}
	if err != nil {
		o.err = cmp.Or(err.Error(), fmt.Sprintf("%T without a message", err))
	}
	return o
}

// noReturn is what is said of a run of which there is no outcome.
const noReturn = "the interpreter ended its goroutine (by runtime.Goexit, as t.Fatal does) and returned nothing"

// line says in one line how the run ended.
func (o *Outcome) line(p *program.Program) string {
	switch {
	case !o.ended:
		return noReturn
	case o.died != "":
		return "panic: " + o.died
	case o.err != "":
		return "given up: " + o.err
	}
	return o.shown.Line(p.Names)
}

// system makes a system of an interpreter.
type system struct{ Interpreter }

func (s system) Name() string { return s.Interpreter.Name }

// Run runs a program. It calls no hook of a controlled rt: the interpreter's goroutines need not be its tasks.
func (s system) Run(ctx context.Context, rt *sched.Runtime, p *program.Program) (Outcome, error) {
	return s.run(ctx, rt, p), nil
}

// hosted runs a program on the runtime that its test is rewritten for.
func (s system) hosted(ctx context.Context, p *program.Program) Outcome { return s.run(ctx, nil, p) }

// run calls the interpreter's function, and keeps what it says, or panics with.
func (s system) run(ctx context.Context, rt *sched.Runtime, p *program.Program) (o Outcome) {
	defer func() {
		if r := recover(); r != nil {
			o.ended, o.died, o.stack = true, fmt.Sprint(r), string(debug.Stack())
		}
	}()
	switch {
	case s.On != nil:
		return Ended(s.On(ctx, rt, p))
	case s.Traced != nil:
		return Ended(s.Traced(ctx, p, func() {
			if !rt.Controlled() {
				rt.Yield(schedule.OpNone, schedule.Object{})
			}
		}))
	}
	return Ended(s.Interpreter.Run(ctx, p))
}

// check says what is wrong with an interpreter.
func (i *Interpreter) check() error {
	set := 0
	for _, is := range []bool{i.Run != nil, i.Traced != nil, i.On != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		return fmt.Errorf("programtest: an Interpreter needs one of Run, Traced and On, and this one has %d of them", set)
	}
	return nil
}
