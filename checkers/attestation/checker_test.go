package attestation

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

var now = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func workload(t *testing.T, expires time.Time) batch.Workload {
	t.Helper()
	b, err := batch.Parse("test.ae", []byte(`accounts { a: 5; b: 0; }
intent pay(from: Account, to: Account, external amount: Amount) { verify { from == old_from - amount; to == old_to + amount; } }
atomic_batch { intent pay1(a, b, 3) }`))
	if err != nil {
		t.Fatal(err)
	}
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{3}, ed25519.SeedSize))
	b.Sources = []batch.AttestationSource{{Name: "feed", Key: key.Public().(ed25519.PublicKey)}}
	a, err := batch.Attest(key, "feed", b, 0, "amount", expires)
	if err != nil {
		t.Fatal(err)
	}
	b.Attestations = []batch.Attestation{a}
	return batch.Workload{Batch: b, Setup: batch.Setup{Workers: 1, Now: now}}
}

func TestChecker(t *testing.T) {
	valid, late := workload(t, now.Add(1)), workload(t, now)
	untold := late
	untold.Setup.Now = time.Time{}
	committed := trace.Observation{Outcome: history.Committed, Initial: []int64{5, 0}, Final: []int64{2, 3}}
	aborted := trace.Observation{
		Outcome: history.Aborted, Initial: []int64{5, 0}, Final: []int64{5, 0},
		Unattested: &batch.AttestationError{ID: "pay1", Param: "amount", Source: "feed", Problem: batch.Expired, Expires: now},
	}
	changed, seen, other := aborted, aborted, aborted
	changed.Final = committed.Final
	seen.Snapshots = []trace.Snapshot{{Balances: committed.Final}}
	other.Unattested = &batch.AttestationError{ID: "pay1", Param: "amount", Problem: batch.NotAttested}
	for _, c := range []struct {
		name   string
		w      batch.Workload
		o      trace.Observation
		status checkers.Status
		rule   string
	}{
		{"valid and committed", valid, committed, checkers.Pass, ""},
		{"expired and aborted", late, aborted, checkers.Pass, ""},
		{"expired and committed", late, committed, checkers.Fail, "committed unattested"},
		{"valid and aborted", valid, aborted, checkers.Fail, "wrong attestation error"},
		{"another error", late, other, checkers.Fail, "wrong attestation error"},
		{"aborted with an effect", late, changed, checkers.Fail, "effect of an unattested batch"},
		{"an effect that somebody saw", late, seen, checkers.Fail, "effect of an unattested batch"},
		{"at an unknown time", untold, committed, checkers.Unknown, ""},
	} {
		if v := New().Check(c.w, c.o); v.Status != c.status || v.Rule != c.rule {
			t.Errorf("%s: %v %q: %s", c.name, v.Status, v.Rule, v.Reason)
		}
	}
}
