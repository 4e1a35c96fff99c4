package evidence

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLastWordsOfACrash(t *testing.T) {
	const stderr = `panic: worker 2: 0xc000123456
	[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4f1e2c]

goroutine 29 [running]:
panic({0x5d3ca0?, 0xc000014a80?})
	/usr/local/go/src/runtime/panic.go:783 +0x132
example.org/system.(*pool).work(0xc0000b2000, {0x1, 0x2})
	/src/pool.go:72 +0x6a
created by example.org/system.(*pool).start in goroutine 28
	/src/pool.go:69 +0x7f

goroutine 1 [semacquire]:
example.org/system.Run(0x5)
	/src/system.go:10 +0x1
`
	want := []string{
		"panic: worker 2: 0x…",
		"\t[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x…]",
		"goroutine [running]:",
		"example.org/system.(*pool).work",
		"\t/src/pool.go:72",
		"created by example.org/system.(*pool).start",
		"\t/src/pool.go:69",
	}
	if diff := cmp.Diff(want, crashWords(stderr)); diff != "" {
		t.Error(diff)
	}
}

func TestLastWordsOfAHangDoNotDependOnOrder(t *testing.T) {
	const idle = "goroutine 0 gp=0x9b8580 m=0 mp=0x9b9580 [idle]:\nruntime.futex(0x9b96d8)\n\t/go/futex.go:1 +0x21 fp=0x7ff pc=0x491\n"
	stack := func(number, state string) string {
		return "goroutine " + number + " gp=0x36dc m=nil [" + state + ", 2 minutes]:\n" +
			"runtime.gopark(0x1)\n\t/go/proc.go:1 +0x1\n" +
			"example.org/system.wait(0x36dc634baf00?)\n\t/src/wait.go:7 +0x3e fp=0x36 sp=0x36 pc=0x53\n"
	}
	first := "SIGQUIT: quit\nPC=0x491ca1 m=0 sigcode=0\n\n" + idle + "\n" + stack("7", "chan receive") + "\n" + stack("8", "runnable")
	second := "SIGQUIT: quit\nPC=0x491ca2 m=0 sigcode=0\n\n" + idle + "\n" + stack("3", "running") + "\n" + stack("9", "chan receive") + "\n" + stack("12", "chan receive")
	want := "goroutine [running]:\nexample.org/system.wait\n\t/src/wait.go:7\ngoroutine [chan receive]:\nexample.org/system.wait\n\t/src/wait.go:7"
	for _, stderr := range []string{first, second} {
		if diff := cmp.Diff(want, strings.Join(hangWords(stderr), "\n")); diff != "" {
			t.Error(diff)
		}
	}
}
