//go:build race

package synchrony

// most is the largest batch that tests run: the race detector makes each access
// twenty times slower.
const most = 100_000
