package isolate_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties/catalogue/broken"
	"synchrony/properties/isolate/internal/spin"
)

// short is the patience for those that hang.
const short = 500 * time.Millisecond

// object is what a system announces that accesses nothing of the counter's.
var object = schedule.Object{Class: schedule.ClassUser, Index: 1}

// printing systems print, which is no wrong.
func printing() []hostile {
	much := func(f *os.File, piece string, times int) {
		for range times {
			_, _ = f.WriteString(piece)
		}
	}
	return []hostile{
		{name: "prints-garbage", want: "pass", add: third(func() { fmt.Println("garbage \x00\x1b[31m <script>") })},
		{name: "prints-without-newline", want: "pass", add: third(func() { fmt.Print("x") })},
		{name: "prints-last-without-newline", want: "pass", add: func(rt *sched.Runtime, c *broken.Counter, _ int) {
			fmt.Print("no newline")
			c.Add(rt)
		}},
		{name: "prints-one-endless-line", want: "pass", cases: 4, add: third(func() { much(os.Stdout, strings.Repeat("y", 1<<20), 40) })},
		{name: "prints-much-then-panics", want: "scheduler, panic: panic in worker 2: after much", cases: 4, add: third(func() {
			much(os.Stderr, strings.Repeat("y\n", 1<<19), 40)
			panic("after much")
		})},
		{name: "prints-dots-and-loses-an-update", want: "complete, lost update: ", add: func(rt *sched.Runtime, c *broken.Counter, _ int) {
			fmt.Print(".")
			c.AddInTwoSteps(rt)
		}},
		{name: "prints-dots-and-crashes", want: "process, crash: the process crashed: panic: five", add: func(rt *sched.Runtime, c *broken.Counter, worker int) {
			fmt.Print(".")
			if worker == 2 {
				onAGoroutine(func() { panic("five") })
			}
			c.Add(rt)
		}},
		{name: "loses-an-update-and-crashes", want: ": ", add: func(rt *sched.Runtime, c *broken.Counter, worker int) { // either, as the cases come
			if worker == 2 {
				onAGoroutine(func() { panic("six") })
			}
			c.AddInTwoSteps(rt)
		}},
		{name: "closes-stdout", want: "pass", add: third(func() { os.Stdout.Close() })},
		{name: "closes-stdout-and-hangs", want: "process, hang: ", patience: short, add: third(func() { os.Stdout.Close(); select {} })},
		{name: "closes-stdout-and-spins", want: "process, hang: ", patience: short, add: third(func() {
			os.Stdout.Close()
			//lint:ignore SA5002 it is to spin
			for {
			}
		})},
	}
}

