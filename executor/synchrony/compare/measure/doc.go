// Package measure runs the batch executor beside other executors of blocks, and the rest of what the project says to be fast,
// and writes what came out as tables and curves. See [Main].
//
// Executors take turns in one process, for as many rounds as asked for, and the order rotates from round to round. What counts is
// the ratio within a round, of which a table gives minimum, median and maximum: a machine that others use slows all
// that are measured in the same second. Processor time is the whole process's, the garbage collector's included.
package measure
