package text

import (
	"fmt"
)

// MalformedError says why a trace or history cannot be judged: it is not what
// any execution, right or wrong, can have recorded.
type MalformedError struct {
	Where  string // "event 7 (13ns w0 start t1)"
	Reason string
}

func (e *MalformedError) Error() string { return fmt.Sprintf("malformed: %s: %s", e.Where, e.Reason) }
