package batch

import (
	"fmt"
	"slices"
	"strings"
)

// FailureKind says which rule a transaction broke.
type FailureKind uint8

// The ways a transaction fails.
const (
	GuardFailed         FailureKind = iota + 1 // a guard is false
	PostconditionFailed                        // a verify condition is false, or two equations disagree
	ArithmeticFailed                           // overflow, or division or modulo by zero
	NotConserved                               // the transaction mints or burns
	AccessDenied                               // an access outside the declared sets
	Rejected                                   // Apply or Prepare returned an error
	Panicked                                   // Apply or Prepare panicked
)

var failureKinds = [...]string{
	GuardFailed: "guard failed", PostconditionFailed: "postcondition failed", ArithmeticFailed: "arithmetic failed",
	NotConserved: "not conserved", AccessDenied: "access denied", Rejected: "rejected", Panicked: "panicked",
}

// String is the kind in words: "guard failed".
func (k FailureKind) String() string {
	if k == 0 || int(k) >= len(failureKinds) {
		return fmt.Sprintf("failure kind %d", uint8(k))
	}
	return failureKinds[k]
}

// ParseFailureKind is the inverse of FailureKind.String.
func ParseFailureKind(s string) (FailureKind, error) {
	for k, name := range failureKinds {
		if name == s && k > 0 {
			return FailureKind(k), nil
		}
	}
	return 0, fmt.Errorf("unknown failure kind %q", s)
}

// Failure is why a transaction failed: the rule it broke, and the values that
// broke it. It aborts the whole batch. The constructors below give every executor,
// and the specification, the same words for the same facts.
type Failure struct {
	Tx        int    // index in the batch
	ID        string // the transaction
	Kind      FailureKind
	Condition string  // the condition or expression as written; may be empty
	Values    []Value // the values in it, in order of appearance
	Detail    string  // what the fields above do not say: "overflow", "mints 5", a panic's value
	Err       error   // what Apply or Prepare returned, if Rejected; an *AccessError, if AccessDenied
	Stack     string  // if Panicked
}

// Value is a named value in a [Failure].
type Value struct {
	Name  string // as written: "from.balance (alice)"
	Value int64
}

// String is the value as messages show it: "amount = 10".
func (v Value) String() string { return fmt.Sprintf("%s = %d", v.Name, v.Value) }

// Error names the transaction, the rule, and the values, on one line.
func (f *Failure) Error() string {
	s := fmt.Sprintf("transaction %q: %s", f.ID, f.describe())
	if len(f.Values) == 0 {
		return s
	}
	values := make([]string, len(f.Values))
	for i, v := range f.Values {
		values[i] = v.String()
	}
	return s + ", with " + strings.Join(values, ", ")
}

func (f *Failure) describe() string {
	switch f.Kind {
	case GuardFailed:
		return fmt.Sprintf("guard %q is false", f.Condition)
	case PostconditionFailed:
		if f.Detail != "" {
			return f.Detail
		}
		return fmt.Sprintf("postcondition %q is false", f.Condition)
	case ArithmeticFailed:
		return fmt.Sprintf("%s in %q", f.Detail, f.Condition)
	case NotConserved:
		return fmt.Sprintf("%s: the balances it writes must add up to what they were", f.Detail)
	case AccessDenied, Rejected:
		return fmt.Sprintf("%v: %v", f.Kind, f.Err)
	case Panicked:
		return "panicked: " + f.Detail
	default:
		return f.Kind.String()
	}
}

// Unwrap returns what Apply or Prepare returned, or the [*AccessError].
func (f *Failure) Unwrap() error { return f.Err }

// Same reports whether two failures, or nils, state the same: all but the stack, and
// errors by their text.
func (f *Failure) Same(g *Failure) bool {
	if f == nil || g == nil {
		return f == g
	}
	return f.Tx == g.Tx && f.ID == g.ID && f.Kind == g.Kind && f.Condition == g.Condition && f.Detail == g.Detail &&
		slices.Equal(f.Values, g.Values) && errorText(f.Err) == errorText(g.Err)
}

// errorText is an error's text; of none it is one that no error has.
func errorText(err error) string {
	if err == nil {
		return "\x00"
	}
	return err.Error()
}

// AccessError is an access outside a transaction's declared sets.
type AccessError struct {
	ID      string // the transaction
	Account string // its name, or its number if there is no such account
	Write   bool
}

// Error says which set lacks the account. The transaction's name is left to the
// enclosing failure, which begins with it.
func (e *AccessError) Error() string {
	if e.Write {
		return fmt.Sprintf("it writes account %q, which is not in its write set; declare it in Writes", e.Account)
	}
	return fmt.Sprintf("it reads account %q, which is not in its read set; declare it in Reads", e.Account)
}

// CycleError refuses a batch whose after clauses and conflicts form a cycle.
type CycleError struct {
	Cycle []string // transaction IDs, each waiting for the next, the last for the first
}

// Error walks round the cycle and back to where it began.
func (e *CycleError) Error() string {
	if len(e.Cycle) == 0 {
		return "cycle of dependencies"
	}
	return fmt.Sprintf("cycle of dependencies: %s waits for %s; nothing was run; remove an after clause",
		strings.Join(e.Cycle, " waits for "), e.Cycle[0])
}
