// Package attestation decides whether the attestations of external arguments were verified
// before anything was committed: use [New].
package attestation
