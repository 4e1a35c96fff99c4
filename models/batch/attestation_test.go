package batch

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	testKey    = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	otherKey   = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	testExpiry = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
)

const payText = `accounts { alice: 100; bob: 50; }
intent pay(from: Account, external to: Account, external amount: Amount, external limit: Amount) {
  guard { amount <= limit; }
  verify { from == old_from - amount; to == old_to + amount; }
}
atomic_batch b {
  intent pay1(alice, bob, 5, 9)
  intent pay2(alice, bob, 5, 9) after pay1
}
`

// attested is the batch of payText with a valid attestation of each external argument.
func attested(t *testing.T) *Batch {
	t.Helper()
	b := mustParse(t, payText)
	b.Sources = []AttestationSource{{"feed", testKey.Public().(ed25519.PublicKey)}, {"other", otherKey.Public().(ed25519.PublicKey)}}
	for tx := range b.Transactions {
		for _, param := range []string{"to", "amount", "limit"} {
			a, err := Attest(testKey, "feed", b, tx, param, testExpiry)
			if err != nil {
				t.Fatal(err)
			}
			b.Attestations = append(b.Attestations, a)
		}
	}
	return b
}

func TestAttestedBatchRoundTrips(t *testing.T) {
	b := attested(t)
	if e := VerifyAttestations(b, testExpiry.Add(-1)); e != nil {
		t.Fatal(e)
	}
	text, err := Format(b)
	if err != nil {
		t.Fatal(err)
	}
	again := mustParse(t, string(text))
	if diff := cmp.Diff(b, again); diff != "" {
		t.Error(diff)
	}
	if e := VerifyAttestations(again, testExpiry.Add(-1)); e != nil {
		t.Error(e)
	}
}

// TestSignaturesCoverEverything changes one fact at a time.
func TestSignaturesCoverEverything(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Batch)
		want   AttestationProblem // of pay1.to unless param says otherwise
		param  string
	}{
		{"balances may change", func(b *Batch) { b.Accounts[0].Balance = 7 }, 0, ""},
		{"work may change", func(b *Batch) { b.Transactions[0].Work = 1 }, 0, ""},
		{"the value", func(b *Batch) { b.Transactions[0].Call.Args[2].Amount++ }, BadSignature, "to"},
		{"the batch's name", func(b *Batch) { b.Name = "c" }, BadSignature, "to"},
		{"an account's name", func(b *Batch) { b.Accounts[1].Name = "bab" }, BadSignature, "to"},
		{"the transaction's ID", func(b *Batch) { b.Transactions[0].ID = "pay3"; b.Attestations[0].Tx = "pay3" }, BadSignature, "to"},
		{"an after clause", func(b *Batch) { b.Transactions[1].After = nil }, BadSignature, "to"},
		{"the intent's text", func(b *Batch) { b.Transactions[0].Call.Intent.Guard[0].Op = LT }, BadSignature, "to"},
		{"another parameter's signature", func(b *Batch) { b.Attestations[1].Signature = b.Attestations[2].Signature }, BadSignature, "amount"},
		{"another transaction's signature", func(b *Batch) { b.Attestations[0].Signature = b.Attestations[3].Signature }, BadSignature, "to"},
		{"the expiry", func(b *Batch) { b.Attestations[0].Expires = testExpiry.Add(1) }, BadSignature, "to"},
		{"another source", func(b *Batch) { b.Attestations[0].Source = "other" }, BadSignature, "to"},
		{"no such source", func(b *Batch) { b.Attestations[0].Source = "nobody" }, UnknownSource, "to"},
		{"a flipped bit", func(b *Batch) { b.Attestations[2].Signature[9] ^= 1 }, BadSignature, "limit"},
		{"a short signature", func(b *Batch) { b.Attestations[2].Signature = nil }, BadSignature, "limit"},
		{"none", func(b *Batch) { b.Attestations = b.Attestations[1:] }, NotAttested, "to"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := attested(t)
			c.change(b)
			got := VerifyAttestations(b, testExpiry.Add(-1))
			switch {
			case c.want == 0 && got != nil, c.want != 0 && got == nil:
				t.Fatalf("got %v", got)
			case c.want != 0 && (got.Problem != c.want || got.Param != c.param || !strings.Contains(got.Error(), c.param)):
				t.Errorf("got %v: %v", got.Problem, got)
			}
		})
	}
	if got := VerifyAttestations(attested(t), testExpiry); got == nil || got.Problem != Expired || !got.Expires.Equal(testExpiry) {
		t.Errorf("at its expiry: %v", got)
	}
}

func TestAttestRefuses(t *testing.T) {
	b := mustParse(t, payText)
	for _, c := range []struct {
		key   ed25519.PrivateKey
		tx    int
		param string
		want  string
	}{
		{testKey[:5], 0, "to", "a private key of 5 bytes"},
		{testKey, 2, "to", "transaction 2 of a batch of 2"},
		{testKey, 0, "from", `"from" from the batch: it is not external`},
		{testKey, 0, "nothing", `has no parameter "nothing"`},
	} {
		if _, err := Attest(c.key, "feed", b, c.tx, c.param, testExpiry); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestValidateAttestations: what has no text, or could never count, is not valid.
func TestValidateAttestations(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(*Batch)
	}{
		{"has no name", func(b *Batch) { b.Sources[0].Name = "" }},
		{"like another", func(b *Batch) { b.Sources[0].Name = "other" }},
		{"has a key of 3 bytes", func(b *Batch) { b.Sources[0].Key = b.Sources[0].Key[:3] }},
		{"not one of the batch", func(b *Batch) { b.Attestations[0].Tx = "pay9" }},
		{"is not external", func(b *Batch) { b.Attestations[0].Param = "from" }},
		{"is the second", func(b *Batch) { b.Attestations[1].Param = "to" }},
		{"whose key is not declared", func(b *Batch) { b.Attestations[0].Source = "x" }},
		{"a signature of 2 bytes", func(b *Batch) { b.Attestations[0].Signature = make([]byte, 2) }},
		{"year 12030", func(b *Batch) { b.Attestations[0].Expires = testExpiry.AddDate(10_000, 0, 0) }},
	} {
		b := attested(t)
		c.change(b)
		if err := b.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestAttestationProblemsRoundTrip(t *testing.T) {
	for p := NotAttested; p <= Expired; p++ {
		if got, err := ParseAttestationProblem(p.String()); err != nil || got != p {
			t.Errorf("%v: %v, %v", p, got, err)
		}
	}
	if _, err := ParseAttestationProblem(AttestationProblem(9).String()); err == nil {
		t.Error("parsed a problem that is none")
	}
}
