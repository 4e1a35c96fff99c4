// Package rwmutex holds kernels about read-write locks that a reader or a panic blocks for ever.
package rwmutex
