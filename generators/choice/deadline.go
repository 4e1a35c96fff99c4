package choice

import (
	"time"

	"synchrony/models/batch"
)

// Deadline is a duration relative to what it limits.
type Deadline uint8

const (
	Unset   Deadline = iota
	None             // explicitly none
	Instant          // 1 ns
	half             // half of what it limits takes
	short            // as long, but for the least there is of time: only the last step is too late
	around           // as long, or a bit longer
	ample            // ten times as long
)

// After returns the deadline for something that takes d. One around it is longer by beside; one short of it is shorter by as much, or by a nanosecond
// if beside is 0.
func (l Deadline) After(d, beside time.Duration) time.Duration {
	switch l {
	case None:
		return batch.NoTimeout
	case Instant:
		return 1
	case half:
		return max(1, d/2)
	case short:
		return max(1, d-max(beside, 1))
	case around:
		return max(1, d+beside)
	case ample:
		return max(1, 10*d)
	default:
		return 0
	}
}
