// Package reports provides what all reports share: the statuses of a verdict, numbers and
// nouns as people write them, colours, tables, and a printer that keeps its first error.
// The reports themselves are in the packages below: results (of a run of properties),
// execution (of one batch or program), mutation (of mutants), html (the page) and
// history (the runs that were kept).
package reports
