// Package batches holds the properties of executors of atomic batches, S1 to
// S30, and ties them to the built-in one, Synchrony.
//
// Most judge one execution of a batch. The others compare: the same batch run
// twice, with one worker and many, as text and as Go code, or one transaction at
// a time; they run all the variants in one run, and judge the observations
// together. S26 to S28 and S30 are about what a text cannot say: several batches at once, and what the
// code of a transaction does beside its transaction. S29 is about many batches on one store.
package batch
