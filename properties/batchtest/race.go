//go:build race

package batchtest

// recording says whether calls of transactions are recorded. To record them in order would order them for the race detector, which would
// then miss races of the executor.
const recording = false
