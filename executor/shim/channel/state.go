//go:build go1.26

package channel

import (
	"unsafe"

	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Functions here are generic, and so compiled into the packages that call them: each is marked norace, or the race detector
// would take the runtime's state for the program's. They may be inlined nowhere that it watches.

// state is what a run knows of a channel.
type state struct {
	object    schedule.Object
	timer     bool // it is a timer's, see timer.go
	receivers queue
	senders   queue
	order     // see order.go
}

var noChannel = schedule.Object{Class: schedule.ClassChan, Index: -1}

// at returns a channel's address.
//
//go:norace
func at[T any](c chan T) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&c)) }

//go:norace
func of(r *task.Current, p unsafe.Pointer) *state {
	k, first := r.Object(p, schedule.ClassChan)
	if first || k.State == nil {
		k.State = &state{object: k.Object}
	}
	return k.State.(*state)
}

// both lifts the restriction to one direction.
//
//go:norace
func sender[T any](c chan<- T) chan T { return *(*chan T)(unsafe.Pointer(&c)) }

//go:norace
func receiver[T any](c <-chan T) chan T { return *(*chan T)(unsafe.Pointer(&c)) }

// header is the beginning of the runtime's descriptor of a channel. Whether a full channel is closed can be
// known by no other means without changing it.
type header struct {
	count, size uint
	buffer      unsafe.Pointer
	elemSize    uint16
	closed      uint32
}

//go:norace
func closed(p unsafe.Pointer) bool { return (*header)(p).closed != 0 }

// The layout is checked once: a Go release that changes it must not be taken for a channel that is open.
func init() {
	c := make(chan uint16, 3)
	c <- 1
	h := (*header)(at(c))
	if h.count != 1 || h.size != 3 || h.elemSize != 2 || closed(at(c)) {
		panic("channel: this Go release lays out channels in another way")
	}
	close(c)
	if !closed(at(c)) {
		panic("channel: this Go release lays out channels in another way")
	}
}
