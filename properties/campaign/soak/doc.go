// Package soak plans rounds of testing without an end, and remembers what came of them: each round is a campaign with a seed that
// none had before, and of what fails only what is new is told. Failures are one if they have one cause ([properties.Group]).
//
// Every second round is of the properties that deserve more: those whose code was changed, that have failed before, or that met a
// condition of theirs rarely. They share what a round of all properties would have cost.
package soak
