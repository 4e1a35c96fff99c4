// Package trace records what an execution did: start from [Observation], which
// one run of a batch leaves behind and which every checker reads; [Format] and
// [Parse] give it a text form with names for numbers, so that a small trace can
// be written by hand, and [Log] indexes its events by transaction.
//
// The package also has the record of a controlled schedule ([Step], [Schedule])
// and the neutral transaction history ([History]) that the serializability
// checker judges, whichever system it was recorded from.
package trace
