// Package waitgroup holds kernels about wait groups whose counter does not say what is running.
package waitgroup
