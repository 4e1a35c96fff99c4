//go:build go1.26 && !amd64 && !arm64

package task

import "runtime"

// goroutine identifies the calling goroutine: by the number in the first line of its stack trace, "goroutine 7 [running]:".
// That takes a microsecond; where it matters, the processor's register is read instead.
func goroutine() uintptr {
	var line [40]byte
	id := uintptr(0)
	for _, c := range line[len("goroutine "):runtime.Stack(line[:], false)] {
		if c < '0' || c > '9' {
			break
		}
		id = 10*id + uintptr(c-'0')
	}
	return id
}
