// Package serializability decides whether a history of transactions is strictly
// serializable, and says why not: use [Judge] for a history of any store, and [New]
// for the runs of a batch executor.
//
// It first looks for a certificate. It replays the transactions in the order in which they
// returned, which is the serial order of most stores that have one, and then in one in
// which each takes effect as soon as it can: if every read and every replaced version
// comes out as recorded, that order is the certificate.
//
// If there is none, it builds the direct serialization graph (Adya, Liskov and
// O'Neil, "Generalized Isolation Level Definitions", ICDE 2000) from the recorded
// versions, with the real-time order as a chain of extra nodes, so that it is linear
// too. The verdict has a shortest cycle of the worst kind: G0, G1c, G-single,
// G2-item, and the same with "-realtime" for those that are cycles only because one
// transaction had returned before another was invoked.
//
// All of that takes time and space linear in the history; only the search for the
// shortest cycle in a broken one may take more, and is bounded.
package serializability
