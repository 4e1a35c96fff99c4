package batch

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// AttestationSource is somebody outside whose word is taken for the value of an external
// parameter, if signed with the key.
type AttestationSource struct {
	Name string
	Key  ed25519.PublicKey
}

// Attestation is a source's signed word for the argument that a transaction
// gives for an external parameter. It does not repeat the argument: the signature
// covers it. See [AttestedMessage], and [Attest] to make one.
type Attestation struct {
	Tx        string // the transaction's ID
	Param     string
	Source    string    // the source's name
	Expires   time.Time // UTC; it does not count from this instant on
	Signature []byte    // ed25519, 64 bytes
}

// AttestationProblem says what is wrong with an external argument's attestation.
type AttestationProblem uint8

// The problems.
const (
	NotAttested   AttestationProblem = iota + 1 // there is no attestation
	UnknownSource                               // it names a source without a key
	BadSignature                                // it was signed by another key, or for something else
	Expired                                     // it counted once
)

var attestationProblems = [...]string{
	NotAttested: "not attested", UnknownSource: "unknown source", BadSignature: "bad signature", Expired: "expired",
}

// String is the problem in words: "bad signature".
func (p AttestationProblem) String() string {
	if p == 0 || int(p) >= len(attestationProblems) {
		return fmt.Sprintf("attestation problem %d", uint8(p))
	}
	return attestationProblems[p]
}

// ParseAttestationProblem is the inverse of AttestationProblem.String. It reads
// "unknown oracle" as well, which is how earlier versions wrote UnknownSource.
func ParseAttestationProblem(s string) (AttestationProblem, error) {
	if s == "unknown oracle" {
		return UnknownSource, nil
	}
	for p, name := range attestationProblems {
		if name == s && p > 0 {
			return AttestationProblem(p), nil
		}
	}
	return 0, fmt.Errorf("unknown attestation problem %q", s)
}

// AttestationError is an external argument that no valid attestation vouches for: the
// first such parameter of the first such transaction. It aborts the whole batch.
type AttestationError struct {
	Tx      int    // index in the batch
	ID      string // the transaction
	Param   string
	Source  string // empty if there is no attestation
	Problem AttestationProblem
	Expires time.Time // of an expired one
}

// Error names the transaction, the parameter and the source.
func (e *AttestationError) Error() string {
	s := fmt.Sprintf("transaction %q: external argument for %q ", e.ID, e.Param)
	switch e.Problem {
	case NotAttested:
		return s + "has no attestation; let an attestation source sign it"
	case UnknownSource:
		return s + fmt.Sprintf("is attested by %q, whose key is not declared; add it to the section oracles", e.Source)
	case BadSignature:
		return s + fmt.Sprintf("is not what source %q signed: the signature is not by its key, or over another batch, transaction, parameter, value or expiry", e.Source)
	case Expired:
		return s + fmt.Sprintf("was attested by source %q until %s, which has passed; let it sign anew", e.Source, formatExpiry(e.Expires))
	default:
		return s + e.Problem.String()
	}
}

// Attest signs, with a source's private key, the argument that transaction tx of b
// gives for the parameter. Adding the result to b.Attestations does not invalidate
// others: no signature covers those. It refuses what needs no attestation.
func Attest(key ed25519.PrivateKey, source string, b *Batch, tx int, param string, expires time.Time) (Attestation, error) {
	if len(key) != ed25519.PrivateKeySize {
		return Attestation{}, fmt.Errorf("a private key of %d bytes; an ed25519 key has %d", len(key), ed25519.PrivateKeySize)
	}
	if tx < 0 || tx >= len(b.Transactions) {
		return Attestation{}, fmt.Errorf("transaction %d of a batch of %d", tx, len(b.Transactions))
	}
	t := &b.Transactions[tx]
	k, err := t.externalParam(param)
	if err != nil {
		return Attestation{}, fmt.Errorf("transaction %q %w", t.ID, err)
	}
	expires = expires.UTC()
	message := AttestedMessage(b, b.Digest(), tx, k, expires)
	return Attestation{Tx: t.ID, Param: param, Source: source, Expires: expires, Signature: ed25519.Sign(key, message)}, nil
}

// externalParam is the index of an external parameter, or an error that follows
// the transaction's name.
func (t *Transaction) externalParam(name string) (int, error) {
	if t.Call == nil || t.Call.Intent == nil {
		return 0, fmt.Errorf("calls no intent, so it has no parameter %q", name)
	}
	k := slices.IndexFunc(t.Call.Intent.Params, func(p Param) bool { return p.Name == name })
	if k < 0 {
		return 0, fmt.Errorf("calls intent %q, which has no parameter %q", t.Call.Intent.Name, name)
	}
	if !t.Call.Intent.Params[k].External {
		return 0, fmt.Errorf("takes parameter %q from the batch: it is not external and needs no attestation", name)
	}
	return k, nil
}

