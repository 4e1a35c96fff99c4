// Package history keeps what runs showed in a database, a file that many processes
// may use at once, and tells how properties did over time.
//
// [Open] it, [Store.Add] each run, and ask [Store.Runs], [Store.Run] or
// [Store.Trends]. A run is kept as its JSON report, compressed, with its
// counterexamples in it; beside it stand the figures that lists and trends need.
//
// The corpus of counterexamples is not here: it stays plain files, which a team
// keeps in version control.
package history
