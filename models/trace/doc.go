// Package trace provides what an execution showed: start from [Observation], which
// one run of a batch leaves behind and which every checker reads ([ProgramObservation]
// is that of a program); [Format] and [Parse] give it a text form with names for
// numbers, so that a small trace can be written by hand, and [Log] indexes its events
// by transaction.
package trace
