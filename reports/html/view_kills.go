package html

import "synchrony/reports"

// Kill is what became of a mutant: a deliberate bug in the system or in a checker.
type Kill struct {
	Mutant     string
	Breaks     string // what is broken, in a sentence
	Expected   string // the property that is to find it
	KilledBy   string // the property that did; empty if none did
	Rule       string // what that one found
	Cases      int    // until it was found
	Seconds    float64
	Size       int // of the shrunk workload
	Deviations int // of the shrunk schedule
}

// killTable is the table of mutants.
type killTable struct {
	Killed, Total string
	Rows          []killRow
}

type killRow struct {
	Kill
	Survived bool
	Time     string
}

func toKillTable(kills []Kill) *killTable {
	if len(kills) == 0 {
		return nil
	}
	t := &killTable{Total: reports.Plural(len(kills), "mutant")}
	killed := 0
	for _, k := range kills {
		row := killRow{Kill: k, Survived: k.KilledBy == "", Time: seconds(k.Seconds)}
		if !row.Survived {
			killed++
		}
		t.Rows = append(t.Rows, row)
	}
	t.Killed = reports.Thousands(killed)
	return t
}
