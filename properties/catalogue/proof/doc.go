// Package refutations holds what verify prove states for all inputs as properties of
// single inputs, P1 to P4, so that the inputs that refute a statement become a
// counterexample like any other: a file that verify replay runs again.
//
// [Plan], [Conservation], [Overflow] and [Chunks] make one of what checkers/smt has found.
// A run of the properties tests them on random batches and programs; it has to name them,
// because verify prove is the better way to decide them.
package proof
