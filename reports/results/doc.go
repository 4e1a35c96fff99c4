// Package results renders what a run of properties showed: as text for a console, as JSON,
// JUnit XML, SARIF, test2json, events and GitHub annotations for programs; and merges the
// reports of shards.
//
// A [Run] is everything that is known about a run. Each form is one function in a
// file of its own, from a Run to an [io.Writer]; nothing here runs anything.
package results
