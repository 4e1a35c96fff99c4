// Package channel holds kernels about channels that are nil, closed, full or never closed.
package channel
