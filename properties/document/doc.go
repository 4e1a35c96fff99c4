// Package document reads the JSON documents that this program writes: reports, states of
// explorations, what child processes answer. It accepts what could have been written and
// nothing else, and says where the rest is wrong.
//
// [Read] takes care of the form; [Faults] collects what the values contradict.
package document
