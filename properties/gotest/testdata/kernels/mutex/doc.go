// Package mutex holds kernels about mutexes locked in the wrong order, twice, too long or by copies.
package mutex