func onAGoroutine(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// forging systems print what the harness might take for an answer.
func forging() []hostile {
	const answer = `{"result":{"property":"broken-forges-a-pass","cases":8,"schedules":10,"complete":true}}`
	exit3 := "process, crash: the process crashed: exit status 3 without an answer"
	say := func(line string, then func()) func(*sched.Runtime, *broken.Counter, int) {
		return third(func() { fmt.Println(line); then() })
	}
	exit := func(code int) func() { return func() { os.Exit(code) } }
	return []hostile{
		{name: "forges-a-pass", want: exit3, add: say(answer, exit(3))},
		{name: "forges-a-pass-on-stderr", want: exit3, add: third(func() { fmt.Fprintln(os.Stderr, answer); os.Exit(3) })},
		{name: "forges-an-answer-and-hangs", want: "process, hang: ", patience: short, add: say(answer, func() {
			//lint:ignore SA5002 it is to spin
			for {
			}
		})},
		{name: "forges-an-answer-and-crashes", want: "process, crash: the process crashed: panic: boom", add: say(answer, func() { onAGoroutine(func() { panic("boom") }) })},
		{name: "forges-progress", want: exit3, add: say(`{"progress":{"case":999999}}`, exit(3))},
		{name: "forges-negative-progress", want: exit3, add: say(`{"progress":{"case":-7}}`, exit(3))},
		{name: "forges-a-file", want: exit3, add: say(`{"progress":{"case":3,"file":"/etc/passwd"}}`, exit(3))},
		{name: "forges-an-error", want: "pass", add: say(`{"error":{"text":"5"}}`, func() {})},
		{name: "forges-an-error-and-exits", want: "process, crash: the process crashed: exit status 1 without an answer", add: say(`{"error":{"text":"5"}}`, exit(1))},
		{name: "writes-on-the-private-descriptor", want: "not judged: a checker could not decide: case ", add: third(func() { _, _ = syscall.Write(4, []byte("x\n")) })},
	}
}

// markEnv names a file that a system leaves for the next process.
const markEnv = "HOSTILE_MARK"

// ending systems end their process, or are ended.
func ending() []hostile {
	self := func(s syscall.Signal) func() { return func() { _ = syscall.Kill(os.Getpid(), s); select {} } }
	return []hostile{
		{name: "exits-with-0", want: "process, crash: the process crashed: exit status 0 without an answer", add: third(func() { os.Exit(0) })},
		{name: "exits-with-3", want: "process, crash: the process crashed: exit status 3 without an answer", add: third(func() { os.Exit(3) })},
		{name: "kills-itself", want: "process: killed from outside (killed), twice", add: third(self(syscall.SIGKILL))},
		{name: "kills-itself-once", want: "pass", add: third(func() {
			mark := os.Getenv(markEnv)
			if _, err := os.Stat(mark); err != nil {
				_ = os.WriteFile(mark, nil, 0o600)
				self(syscall.SIGKILL)()
			}
		})},
		{name: "quits-itself", want: "process: killed from outside (quit), twice", add: third(self(syscall.SIGQUIT))},
		{name: "aborts-itself", want: "process, crash: ", add: third(self(syscall.SIGABRT))},
		{name: "stops-itself", want: "process: suspended by a signal, and not let go on, twice", patience: short, add: third(self(syscall.SIGSTOP))},
		{name: "parent-terminated", want: "pass", cases: 1, add: func(rt *sched.Runtime, c *broken.Counter, worker int) {
			if worker == 2 {
				_ = syscall.Kill(os.Getppid(), syscall.SIGTERM)
			}
			c.Add(rt)
		}},
		{name: "panics-after-its-answer", want: "process, crash: the process crashed: panic: late", cases: 1 << 20, add: func(rt *sched.Runtime, c *broken.Counter, _ int) {
			c.Add(rt)
			go func() { time.Sleep(3 * time.Millisecond); panic("late") }()
		}},
		{name: "ends-its-goroutine", want: "complete, lost update: ", add: third(runtime.Goexit)},
	}
}

type (
	strange struct{ a, b int }
	evil    struct{}
)

func (evil) Error() string { panic("evil in Error") }

//lint:ignore SA5007 it is to overflow its stack
func recurse(n int) int { return recurse(n+1) + 1 }

// markup is text that would mean something to each who shows it.
const markup = "</script><script>alert(1)</script>\x1b[31mred\x00\x07 ]]> <![CDATA[ ::error::x\n::error file=x::injected\n-- verdict --\nproperty S1\n\ngoroutine 1 [running]:\nfoo()\n\t/x.go:1"

// panicking systems panic with odd values, where somebody recovers and where nobody does.
func panicking() []hostile {
	of := func(v any) func(*sched.Runtime, *broken.Counter, int) { return third(func() { panic(v) }) }
	alone := func(f func()) func(*sched.Runtime, *broken.Counter, int) { return third(func() { onAGoroutine(f) }) }
	in := "scheduler, panic: panic in worker 2: "
	return []hostile{
		{name: "panics-with-an-error", want: in + "an error", add: of(fmt.Errorf("an error"))},
		{name: "panics-with-a-struct", want: in + "{1 2}", add: of(strange{1, 2})},
		{name: "panics-with-a-function", want: in + "0x…", add: of(func() {})},
		{name: "panics-with-a-pointer", want: in + "0x…", add: third(func() { panic(new(int)) })},
		{name: "panics-with-an-evil-error", want: in + "%!v(PANIC=Error method: evil in Error)", add: of(evil{})},
		{name: "panics-with-nil", want: in + "panic called with nil argument", add: of(nil)},
		{name: "panics-with-much", want: "… (4115 bytes)", add: of(strings.Repeat("z", 50<<20))},
		{name: "panics-with-markup", want: in + "</script>", add: of(markup)},
		{name: "panics-on-a-goroutine", want: "process, crash: the process crashed: panic: five", add: alone(func() { panic("five") })},
		{name: "panics-with-markup-on-a-goroutine", want: "process, crash: the process crashed: panic: </script>", add: alone(func() { panic(markup) })},
		{name: "panics-with-much-on-a-goroutine", want: "process, crash: the process crashed: panic: z", cases: 4, add: alone(func() { panic(strings.Repeat("z\n", 1<<19)) })},
		{name: "overflows-its-stack", want: "process, crash: the process crashed: fatal error: stack overflow", add: third(func() {
			debug.SetMaxStack(16 << 20) // of a gigabyte: the same, sooner
			//lint:ignore SA4017 what it comes to is never known
			recurse(0)
		})},
		{name: "writes-a-map-at-once", want: "process, crash: the process crashed: fatal error: concurrent map writes", add: third(func() {
			m := map[int]int{}
			var group sync.WaitGroup
			for g := range 8 {
				group.Go(func() {
					for i := range 3000000 {
						m[i+g] = i
					}
				})
			}
			group.Wait()
		})},
	}
}

// hanging systems never end, and tell nobody.
func hanging() []hostile {
	list := []hostile{
		{name: "locks-a-mutex-twice", add: third(func() {
			var m sync.Mutex
			m.Lock()
			m.Lock()
		})},
		{name: "waits-on-a-channel", add: third(func() { <-make(chan int) })},
		{name: "spins-in-C", add: third(spin.Forever)},
		{name: "spins-and-ignores-signals", add: third(func() {
			signal.Ignore(syscall.SIGQUIT, syscall.SIGINT, syscall.SIGTERM)
			//lint:ignore SA5002 it is to spin
			for {
			}
		})},
	}
	for i := range list {
		list[i].want, list[i].patience = "process, hang: the process hangs: no sign of life for 500ms", short
	}
	return list
}

// starving systems take what the machine does not have.
func starving() []hostile {
	return []hostile{
		{name: "allocates-without-end", want: "process: out of memory, twice", memory: 256 << 20, add: third(func() {
			var all [][]byte
			for {
				piece := make([]byte, 1<<20)
				for i := 0; i < len(piece); i += 4096 {
					piece[i] = 1
				}
				//lint:ignore SA4010 it is to be kept, and not used
				all = append(all, piece)
			}
		})},
		{name: "opens-files-without-end", want: "process: out of file descriptors, twice", add: third(func() {
			_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 64, Max: 64})
			onAGoroutine(func() {
				for {
					if _, err := os.Open("/dev/null"); err != nil {
						panic(err)
					}
				}
			})
		})},
		{name: "leaves-goroutines", want: "pass", cases: 4, add: func(rt *sched.Runtime, c *broken.Counter, _ int) {
			for range 100 {
				go func() { select {} }()
			}
			c.Add(rt)
		}},
	}
}

