package process

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// Command is a child process to be run.
type Command struct {
	Path  string
	Args  []string
	Env   []string // added to that of this process
	Dir   string   // empty is that of this process
	Stdin io.Reader
	// Requests is copied to the child's requests, after the request that Run is given if there is one; nil is no more than that. Who reads it must be able to
	// end: it is not waited for.
	Requests io.Reader
	// Stdout and Stderr get what the child prints, each on a goroutine of its own until Run
	// returns; nil drops it. They should bound what they keep: see [Output].
	Stdout, Stderr io.Writer

	// Patience is how much time of its own the child may spend between two messages; 0 is any.
	Patience time.Duration
	// Grace is how much time of its own a child has to end that is asked to: by an interrupt when
	// the context is done, by SIGQUIT, upon which it shows its stacks, when it hangs. Then, or at
	// once if Grace is 0, it is killed.
	Grace time.Duration
	// Until is when the child is killed if it was asked to end, whatever time of its own it had since; zero is never.
	Until time.Time
	// Memory is how many bytes the child may hold, by its own account; 0 is any.
	Memory int64
	// Bound kills the child when this process ends, however it does, if the system can: for one that does not look for itself,
	// as [Link.Live] does, because it spins, or for what else its goroutines would change.
	Bound bool
}

// How often the supervisor looks, and a child beats.
const interval = 100 * time.Millisecond

// drainTime is how long output is still read after a child has ended: what it wrote is in
// the pipes by then, and only a process that it left behind can keep them open.
const drainTime = time.Second

// maxLine is how many bytes a line may have, in both directions.
const maxLine = 64 << 20

// Run runs the child: sends it request, a line, unless that is nil; calls hear with each of
// its lines but beats, on the caller's goroutine; and returns when it has ended. A child
// whose line hear refuses by an error is killed. If hear is nil, the child gets no descriptors
// but the standard ones, and request must be nil.
//
// An error means that there was no child: see [Exhausted]. Whatever became of one is an Ending.
func (c *Command) Run(ctx context.Context, request []byte, hear func(line []byte) error) (Ending, error) {
	if err := ctx.Err(); err != nil {
		return Ending{}, err
	}
	ch, err := c.start(request, hear != nil)
	if err != nil {
		return Ending{}, err
	}
	w := &watch{command: c, child: ch, hear: hear, liveness: liveness{patience: c.Patience}}
	return w.follow(ctx), nil
}

// child is a process that was started.
type child struct {
	cmd    *exec.Cmd
	pipes  pipes
	lines  chan line     // of its answers; closed when there are no more
	over   chan struct{} // closed when nobody hears lines any more
	exited chan struct{} // closed when the process has ended
	read   chan struct{} // closed when nothing of it is to be read any more
	begun  int64         // bytes of a last line that was not ended; once all is read
}

// start starts the process, and what reads its pipes.
func (c *Command) start(request []byte, linked bool) (*child, error) {
	ch := &child{
		cmd:   exec.Command(c.Path, c.Args...),
		lines: make(chan line), over: make(chan struct{}), exited: make(chan struct{}), read: make(chan struct{}),
	}
	ch.cmd.Env = append(os.Environ(), c.Env...)
	ch.cmd.Dir, ch.cmd.Stdin, ch.cmd.WaitDelay = c.Dir, c.Stdin, drainTime
	ch.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the parent to handle
	if c.Bound {
		bind(ch.cmd.SysProcAttr)
	}
	err := ch.pipes.open(ch.cmd, c.Stdout != nil, c.Stderr != nil, linked)
	if err == nil {
		err = ch.cmd.Start()
	}
	ch.pipes.closeTheirs()
	if err != nil {
		ch.pipes.closeOurs()
		return nil, &startError{err}
	}
	go func() {
		_ = ch.cmd.Wait() // the state says how it has ended
		close(ch.exited)
	}()
	ch.readAll(c)
	switch {
	case c.Requests != nil:
		first := io.Reader(c.Requests)
		if request != nil {
			first = io.MultiReader(bytes.NewReader(append(request[:len(request):len(request)], '\n')), first)
		}
		go func() { _, _ = io.Copy(ch.pipes.requests.ours, first) }() // it fails when the child has gone
	case request != nil:
		// The pipe stays open: its end tells the child that its parent has gone.
		go func() { _, _ = ch.pipes.requests.ours.Write(append(request[:len(request):len(request)], '\n')) }()
	}
	return ch, nil
}

// readAll reads what the child writes, on goroutines that end with its pipes.
func (ch *child) readAll(c *Command) {
	var readers sync.WaitGroup
	if r := ch.pipes.stdout.ours; r != nil {
		readers.Go(func() { _, _ = io.Copy(c.Stdout, r) }) // it fails if the pipe is closed under it
	}
	if r := ch.pipes.stderr.ours; r != nil {
		readers.Go(func() { _, _ = io.Copy(c.Stderr, r) })
	}
	readers.Go(func() {
		defer close(ch.lines)
		if r := ch.pipes.answers.ours; r != nil {
			ch.begun = readLines(r, ch.lines, ch.over)
		}
	})
	go func() {
		readers.Wait()
		close(ch.read)
	}()
}

// signal sends a signal to the child.
func (ch *child) signal(s syscall.Signal) { _ = ch.cmd.Process.Signal(s) } // one that has ended needs none

// killGroup ends the child and all that it started, but for what has left its process group.
// The number of a group whose leader has ended is not given to another process while anything
// is left of the group.
func (ch *child) killGroup() { _ = syscall.Kill(-ch.cmd.Process.Pid, syscall.SIGKILL) }
