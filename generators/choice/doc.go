// Package choice provides the random decisions that all generators are made of:
// unbiased bits in groups of a fixed width, and what is drawn from them.
//
// rapid's own integers are biased to small values and take two blocks each, so
// weights would not mean what they say and shrinking would be slow.
package choice
