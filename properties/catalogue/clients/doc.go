// Package clients provides the properties of the checkers of what clients recorded, which verify check uses: X9, that
// calls are accepted if and only if some order explains them; X10, that transactions satisfy exactly the isolation
// levels whose definitions they meet, and have the anomalies that they are said to have; and X11, that a workload's
// operations are accepted if and only if its promise, as it is worded, is kept. Each is held against a definition that
// is executed as it is written, by trying everything, on histories small enough for that; and on long ones against how
// they were made.
//
// X12 is about what has no definition: the evidence, and verdicts on histories that are too large to try everything. Of drawn histories
// it is on record what each checker says, in a digest. Whoever changes a checker, or how histories are drawn, writes the new record with
//
//	go test ./properties/catalogue/clients -run TestHistoriesOnRecord -update
//
// and reads which verdicts have changed in it.
package clients
