// Package batches draws batches and how the batch executor runs them: call
// [Workload] inside a rapid property, or [Bulk] for a large one from a seed.
//
// Drawing has two phases. The first reads numbers and knows nothing; the second
// turns them into transactions while it follows the balances as a serial
// execution would, so it can make a batch that is meant to commit commit, and
// one that is meant to fail fail where it is meant to. The second is a pure
// function, so what a smaller number means is easy to say: an earlier account,
// a simpler kind, less of everything.
package batches
