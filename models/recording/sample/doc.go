// Package sample draws right histories of transactions of any size, and writes them as recorders do, for tests and
// benchmarks of readers and of checkers: see [Shape.Draw]. It is for tests only.
package sample
