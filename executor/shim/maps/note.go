//go:build go1.26

package maps

import (
	"reflect"
	"unsafe"

	"synchrony/executor/shim/task"
)

// Note returns a key with which a map is indexed, and numbers the pointers and channels in it that it sees for the first time in this run:
//
//	m[k] = v     m[maps.Note(k)] = v
//
//go:norace
func Note[K any](k K) K {
	if c := task.Find(nil); c != nil {
		if t := reflect.TypeFor[K](); addressed(t) {
			note(c, t, unsafe.Pointer(&k))
		}
	}
	return k
}

// addressed reports whether values of a type may be addresses, or have parts that are.
func addressed(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer, reflect.Interface:
		return true
	case reflect.Array:
		return addressed(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if addressed(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

// note numbers the addresses in a value.
//
//go:norace
func note(c *task.Current, t reflect.Type, p unsafe.Pointer) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		if at := *(*unsafe.Pointer)(p); at != nil {
			c.Number(at, true)
		}
	case reflect.Interface:
		x := dynamic(t, p)
		if in := reflect.TypeOf(x); in != nil && addressed(in) {
			note(c, in, data(&x, in))
		}
	case reflect.Array:
		for i := range t.Len() {
			note(c, t.Elem(), unsafe.Add(p, uintptr(i)*t.Elem().Size()))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			note(c, t.Field(i).Type, unsafe.Add(p, t.Field(i).Offset))
		}
	}
}
