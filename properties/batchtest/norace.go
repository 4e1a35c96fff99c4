//go:build !race

package batchtest

// recording says whether calls of transactions are recorded.
const recording = true
