// Package builtin shows how to hold the two built-in systems, the batch executor and the
// parallel VM, to their properties from go test, and how to execute a batch with them.
package builtin
