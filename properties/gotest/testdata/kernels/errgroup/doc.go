// Package errgroup holds kernels about groups of tasks that return the first error.
package errgroup
