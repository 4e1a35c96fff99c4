// Package languages has executors in other languages than Go, as programs that command verify tests: see docs/protocol.md.
package languages
