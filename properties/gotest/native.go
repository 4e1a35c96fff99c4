package gotest

import (
	"go/build"
	"slices"
	"strings"
)

// NotRunError says why a test showed nothing: its schedules cannot be searched, or it did not want to be run.
type NotRunError struct{ Why string }

func (e *NotRunError) Error() string { return e.Why }

// native is what a controlled run does that gets no further, as the stacks of its process show.
type native struct {
	function string   // of the standard library, in which it waits; empty if it waits, or computes, in code of the test's
	position string   // where the program's code is, or has called the function; empty if that is not known
	callers  []string // positions of the program's code that led there, innermost first
	computes bool     // it does not wait
}

// doing says what a run does that gets no further.
func (t *describer) doing(n native) string {
	if n.position == "" {
		return "it computes for ever, or waits for something that is not controlled"
	}
	switch at := t.native(n); {
	case n.computes:
		return "it computes, at " + at
	case n.function == "":
		return "it waits at " + at + " for something that is not controlled"
	default:
		return "it waits in " + n.function + ", called at " + at + ", which no schedule decides about"
	}
}

// native is where the program's code is. If that is in another module's, it is also said from where in the user's own that was called.
func (t *describer) native(n native) string {
	if t.own(n.position) {
		return t.at(n.position)
	}
	for _, c := range n.callers {
		if t.own(c) {
			return t.at(n.position) + " (for " + t.at(c) + ")"
		}
	}
	return t.at(n.position)
}

// own reports whether a position is in a file below the folder that was asked for.
func (t *describer) own(position string) bool {
	file := placeOf(position).file
	return t.names.relative(file) != file
}

// frame is a function of a stack.
type frame struct{ function, position string }

// ours reports whether the function belongs to the runtime under the tests.
func (f *frame) ours() bool { return strings.HasPrefix(f.function, "verify.invalid/") }

// nativeOf finds in what a process printed at its end, its stacks among it, the goroutine that was the run's turn. Those of the others are
// coroutines that are switched to by nobody.
func nativeOf(printed []string) native {
	for i, line := range printed {
		state, ok := goroutineState(line)
		if !ok || state == "coroutine" {
			continue
		}
		if stack := framesOf(printed[i+1:]); isTask(stack) && !awaitsTurn(stack) {
			return topOf(stack, state)
		}
	}
	return native{}
}

// goroutineState reads the line before a goroutine's stack: goroutine 7 gp=0x1 m=nil [select, 2 minutes]:
func goroutineState(line string) (string, bool) {
	rest, ok := strings.CutPrefix(line, "goroutine ")
	if !ok || !strings.HasSuffix(rest, "]:") {
		return "", false
	}
	_, state, ok := strings.Cut(strings.TrimSuffix(rest, "]:"), "[")
	state, _, _ = strings.Cut(state, ",")
	return state, ok
}

// framesOf reads a stack: two lines for each function, up to an empty one, or to where its goroutine was created.
func framesOf(lines []string) (stack []frame) {
	for i := 0; i+1 < len(lines) && strings.HasPrefix(lines[i+1], "\t") && !strings.HasPrefix(lines[i], "created by "); i += 2 {
		f := frame{function: lines[i]}
		if at := strings.LastIndexByte(f.function, '('); at > 0 {
			f.function = f.function[:at]
		}
		f.position, _, _ = strings.Cut(strings.TrimPrefix(lines[i+1], "\t"), " +0x") // how far into the function
		stack = append(stack, f)
	}
	return stack
}

// isTask reports whether a stack is that of a goroutine of a controlled run.
func isTask(stack []frame) bool {
	for _, f := range stack {
		if f.ours() && strings.HasSuffix(f.function, "/executor/sched.(*controlled).body") {
			return true
		}
	}
	return false
}

// awaitsTurn reports whether a goroutine of a controlled run waits for its turn. Those that are coroutines to the Go runtime say so in their state; with the race
// detector they are none.
func awaitsTurn(stack []frame) bool {
	return slices.ContainsFunc(stack, func(f frame) bool {
		return f.ours() && (strings.HasSuffix(f.function, "/executor/sched.(*coroutine).leave") || strings.HasSuffix(f.function, "/executor/sched.(*coroutine).await"))
	})
}

// topOf is what a goroutine of a run does: in the first function from the top that is the test's own, and in what that has called.
func topOf(stack []frame, state string) native {
	library := libraryOf(stack)
	n := native{computes: state == "running" || state == "runnable" || state == "preempted"}
	for i, f := range stack {
		if f.ours() || strings.HasPrefix(f.position, library) {
			continue
		}
		if n.position != "" {
			n.callers = append(n.callers, f.position)
			continue
		}
		n.position = f.position
		if i > 0 && !stack[i-1].ours() && !strings.HasPrefix(stack[i-1].function, "runtime.") {
			n.function = stack[i-1].function
		}
	}
	return n
}

// libraryOf is the folder of the standard library, which a function of the Go runtime's tells that is under every goroutine. Where the runtime leaves its own
// functions out, as it does when all goroutines are asleep, it is that of the go command.
func libraryOf(stack []frame) string {
	for _, f := range stack {
		if at := strings.LastIndex(f.position, "/runtime/"); at >= 0 && f.function == "runtime.goexit" {
			return f.position[:at+1]
		}
	}
	return build.Default.GOROOT + "/src/"
}
