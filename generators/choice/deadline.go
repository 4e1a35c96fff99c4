package choice

import (
	"synchrony/models/batch"
	"time"
)

// Deadline is a duration relative to what it limits.
type Deadline uint8

const (
	Unset   Deadline = iota
	None             // explicitly none
	Instant          // 1 ns
	half             // half of what it limits takes
	around           // about as long
	ample            // ten times as long
)

// after returns the deadline for something that takes about d.
func (l Deadline) After(d, beside time.Duration) time.Duration {
	switch l {
	case None:
		return batch.NoTimeout
	case Instant:
		return 1
	case half:
		return max(1, d/2)
	case around:
		return max(1, d+beside)
	case ample:
		return max(1, 10*d)
	default:
		return 0
	}
}
