package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// children are what this test binary does as a child, by its argument.
var children = map[string]func(*Link) error{
	"answers":             func(l *Link) error { return echo(l) },
	"answers-then-exits":  func(l *Link) error { _ = echo(l); os.Exit(7); return nil },
	"answers-then-dies":   func(l *Link) error { _ = echo(l); return die() },
	"says-much":           func(l *Link) error { return l.Send(strings.Repeat("x", maxLine/8)) },
	"refuses":             func(l *Link) error { _ = l.Send("no"); return wait() },
	"writes-no-json-beat": func(l *Link) error { _, _ = l.answers.Write([]byte("{\"beat\":7}\n")); return wait() },
	"hangs":               func(l *Link) error { l.Live(0); select {} },
	"hangs-without-beat": func(*Link) error {
		//lint:ignore SA5002 it is to spin
		for {
		}
	},
	"ends-when-asked": func(l *Link) error {
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, os.Interrupt)
		_ = l.Send("ready")
		<-asked
		return l.Send("done")
	},
	"leaves-a-process": func(l *Link) error { return leave(l, false) },
	"leaves-it-away":   func(l *Link) error { return leave(l, true) },
	"prints": func(*Link) error {
		data, err := io.ReadAll(os.Stdin)
		fmt.Printf("%s %s", data, os.Getenv("WORD"))
		fmt.Fprint(os.Stderr, "err")
		return err
	},
}

func echo(l *Link) error {
	line, err := l.Receive()
	if err != nil {
		return err
	}
	return l.Send(string(line))
}

// wait waits to be ended from outside; Go would take a process that only waits for itself for a deadlock.
func wait() error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2)
	<-signals
	return nil
}

func die() error { return syscall.Kill(os.Getpid(), syscall.SIGKILL) }

// leave starts a process that holds the child's standard output, and tells its number.
func leave(l *Link, away bool) error {
	cmd := exec.Command("sleep", "1000")
	cmd.Stdout, cmd.SysProcAttr = os.Stdout, &syscall.SysProcAttr{Setsid: away}
	if err := cmd.Start(); err != nil {
		return err
	}
	return l.Send(strconv.Itoa(cmd.Process.Pid))
}

func TestMain(m *testing.M) {
	switch f := children[os.Args[len(os.Args)-1]]; {
	case os.Args[len(os.Args)-1] == "orphans":
		orphan()
	case f != nil:
		l, err := Attach()
		if err == nil {
			err = f(l)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(9)
		}
	default:
		os.Exit(m.Run())
	}
}

// self is this test binary as a child.
func self(t *testing.T, how string) *Command {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// With the race detector, a process takes a second to end.
	return &Command{Path: path, Args: []string{how}, Env: []string{"GORACE=atexit_sleep_ms=0"}, Stderr: os.Stderr}
}

// TestRun: whatever becomes of a child, its parent keeps what it said, and learns how it ended.
func TestRun(t *testing.T) {
	enough := errors.New("enough")
	for how, c := range map[string]struct {
		change func(*Command)
		hear   error
		want   Ending
		said   []string // nil is not looked at
		clean  bool
		out    string // what Outside says
	}{
		"answers":            {said: []string{`"hello"`}, clean: true},
		"answers-then-exits": {said: []string{`"hello"`}, want: Ending{Code: 7}},
		"answers-then-dies":  {said: []string{`"hello"`}, want: Ending{Code: -1, Signal: syscall.SIGKILL}, out: "killed from outside (killed)"},
		"says-much":          {clean: true},
		"refuses":            {hear: enough, want: Ending{Cause: Refused, Code: -1, Signal: syscall.SIGKILL, Refusal: enough}},
		"hangs":              {change: func(c *Command) { c.Patience, c.Grace = 300*time.Millisecond, time.Minute }, want: Ending{Cause: Hung, Code: exitDumped}},
		"hangs-without-beat": {change: func(c *Command) { c.Patience = 300 * time.Millisecond }, want: Ending{Cause: Hung, Code: -1, Signal: syscall.SIGKILL}},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			command := self(t, how)
			command.Stderr = nil
			if c.change != nil {
				c.change(command)
			}
			var said []string
			e, err := command.Run(t.Context(), []byte("hello"), func(line []byte) error {
				said = append(said, string(line))
				return c.hear
			})
			if err != nil {
				t.Fatal(err)
			}
			if e != c.want || e.Clean() != c.clean || e.Outside() != c.out {
				t.Errorf("ended with %+v (%q), want %+v (%q)", e, e.Outside(), c.want, c.out)
			}
			if c.said != nil && !slices.Equal(said, c.said) {
				t.Errorf("said %q, want %q", said, c.said)
			}
		})
	}
}

