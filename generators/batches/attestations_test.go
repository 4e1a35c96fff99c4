package batches

import (
	"testing"

	"pgregory.net/rapid"

	"synchrony/models/batch"
)

// TestAttestedBatches: they are valid, print, and both attested and not.
func TestAttestedBatches(t *testing.T) {
	saw := map[batch.AttestationProblem]int{}
	rapid.Check(t, func(t *rapid.T) {
		w, _ := Workload(t, Attested())
		if err := w.Batch.Validate(); err != nil {
			t.Fatal(err)
		}
		text, err := batch.FormatWorkload(w)
		if err != nil {
			t.Fatal(err)
		}
		again, err := batch.ParseWorkload("drawn", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		got, want := batch.VerifyAttestations(again.Batch, again.Setup.Now), batch.VerifyAttestations(w.Batch, w.Setup.Now)
		switch {
		case (got == nil) != (want == nil) || got != nil && *got != *want:
			t.Fatalf("before printing %v, after it %v", want, got)
		case got == nil:
			saw[0]++
		default:
			saw[got.Problem]++
		}
	})
	for _, p := range []batch.AttestationProblem{0, batch.NotAttested, batch.BadSignature, batch.Expired} {
		if saw[p] == 0 {
			t.Errorf("no batch drawn with: %v", p)
		}
	}
}
