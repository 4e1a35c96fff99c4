// Package smt proves and refutes statements about all inputs with the solver Z3: use
// a [Prover] for whether a plan is as good as the serial order
// ([Prover.PlanEquivalence]), whether intents conserve ([Prover.Conservation]) and
// overflow ([Prover.Overflow]), whether chunks of a program commute
// ([Prover.Commute]), and whether a recorded history has a serial order
// ([Prover.SerialOrder]).
//
// Every answer is three-valued. A proof is Pass; a refutation is Fail, and its inputs
// have been run in Go, by the sequential specifications, to show what they claim;
// everything else is Unknown with the reason: a limit, a construct that is not
// supported, or a build without Z3 (tag noz3, or no cgo). What can be shown without a
// solver is shown without it, in such builds too.
//
// Numbers are Z3's unbounded integers, with the condition at each operation that the
// result is an int64, which is how the specifications define arithmetic. Bit-vectors
// were measured against that: they take 40 ms instead of 1 ms to show that a transfer
// within a money supply cannot overflow, and 8 s instead of 8 ms to find the overflow of
// a fee of 3 %.
//
// Z3's timeout is soft. Here it is backed by interrupts, and the tactics that were seen
// to ignore both are avoided, but nothing in this process can end a call of Z3: run the
// [Prover] in a child process where an answer must come in time, or memory must stay
// within a bound. While Z3 works, the finalizers of its terms wait, and with them those
// of the whole process.
package smt
