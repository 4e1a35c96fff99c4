// Package chunks decides whether a program was cut into chunks, analysed and executed in
// chunks as it must be: [Partition] judges the cuts, [Dependencies] the analysis against
// what executions really touch, [Attempts] what became of each chunk, and [Metrics] the
// figures. All recompute what they need from the program, by the sequential
// specification, and believe an observation nothing that they can check.
package chunks
