package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/properties/gotest"
)

// debugger is what --debug prints a command of.
const debugger = "dlv"

// debugCommand is verify replay FILE --debug: it prints the command that runs a counterexample in the debugger.
func (a *app) debugCommand(ctx context.Context, file string) error {
	c, err := loadCounterexample(file)
	if err != nil {
		return err
	}
	if gotest.IsOf(c) {
		o := &testOptions{replay: file}
		o.Debug = true
		l, err := gotest.Load(ctx, o.Options, file, c)
		if err != nil {
			return err
		}
		return a.printDebug(l, debugger)
	}
	_, walk, err := a.walk(ctx, file)
	if err != nil {
		return err
	}
	step, ok := stopAt(walk)
	if !ok {
		return fmt.Errorf("%s: no step of it has a place in the source", file)
	}
	main, from := buildPath(), ""
	if folder := mainFolder(); folder != "" {
		here, err := os.Getwd()
		if err != nil {
			return err
		}
		main, from = ". --wd "+text.QuoteWord(here), "cd "+text.QuoteWord(folder)+" && " // it runs where it runs now
	}
	if main == "" {
		return errors.New("--debug does not know the package of this program: build it with go build PACKAGE, and run that")
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	place, _ := sched.SplitPosition(walk.Stacks[step][0])
	fmt.Fprintf(a.stdout, "# stops at step %d: %s %s\n", step, walk.Name(walk.Steps[step].Task), walk.Deeds[step])
	script := fmt.Sprintf(`break failing %s\ncondition -hitcount failing == %d\ncontinue\n`, place, hits(walk, step))
	fmt.Fprintf(a.stdout, "%s%s debug %s --init <(printf %s) -- replay --step %s\n", from, debugger, main, text.QuoteWord(script), text.QuoteWord(absolute))
	return nil
}

// walk is the execution of a property's counterexample, with what its file says.
func (a *app) walk(ctx context.Context, file string) (*properties.Counterexample, *properties.Walk, error) {
	c, err := loadCounterexample(file)
	if err != nil {
		return nil, nil, err
	}
	if gotest.IsOf(c) {
		return nil, nil, fmt.Errorf("%s: it is of a test, which runs in a program of its own: --debug prints the command that debugs it", file)
	}
	check, known := a.registry.Lookup(c.Property)
	if !known {
		return nil, nil, a.undefined(file, c)
	}
	of, ok := check.(properties.Walker)
	if !ok {
		return nil, nil, fmt.Errorf("%s: executions of %s cannot be walked through", file, c.Property)
	}
	type walked struct {
		walk *properties.Walk
		err  error
	}
	defer a.tellLong(file, c)()
	done := make(chan walked, 1) // a run in this process hears of no signal
	go func() {
		walk, err := of.Walk(ctx, c)
		done <- walked{walk, err}
	}()
	select {
	case w := <-done:
		if w.err != nil {
			return nil, nil, named(file, w.err)
		}
		return c, w.walk, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// silence is how long a replay says nothing.
const silence = 2 * time.Second

// tellLong says what a replay is about that takes long, until the function that it returns is called.
func (a *app) tellLong(file string, c *properties.Counterexample) (stop func()) {
	began := fmt.Sprintf("verify: %s is being replayed", file)
	if c.Rule == sched.Livelock.String() {
		began += ": a run that does not end takes all the steps that it may, several times over"
	}
	timer := time.AfterFunc(silence, func() { fmt.Fprintln(a.stderr, began) })
	return func() { timer.Stop() }
}

// loadCounterexample reads a counterexample. An error says which file cannot be read.
func loadCounterexample(file string) (*properties.Counterexample, error) {
	c, err := properties.LoadCounterexample(file)
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return nil, fmt.Errorf("cannot read %s: %w", file, pathErr.Err)
	}
	return c, err
}

// stopAt is the step to stop at: the last at which the schedule leaves the default, or the first after it of the same task that has a place in the
// source; where it never leaves it, the last step that has one.
func stopAt(w *properties.Walk) (step int, ok bool) {
	last := -1
	for k := range w.Steps {
		if w.Deviates[k] {
			last = k
		}
	}
	if last >= 0 {
		for k := last; k < len(w.Steps); k++ {
			if w.Steps[k].Task == w.Steps[last].Task && len(w.Stacks[k]) > 0 {
				return k, true
			}
		}
	}
	for k := len(w.Steps) - 1; k >= 0; k-- {
		if len(w.Stacks[k]) > 0 {
			return k, true
		}
	}
	return 0, false
}

// hits is how often the place of a step had been reached when the step was announced, itself the last. A task announces a step right
// after it took the one before, so that of two steps that is first announced whose task took its step before first.
func hits(w *properties.Walk, step int) int {
	announced := make([]int, len(w.Steps)) // by step: the one before it, of its task
	last := map[int32]int{}
	for k, s := range w.Steps {
		announced[k] = last[s.Task]
		last[s.Task] = k
	}
	n := 0
	for k := range w.Steps {
		if len(w.Stacks[k]) > 0 && w.Stacks[k][0] == w.Stacks[step][0] && announced[k] <= announced[step] && w.Steps[k].Op != schedule.OpBegin {
			n++
		}
	}
	return n
}
