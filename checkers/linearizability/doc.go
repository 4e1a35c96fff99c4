// Package linearizability decides whether concurrent calls on a shared object are
// linearizable: whether each seems to take effect at one instant between its
// invocation and its return (Herlihy and Wing, TOPLAS 1990). Use [Check] with one of
// the [Models] for a history of calls, and [Transactions] for a history of
// transactions with versions.
//
// The search is porcupine's (Lowe, "Testing for linearizability", 2017; Horn and
// Kroening, FORTE 2015). This package makes it scale where the history allows: it
// partitions by key, and cuts where no call is under way, since a search takes time
// and memory more than linear in the calls it is given at once. It is bounded by a
// limit on time and on calls; past either the verdict is Unknown and says what would
// help.
package linearizability
