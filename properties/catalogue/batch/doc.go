// Package batches holds the properties of executors of atomic batches, S1 to
// S25, and ties them to the built-in one, Synchrony.
//
// Most judge one execution of a batch. The others compare: the same batch run
// twice, with one worker and many, as text and as Go code, or one transaction at
// a time; they run all the variants in one run, and judge the observations
// together. S26 to S28 are about what a text cannot say: several batches at once, and what the
// code of a transaction does beside its transaction.
package batch
