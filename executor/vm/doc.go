// Package vm executes programs: start from [New], which makes a [ParallelVM], and its
// Run. The main code is cut into chunks that run on a pool of workers as soon as what they
// read is there, on private copies of the variables; their effects are merged in program
// order, so that a run shows exactly what sequential execution shows: variables, result,
// output and the first error.
//
// # Interpreting
//
// A program is loaded once (unit.go): names become slots, and stack code becomes register
// code (translate.go), which the fast interpreter (fast.go) executes. What is rare, and all
// that fails, it leaves to the exact one (exact.go), which knows the whole instruction set.
//
// # Running in parallel
//
// The chunker (chunker.go) finds where the main code can be cut, the analyzer (analyzer.go) what each
// chunk reads and writes. Every value that a chunk leaves to others has a place of its
// own, which is written once: there are no write conflicts, only chunks that wait for
// values. Prints, steps, memory and errors are kept with the chunk until
// everything before it has been merged. So a chunk that sequential execution does not
// reach leaves no trace, and an attempt at a chunk can be repeated.
package vm
