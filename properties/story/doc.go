// Package story lays out what happened in an execution for a person: a table with a column for
// each worker, the scheduler's step numbers, and what each worker did, in the order of the run;
// what comes again and again is folded, and the middle of a long one left out.
package story
