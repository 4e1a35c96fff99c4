// Package publication holds kernels about values that goroutines hand over without synchronisation.
package publication
