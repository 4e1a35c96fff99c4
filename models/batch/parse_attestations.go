package batch

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"time"
)

// attestClause is an attestation whose names are to be resolved once all
// transactions and sources are known.
type attestClause struct {
	attestation       Attestation
	tx, param, source token
}

// entries parses "{", entries that end with a semicolon each, and "}". A mistake in
// one is skipped to its semicolon.
func (p *parser) entries(what string, entry func() bool) bool {
	p.advance()
	if !p.expect("{") {
		return false
	}
	for !p.token.is("}") {
		if p.token.kind == endOfFile {
			return p.missing(p.token, what, `"}"`)
		}
		if p.tooMany() {
			return false
		}
		if !entry() || !p.expect(";") {
			p.skipTo(p.depth, ";")
			p.accept(";")
		}
	}
	p.advance()
	return true
}

// source parses: price_feed: ed25519 "…" .
func (p *parser) source() bool {
	name, ok := p.name(oneOf([]string{"an attestation source's name", `"}"`}))
	if !ok || !p.expect(":") || !p.expect("ed25519") {
		return false
	}
	key, ok := p.bytes("a public key", ed25519.PublicKeySize)
	if ok && p.declare("attestation source", name) {
		p.batch.Sources = append(p.batch.Sources, AttestationSource{Name: name.text, Key: key})
	}
	return ok
}

// attestation parses: transfer1.amount by price_feed expires "…" signature "…" .
func (p *parser) attestation() bool {
	var c attestClause
	var ok bool
	if c.tx, ok = p.name(oneOf([]string{"a transaction name", `"}"`})); !ok || !p.expect(".") {
		return false
	}
	if c.param, ok = p.name("a parameter name"); !ok || !p.expect("by") {
		return false
	}
	if c.source, ok = p.name("an attestation source's name"); !ok || !p.expect("expires") {
		return false
	}
	a := &c.attestation
	a.Tx, a.Param, a.Source = c.tx.text, c.param.text, c.source.text
	if a.Expires, ok = p.expiry(); !ok || !p.expect("signature") {
		return false
	}
	if a.Signature, ok = p.bytes("a signature", ed25519.SignatureSize); ok {
		p.attestations = append(p.attestations, c)
	}
	return ok
}

// bytes consumes a string of so many bytes in base64. One that is not is reported,
// and is then nil.
func (p *parser) bytes(what string, size int) ([]byte, bool) {
	if p.token.kind != stringToken {
		return nil, p.missing(p.token, what+" in quotation marks")
	}
	t := p.advance()
	decoded, err := base64.StdEncoding.Strict().DecodeString(t.content())
	if err != nil {
		p.wrong(t, what+" is written in base64: expected A-Z, a-z, 0-9, + and /, with = at the end")
		return nil, true
	}
	if len(decoded) != size {
		p.wrong(t, fmt.Sprintf("%s has %d bytes, found %d", what, size, len(decoded)))
		return nil, true
	}
	return decoded, true
}

// expiry consumes a time in quotation marks.
func (p *parser) expiry() (time.Time, bool) {
	const example = `a time like "2030-01-01T00:00:00Z"`
	if p.token.kind != stringToken {
		return time.Time{}, p.missing(p.token, example)
	}
	t := p.advance()
	at, err := time.Parse(time.RFC3339Nano, t.content())
	if at = at.UTC(); err != nil || !printableTime(at) {
		p.wrong(t, "expected "+example+", found "+quote(t.content()))
	}
	return at, true
}

// printableTime reports whether the language has a text for the time.
func printableTime(t time.Time) bool { return 0 <= t.UTC().Year() && t.UTC().Year() <= 9999 }

