// Package generators draws the cases that systems are run on: call [Workload]
// inside a rapid property for a batch with its configuration and faults, or
// [Bulk] for a large one from a seed.
//
// Three decisions shape the package.
//
// Cases are drawn from unbiased bits, in groups of a fixed width (choice.go).
// rapid's own integers are biased to small values and take two blocks each, so
// weights would not mean what they say and shrinking would be slow.
//
// Drawing has two phases. The first reads numbers and knows nothing; the second
// turns them into transactions while it follows the balances as a serial
// execution would, so it can make a batch that is meant to commit commit, and
// one that is meant to fail fail where it is meant to. The second is a pure
// function, so what a smaller number means is easy to say: an earlier account,
// a simpler kind, less of everything.
//
// What a case is gets decided from the case itself ([Classify]) and never from
// how it was drawn, so a report's shares cannot lie.
package generators
