//go:build ignore

// Package state stands in for the keys of HyperSDK's package state, which imports its chain.
package state

// What a task may do with a key.
const (
	Read  Permissions = 1
	Write Permissions = 1<<2 | Read
)

// Permissions is a set of them.
type Permissions byte

// Keys are those that a task declares.
type Keys map[string]Permissions
