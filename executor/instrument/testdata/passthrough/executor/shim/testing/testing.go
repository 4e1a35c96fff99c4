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

type M struct{}

var (
	tests []testing.InternalTest
	main  func(*M)
)

func Register(name string, f func(*T)) {
	tests = append(tests, testing.InternalTest{Name: name, F: func(t *testing.T) { f(&T{t}) }})
}

func RegisterFuzz(string, func(*F)) {}

func RegisterMain(f func(*M)) { main = f }

// Run does not return: what a TestMain does after it is not run.
func (*M) Run() int {
	match := func(pattern, name string) (bool, error) { return regexp.MatchString(pattern, name) }
	count := func(*testing.T) { fmt.Printf("ran %d, started %d\n", len(tests), task.Started.Load()) }
	testing.Main(match, append(tests, testing.InternalTest{Name: "count", F: count}), nil, nil)
	return 0
}

func Main() {
	m := &M{}
	if main != nil {
		main(m)
	}
	m.Run()
}
