package isolate

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// What a dying process says differs from run to run: addresses, numbers of
// goroutines, their order. A verdict must not, for its counterexample is named
// after its content. So it keeps what is the same: messages, functions, lines.

// address is a number that only this run of the process gave a meaning.
var address = regexp.MustCompile(`0x[0-9a-f]{5,}`)

// goroutine begins a stack: its number, more in a SIGQUIT's dump, then its state,
// and for how long.
var goroutine = regexp.MustCompile(`^goroutine \d+ (?:.*)\[([^],]*).*\]:$`)

// foreign are frames that say nothing about the system: of the Go runtime, and of
// the harness that runs it.
var foreign = []string{
	"runtime.", "internal/", "os/signal.", "testing.", "main.", "synchrony/cmd/", "github.com/spf13/cobra.", "pgregory.net/rapid.",
	"synchrony/properties.", "synchrony/properties/isolate.",
}

// lastWords returns what a child said when it died: its message, then the stack
// that a crash shows first, or all stacks in order of text for a hang.
func lastWords(stderr, rule string) []string {
	parts := strings.Split(strings.TrimSpace(stderr), "\n\n")
	var message []string
	var stacks []string
	for _, part := range parts {
		lines := strings.Split(part, "\n")
		if state := goroutine.FindStringSubmatch(lines[0]); state != nil {
			if s := stack(state[1], lines[1:]); s != "" {
				stacks = append(stacks, s)
			}
		} else if len(stacks) == 0 {
			message = append(message, messageLines(lines)...)
		}
	}
	if rule == "hang" { // what spins first
		slices.SortFunc(stacks, func(a, b string) int {
			return cmp.Or(-cmp.Compare(spins(a), spins(b)), strings.Compare(a, b))
		})
		stacks = slices.Compact(stacks)
	} else {
		stacks = stacks[:min(len(stacks), 1)]
	}
	for _, s := range stacks {
		message = append(message, strings.Split(s, "\n")...)
	}
	return message
}

// spins is 1 for a goroutine that is running, else 0.
func spins(stack string) int {
	if strings.HasPrefix(stack, "goroutine [running]") {
		return 1
	}
	return 0
}

// messageLines drops what a SIGQUIT says of itself.
func messageLines(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if line == "" || strings.HasPrefix(line, "SIGQUIT: ") || strings.HasPrefix(line, "PC=") || strings.HasPrefix(line, "runtime: ") {
			continue
		}
		kept = append(kept, scrub(line))
	}
	return kept
}

// scrub replaces addresses in a message.
func scrub(line string) string { return address.ReplaceAllString(line, "0x…") }

// stack is a goroutine's stack without foreign frames; empty if it has no others.
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
		out = append(out, function, place)
	}
	if len(out) == 1 {
		return ""
	}
	return strings.Join(out, "\n")
}
