// Package broken holds systems that are broken on purpose, each in a way of its
// own: they show what a verdict on such a system looks like, and that a run
// survives it. They are also the shortest examples of a system of one's own.
//
// Each is a counter to which workers add one; a run selects them by name only.
package broken
