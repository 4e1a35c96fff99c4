// Package history provides what clients of a system saw: the neutral history of
// transactions that the serializability checker judges ([History]), and calls with
// their returns ([Calls]), whichever system they were recorded from. Both have text
// forms, so that a small history can be written by hand.
package history
