package clients

import (
	"flag"
	"testing"

	"synchrony/properties/catalogue/internal/record"
)

var update = flag.Bool("update", false, "write what is said of drawn histories to the record")

// TestHistoriesOnRecord: what is on record is what the checkers say, of every part. With -update it becomes that.
func TestHistoriesOnRecord(t *testing.T) {
	of := record.Of{Record: historyVerdicts, Part: partOf, Ask: askPart}
	if err := of.Compare("verdicts/histories.txt", parts(), *update); err != nil {
		t.Error(err)
	}
}
