//go:build !cgo || noz3

package smt

import "time"

// Available says whether this build has Z3. Without it, whatever needs a solver is
// Unknown: see [ErrWithoutZ3].
const Available = false

// Z3Version is empty in this build: see [Available].
func Z3Version() string { return "" }

// backend stands for Z3 in a build without it.
type backend struct{}

func newBackend() *backend { return &backend{} }

func (*backend) check([]*term, time.Duration, uint) (answer, model, string) {
	return undecided, nil, ErrWithoutZ3.Error()
}
