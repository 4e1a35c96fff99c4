package command

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// checkProgress is how far the reading of a history has come.
type checkProgress struct {
	file  string
	size  int64 // in bytes; 0 if that is not known
	began time.Time
	read  atomic.Int64
}

// showReading shows the progress on a terminal until the function that it returns is called.
func (a *app) showReading(p *checkProgress) (stop func()) {
	if !isLive(a.stderr, os.Getenv) {
		return func() {}
	}
	return newDisplay(a.stderr, func(columns, _ int) []string {
		line := []rune(p.line(time.Since(p.began)))
		return []string{string(line[:min(len(line), columns)])}
	}).start()
}

// line is how much was read, how fast, and how long the rest will take: "history.edn: 120 of 448 MB read, 9.1 MB/s, 36 s left".
func (p *checkProgress) line(took time.Duration) string {
	const mega = 1e6
	read := float64(p.read.Load()) / mega
	rate := read / max(took.Seconds(), 1e-3)
	var sb strings.Builder
	switch {
	case p.size > 0 && p.read.Load() >= p.size:
		return fmt.Sprintf("%s: %.0f MB read, judging, %v", p.file, read, took.Round(time.Second))
	case p.size > 0:
		fmt.Fprintf(&sb, "%s: %.0f of %.0f MB read, %.1f MB/s", p.file, read, float64(p.size)/mega, rate)
		if rate > 0 {
			left := time.Duration((float64(p.size)/mega - read) / rate * float64(time.Second))
			fmt.Fprintf(&sb, ", %v left", left.Round(time.Second))
		}
	default:
		fmt.Fprintf(&sb, "%s: %.0f MB read, %.1f MB/s, %v", p.file, read, rate, took.Round(time.Second))
	}
	return sb.String()
}
