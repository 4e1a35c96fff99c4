// Package isolation decides which isolation levels a history of transactions satisfies, and names every anomaly in it
// with a smallest example: use [Judge] for transactions on lists or on registers, of which clients saw the values and
// not the versions.
//
// The versions follow from the values, each of which is written once (Kingsbury and Alvaro, "Elle: Inferring Isolation
// Anomalies from Experimental Observations", VLDB 2020): a list that was read tells the order of all its appends. What
// nobody read was appended after all that was read, and before nothing: its order is free. Of registers, a transaction
// that read what it replaced tells one step of the order, and real time and sessions some more where a level has them.
//
// A level forbids cycles of the direct serialization graph (Adya, "Weak Consistency: A Generalized Theory and Optimistic
// Implementations for Distributed Transactions", 1999) or, of the levels that Cerone, Bernardi and Gotsman define ("A
// Framework for Transactional Consistency Models with Atomic Visibility", CONCUR 2015), the cycles that they are
// characterized by (Cerone and Gotsman, "Analysing Snapshot Isolation", PODC 2016). Crooks, Pu, Alvisi and Clement
// ("Seeing is Believing", PODC 2017) define the same levels by the states that a client can have seen.
//
// Where the order of versions is known, or is free, a graph without a cycle is a proof, and nothing is searched. Nor is it for
// levels up to causal (Biswas and Enea, "On the Complexity of Checking Transactional Consistency", OOPSLA 2019).
// Otherwise a likely order is tried, and then the orders of the smallest part that is in doubt.
package isolation
