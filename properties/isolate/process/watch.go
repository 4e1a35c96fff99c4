package process

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"syscall"
	"time"
)

// watch follows a child until it has ended. It is in one of three states: the child runs; it
// was asked to end, for a cause that stays; it has ended. A child that was asked is killed
// when it has had its grace, so that the last state is always reached.
type watch struct {
	command  *Command
	child    *child
	hear     func(line []byte) error
	liveness liveness

	ended  bool // the process has, though not all was read that it wrote
	ending Ending
}

// follow is the watch, from start to end.
func (w *watch) follow(ctx context.Context) Ending {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	lines, done := w.child.lines, ctx.Done()
	var late <-chan time.Time
	if !w.command.Until.IsZero() {
		late = time.After(time.Until(w.command.Until))
	}
	for {
		select {
		case l, ok := <-lines:
			if !ok {
				lines = nil
				continue
			}
			w.line(l)
		case <-ticker.C:
			w.look()
		case <-done:
			done = nil
			w.end(Cancelled, syscall.SIGINT)
		case <-late:
			if w.ending.Cause != 0 {
				w.child.killGroup()
			}
		case <-w.child.exited:
			w.drain(lines)
			return w.conclude()
		}
	}
}

// end asks the child to end, unless it was asked before.
func (w *watch) end(cause Cause, signal syscall.Signal) {
	if w.ending.Cause != 0 {
		return
	}
	w.ending.Cause = cause
	if w.command.Grace <= 0 || signal == syscall.SIGKILL {
		w.child.killGroup()
		return
	}
	w.child.signal(signal)
	w.liveness.allow(w.command.Grace)
}

// line takes a line of the child's.
func (w *watch) line(l line) {
	if w.ending.Refusal != nil {
		return
	}
	b, isBeat, err := parseBeat(l)
	switch {
	case err != nil:
		w.refuse(err)
	case isBeat:
		w.liveness.beat(b)
		if w.command.Memory > 0 && b.Memory > w.command.Memory {
			w.end(TooLarge, syscall.SIGKILL)
		}
		w.judge()
	default:
		if w.ending.Cause == 0 { // one that was asked to end has its grace, whatever it goes on with
			w.liveness.progress()
		}
		if err := w.hear(l.text); err != nil {
			w.refuse(err)
		}
	}
}

func (w *watch) refuse(err error) {
	if w.ending.Cause == 0 {
		w.ending.Refusal = err
	}
	w.end(Refused, syscall.SIGKILL)
}

// beatPrefix begins every beat, and no other line.
var beatPrefix = []byte(`{"beat":`)

// parseBeat reads a line that is a beat.
func parseBeat(l line) (b Beat, isBeat bool, err error) {
	if l.err != nil || !bytes.HasPrefix(l.text, beatPrefix) {
		return b, false, l.err
	}
	var m struct{ Beat *Beat }
	if err := json.Unmarshal(l.text, &m); err != nil || m.Beat == nil {
		return b, false, fmt.Errorf("it has written a beat that is none: %.80q", l.text)
	}
	return *m.Beat, true, nil
}

// look looks at the child from outside.
func (w *watch) look() {
	w.liveness.look(observe(w.child.cmd.Process.Pid, start))
	w.judge()
}

// start is when this process's clock began, for what it sees of others.
var start = time.Now()

// judge ends a child that has had its time.
func (w *watch) judge() {
	switch cause := w.liveness.over(); {
	case w.ended || cause == 0:
	case w.ending.Cause != 0:
		w.child.killGroup()
	case cause == Hung:
		w.end(Hung, syscall.SIGQUIT)
	case cause == Suspended:
		w.end(Suspended, syscall.SIGKILL)
	}
}

// drain ends what is left of the child, and takes what it wrote before it ended.
func (w *watch) drain(lines <-chan line) {
	w.ended = true
	w.child.killGroup()
	late := time.After(drainTime)
	for open := true; open; {
		select {
		case l, ok := <-lines:
			if !ok {
				lines = nil
				continue
			}
			w.line(l)
		case <-w.child.read:
			open = false
		case <-late: // somebody else holds a pipe
			open = false
		}
	}
	close(w.child.over)
	w.child.pipes.closeOurs()
	<-w.child.read
}

// conclude says how the child ended.
func (w *watch) conclude() Ending {
	state := w.child.cmd.ProcessState
	w.ending.Code, w.ending.Begun = state.ExitCode(), w.child.begun
	if s, ok := state.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		w.ending.Signal = s.Signal()
	}
	return w.ending
}
