package isolate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"synchrony/properties"
)

// request is what a parent asks of a child: to run a property, to explore cases, or to
// replay a counterexample.
type request struct {
	Property string                  `json:"property"`
	Spec     *properties.Spec        `json:"spec,omitempty"`
	Explore  *properties.ExploreSpec `json:"explore,omitempty"`
	Replay   string                  `json:"replay,omitempty"` // a counterexample's text
	Name     string                  `json:"name,omitempty"`   // and its file's name
}

// message is a line of a child's answer; one field is set.
type message struct {
	Progress    *properties.Progress    `json:"progress,omitempty"`
	Result      *properties.Result      `json:"result,omitempty"`
	Exploration *properties.Exploration `json:"exploration,omitempty"`
	Replay      *properties.Replay      `json:"replay,omitempty"`
	Error       *failure                `json:"error,omitempty"`
}

// failure is an error of the harness, as far as it can cross a process border.
type failure struct {
	Text  string `json:"text"`
	Saved string `json:"saved,omitempty"` // the text of a *properties.SaveError
}

func (f *failure) err() error {
	if f.Saved != "" {
		return &properties.SaveError{Err: errors.New(f.Text), Text: f.Saved}
	}
	return errors.New(f.Text)
}

func toFailure(err error) *failure {
	f := &failure{Text: err.Error()}
	var save *properties.SaveError
	if errors.As(err, &save) {
		f.Text, f.Saved = save.Err.Error(), save.Text
	}
	return f
}

// Serve is a child's whole life: it answers one request from in on out.
func Serve(ctx context.Context, in io.Reader, out io.Writer, lookup func(id string) (properties.Testable, bool)) error {
	dumpOnQuit()
	var q request
	if err := json.NewDecoder(in).Decode(&q); err != nil {
		return fmt.Errorf("child: reading the request: %w", err)
	}
	w := json.NewEncoder(out)
	answer, err := serve(ctx, q, lookup, func(p properties.Progress) {
		_ = w.Encode(message{Progress: &p}) // a parent that is gone is noticed below
	})
	if err != nil {
		answer = message{Error: toFailure(err)}
	}
	return w.Encode(answer)
}

func serve(ctx context.Context, q request, lookup func(id string) (properties.Testable, bool), progress func(properties.Progress)) (message, error) {
	check, ok := lookup(q.Property)
	if !ok {
		return message{}, fmt.Errorf("there is no property %q", q.Property)
	}
	if q.Spec != nil {
		r, err := check.Run(ctx, *q.Spec, progress)
		return message{Result: &r}, err
	}
	if q.Explore != nil {
		x, err := check.Explore(ctx, *q.Explore, progress)
		return message{Exploration: &x}, err
	}
	c, err := properties.ParseCounterexample(q.Name, []byte(q.Replay))
	if err != nil {
		return message{}, err
	}
	r, err := check.Replay(ctx, c)
	return message{Replay: &r}, err
}

// dumpOnQuit makes a SIGQUIT, which is how the watchdog asks a child that hangs
// what it is doing, print all stacks. The Go runtime would do so too, but cannot
// show the stack of a goroutine that is running on another thread; this stops the
// world first.
func dumpOnQuit() {
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGQUIT)
	go func() {
		<-quit
		stacks := make([]byte, maxStderr)
		_, _ = os.Stderr.Write(stacks[:runtime.Stack(stacks, true)]) // there is nobody to tell if it fails
		os.Exit(2)
	}()
}
