// Package recording provides readers of the histories that other programs
// recorded: Jepsen's and Elle's EDN, JSON lines, porcupine's logs, and the text form of
// package history. Start from [ReadRecording].
package recording