// AttestedMessage is what a source signs for parameter k of transaction tx, which
// must be a call: the text "synchrony attestation 1\n", and then, each with its
// length in 8 bytes (big-endian) before it,
//
//   - the batch's [Batch.Digest], 32 bytes
//   - the transaction's ID
//   - the parameter's name
//   - "Account" or "Amount"
//   - the account's name, or the amount in decimal
//   - the expiry in UTC as of RFC 3339, without trailing zeros of the fraction
//
// Lengths make it unambiguous: no two different facts have one message.
func AttestedMessage(b *Batch, digest [sha256.Size]byte, tx, k int, expires time.Time) []byte {
	t := &b.Transactions[tx]
	param, arg := t.Call.Intent.Params[k], t.Call.Args[k]
	value := strconv.FormatInt(arg.Amount, 10)
	if param.Type == AccountParam {
		value = b.Accounts[arg.Account].Name
	}
	message := []byte("synchrony attestation 1\n")
	for _, field := range []string{string(digest[:]), t.ID, param.Name, param.Type.String(), value, formatExpiry(expires)} {
		message = appendField(message, field)
	}
	return message
}

// Digest identifies what the batch does, so that no attestation for it counts in
// another: SHA-256 over its name, the accounts' names, and of each transaction the
// ID, the after clauses and the call, with the intent's text, or else the declared
// sets. It does not cover balances, which change from one execution to the next,
// nor simulated work, nor sources and attestations.
func (b *Batch) Digest() [sha256.Size]byte {
	out := appendField(nil, b.Name)
	out = appendCount(out, len(b.Accounts))
	for _, a := range b.Accounts {
		out = appendField(out, a.Name)
	}
	texts := map[*Intent]string{}
	out = appendCount(out, len(b.Transactions))
	for i := range b.Transactions {
		t := &b.Transactions[i]
		out = appendField(out, t.ID)
		out = appendCount(out, len(t.After))
		for _, id := range t.After {
			out = appendField(out, id)
		}
		if t.Call == nil {
			out = appendSet(appendSet(appendField(out, "Apply"), t.Reads), t.Writes)
			continue
		}
		if _, ok := texts[t.Call.Intent]; !ok {
			p := printer{batch: b}
			p.intent(t.Call.Intent, "")
			texts[t.Call.Intent] = string(p.out)
		}
		out = appendField(out, "Call")
		out = appendField(out, texts[t.Call.Intent])
		for _, arg := range t.Call.Args {
			out = appendCount(appendCount(out, int(arg.Account)), int(arg.Amount))
		}
	}
	return sha256.Sum256(out)
}

func appendCount(out []byte, n int) []byte { return binary.BigEndian.AppendUint64(out, uint64(n)) }

func appendField(out []byte, s string) []byte { return append(appendCount(out, len(s)), s...) }

func appendSet(out []byte, set []AccountID) []byte {
	out = appendCount(out, len(set))
	for _, a := range set {
		out = appendCount(out, int(a))
	}
	return out
}

// formatExpiry is a time as the language and the signed message write it.
func formatExpiry(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// VerifyAttestations is the specification of the gate "attestations": it returns the first
// external argument of a valid batch, by transaction and parameter, that no
// attestation vouches for at the time given, or nil. An executor must not call it.
func VerifyAttestations(b *Batch, now time.Time) *AttestationError {
	digest := b.Digest()
	for tx := range b.Transactions {
		t := &b.Transactions[tx]
		if t.Call == nil {
			continue
		}
		for k, p := range t.Call.Intent.Params {
			if !p.External {
				continue
			}
			if e := verifyArgument(b, digest, tx, k, now); e != nil {
				e.Tx, e.ID, e.Param = tx, t.ID, p.Name
				return e
			}
		}
	}
	return nil
}

// verifyArgument says what is wrong with one external argument.
func verifyArgument(b *Batch, digest [sha256.Size]byte, tx, k int, now time.Time) *AttestationError {
	t := &b.Transactions[tx]
	name := t.Call.Intent.Params[k].Name
	i := slices.IndexFunc(b.Attestations, func(a Attestation) bool { return a.Tx == t.ID && a.Param == name })
	if i < 0 {
		return &AttestationError{Problem: NotAttested}
	}
	a := b.Attestations[i]
	o := slices.IndexFunc(b.Sources, func(o AttestationSource) bool { return o.Name == a.Source })
	switch {
	case o < 0:
		return &AttestationError{Problem: UnknownSource, Source: a.Source}
	case !ed25519.Verify(b.Sources[o].Key, AttestedMessage(b, digest, tx, k, a.Expires), a.Signature):
		return &AttestationError{Problem: BadSignature, Source: a.Source}
	case !now.Before(a.Expires):
		return &AttestationError{Problem: Expired, Source: a.Source, Expires: a.Expires}
	}
	return nil
}
