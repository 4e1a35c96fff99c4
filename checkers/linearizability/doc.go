// Package linearizability decides whether concurrent calls on a shared object are
// linearizable: whether each seems to take effect at one instant between its
// invocation and its return (Herlihy and Wing, TOPLAS 1990). Use [Check] with one of
// the [Models] for a history of calls, and [Transactions] for a history of
// transactions with versions.
//
// The search is porcupine's (Lowe, "Testing for linearizability", 2017; Horn and
// Kroening, FORTE 2015). This package makes it scale where the history allows: it
// partitions by key where keys are independent, and cuts where no call is under way,
// since a search takes time and memory more than linear in the calls it is given at
// once. What a cut may leave is found by searching, and more than one state of it
// only where one does not do. It is bounded by a limit on time and on calls; past either
// the verdict is Unknown and says what would help.
//
// Registers, queues, stacks, sets and counters of which each value is written, or each element put there, once are decided without a
// search, in time near to linear: each has a monitor, whose comment names its theorem. See docs/checkers/linearizability.md.
//
// A history that fails is reduced: to its shortest prefix that does, and to the few
// calls of that which cannot be explained together, whatever the others did.
package linearizability
