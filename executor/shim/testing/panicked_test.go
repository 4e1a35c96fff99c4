//go:build go1.26

package testing

import stdtesting "testing"

// TestPanicked: the place of a panic is where the program called it; of a fatal error, which nobody calls, the innermost of the program's lines.
func TestPanicked(t *stdtesting.T) {
	const frames = "m.f()\n\t/m/a.go:7 +0x1\nm.g()\n\t/m/a.go:9 +0x1\n"
	for stack, want := range map[string]string{
		"goroutine 5 [running]:\nruntime/debug.Stack()\n\t/go/src/runtime/debug/stack.go:26 +0x1\npanic({0x1, 0x2})\n\t/go/src/runtime/panic.go:7 +0x1\n" + frames: "/m/a.go:7 m.f",
		"goroutine 5 [running]:\nruntime/debug.Stack()\n\t/go/src/runtime/debug/stack.go:26 +0x1\n" + frames:                                                       "/m/a.go:7 m.f",
		"": "",
	} {
		if got := panicked(stack); got != want {
			t.Errorf("%q, want %q, of\n%s", got, want, stack)
		}
	}
}
