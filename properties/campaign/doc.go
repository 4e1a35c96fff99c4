// Package campaign runs much work, several pieces at once: the properties of a run, the cases of an
// exploration, or whatever [InOrder] is given, such as mutants.
//
// What comes of a campaign depends neither on how many pieces are worked on at once nor on the order
// in which they end; a campaign that is interrupted says what it has, and an [Exploration] goes on
// from there. A [Runner] does the work, in a child process or elsewhere; a [Meter] follows it.
package campaign
