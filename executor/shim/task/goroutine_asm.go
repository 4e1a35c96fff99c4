//go:build go1.26 && (amd64 || arm64)

package task

// goroutine identifies the calling goroutine: by the address of the runtime's descriptor of it, which no other live
// goroutine has.
func goroutine() uintptr
