// Package atomics holds kernels about atomic operations that are not atomic together.
package atomics
