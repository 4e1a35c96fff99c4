// Package workload decides whether histories of the workloads of Jepsen that are no linearizability keep what they
// promise: begin with [Models]. They take time and space linear in what the history has, but for sorting, and but for the models whose reads
// return everything that was written, which compare each read with all of it.
package workload
