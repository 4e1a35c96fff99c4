// Package workload decides whether histories of the workloads of Jepsen that are no linearizability keep what they
// promise: begin with [Models]; [Stream] judges while it is told of the operations. Time and space are linear in what the history has, but for sorting, and but for the models
// whose reads return everything that was written, which compare each read with all of it, and long-fork, which compares all that different reads of the same keys saw.
package workload
