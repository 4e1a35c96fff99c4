// Package simulate makes right observations of random batches, of any size, for
// tests and benchmarks of checkers: [Run] plays an ideal executor's schedule at
// random, with the values of the sequential specification. It is for tests only.
package simulate
