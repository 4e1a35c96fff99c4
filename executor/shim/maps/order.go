//go:build go1.26

package maps

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"synchrony/executor/shim/task"
)

// Sort orders keys by their values: numbers, strings and false before true as usual, structs and arrays by their parts, interfaces by
// the names of their types first. The addresses of pointers and channels are others in every run: they are ordered as they were first looked
// up in a map (see [Note]), and those that were not, which come before, by what they point to, or by capacity and length. Which of two
// that look alike then comes first is left open.
//
//go:norace
func Sort[K any](keys []K) {
	if len(keys) < 2 {
		return
	}
	t, l := reflect.TypeFor[K](), look{task.Find(nil), deepest}
	slices.SortStableFunc(keys, func(a, b K) int { return compare(t, unsafe.Pointer(&a), unsafe.Pointer(&b), l) })
}

// look is how values are looked at: in a run, if it is not nil, and how many more pointers are followed.
type look struct {
	run   *task.Current
	depth int
}

// numbers orders what is at two addresses by their numbers in the run.
//
//go:norace
func (l look) numbers(a, b unsafe.Pointer) int {
	if l.run == nil {
		return 0
	}
	return cmp.Compare(l.run.Number(a, false), l.run.Number(b, false))
}

// deepest is how many pointers are followed.
const deepest = 4

// compare orders two values of a type in memory. It is not watched by the race detector: the program does not
// read what this reads.
//
//go:norace
func compare(t reflect.Type, a, b unsafe.Pointer, l look) int {
	switch t.Kind() {
	case reflect.Bool:
		return cmp.Compare(*(*uint8)(a), *(*uint8)(b))
	case reflect.Int8:
		return cmp.Compare(*(*int8)(a), *(*int8)(b))
	case reflect.Int16:
		return cmp.Compare(*(*int16)(a), *(*int16)(b))
	case reflect.Int32:
		return cmp.Compare(*(*int32)(a), *(*int32)(b))
	case reflect.Int64:
		return cmp.Compare(*(*int64)(a), *(*int64)(b))
	case reflect.Int:
		return cmp.Compare(*(*int)(a), *(*int)(b))
	case reflect.Uint8:
		return cmp.Compare(*(*uint8)(a), *(*uint8)(b))
	case reflect.Uint16:
		return cmp.Compare(*(*uint16)(a), *(*uint16)(b))
	case reflect.Uint32:
		return cmp.Compare(*(*uint32)(a), *(*uint32)(b))
	case reflect.Uint64:
		return cmp.Compare(*(*uint64)(a), *(*uint64)(b))
	case reflect.Uint, reflect.Uintptr:
		return cmp.Compare(*(*uint)(a), *(*uint)(b))
	case reflect.Float32:
		return float(float64(*(*float32)(a)), float64(*(*float32)(b)))
	case reflect.Float64:
		return float(*(*float64)(a), *(*float64)(b))
	case reflect.Complex64:
		x, y := *(*complex64)(a), *(*complex64)(b)
		return cmp.Or(float(float64(real(x)), float64(real(y))), float(float64(imag(x)), float64(imag(y))))
	case reflect.Complex128:
		x, y := *(*complex128)(a), *(*complex128)(b)
		return cmp.Or(float(real(x), real(y)), float(imag(x), imag(y)))
	case reflect.String:
		return strings.Compare(*(*string)(a), *(*string)(b))
	default:
		return compareParts(t, a, b, l)
	}
}

// float also orders what is not a number.
func float(a, b float64) int {
	return cmp.Or(cmp.Compare(a, b), cmp.Compare(math.Float64bits(a), math.Float64bits(b)))
}

// compareParts orders values that consist of or lead to others.
//
//go:norace
func compareParts(t reflect.Type, a, b unsafe.Pointer, l look) int {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if c := compare(f.Type, unsafe.Add(a, f.Offset), unsafe.Add(b, f.Offset), l); c != 0 {
				return c
			}
		}
	case reflect.Array:
		for i := range t.Len() {
			at := uintptr(i) * t.Elem().Size()
			if c := compare(t.Elem(), unsafe.Add(a, at), unsafe.Add(b, at), l); c != 0 {
				return c
			}
		}
	case reflect.Slice: // its length lies behind its pointer
		return cmp.Compare(*(*int)(unsafe.Add(a, unsafe.Sizeof(a))), *(*int)(unsafe.Add(b, unsafe.Sizeof(b))))
	case reflect.Pointer:
		return compareTargets(t.Elem(), *(*unsafe.Pointer)(a), *(*unsafe.Pointer)(b), l)
	case reflect.Chan:
		return compareChannels(*(*unsafe.Pointer)(a), *(*unsafe.Pointer)(b), l)
	case reflect.Interface:
		return compareInterfaces(t, a, b, l)
	}
	return 0
}

//go:norace
func compareTargets(t reflect.Type, a, b unsafe.Pointer, l look) int {
	switch {
	case a == b:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	if c := l.numbers(a, b); c != 0 || l.depth == 0 {
		return c
	}
	l.depth--
	return compare(t, a, b, l)
}

//go:norace
func compareChannels(a, b unsafe.Pointer, l look) int {
	if c := l.numbers(a, b); c != 0 {
		return c
	}
	c, d := *(*chan struct{})(unsafe.Pointer(&a)), *(*chan struct{})(unsafe.Pointer(&b))
	return cmp.Or(cmp.Compare(cap(c), cap(d)), cmp.Compare(len(c), len(d)))
}

// compareInterfaces orders by type, then by value.
//
//go:norace
func compareInterfaces(t reflect.Type, a, b unsafe.Pointer, l look) int {
	x, y := dynamic(t, a), dynamic(t, b)
	tx, ty := reflect.TypeOf(x), reflect.TypeOf(y)
	switch {
	case tx == nil || ty == nil:
		return cmp.Compare(btoi(tx != nil), btoi(ty != nil))
	case tx != ty:
		return cmp.Or(strings.Compare(tx.PkgPath()+"."+tx.String(), ty.PkgPath()+"."+ty.String()))
	}
	return compare(tx, data(&x, tx), data(&y, ty), l)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// dynamic is the interface value at p, as an any.
//
//go:norace
func dynamic(t reflect.Type, p unsafe.Pointer) any {
	if t.NumMethod() == 0 {
		return *(*any)(p)
	}
	return reflect.NewAt(t, p).Elem().Interface()
}

// data is where the value in an interface lies: kinds that are one pointer lie in the interface itself.
//
//go:norace
func data(x *any, t reflect.Type) unsafe.Pointer {
	word := (*[2]unsafe.Pointer)(unsafe.Pointer(x))
	if direct(t) {
		return unsafe.Pointer(&word[1])
	}
	return word[1]
}

// direct reports whether an interface holds such a value in its data word.
func direct(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Chan, reflect.Map, reflect.Func, reflect.UnsafePointer:
		return true
	case reflect.Struct:
		return t.NumField() == 1 && direct(t.Field(0).Type)
	case reflect.Array:
		return t.Len() == 1 && direct(t.Elem())
	}
	return false
}
