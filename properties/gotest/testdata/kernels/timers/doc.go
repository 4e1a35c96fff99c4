// Package timers holds kernels about timers and tickers that fire at an unexpected moment.
package timers