// TestMalformedBeat: what looks like a beat and is none is refused, not taken for an answer.
func TestMalformedBeat(t *testing.T) {
	e, err := self(t, "writes-no-json-beat").Run(t.Context(), nil, func([]byte) error { return nil })
	if err != nil || e.Cause != Refused || e.Refusal == nil || !strings.Contains(e.Refusal.Error(), `{\"beat\":7}`) {
		t.Errorf("ended with %+v, %v", e, err)
	}
}

// TestCancel: a child that is asked to end may still say what it has.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	command := self(t, "ends-when-asked")
	command.Grace = time.Minute
	var said []string
	e, err := command.Run(ctx, nil, func(line []byte) error {
		said = append(said, string(line))
		cancel()
		return nil
	})
	if err != nil || e.Cause != Cancelled || !e.Clean() || !slices.Equal(said, []string{`"ready"`, `"done"`}) {
		t.Errorf("ended with %+v, %v after %q", e, err, said)
	}
	if _, err := command.Run(ctx, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that is done: %v", err)
	}
}

// TestLeftBehind: a process that a child leaves behind ends with it; one that has left its
// group does not, and is not waited for.
func TestLeftBehind(t *testing.T) {
	for how, lives := range map[string]bool{"leaves-a-process": false, "leaves-it-away": true} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			command := self(t, how)
			command.Stdout = NewOutput(1)
			pid := 0
			e, err := command.Run(t.Context(), nil, func(line []byte) (err error) {
				pid, err = strconv.Atoi(strings.Trim(string(line), `"`))
				return err
			})
			if err != nil || !e.Clean() || pid == 0 {
				t.Fatalf("ended with %+v, %v, process %d", e, err, pid)
			}
			if lives {
				if gone(pid) {
					t.Error("a process that was to hold the pipe has ended: nothing was tested")
				}
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			for !gone(pid) {
				runtime.Gosched()
			}
		})
	}
}

// gone reports whether a process has ended, waited for or not.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(data), ") Z ")
}

// orphan is a parent that ends without a word while its child, named by the last argument but one, hangs.
func orphan() {
	path, _ := os.Executable()
	name := os.Args[len(os.Args)-2]
	command := Command{Path: path, Args: []string{name}, Bound: name != "hangs"}
	_, _ = command.Run(context.Background(), nil, func([]byte) error { return nil })
}

// TestOrphan: a child ends when its parent has gone, though nobody is left to end it: one that does its duties, and one that is bound.
func TestOrphan(t *testing.T) {
	for _, name := range []string{"hangs", "hangs-without-beat"} {
		t.Run(name, func(t *testing.T) { leaveOrphan(t, name) })
	}
}

// leaveOrphan kills the parent of a child, and waits until the child has ended.
func leaveOrphan(t *testing.T, name string) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(path, name, "orphans")
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	child := 0
	for child == 0 {
		threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent.Process.Pid))
		if err != nil || len(threads) == 0 {
			_ = parent.Process.Kill()
			t.Skip("this system does not say who is whose child")
		}
		for _, thread := range threads { // any of them may have started it
			data, _ := os.ReadFile(thread)
			if pid, err := strconv.Atoi(strings.TrimSpace(string(data))); err == nil {
				child = pid
			}
		}
		runtime.Gosched()
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	for !gone(child) {
		runtime.Gosched()
	}
}

// TestStandardStreams: what a child prints, reads, and has in its environment.
func TestStandardStreams(t *testing.T) {
	stdout, stderr := NewOutput(100), NewOutput(100)
	command := self(t, "prints")
	command.Stdin, command.Stdout, command.Stderr, command.Env = strings.NewReader("in"), stdout, stderr, append(command.Env, "WORD=out")
	e, err := command.Run(t.Context(), nil, func([]byte) error { return nil })
	if err != nil || !e.Clean() || string(stdout.Bytes()) != "in out" || string(stderr.Bytes()) != "err" {
		t.Errorf("ended with %+v, %v after %q and %q", e, err, stdout.Bytes(), stderr.Bytes())
	}
}

// TestNotStarted: that there was no child is an error, which says whether the machine is to blame.
func TestNotStarted(t *testing.T) {
	_, err := (&Command{Path: "/nonexistent/program"}).Run(t.Context(), nil, nil)
	if err == nil || !strings.HasPrefix(err.Error(), "cannot start a child process: ") || Exhausted(err) != "" {
		t.Errorf("error %v (%q)", err, Exhausted(err))
	}
	for errno, want := range map[syscall.Errno]string{
		syscall.EMFILE: "out of file descriptors", syscall.EAGAIN: "out of processes", syscall.ENOMEM: "out of memory", syscall.EACCES: "",
	} {
		if got := Exhausted(&startError{errno}); got != want {
			t.Errorf("%v: %q, want %q", errno, got, want)
		}
	}
	if _, err := Attach(); !errors.Is(err, errAlone) {
		t.Errorf("a process without a parent at its descriptors: %v", err)
	}
}
