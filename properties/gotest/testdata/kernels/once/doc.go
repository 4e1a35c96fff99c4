// Package once holds kernels about one-time initialisation that calls itself or panics.
package once
