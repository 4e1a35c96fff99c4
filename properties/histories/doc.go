// Package histories holds the properties of the checkers themselves: X1, that all of
// them agree on the same small histories of transactions, and X2, that they find what
// was planted in one and nothing in a right one. [Ladder] asks several of them about the
// runs of a batch.
//
// The checkers are asked different questions: some go by versions and some by values,
// some heed real time and some do not. So not every difference is a bug. Those that
// are none have names, and each is taken for what it says only if the history itself
// shows its cause: "the trace lies", "ABA", "serializable in another order than
// installed" and "wrong computation". Any other is a "disagreement": a bug of ours.
package histories
