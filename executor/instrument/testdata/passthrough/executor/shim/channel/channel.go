// Package channel does what the rewritten operations did.
package channel

import "reflect"

type Sender[T any] struct{ c chan<- T }

func To[T any](c chan<- T) Sender[T] { return Sender[T]{c} }

func (s Sender[T]) Send(v T) { s.c <- v }

func (s Sender[T]) Case(v T) *SendOf[T] { return &SendOf[T]{s.c, v} }

func Recv[T any](c <-chan T) T { return <-c }

func Recv2[T any](c <-chan T) (T, bool) {
	v, ok := <-c
	return v, ok
}

func Close[T any](c chan<- T) { close(c) }

func Len[T any](c <-chan T) int { return len(c) }

func Cap[T any](c <-chan T) int { return cap(c) }

type Iterator[T any] struct{ c <-chan T }

func Range[T any](c <-chan T) (*Iterator[T], T) {
	var zero T
	return &Iterator[T]{c}, zero
}

func (it *Iterator[T]) Next(p *T) bool {
	v, ok := <-it.c
	if ok && p != nil {
		*p = v
	}
	return ok
}

type Case interface {
	native() reflect.SelectCase
	received(v reflect.Value, ok bool)
}

type SendOf[T any] struct {
	c chan<- T
	v T
}

func (s *SendOf[T]) native() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectSend, Chan: reflect.ValueOf(s.c), Send: reflect.ValueOf(&s.v).Elem()}
}

func (s *SendOf[T]) received(reflect.Value, bool) {}

type RecvOf[T any] struct {
	c     <-chan T
	Value T
	Ok    bool
}

func RecvCase[T any](c <-chan T) *RecvOf[T] { return &RecvOf[T]{c: c} }

func (r *RecvOf[T]) native() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.c)}
}

func (r *RecvOf[T]) received(v reflect.Value, ok bool) {
	r.Ok = ok
	reflect.ValueOf(&r.Value).Elem().Set(v)
}

func Select(hasDefault bool, cases ...Case) int {
	list := make([]reflect.SelectCase, len(cases))
	for i, c := range cases {
		list[i] = c.native()
	}
	if hasDefault {
		list = append(list, reflect.SelectCase{Dir: reflect.SelectDefault})
	}
	i, v, ok := reflect.Select(list)
	if i == len(cases) {
		return -1
	}
	if list[i].Dir == reflect.SelectRecv {
		cases[i].received(v, ok)
	}
	return i
}
