package batches

import (
	"errors"
	"slices"
	"testing"

	"synchrony/models/batch"
)

// The Go form of a batch ends as the text form does: the same balances, or the
// same transaction failing for the same reason.
func TestGoFormEndsAsTheTextForm(t *testing.T) {
	o := Anything()
	o.Failures, o.Mints, o.Cycles, o.Panics = 25, 15, 0, 0
	failed, prepared := 0, 0
	for seed, w := range cases(500, o) {
		twin, err := GoForm(w)
		if err != nil {
			t.Fatal(err)
		}
		text, code := batch.RunSerially(w.Batch), batch.RunSerially(twin.Batch)
		if !slices.Equal(text.Balances, code.Balances) {
			t.Fatalf("seed %d: the text form ends with %v, the Go form with %v", seed, text.Balances, code.Balances)
		}
		if (text.Failure == nil) != (code.Failure == nil) {
			t.Fatalf("seed %d: the text form fails with %v, the Go form with %v", seed, text.Failure, code.Failure)
		}
		if text.Failure == nil {
			continue
		}
		failed++
		if twin.Batch.Transactions[code.Failure.Tx].Prepare != nil && text.Failure.Kind == batch.GuardFailed {
			prepared++
		}
		kind := code.Failure.Kind
		if broken := (*RuleError)(nil); errors.As(code.Failure, &broken) {
			kind = broken.Kind
		}
		if text.Failure.Tx != code.Failure.Tx || text.Failure.Kind != kind {
			t.Fatalf("seed %d: the text form fails with %v, the Go form with %v", seed, text.Failure, code.Failure)
		}
	}
	if failed < 50 || prepared < 10 {
		t.Errorf("only %d of the batches fail, %d by a guard where there is a prepare", failed, prepared)
	}
}

func TestGoFormRefusesGoForm(t *testing.T) {
	w := cases(1, Options{MaxTransactions: 3})[0]
	w.Batch.Transactions = []batch.Transaction{{ID: "t", Apply: func(batch.View) error { return nil }}}
	if _, err := GoForm(w); err == nil {
		t.Error("a transaction without a text form was translated")
	}
}
