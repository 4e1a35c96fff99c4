// Package cond holds kernels about condition variables whose wakers and sleepers miss each other.
package cond
