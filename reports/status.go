package reports

// WorstFirst are all verdicts, each before those that it outweighs.
var WorstFirst = [...]Status{Fail, Broken, Inconclusive, Pass}

// Status is the verdict on a property or a run.
type Status string

// The statuses.
const (
	Pass         Status = "pass"
	Fail         Status = "fail"         // a violation was found
	Inconclusive Status = "inconclusive" // interrupted, undecided, or nothing was tested
	Broken       Status = "error"        // the harness itself failed
)
