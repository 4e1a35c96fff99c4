// Package clients provides the properties of the checkers of what clients recorded, which verify check uses: X9, that
// calls are accepted if and only if some order explains them; X10, that transactions satisfy exactly the isolation
// levels whose definitions they meet, and have the anomalies that they are said to have; and X11, that a workload's
// operations are accepted if and only if its promise, as it is worded, is kept. Each is held against a definition that
// is executed as it is written, by trying everything, on histories small enough for that; and on long ones against how
// they were made.
package clients
