// Package spoiled provides the properties X5 to X8, that no checker of batches, or of programs, accepts too much: runs
// that are right are recorded, each recording is spoiled by rules (see package synchrony/checkers/spoiled), and the
// checkers must refuse what it has become, unless that is as right as before for all that anybody can tell. As it was,
// each of them must accept it.
//
// X5 and X6 draw the runs, and ask that some checker refuses: what one accepts another may refuse. X7 and X8 ask each
// checker by itself about runs that were recorded once (package synchrony/checkers/recorded), and hold it to the verdicts
// that are on record: how many of the changes of each class it refuses, by which rule, and in which words. Whoever changes a
// checker writes the new record with
//
//	go test ./properties/catalogue/spoiled -run TestVerdictsOnRecord -update
//
// and reads what has changed in it: each line that is lost is something that a checker does not refuse any more.
package spoiled
