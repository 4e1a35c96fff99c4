// Package properties runs properties: it ties a generator, a system and its
// checkers together, searches schedules for each case drawn, shrinks what fails,
// saves it as a file, and replays such files.
//
// The pipeline is the same for every system. A [Property] draws a workload W,
// runs it on an [executor.System] under many schedules, and has checkers judge
// each observation O:
//
//	seed → generator → workload → schedules → system → observation → checkers → verdict
//
// A Go test calls [Check], a fuzz test [Fuzz], and anything else [Property.Run].
//
// Every case has a seed of its own, derived from the run's seed, the property and
// the case's number; so a case is the same whoever runs it, and in whatever order.
package properties
