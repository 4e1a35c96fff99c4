// Package maprace holds kernels about maps that goroutines use without a lock.
package maprace
