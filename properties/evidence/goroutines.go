package evidence

import (
	"runtime"
	"slices"
	"strings"
)

// mostBytes is how many bytes of stacks are looked at.
const mostBytes = 16 << 20

// Goroutines returns the stacks of all goroutines of this process but the calling one, those that run tests, and those of the harness and of the Go
// runtime, each a header and two lines for a frame, in an order that does not depend on that in which they were started. moving says that one of them runs, or waits for
// no other of them: for time, a file, or the network.
func Goroutines() (stacks []string, moving bool) {
	buf := make([]byte, 64<<10)
	n := runtime.Stack(buf, true)
	for n == len(buf) && n < mostBytes {
		buf = make([]byte, 2*len(buf))
		n = runtime.Stack(buf, true)
	}
	_, others, _ := strings.Cut(string(buf[:n]), "\n\n")
	for part := range strings.SplitSeq(others, "\n\n") {
		if strings.Contains(part, "\ntesting.tRunner(") || strings.Contains(part, "\ntesting.(*M).Run(") {
			continue
		}
		_, list := split(part)
		stacks = append(stacks, list...)
	}
	slices.Sort(stacks)
	return stacks, slices.ContainsFunc(stacks, moves)
}

// moves reports whether a goroutine goes on without another one's doing.
func moves(stack string) bool {
	for _, state := range []string{"running", "syscall", "sleep", "IO wait"} {
		if strings.HasPrefix(stack, "goroutine ["+state+"]") {
			return true
		}
	}
	return false
}

// Bounded are the lines of stacks, the first ones if there are many.
func Bounded(stacks []string) []string { return bounded(nil, slices.Compact(slices.Clone(stacks))) }
