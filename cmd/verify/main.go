// Command verify tests the batch executor, the parallel VM, and any other system given to it: it
// draws cases at random, runs each under many schedules, judges what happened,
// shrinks what failed to a minimal counterexample, and replays counterexamples.
//
// Begin with "verify run"; "verify help" lists the commands.
package main

import (
	"synchrony/cmd/verify/command"
	"synchrony/properties/catalogue"
)

func main() { command.Main(catalogue.All()) }
