// Package timeout decides whether a run that was ended from outside, by its
// timeout or by its caller, ended as it should: [New] judges that it was entitled to
// end, rolled back, said what was done and what was not, and had no effect
// afterwards; [Limit] that the limit in force was the one asked for, or a generous
// default.
package timeout
