package isolate

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"synchrony/properties"
)

// outcome is how a child ended: with an answer, or by a crash or a hang.
type outcome struct {
	answer *message
	last   properties.Progress // the first it reported of the last case it was busy with
	death  *death              // nil if it answered
}

// death is why a child ended without an answer.
type death struct {
	rule   string // "crash" or "hang"
	reason string // the first line of its last words
	stderr string
}

// maxStderr bounds what is kept of a child's standard error, from its start: a
// crash says there what it is, then dumps stacks without end.
const maxStderr = 64 << 10

// ask starts a child, sends it q, and follows it until it ends. patience is how
// long it may show no sign of life.
func (r *Runner) ask(ctx context.Context, q request, patience time.Duration, progress func(properties.Progress)) (outcome, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return outcome{}, err
	}
	cmd := exec.Command(r.Executable, r.Arguments...)
	cmd.Env = append(os.Environ(), "GOTRACEBACK=all")
	cmd.Env = append(cmd.Env, r.Environment...)
	cmd.Stdin = bytes.NewReader(body)
	stderr := &head{limit: maxStderr}
	cmd.Stderr = stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the parent to handle
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return outcome{}, err
	}
	if err := cmd.Start(); err != nil {
		return outcome{}, fmt.Errorf("cannot start a child process: %w", err)
	}
	lines := make(chan []byte)
	go readLines(stdout, lines)
	o, hung := follow(ctx, cmd, lines, patience, progress)
	werr := cmd.Wait()
	if o.answer != nil {
		return o, nil
	}
	if err := ctx.Err(); err != nil {
		return o, err
	}
	text := stderr.String()
	switch {
	case hung:
		o.death = &death{"hang", fmt.Sprintf("no sign of life for %v", patience), text}
	default:
		o.death = &death{"crash", firstLine(text, fmt.Sprint(werr)), text}
	}
	return o, nil
}

// follow reads a child's lines until it ends, hangs, or ctx is done.
func follow(ctx context.Context, cmd *exec.Cmd, lines <-chan []byte, patience time.Duration, progress func(properties.Progress)) (o outcome, hung bool) {
	watchdog := time.NewTimer(patience)
	defer watchdog.Stop()
	done := ctx.Done()
	var kill <-chan time.Time
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				return o, hung
			}
			var m message
			if json.Unmarshal(line, &m) != nil {
				continue // a system that prints to standard output
			}
			watchdog.Reset(patience)
			if m.Progress != nil {
				progress(*m.Progress)
				// Later signs of the same case come when time has passed; the first does not
				// depend on time.
				if p := *m.Progress; p.Case != o.last.Case || p.Phase != o.last.Phase || p.File != o.last.File {
					o.last = p
				}
			} else if m.Result != nil || m.Exploration != nil || m.Replay != nil || m.Error != nil {
				o.answer = &m
			}
		case <-watchdog.C:
			hung = o.answer == nil
			_ = cmd.Process.Signal(syscall.SIGQUIT) // dumps its stacks and ends
			kill = time.After(3 * time.Second)
		case <-done:
			done = nil
			_ = cmd.Process.Signal(os.Interrupt)
			kill = time.After(5 * time.Second)
		case <-kill:
			_ = cmd.Process.Kill()
		}
	}
}

func readLines(r io.Reader, lines chan<- []byte) {
	defer close(lines)
	s := bufio.NewReader(r)
	for {
		line, err := s.ReadBytes('\n')
		if len(line) > 0 {
			lines <- line
		}
		if err != nil {
			return
		}
	}
}

// head keeps the first bytes written to it, and drops the rest.
type head struct {
	mu    sync.Mutex
	b     bytes.Buffer
	limit int
}

func (h *head) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if room := h.limit - h.b.Len(); room > 0 {
		h.b.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.b.String()
}
