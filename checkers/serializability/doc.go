// Package serializability decides whether a history of transactions is strictly
// serializable, and says why not: use [Judge] for a history of any store, and [New]
// for the runs of a batch executor.
//
// It first replays the transactions in the order in which they returned, which is
// the serial order of most stores that have one: if every read and every replaced
// version comes out as recorded, that order is the proof. If not, it builds the
// direct serialization graph (Adya, Liskov and O'Neil, "Generalized Isolation Level
// Definitions", ICDE 2000) from the recorded versions, with the real-time order as a
// chain of extra nodes, so that it is linear too. A graph without a cycle gives
// another order to replay. From one with a cycle, the verdict has a shortest of the
// worst kind: G0, G1c, G-single, G2-item, and the same with "-realtime" for those
// that are cycles only because one transaction had returned before another was
// invoked.
//
// Both ways take time and space linear in the history; only the search for the
// shortest cycle in a broken one may take more, and is bounded.
package serializability
