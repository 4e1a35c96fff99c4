// Package languages has executors of blocks, machines and registers in other languages than Go, as programs that command verify tests: see docs/protocol.md.
package languages
