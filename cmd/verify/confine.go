package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// grace is how long a confined process may take to end by itself when its time is over.
const grace = 2 * time.Second

// confinement is a child process, by default of this program, that is ended when it takes too
// much: what it runs may neither look at a clock nor give memory back, and may crash.
type confinement struct {
	executable string // "": this program
	args       []string
	input      []byte
	patience   time.Duration // how long it may be silent
}

// message is what a confined process tells its parent, one a line of JSON.
type message struct {
	Answer      json.RawMessage `json:"answer,omitempty"`
	Error       string          `json:"error,omitempty"` // for a person; the last message
	OutOfMemory bool            `json:"outOfMemory,omitempty"`
}

// What ends a confined process before it has answered.
var (
	errOutOfTime   = errors.New("out of time")
	errOutOfMemory = errors.New("out of memory")
)

// diedError says that a confined process has ended without a word: it has crashed, or was killed.
type diedError struct {
	cause error
	said  string // the first line on its standard error
}

func (e *diedError) Error() string {
	text := fmt.Sprintf("the process that judges has died: %v", e.cause)
	if e.said != "" {
		text += ": " + e.said
	}
	return text
}

func (e *diedError) Unwrap() error { return e.cause }

// run runs the process, and calls answer with each of its answers. The error is one of the two above, a
// *diedError, the context's, or what the process says is wrong.
func (c *confinement) run(ctx context.Context, answer func(json.RawMessage) error) error {
	if c.executable == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		c.executable = self
	}
	limited, end := context.WithCancel(ctx)
	defer end()
	cmd := exec.CommandContext(limited, c.executable, c.args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the parent to handle
	cmd.Env = append(os.Environ(), "GOTRACEBACK=single")
	cmd.Stdin = bytes.NewReader(c.input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	var silent atomic.Bool
	timer := time.AfterFunc(c.patience, func() {
		silent.Store(true)
		end()
	})
	defer timer.Stop()
	heard := listen(stdout, func(m json.RawMessage) error {
		timer.Reset(c.patience)
		return answer(m)
	})
	if heard != nil {
		end() // whatever it still does, nobody listens
	}
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case heard != nil:
		return heard
	case silent.Load():
		return errOutOfTime
	case err != nil:
		first, _, _ := strings.Cut(stderr.String(), "\n")
		return &diedError{err, first}
	}
	return nil
}

// listen reads messages until there are no more.
func listen(r io.Reader, answer func(json.RawMessage) error) error {
	decoder := json.NewDecoder(r)
	for {
		var m message
		if decoder.Decode(&m) != nil { // the process has ended, well or not: that is its parent's to find out
			return nil
		}
		switch {
		case m.OutOfMemory:
			return errOutOfMemory
		case m.Error != "":
			return errors.New(m.Error)
		}
		if err := answer(m.Answer); err != nil {
			return err
		}
	}
}

// confined is the process itself: it serves its parent until its work is done, the parent has
// gone, or it holds more than memory MB.
func (a *app) confined(memory int, work func(answer func(any) error) error) error {
	go endWithParent(os.Getppid())
	limit := int64(memory) << 20
	debug.SetMemoryLimit(limit) // collect harder as it comes near
	var mu sync.Mutex
	encoder := json.NewEncoder(a.stdout)
	tell := func(m message) error {
		mu.Lock()
		defer mu.Unlock()
		return encoder.Encode(m)
	}
	go watchMemory(limit, func() {
		_ = tell(message{OutOfMemory: true}) // nobody is left to tell if it fails
		os.Exit(exitInconclusive)
	})
	err := work(func(answer any) error {
		data, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		return tell(message{Answer: data})
	})
	if err != nil {
		return tell(message{Error: err.Error()})
	}
	return nil
}

// watchMemory calls over when the process holds more than limit bytes, those of C code included.
func watchMemory(limit int64, over func()) {
	for range time.Tick(20 * time.Millisecond) {
		if resident() > limit {
			over()
			return
		}
	}
}

// resident is how many bytes of memory the process holds; where the system does not say, how many it
// has ever held.
func resident() int64 {
	if data, err := os.ReadFile("/proc/self/statm"); err == nil {
		if fields := strings.Fields(string(data)); len(fields) > 1 {
			if pages, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
				return pages * int64(os.Getpagesize())
			}
		}
	}
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" { // where it is counted in bytes
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}
