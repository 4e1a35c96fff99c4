package process

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// observe returns how a process fares, this one or a child, by a clock that began at start,
// and whether it is stopped. What the system does not say is 0, or -1 for Starved.
func observe(pid int, start time.Time) (b Beat, stopped bool) {
	folder := fmt.Sprintf("/proc/%d/", pid)
	b.Clock = time.Since(start)
	b.CPU, b.Starved = scheduled(folder)
	b.Memory = held(folder)
	if data, err := os.ReadFile(folder + "stat"); err == nil {
		// "42 (name) T …", where the name may hold anything.
		if i := bytes.LastIndexByte(data, ')'); i >= 0 && i+2 < len(data) {
			stopped = data[i+2] == 'T' || data[i+2] == 't'
		}
	}
	return b, stopped
}

// ownMemory is how many bytes this process holds; 0 if the system does not say.
func ownMemory() int64 { return held("/proc/self/") }

// held is how many bytes of memory a process holds, by its folder in /proc.
func held(folder string) int64 {
	data, err := os.ReadFile(folder + "statm")
	if fields := bytes.Fields(data); err == nil && len(fields) > 1 {
		pages, _ := strconv.ParseInt(string(fields[1]), 10, 64) // 0 if it is no number
		return pages * int64(os.Getpagesize())
	}
	return 0
}

// scheduled adds up what /proc says of each thread: nanoseconds on a processor, and
// nanoseconds ready to run on none.
func scheduled(folder string) (cpu, starved time.Duration) {
	threads, _ := filepath.Glob(folder + "task/*/schedstat") // the pattern is well-formed
	known := false
	for _, path := range threads {
		data, err := os.ReadFile(path)
		fields := bytes.Fields(data)
		if err != nil || len(fields) < 2 { // it has just ended
			continue
		}
		on, _ := strconv.ParseInt(string(fields[0]), 10, 64)
		off, _ := strconv.ParseInt(string(fields[1]), 10, 64)
		cpu, starved, known = cpu+time.Duration(on), starved+time.Duration(off), true
	}
	if !known {
		return 0, -1
	}
	return cpu, starved
}
