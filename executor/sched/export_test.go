package sched

// MinimiseDeviations is for tests of what it leaves, and of what [Minimise] does beyond that.
var MinimiseDeviations = minimiseDeviations
