//go:build !linux

package process

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// observe returns how a process fares, this one or a child, by a clock that began at start. Of
// a child the system says nothing here, and of this process neither how long it was starved nor
// what it holds, but the most it ever has.
func observe(pid int, start time.Time) (b Beat, stopped bool) {
	b.Clock, b.Starved = time.Since(start), -1
	var usage syscall.Rusage
	if pid != os.Getpid() || syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return b, false
	}
	b.CPU = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	b.Memory = int64(usage.Maxrss)
	if runtime.GOOS != "darwin" { // where it is counted in bytes
		b.Memory <<= 10
	}
	return b, false
}

// ownMemory is how many bytes this process has held at most; 0 if the system does not say.
func ownMemory() int64 {
	b, _ := observe(os.Getpid(), time.Time{})
	return b.Memory
}
