package evidence

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// maxLines is how many lines of a message or of stacks are kept.
const maxLines = 60

// goroutine begins a stack: its number, more in a SIGQUIT's dump, then its state,
// and for how long.
var goroutine = regexp.MustCompile(`^goroutine \d+ (?:.*)\[([^],]*).*\]:$`)

// own begins the names of functions that start goroutines of the harness.
const own = "synchrony/properties/isolate/process."

// foreign are frames that say nothing about the system: of the Go runtime, and of
// the harness that runs it.
var foreign = []string{
	"runtime.", "runtime/debug.", "internal/", "iter.", "os/signal.", "testing.", "main.", "synchrony/cmd/", "github.com/spf13/cobra.", "pgregory.net/rapid.",
	"synchrony/properties.", "synchrony/properties/batchtest.", "synchrony/properties/programtest.", "synchrony/properties/internal/hosted.", "synchrony/executor/shim/", "synchrony/properties/isolate.", "synchrony/properties/isolate/process.", "synchrony/executor/sched.(*controlled)",
	"synchrony/executor/sched.(*Runner)", "synchrony/executor/sched.(*coroutine)",
}

// Stack returns the stack of one goroutine, as [debug.Stack] gives it, without frames of the
// Go runtime and the harness.
func Stack(text string) []string {
	return crashWords(text)
}

// crashWords returns what a Go process said when it died: its message, then the stack that it
// shows first, which is of the goroutine that crashed.
func crashWords(text string) []string {
	message, stacks := split(text)
	return bounded(message, stacks[:min(len(stacks), 1)])
}

// hangWords returns the stacks of a Go process that was made to show them, in an order that
// does not depend on that in which they were shown: what spins first.
func hangWords(text string) []string {
	_, stacks := split(text)
	slices.SortFunc(stacks, func(a, b string) int {
		return cmp.Or(-cmp.Compare(spins(a), spins(b)), strings.Compare(a, b))
	})
	return bounded(nil, slices.Compact(stacks))
}

// bounded returns the first lines of a message and stacks.
func bounded(message, stacks []string) []string {
	message = message[:min(len(message), maxLines/2)]
	for _, s := range stacks {
		message = append(message, strings.Split(s, "\n")...)
	}
	return message[:min(len(message), maxLines)]
}

// split divides what a process said into the lines before the first stack, and stacks that
// have more than frames of the Go runtime and the harness.
func split(text string) (message, stacks []string) {
	begun := false
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		lines := strings.Split(part, "\n")
		if state := goroutine.FindStringSubmatch(lines[0]); state != nil {
			begun = true
			if s := stack(state[1], lines[1:]); s != "" {
				stacks = append(stacks, s)
			}
		} else if !begun {
			message = append(message, messageLines(lines)...)
		}
	}
	return message, stacks
}

// spins is 1 for a goroutine that is running, else 0.
func spins(stack string) int {
	if strings.HasPrefix(stack, "goroutine [running]") {
		return 1
	}
	return 0
}

// messageLines drops what a SIGQUIT says of itself, and what the runtime says of its memory.
func messageLines(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if line == "" || strings.HasPrefix(line, "SIGQUIT: ") || strings.HasPrefix(line, "PC=") || strings.HasPrefix(line, "runtime: ") {
			continue
		}
		kept = append(kept, Line(line))
	}
	return kept
}

// stack is a goroutine's stack without foreign frames; empty if it has no others, or is the
// harness's own.
// A frame is two lines: the function with its arguments, and the place.
func stack(state string, lines []string) string {
	if state == "runnable" { // of two that spin, one runs at a time
		state = "running"
	}
	out := []string{"goroutine [" + state + "]:"}
	for i := 0; i+1 < len(lines); i += 2 {
		function, place := lines[i], lines[i+1]
		function, _, _ = strings.Cut(function, " in goroutine ")
		name := strings.TrimPrefix(function, "created by ")
		if name != function && strings.HasPrefix(name, own) {
			return ""
		}
		if name == function { // arguments are addresses
			if open := strings.LastIndex(name, "("); open > 0 {
				name = name[:open]
				function = name
			}
		}
		if slices.ContainsFunc(foreign, func(p string) bool { return strings.HasPrefix(name, p) }) || name == "panic" {
			continue
		}
		place, _, _ = strings.Cut(place, " +0x")
		out = append(out, Line(function), Line(place))
	}
	if len(out) == 1 {
		return ""
	}
	return strings.Join(out, "\n")
}
