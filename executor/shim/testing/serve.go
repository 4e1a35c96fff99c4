//go:build go1.26

package testing

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// InternalTest is a test of the binary.
type InternalTest struct {
	Name string
	F    func(*T)
}

// InternalFuzzTarget is a fuzz target of the binary.
type InternalFuzzTarget struct {
	Name string
	Fn   func(*F)
}

// Tests are all that a binary has.
type Tests struct {
	Tests       []InternalTest
	FuzzTargets []InternalFuzzTarget
	Benchmarks  []string
	TestMain    func(*M) // nil if there is none
}

// M is [testing.M]: its Run serves the parent's requests.
type M struct{ tests Tests }

// Run is [testing.M.Run].
func (m *M) Run() (code int) {
	if err := m.serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	return 0
}

// Main serves the parent's requests, by way of the program's TestMain if it has one, and ends the process: with 2 if it has no
// parent, or that is not understood.
func Main(tests Tests) {
	task.Initialised()
	m := &M{tests: tests}
	if tests.TestMain != nil {
		tests.TestMain(m)
	}
	os.Exit(m.Run())
}

// The environment variables of the protocol.
const (
	answersTo = "VERIFY_TEST_FD"
	requests  = "VERIFY_TEST_REQUEST"
)

var errNoParent = errors.New("this is a test binary of verify, to be run by \"verify test\"; to run the tests without it, use go test")

func (m *M) serve() error {
	fd, err := strconv.Atoi(os.Getenv(answersTo))
	if err != nil {
		return errNoParent
	}
	file := os.NewFile(uintptr(fd), "answers")
	if file == nil {
		return fmt.Errorf("%s=%d is no open descriptor", answersTo, fd)
	}
	var in io.Reader
	if in, err = ownInput(); err != nil {
		return err
	}
	if text, ok := os.LookupEnv(requests); ok {
		in = strings.NewReader(text)
	}
	// What the tests start must not take them for test binaries of verify, or answer in their place.
	_ = os.Unsetenv(answersTo)
	_ = os.Unsetenv(requests)
	return m.answer(in, file)
}

// ownInput takes the standard input from the tests, which find it empty, as under go test.
func ownInput() (io.Reader, error) {
	empty, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	own := *os.Stdin
	*os.Stdin = *empty // it is shared by what has taken it before
	return &own, nil
}

// answer does one request after the other.
func (m *M) answer(in io.Reader, out io.Writer) (err error) {
	e := json.NewEncoder(out)
	tell := func(a Answer) { err = errors.Join(err, e.Encode(a)) }
	tell(Answer{Version: Version})
	d := json.NewDecoder(bufio.NewReader(in))
	d.DisallowUnknownFields()
	for err == nil {
		var r Request
		switch bad := d.Decode(&r); {
		case errors.Is(bad, io.EOF):
			return nil
		case bad != nil:
			tell(Answer{Error: fmt.Sprintf("the request is not understood: %v", bad)})
			return errors.Join(err, bad)
		}
		if bad := m.do(r, tell); bad != nil {
			tell(Answer{Error: bad.Error()})
		}
	}
	return err
}

func (m *M) do(r Request, tell func(Answer)) error {
	if r.List {
		tell(Answer{Tests: m.list()})
		tell(Answer{Done: &Done{}})
		return nil
	}
	f := m.find(r.Test)
	switch {
	case f == nil:
		return fmt.Errorf("there is no test %q in this binary", r.Test)
	case r.Search != nil:
		s := &search{subject: subject{name: r.Test, f: f, settings: r.Search.Settings}, Search: *r.Search, tell: tell}
		return s.all()
	case r.Replay != nil:
		s := &subject{name: r.Test, f: f, settings: r.Replay.Settings}
		return s.replay(*r.Replay, tell)
	}
	return errors.New("the request asks for nothing: want list, search or replay")
}

func (m *M) list() (list []Test) {
	for _, t := range m.tests.Tests {
		list = append(list, Test{t.Name, "test"})
	}
	for _, f := range m.tests.FuzzTargets {
		list = append(list, Test{f.Name, "fuzz"})
	}
	for _, name := range m.tests.Benchmarks {
		list = append(list, Test{name, "benchmark"})
	}
	return list
}

// find returns a test as a function of a T; nil if there is none of that name.
func (m *M) find(name string) func(*T) {
	for _, t := range m.tests.Tests {
		if t.Name == name {
			return t.F
		}
	}
	for _, f := range m.tests.FuzzTargets {
		if f.Name == name {
			return func(t *T) { f.Fn(&F{T: t}) }
		}
	}
	return nil
}

// replay runs one schedule, and tells what it came to.
func (s *subject) replay(r Replay, tell func(Answer)) error {
	want, err := schedule.ParseSchedule(r.Schedule)
	if err != nil {
		return err
	}
	if !r.Cold { // as a search does, which finds set up what the first run sets up
		s.once(sched.Default(), s.settings, false)
	}
	out := s.once(sched.Replay(want), s.settings, true)
	done := &Done{
		Schedules: 1, Steps: len(out.Steps), Longest: len(out.Steps), Tasks: len(out.Tasks), Total: int64(len(out.Steps)),
		Kinds: map[string]int{out.kind: 1}, Touched: out.touched, Race: raceBuild, Hash: fmt.Sprintf("%016x", out.Schedule.Hash),
	}
	f := &found{strategy: "replay", schedule: want, outcome: out}
	tell(Answer{Finding: s.finding(f, &out, r.Positions)})
	tell(Answer{Done: done})
	return nil
}
