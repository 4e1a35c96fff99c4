//go:build go1.26

package testing_test

import (
	stdtesting "testing"

	"synchrony/executor/shim/testing"
)

// TestPlain: what a test says shows neither where the runtime under it lies, nor that tests are renamed; all else stays as it is.
func TestPlain(t *stdtesting.T) {
	const own = "/home/a b/.cache/verify/tests/source/0123456789abcdef0123456789abcdef/executor/"
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "a\n\tb /executor/shim/x.go:1\n", "a\n\tb /executor/shim/x.go:1\n"},
		{"renamed", "m.Verify_TestAdd and Verify_FuzzX", "m.TestAdd and FuzzX"},
		{"the user's own", "Verify_all MyVerify_Test", "Verify_all MyVerify_Test"},
		{
			"the trace of an assertion",
			"\tError Trace:\t/u/my code/a b_test.go:7\n\t\t" + own + "shim/testing/t.go:27\n\t\t" + own + "sched/run.go:1\n\t\t/go/src/runtime/coro.go:9\n\tError: no\n",
			"\tError Trace:\t/u/my code/a b_test.go:7\n\tError: no",
		},
		{
			"a stack",
			"goroutine 7 [running]:\nm.Verify_TestAdd(0x1)\n\t/u/a_test.go:7 +0x1\nverify.invalid/runtime/executor/sched.(*T).body(0x1)\n\t" + own +
				"sched/t.go:27 +0x4b\ncreated by verify.invalid/runtime/executor/sched.go in goroutine 1\n\t" + own + "sched/c.go:2 +0x1\n",
			"goroutine 7 [running]:\nm.TestAdd(0x1)\n\t/u/a_test.go:7 +0x1",
		},
		{"within a line", "at /c/source/0123456789abcdef0123456789abcdef/executor/sched/run.go:1 it", "at run.go:1 it"},
		{"runtime of the user's", "\t/u/src/runtime/a.go:1\n\t/u/executor/b.go:2", "\t/u/src/runtime/a.go:1\n\t/u/executor/b.go:2"},
	} {
		if got := testing.Plain(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
