package synchrony

import (
	"crypto/ed25519"
	"crypto/sha256"

	"synchrony/models/batch"
)

// attestedArgument is what an attestation is found by.
type attestedArgument struct{ tx, param string }

// verifier checks the attestations of one batch.
type verifier struct {
	batch        *batch.Batch
	digest       [sha256.Size]byte
	keys         map[string]ed25519.PublicKey
	attestations map[attestedArgument]*batch.Attestation
}

// checkAttestations is the gate that lets no external argument pass that nobody vouches
// for. It comes last before the commit, so that an attestation that expires during
// the execution does not count.
func (r *run) checkAttestations() error {
	var v *verifier
	var local *program // compiled from an intent without external parameters
	for tx, p := range r.sc.programs {
		if p == nil || p == local {
			continue
		}
		external := false
		for k, param := range r.batch.Transactions[tx].Call.Intent.Params {
			if !param.External {
				continue
			}
			external = true
			if v == nil {
				v = newVerifier(r.batch)
			}
			if e := v.refuse(r, tx, k); e != nil {
				if !r.control.end(r.rt, aborted, r.control.none) {
					return r.interrupted()
				}
				return e
			}
		}
		if !external {
			local = p
		}
	}
	return nil
}

func newVerifier(b *batch.Batch) *verifier {
	v := &verifier{
		batch: b, digest: b.Digest(),
		keys:         make(map[string]ed25519.PublicKey, len(b.Sources)),
		attestations: make(map[attestedArgument]*batch.Attestation, len(b.Attestations)),
	}
	for _, o := range b.Sources {
		v.keys[o.Name] = o.Key
	}
	for i := range b.Attestations {
		a := &b.Attestations[i]
		v.attestations[attestedArgument{a.Tx, a.Param}] = a
	}
	return v
}

// refuse says why the argument for parameter k of tx cannot be accepted; nil if it can.
func (v *verifier) refuse(r *run, tx, k int) *batch.AttestationError {
	t := &v.batch.Transactions[tx]
	e := &batch.AttestationError{Tx: tx, ID: t.ID, Param: t.Call.Intent.Params[k].Name}
	a := v.attestations[attestedArgument{t.ID, e.Param}]
	if a == nil {
		e.Problem = batch.NotAttested
		return e
	}
	e.Source = a.Source
	key, known := v.keys[a.Source]
	switch {
	case !known:
		e.Problem = batch.UnknownSource
	case !ed25519.Verify(key, batch.AttestedMessage(v.batch, v.digest, tx, k, a.Expires), a.Signature):
		e.Problem = batch.BadSignature
	case !r.opts.now().Before(a.Expires):
		e.Problem, e.Expires = batch.Expired, a.Expires
	default:
		return nil
	}
	return e
}
