//go:build go1.26

package channel

import (
	"reflect"
	"unsafe"

	"synchrony/executor/shim/task"
)

// ReceiveCase is a receive of a select statement. Once the select took it, Value and Ok are the results.
type ReceiveCase[T any] struct {
	c     chan T
	Value T
	Ok    bool
}

// RecvCase is case <-c.
//
//go:norace
func RecvCase[T any](c <-chan T) *ReceiveCase[T] { return &ReceiveCase[T]{c: receiver(c)} }

//go:norace
func (k *ReceiveCase[T]) at() unsafe.Pointer { return at(k.c) }

//go:norace
func (k *ReceiveCase[T]) ready(r *task.Current, h *state) bool { return canReceive(r, h, k.c) }

//go:norace
func (k *ReceiveCase[T]) take(r *task.Current, h *state) { k.Value, k.Ok, _ = tryReceive(r, h, k.c) }

//go:norace
func (k *ReceiveCase[T]) queue(h *state) *queue { return &h.receivers }

//go:norace
func (k *ReceiveCase[T]) waiter(w *waiting, i int) waiter {
	return waiter{w, unsafe.Pointer(&k.Value), i}
}

//go:norace
func (k *ReceiveCase[T]) completed(w *waiting) {
	k.Ok = w.ok
	arrived(w, k.c)
}

//go:norace
func (k *ReceiveCase[T]) native() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(k.c)}
}

//go:norace
func (k *ReceiveCase[T]) received(v reflect.Value, ok bool) {
	reflect.ValueOf(&k.Value).Elem().Set(v)
	k.Ok = ok
}

// SendCase is a send of a select statement.
type SendCase[T any] struct {
	c chan T
	v T
}

// Case is case c <- v.
//
//go:norace
func (s Sender[T]) Case(v T) *SendCase[T] { return &SendCase[T]{sender(s.c), v} }

//go:norace
func (k *SendCase[T]) at() unsafe.Pointer { return at(k.c) }

//go:norace
func (k *SendCase[T]) ready(r *task.Current, h *state) bool { return canSend(r, h, k.c) }

//go:norace
func (k *SendCase[T]) take(r *task.Current, h *state) { trySend(r, h, k.c, &k.v) }

//go:norace
func (k *SendCase[T]) queue(h *state) *queue { return &h.senders }

//go:norace
func (k *SendCase[T]) waiter(w *waiting, i int) waiter { return waiter{w, unsafe.Pointer(&k.v), i} }

//go:norace
func (k *SendCase[T]) completed(w *waiting) {
	if w.void {
		k.c <- k.v // panics
	}
}

//go:norace
func (k *SendCase[T]) native() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectSend, Chan: reflect.ValueOf(k.c), Send: reflect.ValueOf(&k.v).Elem()}
}

//go:norace
func (k *SendCase[T]) received(reflect.Value, bool) {}
