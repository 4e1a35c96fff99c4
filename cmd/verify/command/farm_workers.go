package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties/farm"
	"synchrony/properties/isolate/process"
)

// workCommand does the tasks of farms.
func (a *app) workCommand() *cobra.Command {
	var server serverOptions
	var jobs int
	var source string
	var attached bool
	cmd := &cobra.Command{
		Use:   "work",
		Short: "Do the tasks of farms, on this machine",
		Long: `Do the tasks of all campaigns of "verify farm" on a server, until it is ended by
Ctrl-C or SIGTERM: tasks that are under way then are handed back. It may come and go at
any time; a task that it does not end goes to another worker.

All workers must be of the build of verify that has submitted the campaign: another one
is refused. For "verify farm mutants" they also need the source of this program, and for
"verify farm test" the module whose tests are searched, where they are started or in
--source: one whose source is another is refused, too.

Exit codes: 0 it was ended; 2 wrong use, or it cannot work for the server.`,
		Example: `  verify work --server nats://farm:4222
  verify work --server tls://farm:4222 --creds farm.creds --jobs 8`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case server.URL == "":
				return wrongUse(cmd, "for which farm? --server names its NATS server")
			case cmd.Flags().Changed("jobs") && jobs < 1:
				return wrongUse(cmd, "--jobs is %d, and must be at least 1", jobs)
			}
			if jobs == 0 {
				jobs = runtime.NumCPU()
			}
			if err := server.check(cmd); err != nil {
				return err
			}
			ctx, cancel := context.WithCancel(cmd.Context())
			defer cancel()
			if attached {
				go func() {
					_, _ = io.Copy(io.Discard, a.stdin)
					cancel()
				}()
			}
			return a.work(ctx, &server, jobs, source, attached)
		},
	}
	server.flags(cmd.Flags())
	cmd.Flags().IntVar(&jobs, "jobs", 0, "tasks that are done at once (default: as many as processors)")
	cmd.Flags().StringVar(&source, "source", "", "`folder` of the source that tasks are about: the program's, for mutants; a module's, for its tests (default: found from the working directory)")
	cmd.Flags().BoolVar(&attached, "attached", false, "end when standard input does")
	if err := cmd.Flags().MarkHidden("attached"); err != nil {
		panic(err) // there is no such flag
	}
	return cmd
}

// work is verify work, once its options are known to be right.
func (a *app) work(ctx context.Context, server *serverOptions, jobs int, source string, attached bool) error {
	build, err := identity()
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "somewhere"
	}
	runner, err := a.newRunner(0)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s:%d", host, os.Getpid())
	n := &notes{w: a.stderr}
	conn, err := connectWorker(ctx, server.Server, "verify work on "+name, attached, n.say)
	if err != nil {
		return err
	}
	defer conn.Close()
	crew := &farm.Crew{
		Conn: conn, Build: build, Name: name, Jobs: jobs, Tell: n.say,
		Executor: func(patience time.Duration, memory int64) farm.Executor {
			return runner.Limited(patience, memory)
		},
		Open: func(ctx context.Context, kind string, setting json.RawMessage) (farm.Handler, error) {
			return a.openHandler(ctx, kind, source, setting)
		},
	}
	return crew.Work(ctx)
}

// connectWorker connects to a server. One that belongs to a command waits for a server that is away: the command is connected to it, or was.
func connectWorker(ctx context.Context, server farm.Server, name string, attached bool, say func(string)) (*farm.Conn, error) {
	for told := ""; ; {
		conn, err := farm.Connect(ctx, server, name)
		if err == nil || !attached || !farm.Away(err) || ctx.Err() != nil {
			return conn, err
		}
		if text := err.Error(); text != told {
			told = text
			say("it waits: " + text)
		}
		if !pause(ctx, time.Second) {
			return nil, ctx.Err()
		}
	}
}

// openHandler opens what handles the requests of a campaign, with source code from a folder; empty is the working directory.
func (a *app) openHandler(ctx context.Context, kind, source string, setting json.RawMessage) (farm.Handler, error) {
	switch kind {
	case mutantsKind:
		return a.openMutants(ctx, source, setting)
	case testsKind:
		return openTests(ctx, source, setting)
	case checkKind:
		return checkHandler{}, nil
	case autoKind:
		return a.openAuto(ctx, source, setting)
	}
	return nil, fmt.Errorf("its tasks are of a kind that is not known here, %q", kind)
}

// workers are the processes of a campaign on this machine that do its tasks.
type workers struct {
	notes   *notes
	useless func(error)  // called when none of them can work
	left    atomic.Int32 // of them, those of which that is not known
	cancel  context.CancelFunc
	running sync.WaitGroup
	input   [2]*os.File // standard input of all of them: it ends when this process does, whatever ends it
}

// workerGrace is how much time a worker has to hand back what it has: more than a mutant's process has to end, so that the worker can remove what it has built.
const workerGrace = 15 * time.Second

// startWorkers starts n workers, which build from the source in a folder; empty is the working directory. One that ends is started anew, but for one that
// cannot work; when none can, useless is called.
func (a *app) startWorkers(n int, server farm.Server, source string, say *notes, useless func(error)) (*workers, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	w := &workers{notes: say, useless: useless}
	w.left.Store(int32(n))
	if w.input[0], w.input[1], err = os.Pipe(); err != nil {
		return nil, err
	}
	args := []string{"work", "--no-config", "--attached", "--jobs", "1"}
	for _, f := range []struct{ flag, value string }{
		{"server", server.URL}, {"creds", server.Credentials}, {"nkey", server.NKey}, {"tls-ca", server.CA}, {"tls-cert", server.Certificate}, {"tls-key", server.Key}, {"source", source},
	} {
		if f.value != "" {
			args = append(args, "--"+f.flag, f.value)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	for range n {
		w.running.Go(func() { w.keep(ctx, self, args) })
	}
	return w, nil
}

// errUseless says that there is nobody who could do the work.
var errUseless = errors.New("no worker on this machine can work for the campaign; why is above")

// keep keeps one worker running until ctx is done.
func (w *workers) keep(ctx context.Context, self string, args []string) {
	for {
		said := &lines{say: func(line string) {
			if ctx.Err() == nil { // one that is to end need not say that it does
				w.notes.say("a worker: " + strings.TrimPrefix(line, "verify: "))
			}
		}}
		command := process.Command{Path: self, Args: args, Stdin: w.input[0], Stderr: said, Grace: workerGrace}
		e, err := command.Run(ctx, nil, nil)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			w.notes.say("a worker cannot be started: " + err.Error())
			return
		case e.Code == exitError:
			w.notes.say("a worker on this machine ended, and is not started again: see above")
			if w.left.Add(-1) == 0 {
				w.useless(errUseless)
			}
			return
		}
		w.notes.say(fmt.Sprintf("a worker on this machine ended (%v), and is started again", &e))
	}
}

// stop ends all workers.
func (w *workers) stop() {
	w.cancel()
	w.running.Wait()
	_ = w.input[1].Close() // pipes of processes that are no more
	_ = w.input[0].Close()
}

// lines says each line that is written.
type lines struct {
	say  func(string)
	rest []byte // of a line that has not ended
}

func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, ended := bytes.Cut(l.rest, []byte("\n"))
		if !ended {
			return len(p), nil
		}
		l.say(string(line))
		l.rest = rest
	}
}
