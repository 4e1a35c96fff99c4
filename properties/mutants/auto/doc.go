// Package auto breaks executors and checkers in every small way that a table of operators knows:
// begin with [Load], which reads the packages to be mutated, and [Source.Sample], which
// draws mutants of them; [Tester.Test] says what became of each.
//
// A mutant is one textual change of one function. Two kinds of operators make them.
// Those of concurrency remove, move or weaken a synchronisation, in the spirit of ConMAn
// (Bradbury, Cordy, Dingel, Mutation Operators for Concurrent Java, Mutation 2006).
// The classic ones change a condition, a number or a statement (Offutt et al.,
// An Experimental Determination of Sufficient Mutant Operators, TOSEM 1996).
//
// A mutant that no property kills is either equivalent, which the list equivalent.txt
// says and explains, or shows what the properties miss.
package auto
