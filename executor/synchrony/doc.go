// Package synchrony executes atomic batches of transactions in parallel: make a
// [Store] of accounts and [Execute] batches on it. The outcome is that of running
// the transactions one after another in submission order, or none at all.
//
// # How a batch runs
//
// A batch passes a list of gates (gates.go), any of which may say no:
//
//	analyze      one pass over the accesses makes the dependency graph
//	conflicts    a cycle (only after clauses can make one) is refused, and named
//	plan         compiles intents; estimates costs; serial or parallel
//	admit        one batch at a time per store; a private copy of the balances
//	execute      dataflow over the graph, on a fixed pool of workers
//	certify      the recorded versions are those of a serial execution (if asked for)
//	conservation the batch as a whole neither mints nor burns
//	attestations every external argument has a valid attestation
//	commit       one atomic decision, one pointer swap
//
// # What makes it right
//
// Conflicting transactions are ordered by the graph, and a transaction is taken up
// only after its counter of unfinished predecessors has reached zero. So the cells
// of the private copy need no locks: each access to a cell happens before, or after,
// every conflicting one, by way of the counters (graph.go, complete in worker.go).
//
// A transaction buffers its writes and stores them into the cells when it has
// succeeded. Nobody outside the batch sees the cells, ever: commit makes a new vector
// of balances and publishes it by swapping a pointer.
//
// Whether a batch commits, aborts, expires or is cancelled is one word, changed by
// compare-and-swap (control.go). A timer that loses to the commit does nothing, and
// a commit that loses to a timer publishes nothing.
//
// The failure of a batch is the failure of lowest index among the transactions all
// of whose predecessors succeeded. After a failure, transactions of higher index need
// not run and those of lower index still do, so the answer does not depend on the
// schedule. (An after clause that names a later transaction makes a lower index
// depend on a higher one. Then everything runs but the descendants of failures.)
//
// A transaction that never returns holds up nobody but its own batch, and that no
// longer than the timeout: such code never runs on the caller's goroutine. What a
// worker does after the batch's end is dropped by its sealed event log and has no
// other way out.
//
// # Interleavings
//
// All shared state is announced to a [sched.Runtime] just before it is touched
// (objects.go names the objects), so that a controlled runtime can try every
// interleaving of this very code, and prove from the steps that the accesses to the
// cells are ordered.
package synchrony
