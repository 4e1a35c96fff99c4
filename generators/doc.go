// Package generators provides what is said of generated cases: the labels that
// classify a case, and their shares in a run. What a case is gets decided from the
// case itself and never from how it was drawn, so a report's shares cannot lie.
//
// The packages below draw the cases: choice is the randomness, batches, programs and
// histories are what is drawn.
package generators
