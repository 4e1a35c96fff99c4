// Package spoiled provides recordings that are wrong, made of right ones by rules: begin with [All], which lists every
// change that the rules make of a recording, and [Draw], which chooses one. They are for whoever tests checkers: a
// checker that accepts what one change has made wrong accepts too much. It is mutation testing, of what checkers are
// shown and not of their code.
//
// The rules go by the types of what a recording is made of, and find its parts by reflection. So a field that a
// recording gets is spoiled from then on, and whoever adds it must have a checker that looks at it, or say in the list
// of equivalents why nobody can.
package spoiled
