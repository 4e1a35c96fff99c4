//go:build go1.26

package channel

// Iterator receives until its channel is closed.
type Iterator[T any] struct{ c <-chan T }

// Range is for v := range c. It returns the zero value for v to be declared with.
//
//go:norace
func Range[T any](c <-chan T) (it Iterator[T], v T) { return Iterator[T]{c}, v }

// Each is for v = range c, and for range c.
//
//go:norace
func Each[T any](c <-chan T) Iterator[T] { return Iterator[T]{c} }

// Next receives into v, unless it is nil; false if the channel is closed.
//
//go:norace
func (it Iterator[T]) Next(v *T) bool {
	got, ok := Recv2(it.c)
	if ok && v != nil {
		*v = got
	}
	return ok
}
