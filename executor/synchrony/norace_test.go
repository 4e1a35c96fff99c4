//go:build !race

package synchrony

// most is the largest batch that tests run.
const most = 1_000_000
