package isolate_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/properties"
	"synchrony/properties/catalogue/broken"
	"synchrony/properties/isolate"
)

// hostile is a system that does to its process what nobody should, and the verdict on it.
type hostile struct {
	name string
	want string // what the verdict, in words, holds
	add  func(rt *sched.Runtime, c *broken.Counter, worker int)

	patience time.Duration // 0 is 10 s: it must not matter
	memory   int64         // bytes; 0 is any
	cases    int           // 0 is 8: in the first eight there are runs with a third worker
}

// all are the hostile systems.
func all() []hostile {
	var list []hostile
	for _, group := range [][]hostile{printing(), forging(), ending(), panicking(), hanging(), starving(), forking(), tampering(), misusing()} {
		list = append(list, group...)
	}
	return list
}

// third is a system whose third worker does something before it adds.
func third(f func()) func(*sched.Runtime, *broken.Counter, int) {
	return func(rt *sched.Runtime, c *broken.Counter, worker int) {
		if worker == 2 {
			f()
		}
		c.Add(rt)
	}
}

func lookup(id string) (properties.Testable, bool) {
	for _, h := range all() {
		if p := broken.New(h.name, h.add); p.Info().ID == id {
			return p, true
		}
	}
	return nil, false
}

// serveName makes this test binary a child.
const serveName = "serve"

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == serveName {
		if err := flag.CommandLine.Parse(nil); err != nil { // rapid's settings
			panic(err)
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		if err := isolate.Serve(ctx, lookup); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		os.Exit(0)
	}
	// A system sends it to its parent.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM)
	os.Exit(m.Run())
}

func newRunner(t *testing.T, h hostile) *isolate.Runner {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := &isolate.Runner{Executable: self, Arguments: []string{serveName}, Patience: 10 * time.Second, Memory: h.memory, Lookup: lookup}
	r.Environment = []string{
		markEnv + "=" + filepath.Join(t.TempDir(), "mark"),
		"GORACE=atexit_sleep_ms=0", // with the race detector, a process takes a second to end
	}
	if h.patience > 0 {
		r.Patience = h.patience
	}
	return r
}

// run runs a hostile system, with few schedules and without shrinking unless spec says more.
func run(ctx context.Context, t *testing.T, h hostile, spec properties.Spec) (properties.Result, error) {
	if spec.Count = h.cases; spec.Count == 0 {
		spec.Count = 8
	}
	spec.Seed, spec.Budget.Single, spec.Budget.Random = 1, 4, 2
	return newRunner(t, h).Run(ctx, "broken-"+h.name, spec, func(properties.Progress) {})
}

// said is a verdict in words.
func said(r properties.Result, err error) string {
	switch {
	case err != nil:
		return "error: " + err.Error()
	case len(r.Failures) > 0:
		return fmt.Sprintf("%s, %s: %s", r.Failures[0].Checker, r.Failures[0].Rule, r.Failures[0].Reason)
	case r.Why() != "":
		return "not judged: " + r.Why()
	}
	return "pass"
}

// TestHostileSystems: whatever a system does to its process, the verdict is the right one, and
// comes.
func TestHostileSystems(t *testing.T) {
	for _, h := range all() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			corpus := t.TempDir()
			r, err := run(t.Context(), t, h, properties.Spec{Corpus: corpus})
			if err := r.Check(err == nil); err != nil {
				t.Errorf("its result cannot be: %v", err)
			}
			got := said(r, err)
			if !strings.Contains(got, h.want) {
				t.Errorf("%s\nwant: …%s…", got, h.want)
			}
			saved, err := os.ReadDir(corpus)
			if err != nil {
				t.Fatal(err)
			}
			if (len(saved) == 1) != (len(r.Failures) == 1) {
				t.Errorf("%d files were saved of: %s", len(saved), got)
			}
		})
	}
}

// TestHostileToItsParent: a system that ends its parent interrupts the run.
func TestHostileToItsParent(t *testing.T) {
	ctx, stop := signal.NotifyContext(t.Context(), syscall.SIGTERM)
	defer stop()
	h := hostile{name: "parent-terminated", cases: 1 << 20}
	if _, err := run(ctx, t, h, properties.Spec{}); err != nil && !errors.Is(err, context.Canceled) || ctx.Err() == nil {
		t.Errorf("the run ended with %v, and the context with %v", err, ctx.Err())
	}
}
