// Package order decides whether a batch's plan and its execution kept the order
// that the batch's dependencies ask for. It computes the dependencies again, from
// the declared read and write sets and the after clauses, and holds against them,
// each in a checker of its own:
//
//   - [Plan]: the plan's edges, which must be all of them and no other
//   - [Acyclic]: the plan has no cycle, and a batch with one is refused and it is named
//   - [Groups]: the plan's levels
//   - [Report]: the conflict report, which must be exact
//   - [Execution]: each transaction ran once, after its predecessors had committed
//   - [Observed]: the accesses that the execution made were declared and analysed
//
// All are linear in the accesses, edges and conflicts; Plan's is a search for
// those dependencies that an edge does not state by itself.
package order
