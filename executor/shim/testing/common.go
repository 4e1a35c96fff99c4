//go:build go1.26

package testing

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"

	"synchrony/executor/shim/context"
)

// common is what tests and fuzz targets have in common. Its lock is a real one, never contended in a controlled run: what
// it orders for the race detector the standard library's orders, too.
type common struct {
	testing.TB // nil: it makes common a TB, whose methods are all defined here

	run    *run
	parent *common
	name   string

	mu       sync.Mutex
	failed   bool
	skipped  bool
	finished bool // by FailNow or SkipNow
	done     bool // and so are its subtests
	cleanups []func()
	names    map[string]int // of subtests
	ctx      context.Context
	cancel   context.CancelFunc
	tempDir  string
	tempSeq  int
	envSet   bool // Setenv or Chdir was called
	helpers  map[string]bool
}

// run is one run of a test.
type run struct {
	mu     sync.Mutex
	log    []string
	logged int      // bytes of it
	cut    int      // entries left out
	undo   []func() // what must not outlive the run, if its cleanups do not come to it
	short  bool

	input    *input // of the test
	workload string // what the settings say of that
	asked    bool   // it has been asked for

	undecided string // why the test cannot say whether the run is right; empty if it can

	failure  string // the first message that the test failed with
	position string // and where, as "file:line function"
	subtest  string // of which subtest it is; empty if it is the test's own
}

// Name is [testing.T.Name].
func (c *common) Name() string { return c.name }

// Fail is [testing.T.Fail].
func (c *common) Fail() {
	if c.parent != nil {
		c.parent.Fail()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done {
		panic("Fail in goroutine after " + c.name + " has completed")
	}
	c.failed = true
}

// Failed is [testing.T.Failed].
func (c *common) Failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// FailNow is [testing.T.FailNow].
func (c *common) FailNow() {
	c.Fail()
	c.end(false)
}

func (c *common) end(skipped bool) {
	c.mu.Lock()
	c.finished = true
	c.skipped = c.skipped || skipped
	c.mu.Unlock()
	runtime.Goexit()
}

// SkipNow is [testing.T.SkipNow].
func (c *common) SkipNow() { c.end(true) }

// Skipped is [testing.T.Skipped].
func (c *common) Skipped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skipped
}

// Log is [testing.T.Log].
func (c *common) Log(args ...any) { c.record(fmt.Sprintln(args...), false) }

// Logf is [testing.T.Logf].
func (c *common) Logf(format string, args ...any) { c.record(fmt.Sprintf(format, args...), false) }

// Error is [testing.T.Error].
func (c *common) Error(args ...any) {
	c.record(fmt.Sprintln(args...), true)
	c.Fail()
}

// Errorf is [testing.T.Errorf].
func (c *common) Errorf(format string, args ...any) {
	c.record(fmt.Sprintf(format, args...), true)
	c.Fail()
}

// Fatal is [testing.T.Fatal].
func (c *common) Fatal(args ...any) {
	c.record(fmt.Sprintln(args...), true)
	c.FailNow()
}

// Fatalf is [testing.T.Fatalf].
func (c *common) Fatalf(format string, args ...any) {
	c.record(fmt.Sprintf(format, args...), true)
	c.FailNow()
}

// Skip is [testing.T.Skip].
func (c *common) Skip(args ...any) {
	c.record(fmt.Sprintln(args...), false)
	c.SkipNow()
}

// Skipf is [testing.T.Skipf].
func (c *common) Skipf(format string, args ...any) {
	c.record(fmt.Sprintf(format, args...), false)
	c.SkipNow()
}

// Helper is [testing.T.Helper].
func (c *common) Helper() {
	pc, _, _, ok := runtime.Caller(1)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.helpers == nil {
		c.helpers = map[string]bool{}
	}
	c.helpers[runtime.FuncForPC(pc).Name()] = true
}

// record logs a line with the place that it comes from; fails says that the test fails with it.
func (c *common) record(text string, fails bool) {
	c.mu.Lock()
	done := c.done
	at := c.caller()
	c.mu.Unlock()
	text = strings.TrimSuffix(text, "\n")
	if done {
		panic("Log in goroutine after " + c.name + " has completed: " + text)
	}
	text = fmt.Sprintf("%s:%d: %s", at.File[strings.LastIndexByte(at.File, '/')+1:], at.Line, text)
	text = c.run.add(text)
	if fails {
		c.run.fail(c, text, at)
	}
}

// caller is the place outside of this package and of helpers that logs.
func (c *common) caller() runtime.Frame {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs[:])])
	for {
		f, more := frames.Next()
		if !more || !c.isHelper(f.Function) {
			return f
		}
	}
}

func (c *common) isHelper(function string) bool {
	for ; c != nil; c = c.parent {
		if c.helpers[function] {
			return true
		}
	}
	return false
}

// fail notes the first message that the test, or a subtest, fails with.
func (r *run) fail(c *common, message string, at runtime.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == "" {
		if c.parent != nil {
			r.subtest = c.name
		}
		r.failure, r.position = message, fmt.Sprintf("%s:%d %s", at.File, at.Line, at.Function[strings.LastIndexByte(at.Function, '/')+1:])
	}
}

// Output is [testing.T.Output].
func (c *common) Output() io.Writer { return output{c} }

type output struct{ c *common }

func (o output) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		o.c.run.add(strings.TrimSuffix(line, "\n"))
	}
	return len(p), nil
}

// Attr is [testing.T.Attr].
func (c *common) Attr(key, value string) { c.run.add(fmt.Sprintf("attr %s %s %s", c.name, key, value)) }
