package batches

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"slices"
	"time"

	"synchrony/generators/choice"
	"synchrony/models/batch"
)

// attestationNumbers is what is drawn of a batch's external arguments. They come before
// the batch's own, and only if the options ask for them: without, the same choices
// make the same batches as ever.
type attestationNumbers struct {
	external bool // arguments are external, and attested
	fault    attestationFault
	place    uint64 // which attestation the fault strikes, of placeBits bits
}

const placeBits = 8

// attestationFault is what is wrong with one of the attestations.
type attestationFault uint8

const (
	allValid       attestationFault = iota
	missing                         // there is none
	expired                         // by some time
	expiredNow                      // at this very instant
	forged                          // signed by a key that is not the source's
	corrupted                       // a bit of the signature has changed
	otherValue                      // what was signed is not what is passed
	otherParameter                  // the signature is for another transaction or parameter
)

// The attestation sources and the time of generated batches. The keys are secret to nobody.
var (
	attestationNow = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	sourceNames    = []string{"feed", "clock"}
	sourceSecret   = func(k int) ed25519.PrivateKey {
		return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(k + 1)}, ed25519.SeedSize))
	}
)

func drawAttestations(s choice.Source, o Options) attestationNumbers {
	if o.Attestations == 0 {
		return attestationNumbers{}
	}
	return attestationNumbers{
		external: choice.Chance(s, o.Attestations),
		fault:    attestationFault(choice.Pick(s, 10, 2, 1, 1, 2, 2, 2, 2)),
		place:    s.Bits(placeBits),
	}
}

// attest makes every amount external, or else the first parameter, and has it
// attested, with one fault at most. The batch becomes another: intents are shared.
func (n attestationNumbers) attest(w batch.Workload) batch.Workload {
	if !n.external {
		return w
	}
	b := withExternals(w.Batch)
	w.Setup.Now = attestationNow
	for k, name := range sourceNames {
		b.Sources = append(b.Sources, batch.AttestationSource{Name: name, Key: sourceSecret(k).Public().(ed25519.PublicKey)})
	}
	type argument struct{ tx, param int }
	var arguments []argument
	for tx := range b.Transactions {
		for k, p := range b.Transactions[tx].Call.Intent.Params {
			if p.External {
				arguments = append(arguments, argument{tx, k})
			}
		}
	}
	struck := choice.Scale(n.place, placeBits, max(len(arguments), 1))
	for i, a := range arguments {
		fault := allValid
		if i == struck {
			fault = n.fault
		}
		b.Attestations = append(b.Attestations, n.attestation(b, a.tx, a.param, i%len(sourceNames), fault)...)
	}
	if n.fault == otherParameter && len(b.Attestations) > 1 {
		other := (struck + 1) % len(b.Attestations)
		b.Attestations[struck].Signature = b.Attestations[other].Signature
	}
	return batch.Workload{Batch: b, Setup: w.Setup}
}

// attestation makes one attestation with a fault, or none.
func (n attestationNumbers) attestation(b *batch.Batch, tx, param, source int, fault attestationFault) []batch.Attestation {
	key, expires, signed := sourceSecret(source), attestationNow.Add(time.Hour), b
	switch fault {
	case missing:
		return nil
	case expired:
		expires = attestationNow.Add(-time.Minute)
	case expiredNow:
		expires = attestationNow
	case forged:
		key = sourceSecret(source + 1)
	case otherValue:
		signed = withOtherValue(b, tx, param)
	}
	t := &b.Transactions[tx]
	a, err := batch.Attest(key, sourceNames[source], signed, tx, t.Call.Intent.Params[param].Name, expires)
	if err != nil {
		panic(fmt.Sprint("generators: ", err)) // a mistake of this package
	}
	if fault == corrupted {
		a.Signature[0] ^= 1
	}
	return []batch.Attestation{a}
}

// withOtherValue is a batch that passes something else for one parameter.
func withOtherValue(b *batch.Batch, tx, param int) *batch.Batch {
	other := *b
	other.Transactions = slices.Clone(b.Transactions)
	call := *b.Transactions[tx].Call
	call.Args = slices.Clone(call.Args)
	if call.Intent.Params[param].Type == batch.AmountParam {
		call.Args[param].Amount ^= 1
	} else {
		other.Name += "x"
	}
	other.Transactions[tx].Call = &call
	return &other
}

// withExternals is a copy of the batch with external parameters. A transfer of the
// prelude becomes one that the batch declares.
func withExternals(b *batch.Batch) *batch.Batch {
	c := *b
	c.Intents, c.Transactions = nil, slices.Clone(b.Transactions)
	copies := map[*batch.Intent]*batch.Intent{}
	declare := func(in *batch.Intent) *batch.Intent {
		if copies[in] == nil {
			copies[in] = external(in)
			c.Intents = append(c.Intents, copies[in])
		}
		return copies[in]
	}
	for _, in := range b.Intents {
		declare(in)
	}
	for i := range c.Transactions {
		call := *c.Transactions[i].Call
		if call.Inline {
			call.Intent = external(call.Intent)
		} else {
			call.Intent = declare(call.Intent)
		}
		c.Transactions[i].Call = &call
	}
	return &c
}

func external(in *batch.Intent) *batch.Intent {
	c := *in
	c.Params = slices.Clone(in.Params)
	some := false
	for i := range c.Params {
		c.Params[i].External = c.Params[i].Type == batch.AmountParam
		some = some || c.Params[i].External
	}
	if !some && len(c.Params) > 0 {
		c.Params[0].External = true
	}
	return &c
}

// Attested draws batches with external arguments, half of which have an attestation
// that does not count.
func Attested() Options {
	o := Committing()
	o.Attestations, o.Failures = 90, 5
	return o
}
