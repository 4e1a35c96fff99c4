package gotest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	protocol "synchrony/executor/shim/testing"
	"synchrony/properties"
)

// crash is the rule of a test that ends its process.
const crash = "crash"

// asleep is how the Go runtime ends a process in which nothing can go on. In a controlled run, a goroutine then waits for something that is
// not controlled, and that another would have done; before any test, the program is at fault.
const asleep = "fatal error: all goroutines are asleep - deadlock!"

// crashed files the end of a process that the test has ended: by os.Exit, by a fatal error of the Go runtime, or by a panic that nobody
// controls. No schedule is known of it. If it was the runtime under the test that panicked, nothing is known about the test.
func (h *search) crashed(ctx context.Context, died *diedError) {
	reason := "the test ended its process: " + died.ending.String()
	for i, line := range died.output {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			reason = "the test ended its process: " + line
			if line == asleep && died.greeted {
				h.stuck(ctx, died, "no other goroutine gets a turn: ")
				return
			}
			if line != asleep && ours(died.output[i:]) {
				h.unknown("the runtime under the test broke: " + line)
				return
			}
			break
		}
	}
	var second *diedError
	if err := died.repeat(ctx); !errors.As(err, &second) || second.ending.Cause != 0 || second.ending.Outside() != "" {
		h.unknown(reason + "; but not when the same was run again")
		return
	}
	evidence := h.tell.innermost(died.output)
	evidence = append(evidence, fmt.Sprintf("no schedule is known of it; by itself: go test -run '^%s$' %s", h.test.Name, h.test.Package))
	h.res.Failures = append(h.res.Failures, properties.Failure{
		Checker: Checker, Rule: crash, Reason: reason, Strategy: properties.ByProcess, Evidence: evidence, Output: plain(died.output), Schedules: h.res.Schedules,
		Replayed: true, Found: time.Since(h.began).Seconds(), Position: h.test.Info.Source,
	})
}

// mostInnermost is how many functions are told of a process that died.
const mostInnermost = 3

// innermost are the first of the user's functions on the stacks that a process has printed when it died, of which the first is that of the goroutine
// at fault. A function that called itself is told once.
func (t *describer) innermost(output []string) (lines []string) {
	for i := 0; i+1 < len(output) && len(lines) < mostInnermost; i++ {
		if strings.HasPrefix(output[i], "goroutine ") && len(lines) > 0 {
			break
		}
		if !strings.HasPrefix(output[i+1], "\t") || strings.HasPrefix(output[i], "created by ") {
			continue
		}
		if p := framePosition(output[i], output[i+1]); p != "" {
			lines = appendNew(lines, placeOf(p).function+" at "+t.at(p))
		}
	}
	return lines
}

// ours reports whether the first function of a stack, apart from those of the Go runtime, belongs to the runtime under the tests.
func ours(stack []string) bool {
	for i := 0; i+1 < len(stack); i++ {
		if !strings.HasPrefix(stack[i+1], "\t") || strings.HasPrefix(stack[i], "runtime.") || strings.HasPrefix(stack[i], "panic(") {
			continue
		}
		return strings.HasPrefix(stack[i], "verify.invalid/")
	}
	return false
}

// plain are the lines of what a process has printed, as the user's own program would have printed them.
func plain(lines []string) []string {
	if len(lines) == 0 || len(lines) == 1 && lines[0] == "" {
		return nil
	}
	return strings.Split(protocol.Plain(strings.Join(lines, "\n")), "\n")
}
