// Package slicerace holds kernels about slices that goroutines append to without a lock.
package slicerace
