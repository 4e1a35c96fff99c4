// Package batch provides atomic batches: parse one from a .ae file with [Parse]
// or make one with a [Builder], print it with [Format], and learn what executing
// it must give with [RunSerially].
//
// A batch is a list of transactions on accounts, executed all or nothing, with
// the outcome of running them one after another. A transaction has one of two
// forms. In the text form it calls an [Intent], a declared operation whose read
// and write sets follow from its text ([DeriveSets]). In the Go form it is a
// function, and its declared sets are enforced.
//
// The package holds the vocabulary that executors and checkers share (the types,
// the failures and their wording) and, separately, the sequential specification:
// [RunSerially], [Conflicts] and [Independent] say what is right, plainly and
// slowly. An executor must not call them; it is held against them.
package batch
