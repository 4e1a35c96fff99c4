//go:build ignore

// Package common stands in for go-ethereum's package of that name, of which Bor's Block-STM uses addresses and hashes.
package common

// Their sizes.
const (
	AddressLength = 20
	HashLength    = 32
)

// Address and Hash are bytes.
type (
	Address [AddressLength]byte
	Hash    [HashLength]byte
)

// Bytes are an address's.
func (a Address) Bytes() []byte { return a[:] }

// Bytes are a hash's.
func (h Hash) Bytes() []byte { return h[:] }

// BytesToAddress is the address that ends with b.
func BytesToAddress(b []byte) (a Address) {
	copy(a[AddressLength-min(len(b), AddressLength):], b)
	return a
}

// BytesToHash is the hash that ends with b.
func BytesToHash(b []byte) (h Hash) {
	copy(h[HashLength-min(len(b), HashLength):], b)
	return h
}
