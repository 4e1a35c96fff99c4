// Package certificate decides whether an execution carries what it must: a committed one a
// certificate of serializability ([New]), and a refused one a counterexample
// ([Counterexamples]). It checks both again, by itself and against the sequential
// specification, and believes nothing that they say.
package certificate
