// Package closure holds kernels about goroutines that share a loop's variable.
package closure
