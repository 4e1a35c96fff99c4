// Package testing runs registered tests as the go command's would run.
package testing

import (
	"fmt"
	"regexp"
	"testing"

	"synchrony/executor/shim/task"
)

type TB = testing.TB

type T struct{ *testing.T }

func (t *T) Run(name string, f func(*T)) bool {
	return t.T.Run(name, func(u *testing.T) { f(&T{u}) })
}

type F struct{ TB }

func (*F) Add(...any) {}
func (*F) Fuzz(any)   {}

type (
	InternalTest struct {
		Name string
		F    func(*T)
	}
	InternalFuzzTarget struct {
		Name string
		Fn   func(*F)
	}
	Tests struct {
		Tests       []InternalTest
		FuzzTargets []InternalFuzzTarget
		Benchmarks  []string
		TestMain    func(*M)
	}
	M struct{ tests Tests }
)

// Run does not return: what a TestMain does after it is not run.
func (m *M) Run() int {
	match := func(pattern, name string) (bool, error) { return regexp.MatchString(pattern, name) }
	var list []testing.InternalTest
	for _, test := range m.tests.Tests {
		list = append(list, testing.InternalTest{Name: test.Name, F: func(t *testing.T) { test.F(&T{t}) }})
	}
	count := func(*testing.T) { fmt.Printf("ran %d, started %d\n", len(m.tests.Tests), task.Started.Load()) }
	testing.Main(match, append(list, testing.InternalTest{Name: "count", F: count}), nil, nil)
	return 0
}

func Main(tests Tests) {
	m := &M{tests}
	if tests.TestMain != nil {
		tests.TestMain(m)
	}
	m.Run()
}
