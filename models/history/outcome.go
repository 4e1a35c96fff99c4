package history

import (
	"synchrony/models/text"
)

// Outcome is how an execution ended.
type Outcome uint8

// The outcomes.
const (
	Committed Outcome = iota + 1
	Aborted           // a transaction failed, or a gate after it said no: see Failure, Unattested, Counterexample
	Refused           // before anything ran: a cycle, or a wrong configuration
	TimedOut
	Cancelled
)

var outcomeWords = [...]string{
	Committed: "committed", Aborted: "aborted", Refused: "refused", TimedOut: "timeout", Cancelled: "cancelled",
}

// String is the outcome's word in a trace: "committed", "aborted", "refused",
// "timeout" or "cancelled".
func (o Outcome) String() string { return text.Word(outcomeWords[:], int(o)) }

// FromOutside reports whether time or the caller ended the execution, and not what it executes.
func (o Outcome) FromOutside() bool { return o == TimedOut || o == Cancelled }

// ParseOutcome is the inverse of Outcome.String.
func ParseOutcome(s string) (Outcome, error) {
	i, err := text.Unword("outcome", outcomeWords[:], s)
	return Outcome(i), err
}
