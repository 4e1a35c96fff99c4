package document

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// MaxCount is the most that a count can be: every reader of JSON holds it exactly (RFC 7493,
// section 2.2), and a thousand of them can be added up.
const MaxCount = 1<<53 - 1

// maxSeconds is the longest time that is one: as long as a [time.Duration] can be.
const maxSeconds = float64(math.MaxInt64 / int64(time.Second))

// Faults keeps the first thing that is wrong with a value that was read. The zero value has none.
type Faults struct{ first error }

// Err returns the first fault, an *[Error]; nil if there is none.
func (f *Faults) Err() error { return f.first }

// If notes a fault of the value at path, if wrong.
func (f *Faults) If(wrong bool, path, format string, args ...any) {
	if wrong && f.first == nil {
		f.first = &Error{Path: path, What: fmt.Sprintf(format, args...)}
	}
}

// Count notes a number that counts nothing.
func (f *Faults) Count(path string, n int) {
	f.If(n < 0 || int64(n) > MaxCount, path, "%d, which is no count: it must be from 0 to %d", n, int64(MaxCount))
}

// Seconds notes a time that did not pass.
func (f *Faults) Seconds(path string, s float64) {
	f.If(!(s >= 0 && s <= maxSeconds), path, "%v, which is no time in seconds", s)
}

// In notes the fault of a part, whose paths begin at path.
func (f *Faults) In(path string, err error) {
	if err == nil || f.first != nil {
		return
	}
	e := &Error{What: err.Error()}
	var inner *Error
	if errors.As(err, &inner) {
		*e = *inner
	}
	if path != "" && e.Path != "" && e.Path[0] != '[' {
		path += "."
	}
	e.Path = path + e.Path
	f.first = e
}
