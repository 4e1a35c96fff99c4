// Package spoiled provides the properties X5 and X6, that no checker of batches, or of programs, accepts too much: runs
// that are right are recorded, each recording is spoiled by rules (see package synchrony/checkers/spoiled), and the
// checkers must refuse what it has become, unless that is as right as before for all that anybody can tell. As it was,
// each of them must accept it.
package spoiled
