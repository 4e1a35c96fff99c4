package foreign

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"synchrony/models/text"
	"synchrony/properties/isolate/process"
)

// keptOutput is how many bytes are kept of what a program prints, of the beginning and of the end.
const keptOutput = 4 << 10

// session is a program that runs, and answers one request after the other.
type session struct {
	greeting *greeting
	patience time.Duration
	out      chan []byte // requests to be sent
	lines    chan []byte // what the program says; it is not read ahead
	end      context.CancelFunc
	over     chan struct{} // closed when the process has ended
	output   *process.Output
	asked    int

	ending process.Ending // once it is over
	err    error
}

// start starts a program, and waits for its greeting.
func start(ctx context.Context, command []string, patience time.Duration) (*session, error) {
	ctx, end := context.WithCancel(ctx)
	requests, sender := io.Pipe()
	s := &session{
		patience: patience, out: make(chan []byte), lines: make(chan []byte), end: end, over: make(chan struct{}), output: process.NewOutput(keptOutput),
	}
	go func() { // a program may never read
		for {
			select {
			case line := <-s.out:
				if _, err := sender.Write(append(line, '\n')); err != nil {
					return
				}
			case <-s.over:
				return
			}
		}
	}()
	c := process.Command{Path: command[0], Args: command[1:], Requests: requests, Stdout: s.output, Stderr: s.output, Bound: true}
	go func() {
		defer close(s.over)
		defer requests.Close()
		s.ending, s.err = c.Run(ctx, nil, func(line []byte) error {
			select {
			case s.lines <- line:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	line, err := s.next(time.NewTimer(patience))
	if err == nil {
		s.greeting, err = parseGreeting(line)
	} else {
		err = s.ungreeted(command[0], err)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// ungreeted is why there was no first line, and what to do. The process is over.
func (s *session) ungreeted(path string, err error) error {
	switch {
	case s.err != nil:
		if hint := whyNotStarted(path, s.err); hint != "" {
			return fmt.Errorf("%w: %s", err, hint)
		}
		return err
	case bytes.Contains(s.output.Bytes(), []byte(`"protocol"`)):
		return fmt.Errorf("%w; it has printed its greeting, which is read from descriptor 4 only, as all answers are: see docs/protocol.md", err)
	case !s.ending.Clean() && !errors.As(err, new(*lateError)): // it had troubles of its own
		return err
	}
	return fmt.Errorf("%w; its greeting is read from descriptor 4, as all answers are: see docs/protocol.md", err)
}

// whyNotStarted says more of why the system did not start a program, and what to do; empty if there is no more to say.
func whyNotStarted(path string, err error) string {
	info, stat := os.Stat(path)
	switch {
	case errors.Is(err, syscall.ENOEXEC):
		return fmt.Sprintf("%s has no first line such as #!/usr/bin/env python3, and is no program for this machine: write that line, or name what runs it, as in \"python3 %s\"", path, path)
	case stat != nil:
		return ""
	case info.IsDir():
		return fmt.Sprintf("%s is a folder: name the program", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("%s, or what its #! line names, is not executable: make it so with chmod +x, or name what runs it, as in \"python3 %s\"", path, path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("%s is there, but what its #! line names is not: mend that line, or name what runs it, as in \"python3 %s\"", path, path)
	}
	return ""
}

// next is the next line of the program's.
func (s *session) next(late *time.Timer) ([]byte, error) {
	defer late.Stop()
	select {
	case line := <-s.lines:
		return line, nil
	case <-late.C:
		return nil, s.late("it has said nothing for %v", s.patience)
	case <-s.over:
		return nil, s.gone()
	}
}

// ask sends a request, and returns the answer. After an error the program is not to be asked again.
func (s *session) ask(r request) (*answer, error) {
	s.asked++
	r.ID = s.asked
	line, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	late := time.NewTimer(s.patience)
	select {
	case s.out <- line:
	case <-late.C:
		return nil, s.late("it has not read what it was asked for %v", s.patience)
	case <-s.over:
		return nil, s.gone()
	}
	got, err := s.next(late)
	if err != nil {
		return nil, err
	}
	return parseAnswer(got, &r)
}

// lateError is a program that has not answered in time.
type lateError struct{ why string }

func (e *lateError) Error() string { return e.why }

// late ends a program that has not answered in time. The error is as told, unless it had begun to say something.
func (s *session) late(format string, args ...any) error {
	s.close()
	if n := s.ending.Begun; n > 0 {
		return &lateError{fmt.Sprintf("it has begun a line, of %s so far, and not ended it within %v", text.Plural(int(n), "byte"), s.patience)}
	}
	return &lateError{fmt.Sprintf(format, args...)}
}

// gone is why the process is over.
func (s *session) gone() error {
	why := s.err
	switch {
	case why != nil:
	case s.ending.Refusal != nil:
		why = s.ending.Refusal
	default:
		why = errors.New("it has ended: " + s.ending.String())
		if n := s.ending.Begun; n > 0 {
			why = fmt.Errorf("%w; it had begun a line, of %s, and not ended it", why, text.Plural(int(n), "byte"))
		}
	}
	if said := lastLine(string(s.output.Bytes())); said != "" {
		why = fmt.Errorf("%w; the last that it printed is: %s", why, said)
	}
	return why
}

// lastLine is the last line of a text that says something.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(strings.ToValidUTF8(text, "")), "\n")
	return fmt.Sprintf("%.200s", strings.TrimSpace(lines[len(lines)-1]))
}

// close ends the process.
func (s *session) close() {
	s.end()
	<-s.over
}
