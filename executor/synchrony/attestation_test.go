package synchrony

import (
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"synchrony/models/batch"
)

var expiry = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// payments is a batch of n external payments, and the attestation source's key.
func payments(t testing.TB, n int) (*batch.Batch, ed25519.PrivateKey) {
	t.Helper()
	seed := make([]byte, ed25519.SeedSize)
	chacha := rand.NewChaCha8([32]byte{1})
	if _, err := chacha.Read(seed); err != nil {
		t.Fatal(err)
	}
	key := ed25519.NewKeyFromSeed(seed)
	pay := batch.Transfer()
	pay.Name, pay.Params[2].External = "pay", true
	builder := batch.NewBuilder()
	a, b := builder.Account("a", 1000), builder.Account("b", 0)
	for i := range n {
		builder.Call("pay"+strconv.Itoa(i+1), pay, batch.AccountArg(a), batch.AccountArg(b), batch.AmountArg(3))
	}
	built, err := builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	built.Sources = []batch.AttestationSource{{Name: "feed", Key: key.Public().(ed25519.PublicKey)}}
	for tx := range built.Transactions {
		a, err := batch.Attest(key, "feed", built, tx, "amount", expiry)
		if err != nil {
			t.Fatal(err)
		}
		built.Attestations = append(built.Attestations, a)
	}
	return built, key
}

// TestAttestationGate: the executor's verdict is that of the specification, and what is
// not attested has no effect.
func TestAttestationGate(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*batch.Batch)
		now    time.Time
		want   batch.AttestationProblem
	}{
		{"valid", func(*batch.Batch) {}, expiry.Add(-1), 0},
		{"expired at this instant", func(*batch.Batch) {}, expiry, batch.Expired},
		{"missing", func(b *batch.Batch) { b.Attestations = b.Attestations[1:] }, expiry.Add(-1), batch.NotAttested},
		{"the last is missing", func(b *batch.Batch) { b.Attestations = b.Attestations[:2] }, expiry.Add(-1), batch.NotAttested},
		{"another's", func(b *batch.Batch) { b.Attestations[1].Signature = b.Attestations[2].Signature }, expiry.Add(-1), batch.BadSignature},
		{"no key", func(b *batch.Batch) { b.Sources = nil }, expiry.Add(-1), batch.UnknownSource},
		{"another value", func(b *batch.Batch) { b.Transactions[2].Call.Args[2].Amount = 4 }, expiry.Add(-1), batch.BadSignature},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, mode := range []batch.Mode{batch.Serial, batch.Parallel} {
				b, _ := payments(t, 3)
				c.change(b)
				store := NewStore(b.Accounts)
				r, err := Execute(t.Context(), nil, store, b, Options{Workers: 2, Mode: mode, Now: c.now})
				want := batch.VerifyAttestations(b, c.now)
				var got *batch.AttestationError
				errors.As(err, &got)
				switch {
				case want == nil && (err != nil || c.want != 0):
					t.Fatalf("%v: %v", mode, err)
				case want != nil && (got == nil || *got != *want || got.Problem != c.want):
					t.Fatalf("%v: got %v, want %v", mode, err, want)
				case want != nil && (r.Committed || !slices.Equal(store.Snapshot(nil), b.Balances()) || r.Counterexample.Gate != "attestations"):
					t.Errorf("%v: %+v", mode, r)
				}
			}
		})
	}
}

// TestWallClock: without a time of day, it is now.
func TestWallClock(t *testing.T) {
	b, key := payments(t, 1)
	var err error
	if b.Attestations[0], err = batch.Attest(key, "feed", b, 0, "amount", time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	var expired *batch.AttestationError
	if _, err := Execute(t.Context(), nil, NewStore(b.Accounts), b, Options{Workers: 1}); !errors.As(err, &expired) || expired.Problem != batch.Expired {
		t.Errorf("got %v", err)
	}
}

// BenchmarkAttestations shows what an attested argument costs.
func BenchmarkAttestations(b *testing.B) {
	attested, _ := payments(b, 3)
	for b.Loop() {
		if _, err := Execute(b.Context(), nil, NewStore(attested.Accounts), attested, Options{Workers: 1, Now: expiry.Add(-1)}); err != nil {
			b.Fatal(err)
		}
	}
}
