package gotest

import "strings"

// NotRunError says why a test showed nothing: its schedules cannot be searched, or it did not want to be run.
type NotRunError struct{ Why string }

func (e *NotRunError) Error() string { return e.Why }

// native is what a controlled run does that gets no further, as the stacks of its process show.
type native struct {
	function string // of the standard library, in which it waits; empty if it waits, or computes, in code of the test's
	position string // where the test's code is, or has called the function; empty if that is not known
	computes bool   // it does not wait
}

// doing says what a run does that gets no further.
func (t *describer) doing(n native) string {
	switch at := t.at(n.position); {
	case n.position == "":
		return "it computes for ever, or waits for something that is not controlled"
	case n.computes:
		return "it computes, at " + at
	case n.function == "":
		return "it waits at " + at + " for something that is not controlled"
	default:
		return "it waits in " + n.function + ", called at " + at + ", which no schedule decides about"
	}
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
		if stack := framesOf(printed[i+1:]); isTask(stack) {
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

// topOf is what a goroutine of a run does: in the first function from the top that is the test's own, and in what that has called.
func topOf(stack []frame, state string) native {
	library := libraryOf(stack)
	n := native{computes: state == "running" || state == "runnable" || state == "preempted"}
	for i, f := range stack {
		if f.ours() || library != "" && strings.HasPrefix(f.position, library) {
			continue
		}
		n.position = f.position
		if i > 0 && !stack[i-1].ours() && !strings.HasPrefix(stack[i-1].function, "runtime.") {
			n.function = stack[i-1].function
		}
		break
	}
	return n
}

// libraryOf is the folder of the standard library, which a function of the Go runtime's tells that is under every goroutine.
func libraryOf(stack []frame) string {
	for _, f := range stack {
		if at := strings.LastIndex(f.position, "/runtime/"); at >= 0 && f.function == "runtime.goexit" {
			return f.position[:at+1]
		}
	}
	return ""
}
