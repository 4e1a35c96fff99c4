// Package bounds lists the bounds in the sources of the executors, constants and widths of fields, around whose values
// workloads are drawn; or says why no workload reaches them.
//
// A mistake at the border of a page, a ring or a counter shows only in a workload that is large enough, and often
// only in one of exactly that size. Nobody knows beforehand which border has one, so all are listed: a test in
// package ci finds them in the sources, and fails if this list has one more or one less.
package bounds
