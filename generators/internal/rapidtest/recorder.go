// Package rapidtest provides what the tests of generators run rapid with.
package rapidtest

import "runtime"

// Recorder is the TB of a check that is expected to fail: it keeps whether it did.
type Recorder struct {
	name   string
	failed bool
}

// New returns a recorder for the test of this name.
func New(name string) *Recorder { return &Recorder{name: name} }

func (r *Recorder) Helper()               {}
func (r *Recorder) Name() string          { return r.name }
func (r *Recorder) Logf(string, ...any)   {}
func (r *Recorder) Log(...any)            {}
func (r *Recorder) Skipf(string, ...any)  { runtime.Goexit() }
func (r *Recorder) Skip(...any)           { runtime.Goexit() }
func (r *Recorder) SkipNow()              { runtime.Goexit() }
func (r *Recorder) Errorf(string, ...any) { r.failed = true }
func (r *Recorder) Error(...any)          { r.failed = true }
func (r *Recorder) Fatalf(string, ...any) { r.FailNow() }
func (r *Recorder) Fatal(...any)          { r.FailNow() }
func (r *Recorder) Fail()                 { r.failed = true }
func (r *Recorder) Failed() bool          { return r.failed }
func (r *Recorder) FailNow()              { r.failed = true; runtime.Goexit() }
