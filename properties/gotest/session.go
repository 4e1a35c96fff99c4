package gotest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	protocol "synchrony/executor/shim/testing"
	"synchrony/properties/isolate/process"
)

// binary is a test binary.
type binary struct {
	path, dir string
	identity  string // of its content
	race      bool
	patience  time.Duration
}

// session is a process of a test binary that does what it is asked, one request after the other.
type session struct {
	again    func(context.Context) (*session, error) // starts another one like it
	requests *os.File
	theirs   *os.File // the other end
	answers  chan protocol.Answer
	closing  context.CancelFunc
	over     chan struct{} // closed when the process has ended
	output   *process.Output
	logs     string // folder of the race detector's reports

	ending  process.Ending // once it is over
	err     error
	greeted bool // it had come to serve requests: init functions, and what TestMain does first, were over
}

// dumpTime is how much time of its own a process has to show its stacks.
const dumpTime = 2 * time.Second

// keptOutput is how much of what a process prints is kept, of the beginning and of the end.
const keptOutput = 16 << 10

// start starts a process of the binary, with the given environment and arguments beside its own.
func (b *binary) start(ctx context.Context, env, args []string) (*session, error) {
	s := &session{answers: make(chan protocol.Answer), over: make(chan struct{}), output: process.NewOutput(keptOutput)}
	var err error
	if s.theirs, s.requests, err = os.Pipe(); err != nil {
		return nil, err
	}
	given := env
	s.again = func(ctx context.Context) (*session, error) { return b.start(ctx, given, args) }
	env = append([]string{"VERIFY_TEST_FD=4"}, env...)
	if b.race {
		if s.logs, err = os.MkdirTemp("", "verify-race-"); err != nil {
			s.theirs.Close()
			s.requests.Close()
			return nil, err
		}
		env = append(env, raceOptions(filepath.Join(s.logs, "log")))
	}
	command := process.Command{
		Path: b.path, Args: args, Env: env, Dir: b.dir, Stdin: s.theirs, Stdout: s.output, Stderr: s.output, Patience: b.patience, Grace: dumpTime,
		// A test may spin, and a goroutine of the binary's own that looks for the parent would hide from the Go runtime that all others wait.
		Bound: true,
	}
	ctx, s.closing = context.WithCancel(ctx)
	go func() {
		defer close(s.over)
		s.ending, s.err = command.Run(ctx, nil, func(line []byte) error { return s.hear(ctx, line) })
	}()
	return s, nil
}

// raceOptions make the detector report every race, of every run of a process, where its parent finds it.
func raceOptions(log string) string {
	return "GORACE=exitcode=0 halt_on_error=0 atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0 log_path=" + log
}

// hear takes a line of an answer.
func (s *session) hear(ctx context.Context, line []byte) error {
	a, err := parseAnswer(line)
	if err != nil {
		return err
	}
	if a.Version != 0 {
		s.greeted = true
		return nil
	}
	select {
	case s.answers <- *a:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// diedError is a process that ended before it had answered.
type diedError struct {
	ending  process.Ending
	output  []string                                      // the last lines that it printed
	greeted bool                                          // a test had begun
	request protocol.Request                              // that it has not answered
	again   func(context.Context, protocol.Request) error // asks another process
}

func (e *diedError) Error() string { return "the test's process ended: " + e.ending.String() }

// ask sends a request, and returns what it found. progress is told how many schedules were tried.
func (s *session) ask(r protocol.Request, progress func(schedules int)) (findings []protocol.Finding, done protocol.Done, err error) {
	line, err := json.Marshal(r)
	if err != nil {
		return nil, done, err
	}
	// A request may be more than a pipe holds, and the process may never read it.
	wrote := make(chan error, 1)
	go func() {
		_, err := s.requests.Write(append(line, '\n'))
		wrote <- err
	}()
	for {
		select {
		case err := <-wrote:
			if err != nil {
				<-s.over
				return findings, done, s.ended(r)
			}
			wrote = nil
		case a := <-s.answers:
			switch {
			case a.Error != "":
				return findings, done, fmt.Errorf("the test binary: %s", a.Error)
			case a.Finding != nil:
				findings = append(findings, *a.Finding)
			case a.Progress != nil:
				progress(a.Progress.Schedules)
			case a.Done != nil:
				return findings, *a.Done, nil
			}
		case <-s.over:
			return findings, done, s.ended(r)
		}
	}
}

// ended is why the process is over that was asked for r.
func (s *session) ended(r protocol.Request) error {
	if s.err != nil {
		return s.err
	}
	if s.ending.Refusal != nil {
		return s.ending.Refusal
	}
	var printed []string
	if text := strings.TrimRight(string(s.output.Bytes()), "\n"); text != "" {
		printed = strings.Split(text, "\n")
	}
	return &diedError{s.ending, printed, s.greeted, r, func(ctx context.Context, r protocol.Request) error {
		other, err := s.again(ctx)
		if err != nil {
			return err
		}
		defer other.close()
		_, _, err = other.ask(r, func(int) {})
		return err
	}}
}

// repeat asks another process for the same.
func (e *diedError) repeat(ctx context.Context) error { return e.again(ctx, e.request) }

// firstToo reports whether another process ends in the same way in the first of the schedules that were asked for.
func (e *diedError) firstToo(ctx context.Context) bool {
	r := e.request
	if r.Search == nil || r.Search.First > 0 || r.Search.Strategy != "" {
		return false
	}
	first := *r.Search
	first.Schedules, first.Explore = 1, false
	r.Search = &first
	var other *diedError
	return errors.As(e.again(ctx, r), &other) && other.ending.Cause == e.ending.Cause
}

// close ends the process, and removes what it has left behind.
func (s *session) close() {
	s.requests.Close()
	s.closing()
	<-s.over
	s.theirs.Close()
	if s.logs != "" {
		_ = os.RemoveAll(s.logs) // a folder of temporary files
	}
}
