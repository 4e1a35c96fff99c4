package linearizability

import "slices"

// array is a version of a persistent array: it may be read and updated, and
// earlier versions stay. One version at a time is the real array; the others know
// in which element they differ from a neighbour, and reading one turns the chain
// between around (Baker, "Shallow binding makes functional arrays fast", 1991). A
// depth-first search, which goes from a version to its successor or back, pays a
// constant for each. Versions of one array belong to one goroutine.
type array[T element] struct {
	// sum is the xor of the elements' hashes, for telling versions apart fast; 0 for
	// the first version.
	sum  uint64
	real []T // if not nil, this is the real one

	next  *array[T]
	index int32
	value T // of element index, where next has another
}

// element is what an array holds. The hash may depend on the index.
type element interface {
	comparable
	hash(index int32) uint64
}

func newArray[T element](elements []T) *array[T] {
	if elements == nil {
		elements = []T{}
	}
	return &array[T]{real: elements}
}

// at is the element i of version a.
func (a *array[T]) at(i int32) T {
	a.reroot()
	return a.real[i]
}

// with is the version that has value at i, and is otherwise as a.
func (a *array[T]) with(i int32, value T) *array[T] {
	a.reroot()
	old := a.real[i]
	if old == value {
		return a
	}
	b := &array[T]{real: a.real, sum: a.sum ^ old.hash(i) ^ value.hash(i)}
	a.real, a.next, a.index, a.value = nil, b, i, old
	b.real[i] = value
	return b
}

// reroot makes a the real one.
func (a *array[T]) reroot() {
	if a.real != nil {
		return
	}
	if neighbour := a.next; neighbour.real != nil { // as after most steps back
		a.swap(neighbour)
		return
	}
	var chain []*array[T]
	for v := a; v.real == nil; v = v.next {
		chain = append(chain, v)
	}
	for _, v := range slices.Backward(chain) {
		v.swap(v.next)
	}
}

// swap makes a the real one in place of its neighbour.
func (a *array[T]) swap(neighbour *array[T]) {
	elements, i := neighbour.real, a.index
	neighbour.real, neighbour.next, neighbour.index, neighbour.value = nil, a, i, elements[i]
	elements[i] = a.value
	a.real, a.next = elements, nil
}

// equal reports whether two versions have the same elements: it compares where they
// were made to differ, not all.
func (a *array[T]) equal(b *array[T]) bool {
	if a.sum != b.sum {
		return false
	}
	a.reroot()
	if len(a.real) == 1 { // the difference from any neighbour says all
		return b.real != nil || b.value == a.real[0]
	}
	var seen []int32
	for v := b; v.real == nil; v = v.next {
		if !slices.Contains(seen, v.index) {
			if a.real[v.index] != v.value {
				return false
			}
			seen = append(seen, v.index)
		}
	}
	return true
}

// mix spreads the bits of a number (the finalizer of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
