// Package reports renders what a run of properties showed: as text for a
// console, as JSON for programs, and recorded schedules and executions as Chrome
// trace events.
//
// A [Run] is everything that is known about a run. Each form is one function in a
// file of its own, from a Run to an [io.Writer]; nothing here runs anything.
package reports
