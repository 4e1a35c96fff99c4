// Package batchtest tests executors of blocks of transactions: programs that execute many transactions at once, with the effect of one after
// another. Call [Check] from a test, and give it the executor:
//
//	func TestExecutor(t *testing.T) {
//		batchtest.Check(t, batchtest.Executor{Run: func(ctx context.Context, initial batchtest.State, txs []batchtest.Tx) (batchtest.State, error) {
//			… execute each tx by tx.Apply(get, set, del), in as many goroutines as you like …
//		}})
//	}
//
// The package has the rest: it draws blocks, executes them serially, compares, says in the block's words what went wrong, makes the block smaller, saves
// it, and replays it first the next time. Options say what the executor can do: [Failures], [Declared], [Estimates], [Ranges], [Once], [Stores].
//
// # How far schedules are controlled
//
// Each result says it:
//
//   - controlled: every schedule is chosen, and replays. So it is for an executor that is written on package sched ([Executor.On]), for one whose goroutines,
//     locks and channels are of the packages in executor/shim, and for any test that is run by the command verify test, which rewrites the executor for that.
//   - disturbed: the executor starts goroutines of its own. They pause at random wherever a transaction begins, ends, reads or writes. A violation is told with how
//     often it comes, and is looked for again as often as makes it improbable to miss it.
//
// A run that never ends is a violation with the places at which its goroutines wait: see [Patience].
package batchtest
