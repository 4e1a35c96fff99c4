package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"synchrony/properties/evidence"
	"synchrony/properties/isolate/process"
)

// grace is how long a confined process may take to end by itself when its time is over.
const grace = 2 * time.Second

// confinement is a child process, by default of this program, that is ended when it takes too
// much: what it runs may neither look at a clock nor give memory back, and may crash.
type confinement struct {
	executable string // "": this program
	args       []string
	input      io.Reader     // nil is nothing
	patience   time.Duration // how long it may be silent
	inAll      bool          // patience is for all of it, whatever it says meanwhile
	memory     int           // MB that it may hold
	// more is how much more patience there is, when it is at its end, than was said before; nil is none.
	more func() time.Duration
}

// message is what a confined process tells its parent, one a line of JSON.
type message struct {
	Answer json.RawMessage `json:"answer,omitempty"`
	Error  string          `json:"error,omitempty"` // for a person; the last message
}

// What ends a confined process before it has answered.
var (
	errOutOfTime   = errors.New("out of time")
	errOutOfMemory = errors.New("out of memory")
)

// diedError says that a confined process has ended without a word: it has crashed, or was killed.
type diedError struct {
	how  string
	said string // the line that says why
}

func (e *diedError) Error() string {
	text := "the process that judges has died: " + e.how
	if e.said != "" {
		text += ": " + e.said
	}
	return text
}

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
	limited, end := context.WithCancelCause(ctx)
	defer end(nil)
	// A person who gives a time means that of the clock on the wall.
	var timer *time.Timer
	var known sync.Mutex // the timer is
	known.Lock()
	timer = time.AfterFunc(c.patience, func() {
		known.Lock()
		defer known.Unlock()
		if c.more != nil {
			if more := c.more(); more > time.Second {
				timer.Reset(more)
				return
			}
		}
		end(errOutOfTime)
	})
	known.Unlock()
	defer timer.Stop()
	words := &evidence.Words{Printed: io.Discard}
	command := process.Command{
		Path: c.executable, Args: c.args, Env: []string{"GOTRACEBACK=single"}, Stdin: c.input, Stderr: words,
		Memory: int64(c.memory) << 20,
	}
	said := error(nil)
	e, err := command.Run(limited, nil, func(line []byte) error {
		if !c.inAll {
			timer.Reset(c.patience)
		}
		var m message
		switch err := json.Unmarshal(line, &m); {
		case err != nil:
			return fmt.Errorf("the process that judges has said what is not understood: %.80q", line)
		case m.Error != "":
			said = errors.New(m.Error)
			return nil
		}
		return answer(m.Answer)
	})
	reason, _ := words.Crash()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case e.Cause == process.Refused:
		return e.Refusal
	case said != nil:
		return said
	case e.Cause == process.TooLarge || words.Exhausted() == errOutOfMemory.Error():
		return errOutOfMemory
	case context.Cause(limited) == errOutOfTime:
		return errOutOfTime
	case err != nil:
		return err
	case !e.Clean():
		return &diedError{e.String(), reason}
	}
	return nil
}

// confined is the process itself: it serves its parent until its work is done, the parent has
// gone, or it holds more than memory MB.
func (a *app) confined(memory int, work func(answer func(any) error) error) error {
	link, err := process.Attach()
	if err != nil {
		return err
	}
	link.Live(int64(memory) << 20)
	err = work(func(answer any) error {
		data, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		return link.Send(message{Answer: data})
	})
	if err != nil {
		return link.Send(message{Error: err.Error()})
	}
	return nil
}
