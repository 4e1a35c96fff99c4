package generators

import (
	"synchrony/models/batch"
	"time"
)

// deadline is a duration relative to what it limits.
type deadline uint8

const (
	unset   deadline = iota
	none             // explicitly none
	instant          // 1 ns
	half             // half of what it limits takes
	around           // about as long
	ample            // ten times as long
)

// after returns the deadline for something that takes about d.
func (l deadline) after(d, beside time.Duration) time.Duration {
	switch l {
	case none:
		return batch.NoTimeout
	case instant:
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
