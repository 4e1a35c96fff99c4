// Package checked renders what was found of a recorded history as one self-contained HTML page: start from [Write].
//
// The page is one file that loads nothing and needs no script. It tells the verdict and why; the isolation levels and anomalies
// of transactions, with the cycle that decides; and it draws the clients' operations: of a large history those to blame, and
// those nearest to them. It says of an operation what the record says, and no more: what was not told is no value, and what
// has no time has none.
package checked
