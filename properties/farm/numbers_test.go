package farm

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/properties"
)

// numbers are properties of numbers, whose system asks the test's gate before it runs one.
func numbers() []*properties.Property[int, int] {
	return []*properties.Property[int, int]{
		number("pass", gated{}, func(int) checkers.Verdict { return checkers.Passed() }),
		number("fail", gated{}, func(n int) checkers.Verdict {
			if n%29 == 0 {
				return checkers.Failed("multiple", fmt.Sprintf("%d is a multiple of 29", n))
			}
			return checkers.Passed()
		}),
		number("crash", gated{crash: 31}, func(int) checkers.Verdict { return checkers.Passed() }),
		number("unknown", gated{}, func(n int) checkers.Verdict {
			if n%7 == 0 {
				return checkers.Undecided("%d is a multiple of 7", n)
			}
			return checkers.Passed()
		}),
	}
}

// number is a property of numbers that a system runs and a function judges.
func number(id string, system gated, judge func(int) checkers.Verdict) *properties.Property[int, int] {
	return &properties.Property[int, int]{
		ID: id, Group: "numbers", Statement: "a statement about numbers",
		System: system, Generator: rapid.IntRange(1, 1_000_000), Unscheduled: true,
		Checkers: []checkers.Checker[int, int]{checkers.New(id, func(n, _ int) checkers.Verdict { return judge(n) })},
		Codec: properties.Codec[int]{
			Format: func(n int) ([]txtar.File, error) {
				return []txtar.File{{Name: "n", Data: []byte(strconv.Itoa(n) + "\n")}}, nil
			},
			Parse: func(files []txtar.File) (int, error) { return strconv.Atoi(strings.TrimSpace(string(files[0].Data))) },
		},
		Sometimes: []properties.Condition[int, int]{
			{Name: "an even number", Holds: func(n, _ int) bool { return n%2 == 0 }},
			{Name: "a large number", Holds: func(n, _ int) bool { return n > 999_000 }},
		},
		Classify: func(n, _ int) []string { return []string{fmt.Sprintf("digits: %d", len(strconv.Itoa(n)))} },
	}
}

// lookup finds them.
func lookup(id string) (properties.Testable, bool) {
	for _, p := range numbers() {
		if p.ID == id {
			return p, true
		}
	}
	return nil, false
}

// gateVariable names the socket of the test's gate; without one, nobody is asked.
const gateVariable = "FARM_TEST_GATE"

// gated is a system that runs a number when the test lets it.
type gated struct {
	crash int // its multiples end the process; 0 is none
}

func (gated) Name() string { return "numbers" }

func (g gated) Run(_ context.Context, _ *sched.Runtime, n int) (int, error) {
	if g.crash > 0 && n%g.crash == 0 {
		panic("a number that it cannot bear")
	}
	pass(n, os.Getppid())
	return n, nil
}

// pass asks the test's gate, if there is one, to let a number pass that a worker has.
func pass(n, worker int) {
	path := os.Getenv(gateVariable)
	if path == "" {
		return
	}
	c, err := net.Dial("unix", path)
	if err != nil {
		return // the test is over
	}
	defer c.Close()
	fmt.Fprintf(c, "%d %d\n", n, worker)
	_, _ = bufio.NewReader(c).ReadString('\n') // until the test answers, or is over
}

// gate lets numbers pass, and holds those that a test wants to be held.
type gate struct {
	path string
	held chan passage // those that are held, in order

	mu   sync.Mutex
	hold func(passage) bool
	runs int // that came
}

// passage is a number that a system is about to run, in a child of a worker, or a worker itself.
type passage struct {
	n, worker int // the worker's process ID
	c         net.Conn
}

// release lets it pass.
func (p passage) release() { _ = p.c.Close() }

// newGate opens a gate that holds what hold says.
func newGate(t *testing.T, hold func(passage) bool) *gate {
	t.Helper()
	g := &gate{path: shortDir(t) + "/gate", held: make(chan passage, 1000), hold: hold}
	l, err := net.Listen("unix", g.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go g.arrive(c)
		}
	}()
	return g
}

func (g *gate) arrive(c net.Conn) {
	p := passage{c: c}
	if _, err := fmt.Fscanf(c, "%d %d\n", &p.n, &p.worker); err != nil {
		_ = c.Close()
		return
	}
	g.mu.Lock()
	g.runs++
	hold := g.hold(p)
	g.mu.Unlock()
	if hold {
		g.held <- p
		return
	}
	p.release()
}

// open lets all pass from now on.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold = func(passage) bool { return false }
}

// total is how many came so far.
func (g *gate) total() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.runs
}

// first holds the first that comes.
func first() func(passage) bool {
	seen := false
	return func(passage) bool {
		is := !seen
		seen = true
		return is
	}
}

// shortDir is a folder whose path is short enough for a socket's.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "farm")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
