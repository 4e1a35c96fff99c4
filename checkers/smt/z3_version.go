//go:build cgo && !noz3

package smt

// #cgo LDFLAGS: -lz3
// #include <z3.h>
import "C"

import "fmt"

// Z3Version is the version of the Z3 library that this program runs with, such as
// "4.8.12"; empty in a build without it.
func Z3Version() string {
	var major, minor, build, revision C.uint
	C.Z3_get_version(&major, &minor, &build, &revision)
	return fmt.Sprintf("%d.%d.%d", major, minor, build)
}