// forking systems leave processes behind.
func forking() []hostile {
	start := func(streams bool, away bool) {
		cmd := exec.Command("sleep", "100")
		cmd.Stderr = os.Stderr
		if streams {
			cmd.Stdout = os.Stdout
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: away}
		if err := cmd.Start(); err != nil {
			panic(err)
		}
	}
	var once sync.Once
	return []hostile{
		{name: "leaves-a-process-with-its-output", want: "pass", add: third(func() { start(true, false) })},
		{name: "leaves-a-process-with-its-errors", want: "pass", add: third(func() { start(false, false) })},
		{name: "leaves-a-process-and-exits", want: "process, crash: the process crashed: exit status 5 without an answer", add: third(func() { start(true, false); os.Exit(5) })},
		{name: "has-a-helper-process", want: "pass", add: func(rt *sched.Runtime, c *broken.Counter, _ int) {
			once.Do(func() { start(false, false) })
			c.Add(rt)
		}},
	}
}

// tampering systems change their process under the harness.
func tampering() []hostile {
	first := func(f func()) func(*sched.Runtime, *broken.Counter, int) {
		return func(rt *sched.Runtime, c *broken.Counter, _ int) { f(); c.AddInTwoSteps(rt) }
	}
	return []hostile{
		{name: "closes-all-descriptors", want: "process, crash: the process crashed: exit status 2 without an answer", add: third(func() {
			for fd := range 200 {
				_ = syscall.Close(fd)
			}
		})},
		{name: "changes-its-folder", want: "complete, lost update: ", add: first(func() { _ = os.Chdir(os.TempDir()) })},
		{name: "changes-its-environment", want: "complete, lost update: ", add: first(func() { _ = os.Setenv("TMPDIR", "/nonexistent") })},
		{name: "changes-its-umask", want: "complete, lost update: ", add: first(func() { syscall.Umask(0o777) })},
		{name: "changes-its-processors", want: "complete, lost update: ", add: first(func() { runtime.GOMAXPROCS(1) })},
		{name: "locks-its-thread", want: lockedThread, add: func(rt *sched.Runtime, c *broken.Counter, _ int) {
			runtime.LockOSThread()
			c.Add(rt)
		}},
	}
}

// misusing systems use the runtime, or do without it, as they should not.
func misusing() []hostile {
	return []hostile{
		{name: "sleeps-in-real-time", want: "pass", cases: 4, add: third(func() { time.Sleep(10 * time.Millisecond) })},
		{name: "uses-a-goroutine-of-its-own", want: "pass", add: func(rt *sched.Runtime, c *broken.Counter, _ int) { onAGoroutine(func() { c.Add(rt) }) }},
		{name: "unlocks-what-is-not-locked", want: "scheduler, panic: panic in worker 0: sched: unlock of unlocked mutex", add: func(rt *sched.Runtime, c *broken.Counter, _ int) {
			new(sched.Mutex).Unlock(rt)
			c.Add(rt)
		}},
		{name: "is-done-too-often", want: "scheduler, panic: panic in worker 0: sched: negative WaitGroup counter", add: func(rt *sched.Runtime, c *broken.Counter, _ int) {
			new(sched.WaitGroup).Done(rt)
			c.Add(rt)
		}},
		{name: "starts-many-tasks", want: "pass", cases: 4, add: func(rt *sched.Runtime, c *broken.Counter, _ int) {
			for i := range 100 {
				rt.Go("x", i, func() { rt.Yield(schedule.OpRMW, object) })
			}
			c.Add(rt)
		}},
		{name: "yields-for-ever", want: "scheduler, livelock: ", add: func(rt *sched.Runtime, c *broken.Counter, worker int) {
			for worker == 2 {
				rt.Yield(schedule.OpRMW, object)
			}
			c.Add(rt)
		}},
		{name: "sleeps-for-ever", want: "scheduler, livelock: ", add: func(rt *sched.Runtime, c *broken.Counter, worker int) {
			for worker == 2 {
				rt.Sleep(time.Hour)
			}
			c.Add(rt)
		}},
	}
}
