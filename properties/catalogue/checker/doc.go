// Package checker provides the properties of the checkers themselves: X1, that all of
// them agree on the same small histories of transactions; X2, that they find what
// was planted in one and nothing in a right one; X3, that each gives recorded
// runs of batches the verdicts that they deserve; and X4, that one that is out of its limits
// says so. A checker that is blind makes other properties pass; these do not. [CrossChecked]
// asks several of them about the runs of a batch.
//
// The checkers are asked different questions: some go by versions and some by values,
// some heed real time and some do not. So not every difference is a bug. Those that
// are none have names, and each is taken for what it says only if the history itself
// shows its cause: "the trace lies", "ABA", "serializable in another order than
// installed" and "wrong computation". Any other is a "disagreement": a bug of ours.
package checker
