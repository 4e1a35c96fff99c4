// Package checkers defines what a checker is: a pure function from a workload
// and what a run of it showed to a verdict with evidence. Each folder below
// decides one question.
package checkers

import "fmt"

// Status is a three-valued verdict. Its zero value is Unknown, so that a verdict
// nobody reached never passes.
type Status uint8

// The verdicts.
const (
	Unknown Status = iota
	Pass
	Fail
)

// Verdict is what a checker decided, and why.
type Verdict struct {
	Status Status
	// Rule is the broken rule, in a word or two that do not vary from case to
	// case: "write-write race". Two failures are the same failure when the
	// checker and the rule are the same.
	Rule string
	// Reason is one sentence for a person: what happened, with names and values.
	Reason string
	// Evidence lists the facts behind the reason, in order, a line each.
	Evidence []string
}

// Checker decides one question about an observation O of a workload W. Check is
// pure: it depends on its arguments only, and changes neither.
type Checker[W, O any] interface {
	Name() string
	Check(W, O) Verdict
}

// Passed is the verdict of a rule that held.
func Passed() Verdict { return Verdict{Status: Pass} }

// Failed is the verdict of a broken rule.
func Failed(rule, reason string, evidence ...string) Verdict {
	return Verdict{Status: Fail, Rule: rule, Reason: reason, Evidence: evidence}
}

// Undecided is the verdict of a question that could not be answered, and why.
func Undecided(format string, args ...any) Verdict {
	return Verdict{Status: Unknown, Reason: fmt.Sprintf(format, args...)}
}

func (s Status) String() string {
	switch s {
	case Pass:
		return "pass"
	case Fail:
		return "fail"
	default:
		return "unknown"
	}
}