// resolveAttestations checks the attestations against the transactions and sources.
func (p *parser) resolveAttestations() {
	if p.broken {
		return
	}
	index := make(map[string]int, len(p.batch.Transactions))
	for i := range p.batch.Transactions {
		index[p.batch.Transactions[i].ID] = i
	}
	seen := map[afterName]bool{}
	for _, c := range p.attestations {
		tx, known := index[c.tx.text]
		_, declared := p.declared[declaration{"attestation source", c.source.text}]
		key := afterName{tx, c.param.text}
		switch {
		case !known:
			p.wrong(c.tx, "unknown transaction "+quote(c.tx.text)+" in an attestation"+suggest(c.tx.text, p.transactionNames))
		case !declared:
			p.wrong(c.source, "unknown attestation source "+quote(c.source.text)+suggest(c.source.text, p.sourceNames))
		case seen[key]:
			p.wrong(c.tx, "argument "+quote(c.tx.text+"."+c.param.text)+" is attested twice")
		case p.batch.Transactions[tx].Call != nil: // else it was reported
			if _, err := p.batch.Transactions[tx].externalParam(c.param.text); err != nil {
				p.wrong(c.param, "transaction "+quote(c.tx.text)+" "+err.Error())
			}
		}
		seen[key] = known
		p.batch.Attestations = append(p.batch.Attestations, c.attestation)
		if p.tooMany() {
			return
		}
	}
}

func (p *parser) sourceNames(yield func(string) bool) {
	for _, o := range p.batch.Sources {
		if !yield(o.Name) {
			return
		}
	}
}

// sources prints the keys, in the section that the language calls oracles.
func (p *printer) sources() {
	if len(p.batch.Sources) == 0 {
		return
	}
	p.add("oracles {\n")
	for _, o := range p.batch.Sources {
		p.add("  ")
		p.name("attestation source", o.Name)
		p.add(`: ed25519 "`, base64.StdEncoding.EncodeToString(o.Key), "\";\n")
	}
	p.add("}\n\n")
}

// attestations prints the attestations.
func (p *printer) attestations() {
	if len(p.batch.Attestations) == 0 {
		return
	}
	p.add("\nattestations {\n")
	for _, a := range p.batch.Attestations {
		p.add("  ", a.Tx, ".", a.Param, " by ", a.Source, ` expires "`, formatExpiry(a.Expires),
			`" signature "`, base64.StdEncoding.EncodeToString(a.Signature), "\";\n")
	}
	p.add("}\n")
}

// attestations checks the keys and the attestations, but not the signatures: a batch
// with a wrong one can be described, and is aborted when it is run.
func (v *validator) attestations() {
	keys := map[string]bool{}
	for i, o := range v.batch.Sources {
		where := fmt.Sprintf("attestation source %d", i)
		switch {
		case o.Name == "":
			v.report(where, "has no name")
		case keys[o.Name]:
			v.report(where, "is called %q like another; names must be unique", o.Name)
		case len(o.Key) != ed25519.PublicKeySize:
			v.report(where, "has a key of %d bytes; an ed25519 key has %d", len(o.Key), ed25519.PublicKeySize)
		}
		keys[o.Name] = true
	}
	if len(v.batch.Attestations) == 0 {
		return
	}
	index := make(map[string]int, len(v.batch.Transactions))
	for i := range v.batch.Transactions {
		index[v.batch.Transactions[i].ID] = i
	}
	seen := map[afterName]bool{}
	for _, a := range v.batch.Attestations {
		where := fmt.Sprintf("attestation of %q", a.Tx+"."+a.Param)
		tx, known := index[a.Tx]
		var err error
		if known {
			_, err = v.batch.Transactions[tx].externalParam(a.Param)
		}
		switch {
		case !known:
			v.report(where, "is of transaction %q, which is not one of the batch", a.Tx)
		case err != nil:
			v.report(where, "is of no use: the transaction %v", err)
		case seen[afterName{tx, a.Param}]:
			v.report(where, "is the second of the same argument")
		case !keys[a.Source]:
			v.report(where, "is by source %q, whose key is not declared", a.Source)
		case len(a.Signature) != ed25519.SignatureSize:
			v.report(where, "has a signature of %d bytes; one of ed25519 has %d", len(a.Signature), ed25519.SignatureSize)
		case !printableTime(a.Expires):
			v.report(where, "expires in the year %d; it must be one from 0 to 9999", a.Expires.UTC().Year())
		}
		seen[afterName{tx, a.Param}] = true
	}
}
